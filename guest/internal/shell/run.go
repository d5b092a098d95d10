package shell

import (
	"fmt"
	"io"
	"strings"
	"sync"

	"tinsmith/guest/internal/process"
)

// run runs the command, and returns when it has ended and all of its output was sent. It tells whether the command
// succeeded.
func (s *session) run(start Start) bool {
	if s.doomed.hasHappened() {
		return false
	}
	command, err := s.start(start)
	if err != nil {
		s.explain(err)
		return false
	}
	ended := newEvent()
	go func() {
		select {
		case <-s.doomed.done:
			if !ended.hasHappened() { // what a shell that ended by itself left behind may stay
				_ = command.Kill() // what can't be killed can't be helped either
				if s.muted.hasHappened() {
					command.Close() // what escaped it may keep the output open
				}
			}
		case <-ended.done:
		}
	}()
	inputEnded := make(chan struct{})
	go func() {
		defer close(inputEnded)
		s.copyInput(command, ended.done)
	}()

	s.copyOutput(command)
	err = command.Ended()
	ended.happen()
	command.Close()
	<-inputEnded // or it might send acknowledgements after Exit
	return err == nil && !s.muted.hasHappened()
}

func (s *session) start(start Start) (*process.Process, error) {
	s.mutex.Lock() // for a resize to wait
	defer s.mutex.Unlock()
	var err error
	s.process, err = start(s.size)
	return s.process, err
}

// explain sends why the command could not be started, as if a shell had printed it.
func (s *session) explain(err error) {
	reason := fmt.Sprintf("[guest-tools] the command can't be started: %v", err)
	if s.hasTTY {
		s.send(Stderr, strings.NewReader(""))
		s.send(Stdout, strings.NewReader(reason+"\r\n"))
	} else {
		s.send(Stdout, strings.NewReader(""))
		s.send(Stderr, strings.NewReader(reason+"\n"))
	}
}

// copyInput hands what comes from the host to the command.
func (s *session) copyInput(command *process.Process, stopped <-chan struct{}) {
	acknowledge := func(count int) {
		_ = s.connection.send(Message{Type: Ack, Stream: Stdin, Count: uint32(count)})
	}
	isEnd := s.input.copyTo(command.Input, s.limits.Block, acknowledge, stopped)
	switch {
	case isEnd && s.hasTTY:
		s.doomed.happen() // a terminal has no end that could be passed on
	case isEnd:
		command.Input.Close()
	}
}

// copyOutput sends all that the command prints.
func (s *session) copyOutput(command *process.Process) {
	if command.Errors == nil {
		s.send(Stderr, strings.NewReader(""))
		s.send(Stdout, command.Output)
		return
	}
	var both sync.WaitGroup
	both.Add(1)
	go func() {
		defer both.Done()
		s.send(Stderr, command.Errors)
	}()
	s.send(Stdout, command.Output)
	both.Wait()
}

// send sends a stream and its end, no faster than the host consumes it. When nobody wants it any more, it sends the end
// at once.
func (s *session) send(stream Stream, content io.Reader) {
	block := make([]byte, s.limits.Block)
	for !s.muted.hasHappened() {
		count, err := content.Read(block)
		for rest := block[:count]; len(rest) > 0; {
			room := s.windows[stream].take(len(rest), s.muted.done)
			if room == 0 {
				break
			}
			_ = s.connection.send(Message{Type: Data, Stream: stream, Payload: rest[:room]})
			rest = rest[room:]
		}
		if err != nil {
			break
		}
	}
	_ = s.connection.send(Message{Type: Data, Stream: stream})
}
