package shell_test

import (
	"errors"
	"fmt"
	"math/rand"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"tinsmith/guest/internal/process"
	"tinsmith/guest/internal/servicetest"
	"tinsmith/guest/internal/shell"
)

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
	limits.Shell.Pong = 2 * time.Second
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
