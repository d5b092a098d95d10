package shell

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"tinsmith/guest/internal/limits"
	"tinsmith/guest/internal/process"
)

// Start starts the command: on a terminal of a size, which is nil when the host has told none, or on pipes.
type Start func(size *process.Size) (*process.Process, error)

// session is one command and the connection it talks on.
type session struct {
	connection *connection
	limits     limits.Shell
	hasTTY     bool
	input      *input
	windows    map[Stream]*window

	mutex   sync.Mutex
	process *process.Process // nil until it is started
	size    *process.Size    // the newest; nil until there is one

	doomed *event // the command is to be killed
	muted  *event // nobody wants the output any more
	lost   *event // the connection has ended before the command
	over   *event // all messages were exchanged
}

// Serve runs a command for the host that a connection leads to, and closes the connection. The command is killed when
// the connection is lost, or when the host asks for it. The error is the reason why the connection ended before the
// command.
func Serve(socket *websocket.Conn, hasTTY bool, start Start, limits limits.Limits) error {
	defer socket.Close()
	s := &session{
		connection: newConnection(socket, limits.Shell),
		limits:     limits.Shell,
		hasTTY:     hasTTY,
		input:      newInput(limits.Shell.Window),
		windows:    map[Stream]*window{Stdout: newWindow(limits.Shell.Window), Stderr: newWindow(limits.Shell.Window)},
		doomed:     newEvent(),
		muted:      newEvent(),
		lost:       newEvent(),
		over:       newEvent(),
	}
	defer s.over.happen()
	go s.connection.keepAlive(s.over.done)
	received := make(chan error, 1)
	go func() { received <- s.receive() }()

	success := s.run(start)
	if s.lost.hasHappened() {
		return <-received
	}
	if s.connection.send(Message{Type: Exit, Success: success}) == nil {
		s.connection.sayGoodbye(websocket.CloseNormalClosure, "")
	}
	select {
	case <-received: // that the other side said goodbye too, if all is well; else it makes no difference any more
	case <-time.After(s.limits.Close):
	}
	return nil
}

// receive performs the host's requests, until the connection ends. It always returns an error.
func (s *session) receive() error {
	for {
		message, err := s.connection.receive()
		if err == nil {
			err = s.take(message)
		}
		if err == nil {
			continue
		}
		s.lost.happen()
		s.muted.happen()
		s.doomed.happen()
		var wrong *violation
		if errors.As(err, &wrong) {
			s.connection.sayGoodbye(websocket.CloseProtocolError, err.Error())
			s.connection.drain()
		}
		s.connection.socket.Close()
		return err
	}
}

// take does what one message says. It never waits for the command: the host's pongs come the same way.
func (s *session) take(message Message) error {
	var err error
	window := s.windows[message.Stream] // of what the guest sends
	switch {
	case message.Type == Data && message.Stream == Stdin:
		err = s.input.add(message.Payload)
	case message.Type == Ack && window != nil:
		err = window.acknowledge(message.Count)
	case message.Type == Size:
		s.resize(message.Size)
	case message.Type == Abort:
		s.muted.happen()
		s.doomed.happen()
	default:
		err = fmt.Errorf("a message of type %d for stream %d is not the host's to send", message.Type, message.Stream)
	}
	if err != nil {
		return &violation{err}
	}
	return nil
}

func (s *session) resize(size process.Size) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.size = &size
	if s.process != nil {
		_ = s.process.Resize(size) // it fails when the terminal is closed already
	}
}
