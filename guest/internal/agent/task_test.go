package agent_test

import (
	"errors"
	"io"
	"math/rand"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tinsmith/guest/internal/config"
	"tinsmith/guest/internal/servicetest"
)

func TestATaskThatExitsWith0Succeeds(t *testing.T) {
	if result, log := run(t, task("echo hello"), config.Config{}); result != "success" || log != "hello\r\n" {
		t.Fatalf("%s, %q", result, log)
	}
}

func TestATaskThatExitsWithAnotherStatusFailsAndItsLogIsItsOutput(t *testing.T) {
	if result, log := run(t, task("echo hello; exit 1"), config.Config{}); result != "failed" || log != "hello\r\n" {
		t.Fatalf("%s, %q", result, log)
	}
}

func TestATaskKilledByASignalFails(t *testing.T) {
	if result, log := run(t, task("echo hello; kill -9 $$"), config.Config{}); result != "failed" || log != "hello\r\n" {
		t.Fatalf("%s, %q", result, log)
	}
}

func TestATaskTellsHowItsCommandEnded(t *testing.T) {
	for script, want := range map[string]string{"exit 0": "0 ", "exit 7": "7 ", "kill -9 $$": "137 9"} {
		got := make(chan string, 1)
		service := servicetest.Start(t, task(script))
		for _, endpoint := range []string{"success", "failed"} {
			service.Handle(endpoint, func(_ http.ResponseWriter, r *http.Request) {
				got <- r.Header.Get("X-Tinsmith-Exit-Status") + " " + r.Header.Get("X-Tinsmith-Exit-Signal")
			})
		}
		start(t, service.Host(), config.Config{}, nil, io.Discard)
		if headers := <-got; headers != want {
			t.Errorf("%s: got %q, expected %q", script, headers, want)
		}
	}
}

func TestATaskWithoutATerminalHasLinesAsTheyAreNoInputAndLateOutput(t *testing.T) {
	body := `{"tty": false, "command": ["sh", "-c", "cat; tty; echo bad >&2; (sleep 0.5; echo late) & exit 3"]}`
	result, log := run(t, body, config.Config{})
	if result != "failed" || log != "not a tty\nbad\nlate\n" {
		t.Fatalf("%s, %q", result, log)
	}
	body = `{"tty": false, "command": ["no-such-program"]}`
	if _, log := run(t, body, config.Config{}); !strings.HasPrefix(log, "[guest-tools] ") || strings.Contains(log, "\r") {
		t.Fatalf("%q", log)
	}
}

func TestATaskGetsItsEnvironmentEntrypointAndArguments(t *testing.T) {
	configuration := config.Config{
		Entrypoint: []string{"env", "FROM=entrypoint"},
		Env:        map[string]string{"A": "config", "B": "config"},
	}
	body := `{"env": {"B": "task"}, "command": ["sh", "-c", "echo $FROM $A $B \"$1\"", "sh", "two  words"]}`
	if result, log := run(t, body, configuration); result != "success" || log != "entrypoint config task two  words\r\n" {
		t.Fatalf("%s, %q", result, log)
	}
}

func TestATaskWithoutACommandIsTheEntrypointOrElseTheShell(t *testing.T) {
	shell := []string{"sh", "-c", "echo shell $A"}
	for _, test := range []struct {
		body   string
		config config.Config
		log    string
	}{
		{`{"env": {"A": "a"}, "command": null}`, config.Config{Shell: shell}, "shell a\r\n"},
		{`{"command": []}`, config.Config{Shell: shell, Entrypoint: []string{"echo", "entrypoint"}}, "entrypoint\r\n"},
	} {
		if result, log := run(t, test.body, test.config); result != "success" || log != test.log {
			t.Errorf("%s: %s, %q", test.body, result, log)
		}
	}
}

func TestATaskThatCannotStartFailsAndItsLogSaysWhy(t *testing.T) {
	for _, test := range []struct {
		body   string
		config config.Config
		reason string
	}{
		{`{"command": ["no-such-program"]}`, config.Config{}, "executable file not found"},
		{`{"command": ["true"]}`, config.Config{User: "no-such-user"}, `user "no-such-user"`},
	} {
		result, log := run(t, test.body, test.config)
		if result != "failed" || !strings.HasPrefix(log, "[guest-tools] ") ||
			!strings.Contains(log, test.reason) || !strings.HasSuffix(log, "\r\n") {
			t.Errorf("%s: %s, %q", test.body, result, log)
		}
	}
}

func TestABadConfigurationFailsTheTaskAndActionsAreStillPolledFor(t *testing.T) {
	service := servicetest.Start(t, task("echo hello"))
	start(t, service.Host(), config.Config{}, errors.New("tools.yaml: line 1 is odd"), io.Discard)
	if result := service.Result(t); result != "failed" || !strings.Contains(service.Log(), "tools.yaml: line 1 is odd") {
		t.Fatalf("%s, %q", result, service.Log())
	}
	service.UntilRequests(t, "GET poll", 1)
}

func TestTheLogStreamsWhileTheTaskRuns(t *testing.T) {
	folder := t.TempDir()
	service := servicetest.Start(t, task("echo first; while [ ! -e "+folder+"/go ]; do sleep 0.01; done; echo second"))
	start(t, service.Host(), config.Config{}, nil, io.Discard)
	service.UntilLogged(t, "first\r\n")
	if err := os.WriteFile(folder+"/go", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if result := service.Result(t); result != "success" || service.Log() != "first\r\nsecond\r\n" {
		t.Fatalf("%s, %q", result, service.Log())
	}
}

func TestALargeLogIsCompleteBeforeTheResult(t *testing.T) {
	content := make([]byte, 20_000_000)
	rand.New(rand.NewSource(1)).Read(content)
	path := filepath.Join(t.TempDir(), "content")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	result, log := run(t, task("stty -opost; cat "+path), config.Config{})
	if result != "success" || log != string(content) {
		t.Fatalf("%s, %d bytes", result, len(log))
	}
}

func TestATaskWaitsForAServiceThatDoesNotReadItsLog(t *testing.T) {
	service := servicetest.Start(t, task("exec head -c 40000000 /dev/zero"))
	release := make(chan struct{})
	service.Handle("log", func(_ http.ResponseWriter, r *http.Request) {
		<-release
		service.ReadLog(r.Body)
	})
	start(t, service.Host(), config.Config{}, nil, io.Discard)
	// 4 MiB of buffer and what the kernels hold on loopback are less than 40 MB: the task can't end yet.
	servicetest.LetTimePass(300 * time.Millisecond)
	if service.Requests("PUT success") > 0 {
		t.Fatal("the task has ended")
	}
	close(release)
	if result := service.Result(t); result != "success" || len(service.Log()) != 40_000_000 {
		t.Fatalf("%s, %d bytes", result, len(service.Log()))
	}
}

func TestTheResultIsReportedAlsoWhenTheLogFailed(t *testing.T) {
	service := servicetest.Start(t, task("head -c 10000000 /dev/zero"))
	service.Handle("log", servicetest.Refuse(403))
	start(t, service.Host(), config.Config{}, nil, io.Discard)
	if result := service.Result(t); result != "success" {
		t.Fatal(result)
	}
}
