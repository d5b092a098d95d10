package shell

import (
	"errors"
	"fmt"
	"io"
	"sync"
)

// input holds the bytes for the command's stdin until the command takes them. Held bytes are not acknowledged, so
// there are at most as many as the window allows.
type input struct {
	mutex   sync.Mutex
	window  int // bytes
	pending []byte
	taken   int           // bytes that left pending, and were not acknowledged yet
	ended   bool          // no more will come
	changed chan struct{} // holds a value when there is news for copyTo
}

func newInput(window int) *input {
	return &input{window: window, changed: make(chan struct{}, 1)}
}

// add takes what came; nothing means the end. It is an error when the sender had no room for it, or after the end.
func (i *input) add(payload []byte) error {
	i.mutex.Lock()
	defer i.mutex.Unlock()
	if i.ended && len(payload) > 0 {
		return errors.New("bytes came after the end of stdin")
	}
	if onWay := len(i.pending) + i.taken + len(payload); onWay > i.window {
		return fmt.Errorf("%d bytes of stdin were not acknowledged, and more than %d must not be", onWay, i.window)
	}
	i.pending = append(i.pending, payload...)
	i.ended = i.ended || len(payload) == 0
	select {
	case i.changed <- struct{}{}:
	default:
	}
	return nil
}

// copyTo writes the input to the command, and acknowledges it, until its end (then it returns true) or until stopped
// is closed. Input that the command no longer takes is consumed all the same: the sender can't know.
func (i *input) copyTo(command io.Writer, block int, acknowledge func(count int), stopped <-chan struct{}) bool {
	isBroken := false
	for {
		payload, ended := i.take(block)
		if len(payload) > 0 {
			if !isBroken {
				_, err := command.Write(payload)
				isBroken = err != nil
			}
			i.consumed(len(payload))
			acknowledge(len(payload))
			continue
		}
		if ended {
			return true
		}
		select {
		case <-i.changed:
		case <-stopped:
			return false
		}
	}
}

func (i *input) take(block int) (payload []byte, ended bool) {
	i.mutex.Lock()
	defer i.mutex.Unlock()
	if block > len(i.pending) {
		block = len(i.pending)
	}
	payload, i.pending = i.pending[:block:block], i.pending[block:]
	i.taken += block
	return payload, i.ended
}

func (i *input) consumed(count int) {
	i.mutex.Lock()
	defer i.mutex.Unlock()
	i.taken -= count
}
