package tasklog

import (
	"bytes"
	"io"
	"math/rand"
	"testing"
)

// pattern is a sequence of bytes in which a lost, doubled or misplaced part shows.
func pattern(size int) []byte {
	content := make([]byte, size)
	rand.New(rand.NewSource(1)).Read(content)
	return content
}

func TestAWriterWaitsWhileTheBufferIsFull(t *testing.T) {
	b := newBuffer(10)
	written := make(chan struct{})
	go func() {
		b.write([]byte("0123456789abcde"))
		close(written)
	}()
	b.mutex.Lock()
	for b.length < 10 {
		b.changed.Wait()
	}
	b.mutex.Unlock()
	select {
	case <-written:
		t.Fatal("15 bytes went into a buffer of 10")
	default:
	}
	r := &reader{buffer: b}
	block := make([]byte, 8)
	r.Read(block)
	r.Read(block) // says that the first 8 bytes were handed on
	<-written
	b.close()
	if rest, err := io.ReadAll(r); string(block[:2]) != "89" || string(rest) != "abcde" || err != nil {
		t.Fatalf("got %q, then %q, %v", block[:2], rest, err)
	}
}

func TestBytesOfARevokedReaderGoToTheNextOne(t *testing.T) {
	b := newBuffer(10)
	b.write([]byte("abcdef"))
	b.close()
	first := &reader{buffer: b}
	block := make([]byte, 4)
	first.Read(block)
	first.revoke()
	if _, err := first.Read(block); err != io.ErrClosedPipe {
		t.Fatalf("a revoked reader got %v", err)
	}
	rest, err := io.ReadAll(&reader{buffer: b})
	if string(rest) != "abcdef" || err != nil {
		t.Fatalf("the next reader got %q, %v", rest, err)
	}
}

func TestRevokingWakesAReaderThatWaits(t *testing.T) {
	r := &reader{buffer: newBuffer(10)}
	result := make(chan error)
	go func() {
		_, err := r.Read(make([]byte, 1))
		result <- err
	}()
	r.revoke()
	if err := <-result; err != io.ErrClosedPipe {
		t.Fatalf("got %v", err)
	}
}

func TestADroppedBufferTakesBytesForEver(t *testing.T) {
	b := newBuffer(10)
	b.write(pattern(10))
	go b.drop()
	b.write(pattern(1000))
}

// Every reader but the last is revoked in the middle of things; no byte is lost, and none comes twice but those that
// a reader was given and had not handed on.
func TestBytesKeepTheirOrderThroughAllWritersBlocksAndReaders(t *testing.T) {
	for seed := int64(0); seed < 50; seed++ {
		random := rand.New(rand.NewSource(seed))
		content := pattern(5000)
		b := newBuffer(1 + random.Intn(100))
		sizes := rand.New(rand.NewSource(seed + 1000))
		go func() {
			for rest := content; len(rest) > 0; {
				count := 1 + sizes.Intn(len(rest))
				b.write(rest[:count])
				rest = rest[count:]
			}
			b.close()
		}()

		var got []byte
		for ended := false; !ended; {
			r := &reader{buffer: b}
			for reads := random.Intn(20); reads >= 0 && !ended; reads-- {
				block := make([]byte, 1+random.Intn(50))
				count, err := r.Read(block)
				if got = append(got, block[:count]...); err == io.EOF {
					ended = true
				}
			}
			got = got[:len(got)-r.lent]
			r.revoke()
		}
		if !bytes.Equal(got, content) {
			t.Fatalf("seed %d: the bytes differ", seed)
		}
	}
}
