package shell_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"tinsmith/guest/internal/config"
	"tinsmith/guest/internal/limits"
	"tinsmith/guest/internal/metaservice"
	"tinsmith/guest/internal/process"
	"tinsmith/guest/internal/servicetest"
	"tinsmith/guest/internal/shell"
)

// open has a shell script run for a service, and returns the service's side, and how the guest's side ended.
func open(t *testing.T, service *servicetest.Service, limits limits.Limits, hasTTY bool, script string) (*servicetest.Shell, <-chan error) {
	t.Helper()
	start := func(size *process.Size) (*process.Process, error) {
		command, err := process.NewCommand(config.Config{Workdir: "/"}, []string{"sh", "-c", script}, nil)
		if err != nil {
			return nil, err
		}
		if hasTTY {
			return process.StartTerminalShell(command, size, limits)
		}
		return process.StartShell(command, limits)
	}
	return serve(t, service, limits, hasTTY, start)
}

func serve(t *testing.T, service *servicetest.Service, limits limits.Limits, hasTTY bool, start shell.Start) (*servicetest.Shell, <-chan error) {
	t.Helper()
	socket, err := metaservice.New(service.Host(), limits).DialShell(context.Background(), "ID")
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- shell.Serve(socket, hasTTY, start, limits) }()
	return service.Shell(t), served
}

func openPipes(t *testing.T, script string) (*servicetest.Shell, <-chan error) {
	t.Helper()
	return open(t, servicetest.Start(t, "{}"), servicetest.Limits(), false, script)
}

func openTerminal(t *testing.T, script string) (*servicetest.Shell, <-chan error) {
	t.Helper()
	return open(t, servicetest.Start(t, "{}"), servicetest.Limits(), true, script)
}

// wait waits for the end of the guest's side.
func wait(t *testing.T, served <-chan error) error {
	t.Helper()
	select {
	case err := <-served:
		return err
	case <-time.After(servicetest.Patience):
		t.Fatal("the guest's side has not ended")
		return nil
	}
}

func expect(t *testing.T, host *servicetest.Shell, want servicetest.Outcome) {
	t.Helper()
	if got := host.Finish(t); got != want {
		t.Fatalf("got %.300q, expected %.300q", fmt.Sprint(got), fmt.Sprint(want))
	}
}

// readUntil consumes stdout until a text has come.
func readUntil(t *testing.T, host *servicetest.Shell, text string) string {
	t.Helper()
	var output strings.Builder
	for !strings.Contains(output.String(), text) {
		message := host.Next(t)
		if message.Type != shell.Data || message.Stream != shell.Stdout {
			continue
		}
		if len(message.Payload) == 0 {
			t.Fatalf("stdout ended: %q", output.String())
		}
		output.Write(message.Payload)
		host.Acknowledge(t, shell.Stdout, len(message.Payload))
	}
	return output.String()
}

// waitForFile waits until a script has made a file.
func waitForFile(t *testing.T, path string) {
	t.Helper()
	servicetest.Until(t, path, func() bool {
		_, err := os.Stat(path)
		return err == nil
	})
}

func randomText(size int) string {
	content := make([]byte, size)
	rand.New(rand.NewSource(1)).Read(content)
	return string(content)
}

func writeFile(t *testing.T, content string) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "content")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestWithoutATerminalTheOutputsComeApart(t *testing.T) {
	host, served := openPipes(t, "echo out; echo err >&2; exit 0")
	expect(t, host, servicetest.Outcome{Stdout: "out\n", Stderr: "err\n", Success: true})
	if err := wait(t, served); err != nil {
		t.Fatal(err)
	}
}

func TestAnExitStatusIsAFailure(t *testing.T) {
	host, _ := openPipes(t, "exit 3")
	expect(t, host, servicetest.Outcome{})
}

func TestASignalIsAFailure(t *testing.T) {
	host, _ := openPipes(t, "kill -9 $$")
	expect(t, host, servicetest.Outcome{})
}

func TestWithATerminalAllOutputIsOneStream(t *testing.T) {
	host, _ := openTerminal(t, "tty >/dev/null && echo out; echo err >&2")
	expect(t, host, servicetest.Outcome{Stdout: "out\r\nerr\r\n", Success: true})
}

func TestTheEndOfStdinIsPassedOnAndOutputGoesOnAfterIt(t *testing.T) {
	host, _ := openPipes(t, "cat; sleep 0.1; echo after")
	host.Type(t, "some")
	host.Type(t, "thing ")
	host.EndInput(t)
	expect(t, host, servicetest.Outcome{Stdout: "something after\n", Success: true})
}

func TestALargeInputComesBackByteForByteWithinItsWindow(t *testing.T) {
	content := randomText(5_000_000)
	host, _ := openPipes(t, "exec cat")
	sent, acknowledged := 0, 0
	var got strings.Builder
	for got.Len() < len(content) {
		for room := 64<<10 - (sent - acknowledged); room > 0 && sent < len(content); room = 64<<10 - (sent - acknowledged) {
			count := 1 + rand.Intn(16<<10)
			if count > room {
				count = room
			}
			if count > len(content)-sent {
				count = len(content) - sent
			}
			host.Type(t, content[sent:sent+count])
			sent += count
		}
		switch message := host.Next(t); {
		case message.Type == shell.Ack && message.Stream == shell.Stdin:
			acknowledged += int(message.Count)
		case message.Type == shell.Data && message.Stream == shell.Stdout:
			got.Write(message.Payload)
			host.Acknowledge(t, shell.Stdout, len(message.Payload))
		}
	}
	host.EndInput(t)
	expect(t, host, servicetest.Outcome{Success: true})
	if got.String() != content {
		t.Fatal("the bytes differ")
	}
}

func TestALargeOutputComesWholeFromBothStreams(t *testing.T) {
	content := randomText(5_000_000)
	path := writeFile(t, content)
	host, _ := openPipes(t, "cat "+path+" & cat "+path+" >&2; wait")
	expect(t, host, servicetest.Outcome{Stdout: content, Stderr: content, Success: true})
}

func TestALargeOutputOfATerminalComesWhole(t *testing.T) {
	content := randomText(5_000_000)
	host, _ := openTerminal(t, "stty -opost; exec cat "+writeFile(t, content))
	expect(t, host, servicetest.Outcome{Stdout: content, Success: true})
}

// The host stalls for longer than it may be silent: its pongs are what counts.
func TestAHostThatStallsGetsNoMoreThanTheWindowAndIsNotTakenForDead(t *testing.T) {
	limits := servicetest.Limits()
	limits.Shell.Ping = 10 * time.Millisecond
	limits.Shell.Pong = time.Second
	content := randomText(1_000_000)
	host, _ := open(t, servicetest.Start(t, "{}"), limits, false, "exec cat "+writeFile(t, content))
	messages := make(chan shell.Message)
	go func() { // reads on, as it must
		for message := (shell.Message{}); message.Type != shell.Exit; messages <- message {
			message = host.Next(t)
		}
		close(messages)
	}()
	var got strings.Builder
	stalled := make(chan struct{})
	go func() {
		servicetest.LetTimePass(2500 * time.Millisecond)
		close(stalled)
	}()
	for stalled != nil {
		select {
		case message := <-messages:
			got.Write(message.Payload)
		case <-stalled:
			stalled = nil
		}
	}
	if got.Len() != 64<<10 {
		t.Fatalf("%d bytes came without an acknowledgement", got.Len())
	}
	host.Acknowledge(t, shell.Stdout, got.Len())
	for message := range messages {
		if message.Type == shell.Data && message.Stream == shell.Stdout && len(message.Payload) > 0 {
			got.Write(message.Payload)
			host.Acknowledge(t, shell.Stdout, len(message.Payload))
		}
	}
	if got.String() != content {
		t.Fatal("the bytes differ")
	}
}

func TestATerminalHasTheSizeThatTheHostSendsAndFollowsIt(t *testing.T) {
	host, _ := openTerminal(t, "trap 'stty size' WINCH; echo ready; while :; do sleep 0.01; done")
	readUntil(t, host, "ready")
	host.Resize(t, 123, 45)
	readUntil(t, host, "45 123\r\n")
	host.Resize(t, 300, 100)
	readUntil(t, host, "100 300\r\n")
	host.Send(t, shell.Message{Type: shell.Abort})
	host.Finish(t)
}

func TestATerminalStartsBeforeTheHostSendsASize(t *testing.T) {
	host, _ := openTerminal(t, "stty size")
	expect(t, host, servicetest.Outcome{Stdout: "0 0\r\n", Success: true})
}

func TestATerminalTakesItsInputByKeys(t *testing.T) {
	host, _ := openTerminal(t, "read -r line; echo \"<$line>\"; cat")
	host.Type(t, "hello\r")
	readUntil(t, host, "<hello>\r\n")
	host.Type(t, "\x04") // the end of input, to who reads a terminal
	if outcome := host.Finish(t); !outcome.Success {
		t.Fatal(outcome)
	}
}

func TestTheEndOfATerminalsStdinKillsTheCommandAndItsOutputStillComes(t *testing.T) {
	limits := servicetest.Limits()
	limits.KillGrace = servicetest.Patience
	host, _ := open(t, servicetest.Start(t, "{}"), limits, true, "trap 'echo hung up; exit' HUP; echo ready; while :; do sleep 0.01; done")
	readUntil(t, host, "ready")
	host.EndInput(t)
	if outcome := host.Finish(t); !strings.Contains(outcome.Stdout, "hung up\r\n") {
		t.Fatal(outcome)
	}
}

func TestACommandThatCannotStartIsExplained(t *testing.T) {
	start := func(*process.Size) (*process.Process, error) { return nil, errors.New("no such thing") }
	service := servicetest.Start(t, "{}")
	const reason = "[guest-tools] the command can't be started: no such thing"
	host, _ := serve(t, service, servicetest.Limits(), false, start)
	expect(t, host, servicetest.Outcome{Stderr: reason + "\n"})
	host, _ = serve(t, service, servicetest.Limits(), true, start)
	expect(t, host, servicetest.Outcome{Stdout: reason + "\r\n"})
}

func TestWhatAShellLeavesBehindNeitherHoldsItUpNorIsKilled(t *testing.T) {
	done := filepath.Join(t.TempDir(), "done")
	host, _ := openPipes(t, "(sleep 0.5; echo >"+done+") >/dev/null 2>&1 & echo started")
	expect(t, host, servicetest.Outcome{Stdout: "started\n", Success: true})
	waitForFile(t, done)
}

func TestWhatABackgroundProcessPrintsLateIsSentWithoutATerminal(t *testing.T) {
	host, _ := openPipes(t, "(sleep 1; echo late; echo bad >&2) & echo early")
	expect(t, host, servicetest.Outcome{Stdout: "early\nlate\n", Stderr: "bad\n", Success: true})
}

func TestAnAbortEndsAShellWhoseOutputIsHeldByAProcessThatEscapesTheKill(t *testing.T) {
	host, _ := openPipes(t, "setsid sh -c 'echo $$; exec sleep 60' & :")
	escaped, err := strconv.Atoi(strings.TrimSpace(readUntil(t, host, "\n")))
	if err != nil {
		t.Fatal(err)
	}
	defer syscall.Kill(escaped, syscall.SIGKILL)
	host.Send(t, shell.Message{Type: shell.Abort})
	host.Finish(t)
}

func TestInputThatTheCommandDoesNotReadIsConsumed(t *testing.T) {
	host, _ := openPipes(t, "exec <&-; echo closed; sleep 60")
	readUntil(t, host, "closed")
	host.Type(t, "nobody wants this")
	if message := host.Next(t); message.Type != shell.Ack || message.Count != uint32(len("nobody wants this")) {
		t.Fatalf("got %+v", message)
	}
	host.Send(t, shell.Message{Type: shell.Abort})
	host.Finish(t)
}

func TestSeveralShellsAtOnceDoNotMix(t *testing.T) {
	service := servicetest.Start(t, "{}")
	for number := 0; number < 5; number++ {
		number := fmt.Sprint(number)
		host, _ := open(t, service, servicetest.Limits(), false, "cat; echo "+number)
		t.Run(number, func(t *testing.T) {
			t.Parallel()
			host.Type(t, "shell ")
			host.EndInput(t)
			expect(t, host, servicetest.Outcome{Stdout: "shell " + number + "\n", Success: true})
		})
	}
}
