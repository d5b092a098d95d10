package metaservice_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"reflect"
	"strings"
	"testing"

	"tinsmith/guest/internal/metaservice"
	"tinsmith/guest/internal/servicetest"
)

// readFixtures reads fixtures that are shared with the service's own tests: what one side writes the other side reads.
func readFixtures(t *testing.T, name string, fixtures any) {
	t.Helper()
	text, err := os.ReadFile("../../../tests/fixtures/guest-protocol/" + name)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, fixtures); err != nil {
		t.Fatal(err)
	}
	if reflect.ValueOf(fixtures).Elem().Len() == 0 {
		t.Fatal("there are no fixtures")
	}
}

func TestTheFixturesOfExecuteAreRead(t *testing.T) {
	var fixtures []struct {
		Name   string
		Body   string
		Expect struct {
			Env     map[string]string
			Command []string
			TTY     *bool
		}
	}
	readFixtures(t, "execute.json", &fixtures)
	for _, fixture := range fixtures {
		t.Run(fixture.Name, func(t *testing.T) {
			service := servicetest.Start(t, fixture.Body)
			task, err := metaservice.New(service.Host(), servicetest.Limits()).FetchTask(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			if !same(task.Env, fixture.Expect.Env) || !same(task.Command, fixture.Expect.Command) {
				t.Fatalf("got %+v, expected %+v", task, fixture.Expect)
			}
			if want := fixture.Expect.TTY == nil || *fixture.Expect.TTY; task.HasTerminal() != want {
				t.Fatalf("the task has a terminal: %t, expected %t", task.HasTerminal(), want)
			}
		})
	}
}

// requestFixture is a request of the guest tools', whose headers tell the service something.
type requestFixture struct {
	Name     string
	Endpoint string
	Headers  map[string]string
	Expect   json.RawMessage
}

// readStrictRequests reads the fixtures with the strict requests, which the tools write.
func readStrictRequests(t *testing.T, name string) (strict []requestFixture) {
	t.Helper()
	var fixtures []requestFixture
	readFixtures(t, name, &fixtures)
	for _, fixture := range fixtures {
		if strings.HasPrefix(fixture.Name, "strict: ") {
			strict = append(strict, fixture)
		}
	}
	if len(strict) == 0 {
		t.Fatal("there are no strict fixtures")
	}
	return strict
}

// ownHeaders are those of a request that no other guest tools send.
func ownHeaders(request *http.Request) map[string]string {
	own := map[string]string{}
	for name, values := range request.Header {
		if strings.HasPrefix(name, "X-Tinsmith-") {
			own[name] = strings.Join(values, ", ")
		}
	}
	return own
}

func TestTheFixturesOfResultsAreWritten(t *testing.T) {
	for _, fixture := range readStrictRequests(t, "result.json") {
		result := metaservice.Result{Outcome: metaservice.Outcome(fixture.Endpoint)}
		if err := json.Unmarshal(fixture.Expect, &result.Exit); err != nil {
			t.Fatal(err)
		}
		got := make(chan map[string]string, 1)
		service := servicetest.Start(t, "{}")
		service.Handle(fixture.Endpoint, func(_ http.ResponseWriter, r *http.Request) { got <- ownHeaders(r) })
		if err := metaservice.New(service.Host(), servicetest.Limits()).Report(context.Background(), result); err != nil {
			t.Fatal(err)
		}
		if headers := <-got; !reflect.DeepEqual(headers, fixture.Headers) {
			t.Errorf("%s: sent %v, expected %v", fixture.Name, headers, fixture.Headers)
		}
	}
}

func TestTheFixturesOfExecutesRequestAreWritten(t *testing.T) {
	for _, fixture := range readStrictRequests(t, "execute-request.json") {
		got := make(chan map[string]string, 1)
		service := servicetest.Start(t, "{}")
		service.Handle("execute", func(w http.ResponseWriter, r *http.Request) {
			got <- ownHeaders(r)
			io.WriteString(w, "{}")
		})
		if _, err := metaservice.New(service.Host(), servicetest.Limits()).FetchTask(context.Background()); err != nil {
			t.Fatal(err)
		}
		if headers := <-got; !reflect.DeepEqual(headers, fixture.Headers) {
			t.Errorf("%s: sent %v, expected %v", fixture.Name, headers, fixture.Headers)
		}
	}
}

func TestTheFixturesOfActionsAreRead(t *testing.T) {
	var fixtures []struct {
		Name   string
		Body   string
		Expect metaservice.Action
	}
	readFixtures(t, "action.json", &fixtures)
	for _, fixture := range fixtures {
		t.Run(fixture.Name, func(t *testing.T) {
			action, err := poll(t, fixture.Body)
			if err != nil {
				t.Fatal(err)
			}
			if !same(action.Command, fixture.Expect.Command) {
				t.Fatalf("got %+v, expected %+v", action, fixture.Expect)
			}
			action.Command = fixture.Expect.Command
			if !reflect.DeepEqual(action, fixture.Expect) {
				t.Fatalf("got %+v, expected %+v", action, fixture.Expect)
			}
		})
	}
}

// poll polls a service whose reply is given.
func poll(t *testing.T, body string) (metaservice.Action, error) {
	t.Helper()
	service := servicetest.Start(t, "{}")
	service.Handle("poll", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, body) })
	return metaservice.New(service.Host(), servicetest.Limits()).Poll(context.Background())
}

func TestTheFixturesOfErrorRepliesAreRead(t *testing.T) {
	var fixtures []struct {
		Name   string
		Body   string
		Expect struct{ Code, Message string }
	}
	readFixtures(t, "error-reply.json", &fixtures)
	for _, fixture := range fixtures {
		t.Run(fixture.Name, func(t *testing.T) {
			_, err := report(t, func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(http.StatusBadRequest)
				io.WriteString(w, fixture.Body)
			})
			var refusal *metaservice.StatusError
			if !errors.As(err, &refusal) || refusal.Code != fixture.Expect.Code || refusal.Message != fixture.Expect.Message {
				t.Fatalf("got %v, expected %+v", err, fixture.Expect)
			}
		})
	}
}

func TestAPollThatNamesNoActionIsAnError(t *testing.T) {
	for _, body := range []string{
		"", "null", "[]", "not JSON", "{}", `{"type": "none"}`, `{"id": "A"}`, `{"id": null, "type": "none"}`,
		`{"id": 1, "type": "none"}`, `{"id": "A", "type": "exec-shell", "command": "sh"}`,
		`{"id": "A", "type": "exec-shell", "tty": "yes"}`, `{"id": "A", "type": "none"} {}`,
	} {
		if action, err := poll(t, body); err == nil {
			t.Errorf("%s became %+v", body, action)
		}
	}
}

// same compares two maps or slices, and takes nil for an empty one.
func same(a, b any) bool {
	return reflect.DeepEqual(a, b) || reflect.ValueOf(a).Len() == 0 && reflect.ValueOf(b).Len() == 0
}
