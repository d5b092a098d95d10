// Command reference-service is what bench/meta-service.ts measures Tinsmith's MetaService against: a service of Go's
// net/http that does the same work, and the client that both are measured with.
//
//	reference-service serve SOCKET FOLDER             serve until killed
//	reference-service ping SOCKET COUNT [new]         ping so often, on one connection or a new one each time
//	reference-service send SOCKET ENDPOINT MEGABYTES  post random bytes to log or reply
//
// A client prints the microseconds that each of its requests took, as JSON.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

func main() {
	var err error
	switch arguments := os.Args[2:]; os.Args[1] {
	case "serve":
		err = serve(arguments[0], arguments[1])
	case "ping":
		err = ping(arguments[0], number(arguments[1]), len(arguments) > 2)
	case "send":
		err = send(arguments[0], arguments[1], number(arguments[2]))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func number(text string) int {
	value, err := strconv.Atoi(text)
	if err != nil {
		panic(err)
	}
	return value
}

// exchange is the line that is written of each exchange.
type exchange struct {
	Number    int64
	Time      time.Time
	Method    string
	Target    string
	Headers   http.Header
	BytesRead int64
	Took      time.Duration
}

// service writes bodies to files and exchanges to a file of lines, as the MetaService does.
type service struct {
	folder string
	count  atomic.Int64
	mutex  sync.Mutex
	events *os.File
}

func serve(socket, folder string) error {
	events, err := os.Create(filepath.Join(folder, "events.jsonl"))
	if err != nil {
		return err
	}
	listener, err := net.Listen("unix", socket)
	if err != nil {
		return err
	}
	s := &service{folder: folder, events: events}
	handlers := http.NewServeMux()
	handlers.HandleFunc("/engine/v1/ping", s.record(func(*http.Request) (int64, error) { return 0, nil }))
	handlers.HandleFunc("/engine/v1/log", s.record(func(r *http.Request) (int64, error) { return s.save(r, false) }))
	handlers.HandleFunc("/engine/v1/reply", s.record(func(r *http.Request) (int64, error) { return s.save(r, true) }))
	return http.Serve(listener, handlers)
}

// save writes a body to a file; an artifact, unlike a log, is on the disk before it is answered.
func (s *service) save(r *http.Request, sync bool) (int64, error) {
	file, err := os.Create(filepath.Join(s.folder, "body"))
	if err != nil {
		return 0, err
	}
	defer file.Close()
	count, err := io.Copy(file, r.Body)
	if err == nil && sync {
		err = file.Sync()
	}
	return count, err
}

func (s *service) record(handle func(*http.Request) (int64, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		count, err := handle(r)
		if err != nil {
			w.WriteHeader(http.StatusInternalServerError)
		}
		line, _ := json.Marshal(exchange{s.count.Add(1), start, r.Method, r.RequestURI, r.Header, count, time.Since(start)})
		s.mutex.Lock()
		defer s.mutex.Unlock()
		s.events.Write(append(line, '\n'))
	}
}

// newClient returns a client of the service at a socket.
func newClient(socket string, keepAlive bool) *http.Client {
	return &http.Client{Transport: &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, "unix", socket)
		},
		DisableKeepAlives: !keepAlive,
		WriteBufferSize:   64 << 10,
	}}
}

// do makes one request, and returns the microseconds until its reply was read.
func do(client *http.Client, method, endpoint string, body io.Reader) (int64, error) {
	request, err := http.NewRequest(method, "http://169.254.169.254/engine/v1/"+endpoint, body)
	if err != nil {
		return 0, err
	}
	start := time.Now()
	response, err := client.Do(request)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	if _, err := io.Copy(io.Discard, response.Body); err != nil {
		return 0, err
	}
	if response.StatusCode != http.StatusOK {
		return 0, fmt.Errorf("%s %s: %s", method, endpoint, response.Status)
	}
	return time.Since(start).Microseconds(), nil
}

func ping(socket string, count int, new bool) error {
	client := newClient(socket, !new)
	times := make([]int64, count)
	for index := range times {
		var err error
		if times[index], err = do(client, http.MethodGet, "ping", nil); err != nil {
			return err
		}
	}
	return json.NewEncoder(os.Stdout).Encode(times)
}

func send(socket, endpoint string, megabytes int) error {
	body := make([]byte, megabytes*1_000_000)
	rand.New(rand.NewSource(1)).Read(body)
	took, err := do(newClient(socket, false), http.MethodPost, endpoint, bytes.NewReader(body))
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode([]int64{took})
}
