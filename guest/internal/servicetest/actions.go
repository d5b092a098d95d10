package servicetest

import (
	"encoding/json"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"tinsmith/guest/internal/metaservice"
)

// Reply is how the guest tools answered an action.
type Reply struct {
	*http.Request        // its body was read
	Content       string // as far as it came
	Failure       error  // why it broke off; nil when it did not
}

// Ask has an action performed: the next poll brings it.
func (s *Service) Ask(action metaservice.Action) {
	text, _ := json.Marshal(map[string]any{
		"id": action.ID, "type": action.Type, "path": action.Path, "command": action.Command, "tty": action.TTY,
	})
	s.actions <- string(text)
}

// answerPoll hands out an action, waiting for one for as long as both sides are there.
func (s *Service) answerPoll(w http.ResponseWriter, r *http.Request) {
	select {
	case action := <-s.actions:
		io.WriteString(w, action)
	case <-r.Context().Done():
	case <-s.ended:
	}
}

// takeReply records a reply, or makes it a shell's connection when it wants to be one.
func (s *Service) takeReply(w http.ResponseWriter, r *http.Request) {
	if !websocket.IsWebSocketUpgrade(r) {
		content, err := io.ReadAll(r.Body)
		s.replies <- Reply{Request: r, Content: string(content), Failure: err}
		return
	}
	upgrader := websocket.Upgrader{}
	socket, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return // it answered the request
	}
	s.shells <- newShell(r.URL.Query().Get("id"), socket)
	<-s.ended
	socket.Close()
}

// Reply waits for a reply.
func (s *Service) Reply(t *testing.T) Reply {
	t.Helper()
	select {
	case reply := <-s.replies:
		return reply
	case <-time.After(Patience):
		t.Fatal("no reply came")
		return Reply{}
	}
}

// Shell waits for a shell's connection.
func (s *Service) Shell(t *testing.T) *Shell {
	t.Helper()
	select {
	case shell := <-s.shells:
		return shell
	case <-time.After(Patience):
		t.Fatal("no shell came")
		return nil
	}
}
