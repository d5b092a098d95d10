package process_test

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"tinsmith/guest/internal/config"
	"tinsmith/guest/internal/limits"
	"tinsmith/guest/internal/process"
	"tinsmith/guest/internal/servicetest"
)

// shortLimits leave little time to end in.
func shortLimits() limits.Limits {
	l := limits.Default()
	l.KillGrace = 200 * time.Millisecond
	l.KillCheck = 5 * time.Millisecond
	return l
}

// running is a command that has been started for a test.
type running struct {
	*process.Process
	ended chan error
	pids  []string // what its script says they are
}

// startScript starts a script, which prints the numbers of processes on one line and continues. A shell is on pipes,
// a task on a terminal.
func startScript(t *testing.T, isShell bool, script string) *running {
	t.Helper()
	command, err := process.NewCommand(config.Config{Workdir: "/"}, []string{"sh", "-c", script}, nil)
	if err != nil {
		t.Fatal(err)
	}
	start := process.StartTerminalTask
	if isShell {
		start = process.StartShell
	}
	started, err := start(command, shortLimits())
	if err != nil {
		t.Fatal(err)
	}
	r := &running{Process: started, ended: make(chan error, 1)}
	output := bufio.NewReader(started.Output)
	line, err := output.ReadString('\n')
	if err != nil {
		t.Fatalf("%q: %v", line, err)
	}
	r.pids = strings.Fields(line)
	go func() {
		io.Copy(io.Discard, output)
		r.ended <- started.Ended()
	}()
	t.Cleanup(started.Close)
	return r
}

// state is a process's state in /proc; empty when there is no such process.
func state(pid string) string {
	status, err := os.ReadFile("/proc/" + pid + "/status")
	if err != nil {
		return ""
	}
	_, rest, _ := strings.Cut(string(status), "State:\t")
	return rest[:1]
}

func isAlive(pid string) bool {
	return strings.Trim(state(pid), "ZX") != ""
}

func expectGone(t *testing.T, pids []string) {
	t.Helper()
	if len(pids) == 0 {
		t.Fatal("the script named no processes")
	}
	for _, pid := range pids {
		if isAlive(pid) {
			t.Errorf("process %s is alive", pid)
		}
	}
}

func killTasks(t *testing.T) {
	t.Helper()
	if err := process.KillTasks(shortLimits()); err != nil {
		t.Fatal(err)
	}
}

func TestAKillEndsTheTaskAndAllBelowIt(t *testing.T) {
	// With something left to do for a shell whose child the signal reached first.
	task := startScript(t, false, `sh -c 'sleep 60 & echo $! $PPID $$; wait; sleep 60'; sleep 60`)
	killTasks(t)
	expectGone(t, task.pids)
	if err := <-task.ended; err == nil || err.Error() != "signal: terminated" {
		t.Fatalf("the task ended with %v", err)
	}
}

func TestAKillLetsATaskCleanUp(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cleaned")
	task := startScript(t, false, `trap 'sleep 0.05; echo >`+path+`; exit 7' TERM; echo $$; while :; do sleep 0.01; done`)
	if err := process.KillTasks(limits.Default()); err != nil {
		t.Fatal(err)
	}
	if err := <-task.ended; err == nil || err.Error() != "exit status 7" {
		t.Fatalf("the task ended with %v", err)
	}
	if _, err := os.Stat(path); err != nil {
		t.Fatal(err)
	}
}

func TestAKillEndsATaskThatIgnoresIt(t *testing.T) {
	task := startScript(t, false, `trap '' TERM; sleep 60 & echo $$ $!; while :; do wait; done`)
	killTasks(t)
	expectGone(t, task.pids)
	if err := <-task.ended; err == nil || err.Error() != "signal: killed" {
		t.Fatalf("the task ended with %v", err)
	}
}

func TestAKillEndsAStoppedTask(t *testing.T) {
	task := startScript(t, false, `echo $$; kill -STOP $$`)
	servicetest.Until(t, "the task to stop", func() bool { return state(task.pids[0]) == "T" })
	killTasks(t)
	if err := <-task.ended; err == nil || err.Error() != "signal: terminated" {
		t.Fatalf("the task ended with %v", err)
	}
}

// adoptOrphans makes the test's own process do so: it stays that way for the tests after.
func adoptOrphans(t *testing.T) {
	t.Helper()
	if err := process.AdoptOrphans(); err != nil {
		t.Fatal(err)
	}
}

func TestAKillFindsProcessesThatLeftTheirParents(t *testing.T) {
	adoptOrphans(t)
	// One stays in the task's session, one makes its own; both are orphans, and the second outlives the task.
	task := startScript(t, false, `echo $$ $( (trap '' TERM HUP; exec sleep 60 >/dev/null) & echo $!) `+
		`$( (setsid sh -c 'trap "" TERM HUP; echo $$; exec sleep 60 >/dev/null') & )`)
	<-task.ended
	if len(task.pids) != 3 || !isAlive(task.pids[2]) {
		t.Fatalf("the processes %v are not there", task.pids)
	}
	killTasks(t)
	expectGone(t, task.pids)
}

func TestAKillSparesShellsAndWhatTheyLeftBehind(t *testing.T) {
	adoptOrphans(t)
	busy := startScript(t, true, `sleep 60 & echo $$ $! $(sh -c 'sleep 60 >/dev/null & echo $!'); wait`)
	ended := startScript(t, true, `sleep 60 >/dev/null & echo $!`)
	<-ended.ended
	task := startScript(t, false, `echo $$; exec sleep 60`)
	killTasks(t)
	expectGone(t, task.pids)
	for _, pid := range append(busy.pids, ended.pids...) {
		if !isAlive(pid) {
			t.Errorf("process %s of a shell is gone", pid)
		}
	}
	if err := busy.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := ended.Kill(); err != nil {
		t.Fatal(err)
	}
	expectGone(t, append(busy.pids, ended.pids...))
}

func TestAKillSparesProcessesThatTheToolsDidNotStart(t *testing.T) {
	other := exec.Command("sleep", "60")
	if err := other.Start(); err != nil {
		t.Fatal(err)
	}
	defer other.Wait()
	defer other.Process.Kill()
	killTasks(t)
	if !isAlive(strconv.Itoa(other.Process.Pid)) {
		t.Fatal("it is gone")
	}
}

func TestAKillWinsOverProcessesThatStartOthers(t *testing.T) {
	adoptOrphans(t)
	// Each of these runs for a moment, and is followed by another one.
	task := startScript(t, false, `trap '' TERM HUP; echo $$
		f() { [ $1 -eq 0 ] && exec sleep 60; sleep 0.001; f $(($1 - 1)) & }
		for chain in 1 2 3 4 5 6 7 8; do f 1000 & done; wait`)
	killTasks(t)
	expectGone(t, task.pids)
	<-task.ended
}

func TestDeadOrphansAreClearedAway(t *testing.T) {
	adoptOrphans(t)
	task := startScript(t, false, `echo $(setsid sh -c 'sleep 0.2 >/dev/null & echo $!'); sleep 60`)
	servicetest.Until(t, "the orphan to be cleared away", func() bool { return state(task.pids[0]) == "" })
	killTasks(t)
}

func TestAShellIsKilledWithItsChildrenAndNothingElseIs(t *testing.T) {
	task := startScript(t, false, `echo $$; exec sleep 60`)
	victim := startScript(t, true, `trap '' HUP; sleep 60 & echo $$ $!; wait`)
	if err := victim.Kill(); err != nil {
		t.Fatal(err)
	}
	expectGone(t, victim.pids)
	if !isAlive(task.pids[0]) {
		t.Error("the task is gone")
	}
	killTasks(t)
}
