package shell

import (
	"fmt"
	"sync"
)

// window counts what may still be sent of one stream. It has one sender, who waits, while another goroutine reads the
// acknowledgements.
type window struct {
	mutex   sync.Mutex
	size    int // bytes that may be on the way
	onWay   int
	changed chan struct{} // holds a value when there is news for the sender
}

func newWindow(size int) *window {
	return &window{size: size, changed: make(chan struct{}, 1)}
}

// take reserves room for some of the wanted bytes, waiting while there is none. It returns 0 when stopped is closed.
func (w *window) take(wanted int, stopped <-chan struct{}) int {
	for {
		w.mutex.Lock()
		count := w.size - w.onWay
		if count > wanted {
			count = wanted
		}
		w.onWay += count
		w.mutex.Unlock()
		if count > 0 {
			return count
		}
		select {
		case <-w.changed:
		case <-stopped:
			return 0
		}
	}
}

// acknowledge notes that bytes were consumed. It is an error when more than were sent.
func (w *window) acknowledge(count uint32) error {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	if int64(count) > int64(w.onWay) {
		return fmt.Errorf("%d bytes were acknowledged, of %d on the way", count, w.onWay)
	}
	w.onWay -= int(count)
	select {
	case w.changed <- struct{}{}:
	default:
	}
	return nil
}
