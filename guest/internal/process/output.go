package process

import (
	"errors"
	"io"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// Output is what a command prints. That of a pipe is read to its end, which comes when the processes that the command
// left behind have ended too. A terminal has no such end, because any of them may keep it open as it likes.
type Output struct {
	file  *os.File
	ended <-chan struct{} // of a terminal: closed when the command has ended, and file has got a deadline that is over
	quiet time.Duration   // limits.OutputQuiet
	rest  int             // bytes that may still be read after the command's end
}

// Read reads the output, waiting for it. It returns io.EOF when everything was read, or the files are closed.
func (o *Output) Read(block []byte) (int, error) {
	select {
	case <-o.ended:
		return o.readRest(block)
	default:
	}
	count, err := o.file.Read(block)
	if count == 0 && errors.Is(err, os.ErrDeadlineExceeded) {
		<-o.ended
		return o.readRest(block)
	}
	return count, endOf(err)
}

// readRest reads what the ended command has left.
func (o *Output) readRest(block []byte) (int, error) {
	if o.rest <= 0 {
		return 0, io.EOF
	}
	o.file.SetReadDeadline(time.Now().Add(o.quiet))
	count, err := o.file.Read(block)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		count, err = readNow(o.file, block) // on a busy machine the time may be up before anything was tried
	}
	o.rest -= count
	return count, endOf(err)
}

// readNow reads the available bytes, in spite of the deadline; it is an error if there are none.
func readNow(file *os.File, block []byte) (count int, err error) {
	err = control(file, func(descriptor int) (err error) {
		count, err = unix.Read(descriptor, block)
		return err
	})
	if err == nil && count == 0 {
		err = io.EOF
	}
	if err != nil {
		return 0, err
	}
	return count, nil
}

// endOf takes every error for the end: that of a terminal which nobody has open is EIO.
func endOf(err error) error {
	if err != nil {
		return io.EOF
	}
	return nil
}
