package tasklog

import (
	"io"
	"sync"
)

// buffer is a bounded queue of bytes. Its readers come one after the other: a byte leaves the buffer only when the
// reader that took it has handed it on, so the next reader finds the bytes that the last one couldn't hand on.
type buffer struct {
	mutex   sync.Mutex
	changed *sync.Cond // any field below, or of the current reader
	ring    []byte
	start   int // where the oldest byte lies in the ring
	length  int // how many bytes are held
	closed  bool
	dropped bool // nobody will read: bytes are thrown away
}

func newBuffer(size int) *buffer {
	b := &buffer{ring: make([]byte, size)}
	b.changed = sync.NewCond(&b.mutex)
	return b
}

// write adds bytes, waiting while there is no room.
func (b *buffer) write(bytes []byte) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	for len(bytes) > 0 {
		for b.length == len(b.ring) && !b.dropped {
			b.changed.Wait()
		}
		if b.dropped {
			return
		}
		count := copy(b.free(), bytes)
		bytes = bytes[count:]
		b.length += count
		b.changed.Broadcast()
	}
}

// close says that no more bytes will be written.
func (b *buffer) close() {
	b.set(&b.closed)
}

func (b *buffer) isClosed() bool {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.closed
}

// drop throws away the bytes held, and all later ones.
func (b *buffer) drop() {
	b.set(&b.dropped)
}

func (b *buffer) set(flag *bool) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	*flag = true
	b.changed.Broadcast()
}

// free is the part of the ring, as far as it lies in one piece, that holds nothing.
func (b *buffer) free() []byte {
	end := b.start + b.length
	if end >= len(b.ring) {
		return b.ring[end-len(b.ring) : b.start]
	}
	return b.ring[end:]
}

// held is the part of the ring, as far as it lies in one piece, that holds the oldest bytes.
func (b *buffer) held() []byte {
	if b.start+b.length > len(b.ring) {
		return b.ring[b.start:]
	}
	return b.ring[b.start : b.start+b.length]
}

// remove takes the oldest bytes out for good.
func (b *buffer) remove(count int) {
	b.start = (b.start + count) % len(b.ring)
	b.length -= count
	if b.length == 0 {
		b.start = 0 // a task that writes little then touches little memory
	}
	b.changed.Broadcast()
}

// reader is one attempt to hand on what a buffer holds.
type reader struct {
	buffer   *buffer
	lent     int  // bytes given out by the last Read: handed on when the next one is called
	started  bool // some bytes were given out
	advanced bool // some bytes were handed on
	finished bool // all bytes were handed on, and no more will come
	revoked  bool
}

// Read gives out the oldest bytes, waiting for some if there are none. The next call says that they were handed on.
func (r *reader) Read(block []byte) (int, error) {
	b := r.buffer
	b.mutex.Lock()
	defer b.mutex.Unlock()
	if !r.revoked && r.lent > 0 {
		b.remove(r.lent)
		r.lent = 0
		r.advanced = true
	}
	for b.length == 0 && !b.closed && !r.revoked {
		b.changed.Wait()
	}
	if r.revoked {
		return 0, io.ErrClosedPipe
	}
	if b.length == 0 {
		r.finished = true
		return 0, io.EOF
	}
	r.lent = copy(block, b.held())
	r.started = true
	return r.lent, nil
}

// revoke ends the attempt: a Read that waits returns, and bytes that weren't handed on stay in the buffer.
func (r *reader) revoke() {
	r.buffer.set(&r.revoked)
}
