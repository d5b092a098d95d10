package agent_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log"
	"math/rand"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"tinsmith/guest/internal/agent"
	"tinsmith/guest/internal/config"
	"tinsmith/guest/internal/limits"
	"tinsmith/guest/internal/metaservice"
	"tinsmith/guest/internal/servicetest"
)

// start starts an agent for a service; it ends with the test.
func start(t *testing.T, host string, configuration config.Config, configError error, console io.Writer) {
	startWithin(t, servicetest.Limits(), host, configuration, configError, console)
}

// startWithin is start with limits of the test's own.
func startWithin(t *testing.T, limits limits.Limits, host string, configuration config.Config, configError error, console io.Writer) {
	ctx, cancel := context.WithCancel(context.Background())
	tools := agent.Agent{
		Client:      metaservice.New(host, limits),
		Config:      configuration,
		ConfigError: configError,
		Limits:      limits,
		Logger:      log.New(console, "", 0),
	}
	ended := make(chan struct{})
	go func() {
		tools.Run(ctx)
		close(ended)
	}()
	t.Cleanup(func() {
		cancel()
		<-ended
	})
}

// task is the body of `execute` for a shell script.
func task(script string) string {
	text, _ := json.Marshal(map[string]any{"command": []string{"sh", "-c", script}})
	return string(text)
}

// run runs a task in a service of its own and returns its result and log.
func run(t *testing.T, body string, configuration config.Config) (result, log string) {
	t.Helper()
	service := servicetest.Start(t, body)
	start(t, service.Host(), configuration, nil, io.Discard)
	result = service.Result(t)
	return result, service.Log()
}

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

func TestAServiceMayComeUpAfterTheTools(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	listener.Close()
	var console synchronised
	start(t, address, config.Config{}, nil, &console)
	console.waitFor(t, "/execute\": dial tcp") // all retries of one request are spent

	if listener, err = net.Listen("tcp", address); err != nil {
		t.Fatal(err)
	}
	service := servicetest.StartOn(t, listener, task("true"))
	if result := service.Result(t); result != "success" {
		t.Fatal(result)
	}
	if complaints := strings.Count(console.String(), "/poll\": dial tcp"); complaints != 1 {
		t.Errorf("polls that fail in a row are one complaint, not so: %s", console.String())
	}
}

func TestATaskThatTheServiceDoesNotHaveYetIsAskedForAgain(t *testing.T) {
	service := servicetest.Start(t, "")
	service.HandleInTurn("execute",
		servicetest.Refuse(404),
		servicetest.Refuse(404),
		servicetest.Refuse(500),
		func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, task("true")) },
	)
	start(t, service.Host(), config.Config{}, nil, io.Discard)
	if result := service.Result(t); result != "success" || service.Requests("GET execute") != 4 {
		t.Fatalf("%s after %d requests", result, service.Requests("GET execute"))
	}
}

func TestAResultIsRepeatedAfterStatus5xxAndGivenUpAfter4xx(t *testing.T) {
	for status, requests := range map[int]int{500: 2, 409: 1} {
		service := servicetest.Start(t, task("true"))
		answered := make(chan struct{}, 1)
		service.HandleInTurn("success",
			servicetest.Refuse(status),
			func(http.ResponseWriter, *http.Request) { answered <- struct{}{} },
		)
		var console synchronised
		start(t, service.Host(), config.Config{}, nil, &console)
		if requests == 2 {
			<-answered
		} else {
			console.waitFor(t, "could not be reported: PUT success: status 409")
		}
		if got := service.Requests("PUT success"); got != requests {
			t.Fatalf("status %d: %d requests", status, got)
		}
	}
}

func TestPollingGoesOnForEver(t *testing.T) {
	service := servicetest.Start(t, task("true"))
	polls := make(chan int)
	count := 0
	service.Handle("poll", func(w http.ResponseWriter, r *http.Request) {
		count++
		select {
		case polls <- count:
		case <-r.Context().Done():
		}
		switch count {
		case 1:
			io.WriteString(w, `{"id": "A", "type": "none", "path": "", "command": null, "tty": false}`)
		case 2:
			servicetest.Refuse(500)(w, r)
		case 3:
			io.WriteString(w, `{"id": "B", "type": "make-coffee", "sugar": 2}`)
		case 4:
			io.WriteString(w, `not JSON`)
		}
	})
	var console synchronised
	start(t, service.Host(), config.Config{}, nil, &console)
	<-polls
	if result := service.Result(t); result != "success" {
		t.Fatal(result)
	}
	for want := 2; want <= 5; want++ {
		if got := <-polls; got != want {
			t.Fatalf("poll %d came, not %d", got, want)
		}
	}
	console.waitFor(t, "action B, make-coffee: these guest tools don't know")
}

// synchronised is a console that may be read while it is written.
type synchronised struct {
	mutex sync.Mutex
	text  strings.Builder
}

func (s *synchronised) Write(bytes []byte) (int, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.text.Write(bytes)
}

func (s *synchronised) String() string {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.text.String()
}

func (s *synchronised) waitFor(t *testing.T, text string) {
	t.Helper()
	servicetest.Until(t, text+" on the console", func() bool { return strings.Contains(s.String(), text) })
}
