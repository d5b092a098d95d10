package metaservice

import (
	"context"
	"io"
	"net/http"

	"github.com/gorilla/websocket"
)

// DialShell answers ExecShell: it opens the WebSocket on which the shell talks. It is one request, never repeated. The
// caller must close the connection.
func (c *Client) DialShell(ctx context.Context, id string) (*websocket.Conn, error) {
	what := reply(http.MethodGet, id, nil)
	dialer := websocket.Dialer{ // no Proxy, as for all other requests
		NetDialContext:   c.dialer.DialContext,
		HandshakeTimeout: c.limits.Shell.Handshake,
		ReadBufferSize:   c.limits.Shell.Message,
		WriteBufferSize:  c.limits.Shell.Message,
	}
	socket, response, err := dialer.DialContext(ctx, "ws://"+c.host+basePath+what.endpoint, nil)
	if err == websocket.ErrBadHandshake {
		body, _ := io.ReadAll(response.Body) // gorilla/websocket keeps its first 1,024 bytes
		return nil, newStatusError(what, response, body)
	}
	return socket, err
}
