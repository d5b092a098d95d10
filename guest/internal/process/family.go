package process

import (
	"os"
	"os/exec"
	"os/signal"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// family holds the processes that the tools have started. Each command leads a session of its own, so its descendants
// are in another session than the tools; and once the tools adopt orphans, they stay below the tools.
type family struct {
	mutex    sync.Mutex
	children map[int]bool // the commands that were not waited for yet
	shells   map[int]bool // sessions of interactive shells, also of ended ones that left processes behind
}

// ours is the one family of this program: the kernel knows but one, too.
var ours = family{children: map[int]bool{}, shells: map[int]bool{}}

// Commands inherit the signals that a program ignores, and no shell can trap those. If the program that started the
// tools ignores hang-ups, as nohup does, the tools catch them here: commands don't inherit that.
func init() {
	if signal.Ignored(unix.SIGHUP) {
		signal.Notify(make(chan os.Signal, 1), unix.SIGHUP)
	}
}

// start starts a command that leads a session. The caller must wait for it.
func (f *family) start(command *exec.Cmd, isShell bool) error {
	f.mutex.Lock() // so that no command is taken for an orphan before it is noted
	defer f.mutex.Unlock()
	if err := command.Start(); err != nil {
		return err
	}
	f.children[command.Process.Pid] = true
	if isShell {
		f.shells[command.Process.Pid] = true
	}
	return nil
}

func (f *family) wait(command *exec.Cmd) error {
	err := command.Wait()
	f.mutex.Lock()
	defer f.mutex.Unlock()
	delete(f.children, command.Process.Pid)
	return err
}

// taskRoots tells which processes of a table lead to all that tasks have started: the tools' children but the shells,
// what shells left behind, and children that were the tools' before they were the tools.
func (f *family) taskRoots(table []entry) func(entry) bool {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	present := map[int]bool{}
	for _, e := range table {
		present[e.session] = true
	}
	spared := map[int]bool{ownSession(): true}
	for session := range f.shells {
		if present[session] || f.children[session] {
			spared[session] = true
		} else {
			delete(f.shells, session) // its last process has ended
		}
	}
	return func(e entry) bool { return e.parent == os.Getpid() && !spared[e.session] }
}

// reapPause keeps a task that leaves orphans by the thousand from keeping the tools busy.
const reapPause = 100 * time.Millisecond

// AdoptOrphans makes processes whose parents have ended be children of this program, for as long as it runs: so they are
// found when their task is killed, and cleared away when they have ended. (See PR_SET_CHILD_SUBREAPER in prctl(2).)
func AdoptOrphans() error {
	if err := unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); err != nil {
		return err
	}
	ended := make(chan os.Signal, 1)
	signal.Notify(ended, unix.SIGCHLD)
	go func() {
		for range ended {
			ours.reap()
			time.Sleep(reapPause)
		}
	}()
	return nil
}

// reap clears dead orphans away. Commands are left to those who wait for them, in this package or elsewhere.
func (f *family) reap() {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	table, err := readTable()
	if err != nil {
		return // the dead can wait
	}
	for _, e := range table {
		if e.dead && e.parent == os.Getpid() && e.session != ownSession() && !f.children[e.pid] {
			_, _ = unix.Wait4(e.pid, nil, unix.WNOHANG, nil)
		}
	}
}

func ownSession() int {
	session, err := unix.Getsid(0)
	if err != nil {
		panic(err) // it can't fail for the caller itself
	}
	return session
}
