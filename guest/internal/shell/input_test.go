package shell

import (
	"bytes"
	"errors"
	"math/rand"
	"testing"
)

// copyAll lets an input be copied to its end, and returns what was acknowledged.
func copyAll(t *testing.T, i *input, command interface{ Write([]byte) (int, error) }) (acknowledged int) {
	t.Helper()
	if !i.copyTo(command, 4, func(count int) { acknowledged += count }, nil) {
		t.Fatal("the copying ended before the input")
	}
	return acknowledged
}

func TestInputIsHandedOnInOrderAndAcknowledged(t *testing.T) {
	content := make([]byte, 10_000)
	rand.New(rand.NewSource(1)).Read(content)
	i := newInput(len(content))
	for rest := content; len(rest) > 0; {
		count := 1 + rand.Intn(len(rest))
		if err := i.add(rest[:count]); err != nil {
			t.Fatal(err)
		}
		rest = rest[count:]
	}
	if err := i.add(nil); err != nil {
		t.Fatal(err)
	}
	var got bytes.Buffer
	if acknowledged := copyAll(t, i, &got); acknowledged != len(content) || !bytes.Equal(got.Bytes(), content) {
		t.Fatalf("%d bytes came, %d were acknowledged", got.Len(), acknowledged)
	}
}

func TestInputBeyondItsWindowOrItsEndIsRefused(t *testing.T) {
	i := newInput(10)
	if err := i.add(make([]byte, 10)); err != nil {
		t.Fatal(err)
	}
	if i.add(make([]byte, 1)) == nil {
		t.Error("11 bytes went into a window of 10")
	}
	for end := 0; end < 2; end++ {
		if err := i.add(nil); err != nil {
			t.Errorf("end %d: %v", end, err)
		}
	}
	copyAll(t, i, &bytes.Buffer{})
	if i.add(make([]byte, 1)) == nil {
		t.Error("a byte came after the end")
	}
}

func TestBytesThatTheCommandHasNotTakenYetCountForTheWindow(t *testing.T) {
	i := newInput(10)
	i.add(make([]byte, 10))
	if payload, _ := i.take(4); len(payload) != 4 {
		t.Fatal(len(payload))
	}
	if i.add(make([]byte, 1)) == nil {
		t.Error("a byte was let in before one was consumed")
	}
	i.consumed(4)
	if err := i.add(make([]byte, 4)); err != nil {
		t.Error(err)
	}
}

type deaf struct{}

func (deaf) Write([]byte) (int, error) { return 0, errors.New("nobody reads") }

func TestInputThatTheCommandDoesNotTakeIsConsumedAllTheSame(t *testing.T) {
	i := newInput(10)
	i.add(make([]byte, 10))
	i.add(nil)
	if acknowledged := copyAll(t, i, deaf{}); acknowledged != 10 {
		t.Fatalf("%d bytes were acknowledged", acknowledged)
	}
}
