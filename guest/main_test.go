package main

import (
	"bufio"
	"bytes"
	"io"
	"math/rand"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"tinsmith/guest/internal/metaservice"
	"tinsmith/guest/internal/servicetest"
)

// asGuestTools in the environment makes the test's own binary be the guest tools, for tests of the whole process.
const asGuestTools = "BE_THE_GUEST_TOOLS"

func TestMain(m *testing.M) {
	if os.Getenv(asGuestTools) != "" {
		main()
	}
	os.Exit(m.Run())
}

// call runs the guest tools in this process; not for the command `run`, which doesn't return.
func call(stdin io.Reader, args ...string) (status int, stdout, stderr string) {
	var output, complaints bytes.Buffer
	status = guestTools(args, stdin, &output, &complaints)
	return status, output.String(), complaints.String()
}

func TestHelpIsShownOnRequest(t *testing.T) {
	for _, args := range [][]string{{"--help"}, {"-h"}, {"post-log", "--help"}} {
		if status, stdout, stderr := call(nil, args...); status != 0 || stdout != usage || stderr != "" {
			t.Errorf("%q: status %d, %q, %q", args, status, stdout, stderr)
		}
	}
}

func TestArgumentsThatMakeNoSenseAreExplained(t *testing.T) {
	for _, test := range []struct {
		args   []string
		reason string
	}{
		{[]string{"--verbose"}, "-verbose"},
		{[]string{"walk"}, `unknown command "walk"`},
		{[]string{"run", "fast"}, `unexpected argument "fast"`},
		{[]string{"post-log"}, "post-log takes one file"},
		{[]string{"post-log", "a", "b"}, "post-log takes one file"},
		{[]string{"--config"}, "flag needs an argument"},
		{[]string{"--host", ""}, "not HOST or HOST:PORT"},
		{[]string{"--host", "http://host/"}, "not HOST or HOST:PORT"},
		{[]string{"--host", "host:port"}, "not HOST or HOST:PORT"},
	} {
		status, stdout, stderr := call(nil, test.args...)
		if status != 2 || stdout != "" || !strings.Contains(stderr, test.reason) || !strings.Contains(stderr, "Usage:") {
			t.Errorf("%q: status %d, %q, %q", test.args, status, stdout, stderr)
		}
	}
}

func TestArgumentsAreRead(t *testing.T) {
	for _, test := range []struct {
		args []string
		want arguments
	}{
		{nil, arguments{"run", "", "169.254.169.254", ""}},
		{[]string{"run"}, arguments{"run", "", "169.254.169.254", ""}},
		{[]string{"-c", "a.yaml", "--host", "10.0.2.2:8080"}, arguments{"run", "a.yaml", "10.0.2.2:8080", ""}},
		{[]string{"--config=a.yaml", "--host", "[::1]:80", "run"}, arguments{"run", "a.yaml", "[::1]:80", ""}},
		{[]string{"run", "--host", "meta"}, arguments{"run", "", "meta", ""}},
		{[]string{"post-log", "-"}, arguments{"post-log", "", "169.254.169.254", "-"}},
		{[]string{"--host", "meta", "post-log", "--", "--file"}, arguments{"post-log", "", "meta", "--file"}},
	} {
		if got, err := parseArguments(test.args); err != nil || got != test.want {
			t.Errorf("%q: got %+v, %v", test.args, got, err)
		}
	}
}

func TestPostLogSendsAFileOrTheStandardInput(t *testing.T) {
	content := make([]byte, 20_000_000)
	rand.New(rand.NewSource(1)).Read(content)
	path := filepath.Join(t.TempDir(), "content")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{path, "-"} {
		service := servicetest.Start(t, "")
		status, stdout, stderr := call(bytes.NewReader(content), "--host", service.Host(), "post-log", "--", file)
		if status != 0 || stdout != "" || stderr != "" || service.Log() != string(content) {
			t.Errorf("status %d, %q, %q, %d bytes", status, stdout, stderr, len(service.Log()))
		}
	}
}

func TestPostLogFailsWhenTheServiceDidNotTakeEverything(t *testing.T) {
	service := servicetest.Start(t, "")
	service.Handle("log", servicetest.Refuse(404))
	status, _, stderr := call(strings.NewReader("a line\n"), "--host", service.Host(), "post-log", "-")
	if status != 1 || !strings.Contains(stderr, "the log could not be sent: POST log: status 404") {
		t.Fatalf("status %d, %q", status, stderr)
	}
}

func TestPostLogFailsWhenItsFileCannotBeRead(t *testing.T) {
	service := servicetest.Start(t, "")
	for _, path := range []string{"/no/such/file", "/"} {
		if status, _, stderr := call(nil, "--host", service.Host(), "post-log", path); status != 1 || stderr == "" {
			t.Errorf("%s: status %d, %q", path, status, stderr)
		}
	}
}

// The tools are started as a script's background job would be: interrupts and hang-ups ignored. Their console is a
// pipe that is closed after its first line.
func TestTheToolsOutliveTheirResultAndTheirConsoleAndTheirTaskIgnoresNoSignals(t *testing.T) {
	service := servicetest.Start(t, `{"command": ["grep", "SigIgn", "/proc/self/status"]}`)
	folder := t.TempDir()
	configuration := filepath.Join(folder, "guest-tools.yaml")
	if err := os.WriteFile(configuration, []byte("workdir: "+folder+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	tools := exec.Command("sh", "-c", `trap "" HUP INT; exec "$@"`, "sh",
		os.Args[0], "-c", configuration, "--host", service.Host())
	tools.Env = append(os.Environ(), asGuestTools+"=yes")
	console, err := tools.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := tools.Start(); err != nil {
		t.Fatal(err)
	}
	defer tools.Wait()
	defer tools.Process.Kill()
	if _, err := bufio.NewReader(console).ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	console.Close()

	if result := service.Result(t); result != "success" {
		t.Fatal(result)
	}
	ignored, err := strconv.ParseUint(strings.TrimSpace(strings.TrimPrefix(service.Log(), "SigIgn:")), 16, 64)
	if err != nil {
		t.Fatalf("%q: %v", service.Log(), err)
	}
	for _, signal := range []syscall.Signal{syscall.SIGHUP, syscall.SIGINT, syscall.SIGQUIT, syscall.SIGPIPE} {
		if ignored&(1<<(signal-1)) != 0 {
			t.Errorf("the task ignores signal %d, %s", signal, signal)
		}
	}
	for _, signal := range []syscall.Signal{syscall.SIGHUP, syscall.SIGINT} {
		if err := tools.Process.Signal(signal); err != nil {
			t.Fatal(err)
		}
	}
	service.Ask(metaservice.Action{ID: "A", Type: metaservice.ListFolder, Path: t.TempDir()})
	service.Reply(t)
}
