package shell

import "sync"

// event is something that happens once, in one goroutine, and that others wait for.
type event struct {
	once sync.Once
	done chan struct{} // closed when it has happened
}

func newEvent() *event {
	return &event{done: make(chan struct{})}
}

// happen makes it happen, unless it has already.
func (e *event) happen() {
	e.once.Do(func() { close(e.done) })
}

func (e *event) hasHappened() bool {
	select {
	case <-e.done:
		return true
	default:
		return false
	}
}
