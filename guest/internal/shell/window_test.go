package shell

import (
	"testing"
)

func TestAWindowGivesNoMoreRoomThanIsAcknowledged(t *testing.T) {
	w := newWindow(10)
	stopped := make(chan struct{})
	if first, second := w.take(7, stopped), w.take(7, stopped); first != 7 || second != 3 {
		t.Fatalf("got room for %d and %d", first, second)
	}
	close(stopped)
	if count := w.take(7, stopped); count != 0 {
		t.Fatalf("got room for %d more", count)
	}
	taken := make(chan int)
	go func() { taken <- w.take(7, nil) }()
	if err := w.acknowledge(4); err != nil {
		t.Fatal(err)
	}
	if count := <-taken; count != 4 {
		t.Fatalf("got room for %d", count)
	}
}

func TestAWindowRefusesAcknowledgementsOfWhatWasNotSent(t *testing.T) {
	w := newWindow(10)
	w.take(3, nil)
	for _, count := range []uint32{4, 1 << 31, 1<<32 - 1} {
		if w.acknowledge(count) == nil {
			t.Errorf("%d bytes of 3 were acknowledged", count)
		}
	}
	if err := w.acknowledge(3); err != nil {
		t.Error(err)
	}
}

func TestWaitingForAWindowCanBeStopped(t *testing.T) {
	w := newWindow(10)
	stopped := make(chan struct{})
	w.take(10, stopped)
	close(stopped)
	if count := w.take(1, stopped); count != 0 {
		t.Fatalf("got room for %d", count)
	}
}
