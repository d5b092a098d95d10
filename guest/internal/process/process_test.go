package process_test

import (
	"bytes"
	"math/rand"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"tinsmith/guest/internal/config"
	"tinsmith/guest/internal/limits"
	"tinsmith/guest/internal/process"
)

// run runs a shell script as a command and returns what it printed.
func run(t *testing.T, config config.Config, environment map[string]string, script string) (string, error) {
	t.Helper()
	command, err := process.NewCommand(config, []string{"sh", "-c", script}, environment)
	if err != nil {
		return "", err
	}
	return wait(t, command)
}

func wait(t *testing.T, command *exec.Cmd) (string, error) {
	t.Helper()
	started, err := process.StartTerminalTask(command, limits.Default())
	if err != nil {
		return "", err
	}
	var output bytes.Buffer
	err = started.Wait(&output)
	return output.String(), err
}

// expect runs a shell script that must succeed and print something.
func expect(t *testing.T, config config.Config, environment map[string]string, script, want string) {
	t.Helper()
	if got, err := run(t, config, environment, script); err != nil || got != want {
		t.Errorf("%s printed %q, %v; expected %q", script, got, err, want)
	}
}

func TestACommandRunsOnATerminalOfItsOwn(t *testing.T) {
	got, err := run(t, config.Config{}, nil, "tty; tty <&1; tty <&2; tty </dev/tty")
	want := regexp.MustCompile(`^(/dev/pts/\d+\r\n){3}/dev/tty\r\n$`)
	if err != nil || !want.MatchString(got) {
		t.Fatalf("got %q, %v", got, err)
	}
}

func TestTheTerminalHasItsDefaultModes(t *testing.T) {
	expect(t, config.Config{}, nil, `printf 'a\nb\tc\n'`, "a\r\nb\tc\r\n")
}

func TestRawBytesPassOnceTheTerminalIsToldTo(t *testing.T) {
	content := make([]byte, 1<<20)
	rand.New(rand.NewSource(1)).Read(content)
	path := filepath.Join(t.TempDir(), "content")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := run(t, config.Config{}, nil, "stty -opost; cat "+path)
	if err != nil || got != string(content) {
		t.Fatalf("%d bytes came, %v", len(got), err)
	}
}

func TestTheCommandIsTheLeaderOfItsSession(t *testing.T) {
	expect(t, config.Config{}, nil, `read -r _ _ _ _ _ session _ </proc/$$/stat; [ $session = $$ ] && echo yes`, "yes\r\n")
}

func TestAnExitStatusIsAnError(t *testing.T) {
	_, err := run(t, config.Config{}, nil, "exit 3")
	if failure, ok := err.(*exec.ExitError); !ok || failure.ExitCode() != 3 {
		t.Fatalf("got %v", err)
	}
}

func TestACommandThatClosesItsTerminalIsWaitedFor(t *testing.T) {
	_, err := run(t, config.Config{}, nil, "exec <&- >&- 2>&-; sleep 0.2; exit 3")
	if err == nil {
		t.Fatal("the exit status was lost")
	}
}

func TestAProcessLeftBehindOnTheTerminalIsNotWaitedFor(t *testing.T) {
	started := time.Now()
	got, err := run(t, config.Config{}, nil, "setsid sleep 5 & seq 1000; echo done")
	if err != nil || !strings.HasSuffix(got, "\r\n1000\r\ndone\r\n") || time.Since(started) > 3*time.Second {
		t.Fatalf("got ...%q, %v after %s", got[len(got)-20:], err, time.Since(started))
	}
}

func TestAProcessLeftBehindThatNeverStopsPrintingIsCutOff(t *testing.T) {
	got, err := run(t, config.Config{}, nil, "setsid yes & sleep 0.1")
	if err != nil || !strings.HasPrefix(got, "y\r\ny\r\n") {
		t.Fatalf("%d bytes, %v", len(got), err)
	}
}

// As on a machine so busy that the time is up before anything was tried.
func TestWhatTheCommandPrintedIsReadThoughNoTimeIsLeft(t *testing.T) {
	l := limits.Default()
	l.OutputQuiet = -time.Second
	for round := 0; round < 20; round++ {
		command, err := process.NewCommand(config.Config{}, []string{"sh", "-c", "seq 300; echo last"}, nil)
		if err != nil {
			t.Fatal(err)
		}
		started, err := process.StartTerminalTask(command, l)
		if err != nil {
			t.Fatal(err)
		}
		_ = started.Ended()
		var output bytes.Buffer
		if err := started.Wait(&output); err != nil || !strings.HasSuffix(output.String(), "\r\n300\r\nlast\r\n") {
			t.Fatalf("got ...%q, %v", output.String(), err)
		}
	}
}

func TestEnvironmentsLieOverEachOther(t *testing.T) {
	t.Setenv("OWN", "own")
	t.Setenv("BOTH", "own")
	t.Setenv("ALL", "own")
	configuration := config.Config{Env: map[string]string{"BOTH": "config", "ALL": "config", "CONFIG": "config"}}
	task := map[string]string{"ALL": "task", "TASK": "task", "EMPTY": ""}
	expect(t, configuration, task, `echo "$OWN $BOTH $ALL $CONFIG $TASK ${EMPTY-unset}"`, "own config task config task \r\n")
}

func TestACommandStartsInTheUsersHomeOrTheConfiguredFolder(t *testing.T) {
	current, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	expect(t, config.Config{}, nil, "pwd", current.HomeDir+"\r\n")
	expect(t, config.Config{User: current.Username}, nil, "pwd", current.HomeDir+"\r\n")
	expect(t, config.Config{Workdir: "/usr"}, nil, "pwd; echo $PWD", "/usr\r\n/usr\r\n")
}

func TestACommandRunsAsTheConfiguredUserWhichOnlyRootCanDo(t *testing.T) {
	configuration := config.Config{User: "nobody", Workdir: "/"}
	if os.Getuid() != 0 {
		if _, err := run(t, configuration, nil, "true"); err == nil || !strings.Contains(err.Error(), "only root") {
			t.Fatalf("got %v", err)
		}
		return
	}
	groups, err := exec.Command("id", "-G", "nobody").Output()
	if err != nil {
		t.Fatal(err)
	}
	expect(t, configuration, nil, `id -un; id -G; [ -O "$(tty)" ] && echo "owns its terminal"`,
		"nobody\r\n"+strings.TrimSpace(string(groups))+"\r\nowns its terminal\r\n")
}

func TestWhatCannotBeStartedIsAnErrorThatNamesIt(t *testing.T) {
	for _, test := range []struct {
		config  config.Config
		command []string
		reason  string
	}{
		{config.Config{}, []string{"no-such-program"}, `"no-such-program": executable file not found`},
		{config.Config{}, []string{"/etc/passwd"}, "/etc/passwd: permission denied"},
		{config.Config{User: "no-such-user"}, []string{"true"}, `user "no-such-user" of the guest tools' configuration`},
		{config.Config{Workdir: "/no/such/folder"}, []string{"true"}, "working folder: stat /no/such/folder: no such file"},
	} {
		command, err := process.NewCommand(test.config, test.command, nil)
		if err == nil {
			_, err = wait(t, command)
		}
		if err == nil || !strings.Contains(err.Error(), test.reason) {
			t.Errorf("%+v: got %v, expected %q", test, err, test.reason)
		}
	}
}

const ignoresHangUps = "TEST_IGNORES_HANG_UPS"

func TestACommandNoticesAHangUpThatTheToolsIgnore(t *testing.T) {
	if os.Getenv(ignoresHangUps) == "" {
		again := exec.Command("sh", "-c", `trap "" HUP; exec "$0" -test.run "$1"`, os.Args[0], "^"+t.Name()+"$")
		again.Env = append(os.Environ(), ignoresHangUps+"=yes")
		if said, err := again.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, said)
		}
		return
	}
	output, err := run(t, config.Config{}, nil, "trap 'echo noticed; exit' HUP; kill -HUP $$; echo missed")
	if err != nil || strings.TrimSpace(output) != "noticed" {
		t.Fatalf("%v: %q", err, output)
	}
}
