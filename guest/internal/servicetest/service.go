// Package servicetest is a MetaService for tests: a real HTTP server that hands out one task and records what the
// guest tools send.
package servicetest

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// Service is a MetaService that listens on a loopback port.
type Service struct {
	server  *httptest.Server
	results chan string
	actions chan string // for polls
	replies chan Reply
	shells  chan *Shell
	ended   chan struct{} // closed when the test is over

	mutex    sync.Mutex
	handlers map[string]http.HandlerFunc
	requests map[string]int
	log      strings.Builder
}

// Start starts a service that answers `execute` with the given body. It ends with the test.
func Start(t *testing.T, task string) *Service {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return StartOn(t, listener, task)
}

// StartOn is Start for a listener that the caller made.
func StartOn(t *testing.T, listener net.Listener, task string) *Service {
	s := &Service{
		results:  make(chan string, 10),
		actions:  make(chan string, 100),
		replies:  make(chan Reply, 100),
		shells:   make(chan *Shell, 100),
		ended:    make(chan struct{}),
		requests: map[string]int{},
	}
	s.handlers = map[string]http.HandlerFunc{
		"execute": func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, task) },
		"poll":    s.answerPoll,
		"reply":   s.takeReply,
		"log":     func(_ http.ResponseWriter, r *http.Request) { s.ReadLog(r.Body) },
		"success": func(http.ResponseWriter, *http.Request) { s.results <- "success" },
		"failed":  func(http.ResponseWriter, *http.Request) { s.results <- "failed" },
	}
	s.server = httptest.NewUnstartedServer(s)
	s.server.Listener.Close()
	s.server.Listener = listener
	s.server.Start()
	t.Cleanup(func() {
		close(s.ended)
		s.server.Close()
	})
	return s
}

// Host is the service's HOST:PORT.
func (s *Service) Host() string {
	return s.server.Listener.Addr().String()
}

// ServeHTTP counts a request and hands it to its endpoint's handler.
func (s *Service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	endpoint := strings.TrimPrefix(r.URL.Path, "/engine/v1/")
	s.mutex.Lock()
	s.requests[r.Method+" "+endpoint]++
	handler := s.handlers[endpoint]
	s.mutex.Unlock()
	if handler == nil {
		handler = http.NotFound
	}
	handler(w, r)
}

// Handle replaces what an endpoint does.
func (s *Service) Handle(endpoint string, handler http.HandlerFunc) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.handlers[endpoint] = handler
}

// Break makes the service cut every connection, those that are open first, until the returned function is called.
func (s *Service) Break() (restore func()) {
	s.mutex.Lock()
	handlers := s.handlers
	s.handlers = map[string]http.HandlerFunc{}
	for endpoint := range handlers {
		s.handlers[endpoint] = Cut
	}
	s.mutex.Unlock()
	s.server.CloseClientConnections()
	return func() {
		s.mutex.Lock()
		defer s.mutex.Unlock()
		s.handlers = handlers
	}
}

// HandleInTurn makes the first request to an endpoint go to the first handler, and so on; the last gets all the rest.
func (s *Service) HandleInTurn(endpoint string, handlers ...http.HandlerFunc) {
	var mutex sync.Mutex
	s.Handle(endpoint, func(w http.ResponseWriter, r *http.Request) {
		mutex.Lock()
		handler := handlers[0]
		if len(handlers) > 1 {
			handlers = handlers[1:]
		}
		mutex.Unlock()
		handler(w, r)
	})
}

// Requests is how many requests of a method and endpoint ("PUT success") have come.
func (s *Service) Requests(request string) int {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.requests[request]
}

// UntilRequests waits until this many requests of a method and endpoint have come.
func (s *Service) UntilRequests(t *testing.T, request string, count int) {
	t.Helper()
	Until(t, fmt.Sprintf("%d of %s", count, request), func() bool { return s.Requests(request) >= count })
}

// ReadLog adds bytes to the recorded log, as they come.
func (s *Service) ReadLog(content io.Reader) {
	block := make([]byte, 64<<10)
	for {
		count, err := content.Read(block)
		s.mutex.Lock()
		s.log.Write(block[:count])
		s.mutex.Unlock()
		if err != nil {
			return
		}
	}
}

// Log is what has been recorded of the log.
func (s *Service) Log() string {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.log.String()
}

// UntilLogged waits until the log is a text.
func (s *Service) UntilLogged(t *testing.T, text string) {
	t.Helper()
	Until(t, fmt.Sprintf("the log %q", text), func() bool { return s.Log() == text })
}

// Result waits for the task's result.
func (s *Service) Result(t *testing.T) string {
	t.Helper()
	select {
	case result := <-s.results:
		return result
	case <-time.After(Patience):
		t.Fatalf("no result came; the log is %.1000q", s.Log())
		return ""
	}
}

// Refuse is a handler that answers every request with an HTTP status and an error reply.
func Refuse(status int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		io.WriteString(w, `{"code": "TestError", "message": "refused by the test"}`)
	}
}

// Cut is a handler that closes the connection without an answer, at once. (A handler that panics would first read on.)
func Cut(w http.ResponseWriter, _ *http.Request) {
	if connection, _, err := w.(http.Hijacker).Hijack(); err == nil {
		connection.Close()
	}
}
