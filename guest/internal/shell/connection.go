package shell

import (
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"tinsmith/guest/internal/limits"
)

// connection sends and receives messages over a WebSocket. It is closed when the other side is gone: when that answers
// no pings, or takes no messages.
type connection struct {
	socket  *websocket.Conn
	limits  limits.Shell
	writing sync.Mutex
	pings   chan string // the payload of the other side's ping that is to be answered
}

func newConnection(socket *websocket.Conn, limits limits.Shell) *connection {
	c := &connection{socket: socket, limits: limits, pings: make(chan string, 1)}
	socket.SetReadLimit(int64(limits.Message))
	// Nothing but a pong moves the deadline: messages that were under way say nothing of the other side.
	heard := func(string) error { return socket.SetReadDeadline(time.Now().Add(limits.Pong)) }
	_ = heard("")
	socket.SetPongHandler(heard)
	// Answered by keepAlive, as a write may take long and receive must continue.
	socket.SetPingHandler(func(payload string) error {
		select {
		case c.pings <- payload:
		default: // an earlier ping waits: one pong will do for both
		}
		return nil
	})
	return c
}

// keepAlive sends pings and answers the other side's, until it is stopped or the connection is broken.
func (c *connection) keepAlive(stopped <-chan struct{}) {
	ticker := time.NewTicker(c.limits.Ping)
	defer ticker.Stop()
	for {
		kind, payload := websocket.PingMessage, ""
		select {
		case <-stopped:
			return
		case <-ticker.C:
		case payload = <-c.pings:
			kind = websocket.PongMessage
		}
		if c.control(kind, []byte(payload)) != nil {
			c.socket.Close()
			return
		}
	}
}

// receive waits for a message, and passes over those that are to be ignored.
func (c *connection) receive() (Message, error) {
	for {
		kind, bytes, err := c.socket.ReadMessage()
		if err != nil {
			return Message{}, err
		}
		if kind != websocket.BinaryMessage {
			continue
		}
		message, isKnown, err := Decode(bytes)
		if err != nil {
			return Message{}, &violation{err}
		}
		if isKnown {
			return message, nil
		}
	}
}

// send sends a message. When it fails, the connection is closed.
func (c *connection) send(message Message) error {
	c.writing.Lock()
	defer c.writing.Unlock()
	_ = c.socket.SetWriteDeadline(time.Now().Add(c.limits.Write)) // it can't fail
	err := c.socket.WriteMessage(websocket.BinaryMessage, message.Encode())
	if err != nil {
		c.socket.Close()
	}
	return err
}

// sayGoodbye announces that nothing more will be sent, and why.
func (c *connection) sayGoodbye(code int, reason string) {
	const longest = 123 // bytes of a reason: see RFC 6455, 5.5
	if len(reason) > longest {
		reason = reason[:longest]
	}
	_ = c.control(websocket.CloseMessage, websocket.FormatCloseMessage(code, reason)) // if it fails, they will notice
}

// drain waits until the other side has closed the connection too: closed before that, what was sent last might be lost.
func (c *connection) drain() {
	alarm := time.AfterFunc(c.limits.Close, func() { c.socket.Close() })
	defer alarm.Stop()
	for {
		if _, _, err := c.socket.NextReader(); err != nil {
			return
		}
	}
}

func (c *connection) control(kind int, payload []byte) error {
	return c.socket.WriteControl(kind, payload, time.Now().Add(c.limits.Write))
}

// violation is a message that the protocol doesn't allow.
type violation struct{ error }
