package shell_test

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"tinsmith/guest/internal/servicetest"
	"tinsmith/guest/internal/shell"
)

// stubborn is a script that says the numbers of two processes, which ignore what can be ignored.
const stubborn = `trap "" HUP TERM INT; sleep 60 & echo $$ $! ready; wait`

// stubbornProcesses waits for the script to start.
func stubbornProcesses(t *testing.T, host *servicetest.Shell) []string {
	t.Helper()
	fields := strings.Fields(readUntil(t, host, "ready"))
	return fields[:2]
}

// areGone waits until processes have ended.
func areGone(t *testing.T, processes []string) {
	t.Helper()
	servicetest.Until(t, fmt.Sprintf("the end of the processes %v", processes), func() bool {
		for _, number := range processes {
			if status, err := os.ReadFile("/proc/" + number + "/status"); err == nil && !strings.Contains(string(status), "State:\tZ") {
				return false
			}
		}
		return true
	})
}

func TestAnAbortKillsTheCommandAndItsChildren(t *testing.T) {
	for _, hasTTY := range []bool{false, true} {
		host, served := open(t, servicetest.Start(t, "{}"), servicetest.Limits(), hasTTY, stubborn)
		processes := stubbornProcesses(t, host)
		host.Send(t, shell.Message{Type: shell.Abort})
		if outcome := host.Finish(t); outcome.Success {
			t.Fatal(outcome)
		}
		areGone(t, processes)
		if err := wait(t, served); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAnAbortDoesNotWaitForOutputToBeConsumed(t *testing.T) {
	host, _ := openPipes(t, "exec yes")
	host.Next(t)
	host.Send(t, shell.Message{Type: shell.Abort})
	for message := host.Next(t); message.Type != shell.Exit; message = host.Next(t) {
		if message.Success {
			t.Fatal(message)
		}
	}
}

func TestALostConnectionKillsTheCommandAndItsChildren(t *testing.T) {
	for _, hasTTY := range []bool{false, true} {
		host, served := open(t, servicetest.Start(t, "{}"), servicetest.Limits(), hasTTY, stubborn)
		processes := stubbornProcesses(t, host)
		host.Socket.UnderlyingConn().(*net.TCPConn).SetLinger(0)
		host.Socket.Close()
		areGone(t, processes)
		if err := wait(t, served); err == nil {
			t.Fatal("the loss was not noticed")
		}
	}
}

func TestAHostThatSaysGoodbyeBeforeTheEndKillsTheCommand(t *testing.T) {
	host, served := openPipes(t, stubborn)
	processes := stubbornProcesses(t, host)
	host.Socket.WriteMessage(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseGoingAway, ""))
	areGone(t, processes)
	if err := wait(t, served); err == nil || !strings.Contains(err.Error(), "going away") {
		t.Fatal(err)
	}
}

// The host takes all messages, and sends some, but answers no pings.
func TestAHostThatAnswersNoPingsIsDead(t *testing.T) {
	limits := servicetest.Limits()
	limits.Shell.Ping = 10 * time.Millisecond
	limits.Shell.Pong = time.Second
	host, served := open(t, servicetest.Start(t, "{}"), limits, false, stubborn)
	pings := make(chan struct{}, 1000)
	host.Socket.SetPingHandler(func(string) error {
		pings <- struct{}{}
		return nil
	})
	processes := stubbornProcesses(t, host)
	go func() {
		for host.Socket.WriteMessage(websocket.BinaryMessage, shell.Message{Type: shell.Size}.Encode()) == nil {
			servicetest.LetTimePass(time.Millisecond)
		}
	}()
	go func() {
		for _, _, err := host.Socket.ReadMessage(); err == nil; _, _, err = host.Socket.ReadMessage() {
		}
	}()
	areGone(t, processes)
	if err := wait(t, served); err == nil || !strings.Contains(err.Error(), "timeout") {
		t.Fatal(err)
	}
	if len(pings) < 2 {
		t.Fatalf("%d pings came", len(pings))
	}
}

func TestAHostThatTakesNoMessagesIsDead(t *testing.T) {
	limits := servicetest.Limits()
	limits.Shell.Write = time.Second
	limits.Shell.Window = 100 << 20 // more than the kernels hold on loopback
	host, served := open(t, servicetest.Start(t, "{}"), limits, false, "echo $$; exec yes")
	message := host.Next(t)
	host.Acknowledge(t, shell.Stdout, len(message.Payload))
	process := strings.Fields(string(message.Payload))[0]
	areGone(t, []string{process})
	if err := wait(t, served); err == nil {
		t.Fatal("nobody noticed")
	}
}

func TestPingsOfTheHostAreAnswered(t *testing.T) {
	host, _ := openPipes(t, "cat")
	answered := make(chan string, 1)
	host.Socket.SetPongHandler(func(payload string) error {
		answered <- payload
		host.EndInput(t)
		return nil
	})
	host.Socket.WriteMessage(websocket.PingMessage, []byte("are you there?"))
	host.Finish(t)
	if payload := <-answered; payload != "are you there?" {
		t.Fatal(payload)
	}
}

func TestAMessageThatIsNotAllowedEndsTheShellAndSaysWhy(t *testing.T) {
	data := func(stream shell.Stream, size int) []byte {
		return shell.Message{Type: shell.Data, Stream: stream, Payload: make([]byte, size)}.Encode()
	}
	blocks := func(count int) (messages [][]byte) {
		for ; count > 0; count-- {
			messages = append(messages, data(shell.Stdin, 16<<10))
		}
		return messages
	}
	for name, test := range map[string]struct {
		messages [][]byte
		code     int
		reason   string
	}{
		"data on stdout":            {[][]byte{data(shell.Stdout, 1)}, 1002, "not the host's to send"},
		"acknowledgement of stdin":  {[][]byte{shell.Message{Type: shell.Ack}.Encode()}, 1002, "not the host's to send"},
		"acknowledgement of air":    {[][]byte{{1, 1, 0, 0, 1, 0}}, 1002, "256 bytes were acknowledged"},
		"exit":                      {[][]byte{{5, 0}}, 1002, "not the host's to send"},
		"a size without rows":       {[][]byte{{3, 0, 80}}, 1002, "2 bytes of data, not 4"},
		"a stream that isn't there": {[][]byte{{0, 7, 65}}, 1002, "no known stream"},
		// A pipe holds 64 KiB, which count as consumed: 9 blocks of 16 KiB are more than that and the window.
		"more than the window":  {blocks(9), 1002, "must not be"},
		"bytes after the end":   {[][]byte{data(0, 0), data(0, 1)}, 1002, "after the end"},
		"a message over 20 KiB": {[][]byte{data(0, 20<<10)}, websocket.CloseMessageTooBig, ""},
	} {
		t.Run(name, func(t *testing.T) {
			host, served := openPipes(t, strings.Replace(stubborn, "wait", "exec sleep 60", 1))
			processes := stubbornProcesses(t, host)
			for _, message := range test.messages {
				host.Socket.WriteMessage(websocket.BinaryMessage, message)
			}
			if failure := host.Ended(t); failure.Code != test.code || !strings.Contains(failure.Text, test.reason) {
				t.Errorf("the connection ended with %v", failure)
			}
			areGone(t, processes)
			if wait(t, served) == nil {
				t.Error("nobody said what was wrong")
			}
		})
	}
}

func TestMessagesThatMeanNothingAreIgnored(t *testing.T) {
	host, _ := openPipes(t, "cat")
	host.Socket.WriteMessage(websocket.TextMessage, []byte("\x00\x00text"))
	host.Socket.WriteMessage(websocket.BinaryMessage, nil)
	host.Socket.WriteMessage(websocket.BinaryMessage, []byte{2, 0})
	host.Socket.WriteMessage(websocket.BinaryMessage, []byte{250, 1, 2, 3})
	host.Resize(t, 80, 24) // there is no terminal
	host.Type(t, "data")
	host.EndInput(t)
	host.EndInput(t)
	expect(t, host, servicetest.Outcome{Stdout: "data", Success: true})
}

func TestAHostThatDoesNotSayGoodbyeIsNotWaitedForLong(t *testing.T) {
	limits := servicetest.Limits()
	limits.Shell.Close = 50 * time.Millisecond
	host, served := open(t, servicetest.Start(t, "{}"), limits, false, "true")
	for host.Next(t).Type != shell.Exit {
	}
	if err := wait(t, served); err != nil {
		t.Fatal(err)
	}
}

func TestAConnectionThatIsCutAfterAnyMessageLeavesNothingBehind(t *testing.T) {
	service := servicetest.Start(t, "{}")
	for messages := 0; ; messages++ {
		folder := t.TempDir()
		script := "echo $$ >" + folder + "/new; mv " + folder + "/new " + folder + "/pid; cat; echo err >&2; sleep 60"
		host, served := open(t, service, servicetest.Limits(), false, script)
		steps := []func(){
			func() { host.Type(t, "text") },
			func() { host.Next(t) }, // the text and its acknowledgement, in any order
			func() { host.Next(t) },
			func() { host.Acknowledge(t, shell.Stdout, 4) },
			func() { host.EndInput(t) },
			func() { host.Next(t) },
			func() { host.Acknowledge(t, shell.Stderr, 4) },
		}
		if messages > len(steps) {
			break
		}
		for _, step := range steps[:messages] {
			step()
		}
		host.Socket.Close()
		if wait(t, served) == nil {
			t.Fatalf("after %d messages: nobody noticed", messages)
		}
		if pid, err := os.ReadFile(filepath.Join(folder, "pid")); err == nil {
			areGone(t, strings.Fields(string(pid)))
		}
	}
}

// A relay on the way may cut what is sent as it likes.
func TestAConnectionThatSplitsAndDelaysEveryByteChangesNothing(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	service := servicetest.StartOn(t, splitting{listener}, "{}")
	host, _ := open(t, service, servicetest.Limits(), false, "cat; seq 200 >&2")
	var want strings.Builder
	for number := 1; number <= 200; number++ {
		want.WriteString(strconv.Itoa(number) + "\n")
	}
	host.Type(t, want.String())
	host.EndInput(t)
	expect(t, host, servicetest.Outcome{Stdout: want.String(), Stderr: want.String(), Success: true})
}

// splitting is a listener whose connections pass on one byte at a time.
type splitting struct{ net.Listener }

func (s splitting) Accept() (net.Conn, error) {
	connection, err := s.Listener.Accept()
	if err != nil {
		return nil, err
	}
	connection.(*net.TCPConn).SetNoDelay(true)
	return split{connection}, nil
}

type split struct{ net.Conn }

func (s split) Read(block []byte) (int, error) {
	if len(block) > 1 {
		block = block[:1]
	}
	return s.Conn.Read(block)
}

func (s split) Write(block []byte) (int, error) {
	for index := range block {
		if _, err := s.Conn.Write(block[index : index+1]); err != nil {
			return index, err
		}
		servicetest.LetTimePass(10 * time.Microsecond)
	}
	return len(block), nil
}
