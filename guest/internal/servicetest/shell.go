package servicetest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"tinsmith/guest/internal/process"
	"tinsmith/guest/internal/shell"
)

// Shell is the host's side of an interactive shell, for a test to talk. It answers pings while it waits for messages.
type Shell struct {
	ID     string
	Socket *websocket.Conn
	ends   map[shell.Stream]int // how many have come of each stream
}

func newShell(id string, socket *websocket.Conn) *Shell {
	return &Shell{ID: id, Socket: socket, ends: map[shell.Stream]int{}}
}

// Send sends messages.
func (s *Shell) Send(t *testing.T, messages ...shell.Message) {
	t.Helper()
	for _, message := range messages {
		if err := s.Socket.WriteMessage(websocket.BinaryMessage, message.Encode()); err != nil {
			t.Fatal(err)
		}
	}
}

// Type sends text to stdin; the caller keeps to the window.
func (s *Shell) Type(t *testing.T, text string) {
	t.Helper()
	s.Send(t, shell.Message{Type: shell.Data, Stream: shell.Stdin, Payload: []byte(text)})
}

// EndInput sends the end of stdin.
func (s *Shell) EndInput(t *testing.T) {
	t.Helper()
	s.Send(t, shell.Message{Type: shell.Data, Stream: shell.Stdin})
}

// Resize sends a terminal's size.
func (s *Shell) Resize(t *testing.T, columns, rows uint16) {
	t.Helper()
	s.Send(t, shell.Message{Type: shell.Size, Size: process.Size{Columns: columns, Rows: rows}})
}

// Acknowledge says that bytes of a stream were consumed.
func (s *Shell) Acknowledge(t *testing.T, stream shell.Stream, count int) {
	t.Helper()
	s.Send(t, shell.Message{Type: shell.Ack, Stream: stream, Count: uint32(count)})
}

// Next waits for the guest's next message, which must be one that is allowed. Nothing is acknowledged.
func (s *Shell) Next(t *testing.T) shell.Message {
	t.Helper()
	message, err := s.read(Patience)
	if err != nil {
		t.Fatal(err)
	}
	return message
}

// Ended waits until the guest closes the connection, passing over messages, and returns the code and reason.
func (s *Shell) Ended(t *testing.T) *websocket.CloseError {
	t.Helper()
	for {
		switch _, err := s.read(Patience); failure := err.(type) {
		case nil:
		case *websocket.CloseError:
			return failure
		default:
			t.Fatal(err)
		}
	}
}

func (s *Shell) read(patience time.Duration) (shell.Message, error) {
	s.Socket.SetReadDeadline(time.Now().Add(patience))
	_, bytes, err := s.Socket.ReadMessage()
	if err != nil {
		return shell.Message{}, err
	}
	message, _, err := shell.Decode(bytes)
	if err != nil || message.Type != shell.Data {
		return message, err
	}
	if s.ends[message.Stream] > 0 {
		return message, fmt.Errorf("after the end of stream %d came %q", message.Stream, message.Payload)
	}
	if len(message.Payload) == 0 {
		s.ends[message.Stream]++
	}
	if len(message.Payload) > 16<<10 {
		return message, fmt.Errorf("a block has %d bytes", len(message.Payload))
	}
	return message, nil
}

// Outcome is all that a shell sent.
type Outcome struct {
	Stdout, Stderr string
	Success        bool
}

// Finish consumes all that the guest sends until it closes the connection, as it should: with Exit after both streams'
// ends.
func (s *Shell) Finish(t *testing.T) Outcome {
	t.Helper()
	output := map[shell.Stream]*strings.Builder{shell.Stdout: {}, shell.Stderr: {}}
	for {
		message := s.Next(t)
		stream := message.Stream
		switch message.Type {
		case shell.Data:
			output[stream].Write(message.Payload)
			if len(message.Payload) > 0 {
				s.Acknowledge(t, stream, len(message.Payload))
			}
		case shell.Ack: // of stdin: the test knows what it sent
		case shell.Exit:
			if s.ends[shell.Stdout] != 1 || s.ends[shell.Stderr] != 1 {
				t.Fatalf("Exit came when these streams had ended: %v", s.ends)
			}
			if failure := s.Ended(t); failure.Code != websocket.CloseNormalClosure {
				t.Fatalf("the connection ended with %v", failure)
			}
			return Outcome{output[shell.Stdout].String(), output[shell.Stderr].String(), message.Success}
		default:
			t.Fatalf("a guest sent a message of type %d", message.Type)
		}
	}
}
