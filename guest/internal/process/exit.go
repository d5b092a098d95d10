package process

import (
	"errors"
	"io/fs"
	"os/exec"
	"syscall"
)

// The exit statuses by which shells report a command that could not be started.
const (
	notFound   = 127
	notStarted = 126
)

// ExitOf tells how a command ended, given the error of starting it or of its end: its exit status, and the signal that
// killed it, 0 for none. As in shells, the status is then 128 and the signal's number.
func ExitOf(err error) (status, signal int) {
	var ended *exec.ExitError
	var start *fs.PathError
	switch {
	case err == nil:
		return 0, 0
	case errors.As(err, &ended):
		how := ended.Sys().(syscall.WaitStatus)
		if how.Signaled() {
			return 128 + int(how.Signal()), int(how.Signal())
		}
		return how.ExitStatus(), 0
	case errors.Is(err, exec.ErrNotFound),
		errors.As(err, &start) && start.Op == "fork/exec" && errors.Is(start, fs.ErrNotExist):
		return notFound, 0
	default:
		return notStarted, 0
	}
}
