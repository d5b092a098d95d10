package metaservice_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"tinsmith/guest/internal/limits"
	"tinsmith/guest/internal/metaservice"
	"tinsmith/guest/internal/servicetest"
)

func connect(service *servicetest.Service, limits limits.Limits) *metaservice.Client {
	return metaservice.New(service.Host(), limits)
}

func TestRepliesHaveTheFormOfTheirAction(t *testing.T) {
	service := servicetest.Start(t, "{}")
	client, ctx := connect(service, servicetest.Limits()), context.Background()
	const id = "a+b&c=d"
	for _, err := range []error{
		client.PostFolderListing(ctx, id, []byte(`{}`)), client.PostKilled(ctx, id), client.PostNoArtifact(ctx, id),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, want := range []struct {
		content, kind, reason string
	}{{"{}", "application/json", ""}, {}, {reason: "file-not-found"}} {
		got := service.Reply(t)
		if got.Method != "POST" || got.URL.RawQuery != "id=a%2Bb%26c%3Dd" || got.Content != want.content ||
			got.ContentLength != int64(len(want.content)) || got.Header.Get("Content-Type") != want.kind ||
			got.Header.Get("X-Taskcluster-Worker-Error") != want.reason {
			t.Errorf("got %s %s, %q, %d bytes, %v", got.Method, got.URL, got.Content, got.ContentLength, got.Header)
		}
	}
}

func TestSmallRepliesAreRepeatedUntilTheServiceRefusesThem(t *testing.T) {
	for name, post := range map[string]func(*metaservice.Client) error{
		"listing": func(c *metaservice.Client) error {
			return c.PostFolderListing(context.Background(), "ID", []byte(`{"files":[]}`))
		},
		"killed":      func(c *metaservice.Client) error { return c.PostKilled(context.Background(), "ID") },
		"no artifact": func(c *metaservice.Client) error { return c.PostNoArtifact(context.Background(), "ID") },
	} {
		service := servicetest.Start(t, "{}")
		var last string
		service.HandleInTurn("reply", servicetest.Cut, servicetest.Refuse(500), func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			last = string(body)
			servicetest.Refuse(400)(w, r)
		})
		err := post(connect(service, servicetest.Limits()))
		if !metaservice.IsFinal(err) || service.Requests("POST reply") != 3 {
			t.Errorf("%s: %v after %d requests", name, err, service.Requests("POST reply"))
		}
		if name == "listing" && last != `{"files":[]}` {
			t.Errorf("the repeated request has the body %q", last)
		}
	}
}

func TestAnArtifactIsSentWithItsSizeOrInChunks(t *testing.T) {
	service := servicetest.Start(t, "{}")
	client := connect(service, servicetest.Limits())
	for _, test := range []struct {
		content string
		size    int64
	}{{"content", 7}, {"content", -1}, {"", 0}, {"", -1}, {strings.Repeat("x", 5_000_000), 5_000_000}} {
		if err := client.PostArtifact(context.Background(), "ID", strings.NewReader(test.content), test.size); err != nil {
			t.Fatal(err)
		}
		got := service.Reply(t)
		if got.Content != test.content || got.ContentLength != test.size || got.Failure != nil {
			t.Errorf("got %d bytes of %d, %v", len(got.Content), got.ContentLength, got.Failure)
		}
	}
}

func TestAnArtifactThatEndsTooSoonBreaksOff(t *testing.T) {
	failure := errors.New("the disk is bad")
	for name, test := range map[string]struct {
		content io.Reader
		size    int64
	}{
		"shorter than its size":         {strings.NewReader("content"), 8},
		"with an error":                 {io.MultiReader(strings.NewReader("content"), broken{failure}), 8},
		"in chunks and with an error":   {io.MultiReader(strings.NewReader("content"), broken{failure}), -1},
		"at once, with an error":        {broken{failure}, 8},
		"in chunks, at once, and error": {broken{failure}, -1},
	} {
		service := servicetest.Start(t, "{}")
		err := connect(service, servicetest.Limits()).PostArtifact(context.Background(), "ID", test.content, test.size)
		if err == nil {
			t.Errorf("%s: there was no error", name)
		}
		if got := service.Reply(t); got.Failure == nil {
			t.Errorf("%s: the service got %q as if it were all", name, got.Content)
		}
		if requests := service.Requests("POST reply"); requests != 1 {
			t.Errorf("%s: %d requests", name, requests)
		}
	}
}

type broken struct{ err error }

func (b broken) Read([]byte) (int, error) { return 0, b.err }

func TestAnArtifactThatNobodyTakesIsGivenUp(t *testing.T) {
	service := servicetest.Start(t, "{}")
	released := make(chan struct{})
	defer close(released)
	service.Handle("reply", func(http.ResponseWriter, *http.Request) { <-released })
	limits := servicetest.Limits()
	limits.Artifact = 100 * time.Millisecond
	err := connect(service, limits).PostArtifact(context.Background(), "ID", endless{}, -1)
	if err == nil || !strings.Contains(err.Error(), "no progress for 100ms") {
		t.Fatal(err)
	}
}

type endless struct{}

func (endless) Read(block []byte) (int, error) { return len(block), nil }

func TestAnArtifactMayTakeLongAsLongAsItMakesProgress(t *testing.T) {
	service := servicetest.Start(t, "{}")
	limits := servicetest.Limits()
	limits.Artifact = time.Second
	limits.Request = 100 * time.Millisecond
	if err := connect(service, limits).PostArtifact(context.Background(), "ID", &slow{left: 10}, 10); err != nil {
		t.Fatal(err)
	}
}

// slow has this many bytes, and takes a while for each.
type slow struct{ left int }

func (s *slow) Read(block []byte) (int, error) {
	if s.left == 0 {
		return 0, io.EOF
	}
	servicetest.LetTimePass(150 * time.Millisecond)
	s.left--
	return 1, nil
}

func TestAnArtifactThatTheServiceRefusesIsNotSentOn(t *testing.T) {
	service := servicetest.Start(t, "{}")
	service.Handle("reply", servicetest.Refuse(400))
	limits := servicetest.Limits()
	limits.Artifact = 5 * time.Second
	err := connect(service, limits).PostArtifact(context.Background(), "ID", endless{}, -1)
	if err == nil || service.Requests("POST reply") != 1 {
		t.Fatalf("got %v after %d requests", err, service.Requests("POST reply"))
	}
}

func TestAShellsConnectionThatIsRefusedSaysWhy(t *testing.T) {
	service := servicetest.Start(t, "{}")
	service.Handle("reply", servicetest.Refuse(400))
	_, err := connect(service, servicetest.Limits()).DialShell(context.Background(), "ID")
	if err == nil || err.Error() != "GET reply?id=ID: status 400 TestError refused by the test" {
		t.Fatal(err)
	}
	if !metaservice.IsFinal(err) || service.Requests("GET reply") != 1 {
		t.Fatalf("%d requests", service.Requests("GET reply"))
	}
}

func TestAShellsConnectionThatIsNotMadeInTimeIsGivenUp(t *testing.T) {
	service := servicetest.Start(t, "{}")
	service.Handle("reply", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	limits := servicetest.Limits()
	limits.Shell.Handshake = 50 * time.Millisecond
	if socket, err := connect(service, limits).DialShell(context.Background(), "ID"); err == nil {
		socket.Close()
		t.Fatal("there is a connection")
	}
}
