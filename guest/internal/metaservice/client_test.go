package metaservice_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"tinsmith/guest/internal/metaservice"
	"tinsmith/guest/internal/servicetest"
)

func answer(w http.ResponseWriter, _ *http.Request) {}

// report reports a success to a service whose answers are given, and returns the number of requests and the error.
func report(t *testing.T, answers ...http.HandlerFunc) (requests int, err error) {
	t.Helper()
	service := servicetest.Start(t, "{}")
	service.HandleInTurn("success", answers...)
	err = metaservice.New(service.Host(), servicetest.Limits()).Report(context.Background(), metaservice.Result{Outcome: metaservice.Success})
	return service.Requests("PUT success"), err
}

func TestARequestIsRepeatedAfterStatus5xx(t *testing.T) {
	requests, err := report(t, servicetest.Refuse(500), servicetest.Refuse(503), answer)
	if err != nil || requests != 3 {
		t.Fatalf("got %v after %d requests", err, requests)
	}
}

func TestARequestIsRepeatedAfterABrokenConnection(t *testing.T) {
	requests, err := report(t, servicetest.Cut, answer)
	if err != nil || requests != 2 {
		t.Fatalf("got %v after %d requests", err, requests)
	}
}

func TestARequestIsGivenUpAfter15Retries(t *testing.T) {
	requests, err := report(t, servicetest.Refuse(500))
	if err == nil || requests != 16 {
		t.Fatalf("got %v after %d requests", err, requests)
	}
}

func TestStatus4xxIsFinalAndSaysWhatTheServiceSaid(t *testing.T) {
	requests, err := report(t, servicetest.Refuse(409))
	if requests != 1 {
		t.Fatalf("%d requests", requests)
	}
	if err == nil || err.Error() != "PUT success: status 409 TestError refused by the test" {
		t.Fatalf("got %v", err)
	}
}

func TestARedirectIsNotFollowed(t *testing.T) {
	requests, err := report(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/engine/v1/failed", http.StatusTemporaryRedirect)
	})
	if !metaservice.IsFinal(err) || requests != 1 {
		t.Fatalf("got %v after %d requests", err, requests)
	}
}

func TestARequestThatIsNotAnsweredInTimeIsRepeated(t *testing.T) {
	service := servicetest.Start(t, "{}")
	service.HandleInTurn("success", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, answer)
	limits := servicetest.Limits()
	limits.Request = 50 * time.Millisecond
	err := metaservice.New(service.Host(), limits).Report(context.Background(), metaservice.Result{Outcome: metaservice.Success})
	if err != nil || service.Requests("PUT success") != 2 {
		t.Fatalf("got %v after %d requests", err, service.Requests("PUT success"))
	}
}

func TestATaskWhoseReplyBreaksOffIsFetchedAgain(t *testing.T) {
	service := servicetest.Start(t, `{"command": ["true"]}`)
	service.HandleInTurn("execute",
		func(w http.ResponseWriter, _ *http.Request) { // cut in the middle of a body of known length
			w.Header().Set("Content-Length", "100")
			io.WriteString(w, `{"command": ["false"`)
		},
		func(w http.ResponseWriter, _ *http.Request) { // ends as it should, but isn't JSON
			io.WriteString(w, `{"env": {"A": "1"}, "command": `)
		},
		func(w http.ResponseWriter, _ *http.Request) { // JSON of another kind
			io.WriteString(w, `{"env": {"A": "1"}, "command": "false"}`)
		},
		func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/plain")
			io.WriteString(w, `{"env": {"B": "2"}, "command": ["true"]}`)
		},
	)
	task, err := metaservice.New(service.Host(), servicetest.Limits()).FetchTask(context.Background())
	if err != nil || len(task.Command) != 1 || task.Command[0] != "true" || len(task.Env) != 1 || task.Env["B"] != "2" {
		t.Fatalf("got %+v, %v", task, err)
	}
}

func TestAPollThatIsNotAnsweredInTimeIsGivenUp(t *testing.T) {
	service := servicetest.Start(t, "{}")
	limits := servicetest.Limits()
	limits.Poll = 50 * time.Millisecond
	_, err := metaservice.New(service.Host(), limits).Poll(context.Background())
	if err == nil || !strings.Contains(err.Error(), "deadline exceeded") || service.Requests("GET poll") != 1 {
		t.Fatalf("got %v after %d requests", err, service.Requests("GET poll"))
	}
}

func TestAReplyWithoutEndIsNotReadForEver(t *testing.T) {
	service := servicetest.Start(t, "{}")
	service.Handle("poll", func(w http.ResponseWriter, _ *http.Request) {
		for _, err := w.Write(make([]byte, 1<<20)); err == nil; _, err = w.Write(make([]byte, 1<<20)) {
		}
	})
	_, err := metaservice.New(service.Host(), servicetest.Limits()).Poll(context.Background())
	if err == nil || !strings.Contains(err.Error(), "GET poll: the reply has more than 16777216 bytes") {
		t.Fatal(err)
	}
}

// A network that comes up late is found soon, and the tries until then are not among those that are counted.
func TestTriesThatGetNoConnectionAreNotBackedOffFrom(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	listener.Close()
	limits := servicetest.Limits()
	limits.Unreachable = time.Minute
	limits.Retry.First, limits.Retry.Longest = time.Minute, time.Minute
	ended := make(chan error, 1)
	go func() {
		ended <- metaservice.New(address, limits).Report(context.Background(), metaservice.Result{Outcome: metaservice.Success})
	}()
	servicetest.LetTimePass(50 * time.Millisecond) // for 16 tries and more
	if listener, err = net.Listen("tcp", address); err != nil {
		t.Fatal(err)
	}
	service := servicetest.StartOn(t, listener, "{}")
	service.Result(t)
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
}

func TestTriesThatGetNoConnectionForLongAreCounted(t *testing.T) {
	limits := servicetest.Limits()
	limits.Unreachable = 0
	limits.Retry.Retries = 3
	began := time.Now()
	err := metaservice.New("127.0.0.1:1", limits).Report(context.Background(), metaservice.Result{Outcome: metaservice.Success})
	if err == nil || time.Since(began) > time.Second {
		t.Fatalf("got %v after %s", err, time.Since(began))
	}
}
