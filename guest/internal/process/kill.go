package process

import (
	"fmt"
	"time"

	"golang.org/x/sys/unix"

	"tinsmith/guest/internal/limits"
)

// KillTasks ends all processes that tasks have started and shells have not, children first: it kills those that don't
// end when asked to. It returns when none is left. A process that a shell's user made leave the shell's session, and
// whose parent has ended, counts as a task's.
func KillTasks(limits limits.Limits) error {
	return kill(unix.SIGTERM, limits, ours.taskRoots)
}

// Kill ends the command, its descendants and the rest of its session: what doesn't end when it is hung up on is killed.
// It returns when none is left.
func (p *Process) Kill() error {
	return kill(unix.SIGHUP, p.limits, p.sessionRoots)
}

func (p *Process) sessionRoots(table []entry) func(entry) bool {
	leader := p.command.Process.Pid
	select {
	case <-p.ended:
		for _, e := range table {
			if e.pid == leader { // a new process: the number, and so the session, had become free
				return func(entry) bool { return false }
			}
		}
	default:
	}
	return func(e entry) bool { return e.session == leader }
}

// roots tells which processes of a table are to end, with all below them.
type roots func(table []entry) func(entry) bool

// kill ends processes: it sends the signal to those there are, children first, waits, and kills the remaining and the
// new ones.
func kill(ask unix.Signal, limits limits.Limits, roots roots) error {
	look := lookout(roots)
	victims, err := look()
	if err != nil {
		return err
	}
	signalAll(victims, ask)
	signalAll(victims, unix.SIGCONT) // a stopped process doesn't notice a signal

	for deadline := time.Now().Add(limits.KillGrace); time.Now().Before(deadline); time.Sleep(limits.KillCheck) {
		if victims, err = look(); err != nil || len(victims) == 0 {
			return err
		}
	}
	var killed time.Time
	for ; killed.IsZero() || time.Since(killed) < limits.KillForce; time.Sleep(limits.KillCheck) {
		if err := freeze(look); err != nil {
			return err
		}
		if victims, err = look(); err != nil || len(victims) == 0 {
			return err
		}
		signalAll(victims, unix.SIGKILL)
		if killed.IsZero() {
			killed = time.Now()
		}
	}
	return fmt.Errorf("%d processes can't be killed, among them %d", len(victims), victims[0].pid)
}

// freeze stops processes until there are no new ones: else those that start others faster than they are killed would
// never be gone.
func freeze(look func() ([]entry, error)) error {
	stopped := map[identity]bool{}
	for {
		victims, err := look()
		if err != nil {
			return err
		}
		isNew := false
		for _, e := range victims {
			isNew = isNew || !stopped[e.identity]
			stopped[e.identity] = true
		}
		if !isNew {
			return nil
		}
		signalAll(victims, unix.SIGSTOP)
	}
}

// lookout returns a function that finds the processes which are still to end: those that roots lead to, and those found
// before, whose parents may have ended.
func lookout(roots roots) func() ([]entry, error) {
	found := map[identity]bool{}
	return func() ([]entry, error) {
		table, err := readTable()
		if err != nil {
			return nil, err
		}
		isRoot := roots(table)
		victims := withDescendants(table, func(e entry) bool { return found[e.identity] || isRoot(e) })
		for _, e := range victims {
			found[e.identity] = true
		}
		return victims, nil
	}
}

func signalAll(victims []entry, signal unix.Signal) {
	for _, e := range victims {
		_ = unix.Kill(e.pid, signal) // it may have ended, or be another user's: who looks again finds out
	}
}
