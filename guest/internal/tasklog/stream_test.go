package tasklog_test

import (
	"bytes"
	"context"
	"io"
	"math/rand"
	"net/http"
	"strings"
	"testing"
	"time"

	"tinsmith/guest/internal/metaservice"
	"tinsmith/guest/internal/servicetest"
	"tinsmith/guest/internal/tasklog"
)

func open(service *servicetest.Service) *tasklog.Stream {
	return tasklog.Open(context.Background(), metaservice.New(service.Host(), servicetest.Limits()), "\r\n", servicetest.Limits())
}

func randomBytes(size int) []byte {
	content := make([]byte, size)
	rand.New(rand.NewSource(1)).Read(content)
	return content
}

// waitForLog waits until the service has recorded that many bytes.
func waitForLog(t *testing.T, service *servicetest.Service, size int) {
	t.Helper()
	servicetest.Until(t, "all of the log", func() bool { return len(service.Log()) >= size })
}

const noticeEnd = "lines may be missing or doubled\r\n"

func TestALogArrivesByteForByteInOneRequest(t *testing.T) {
	service := servicetest.Start(t, "{}")
	content := randomBytes(20 << 20)
	stream := open(service)
	if _, err := io.Copy(stream, bytes.NewReader(content)); err != nil {
		t.Fatal(err)
	}
	if err := stream.Close(); err != nil {
		t.Fatal(err)
	}
	if service.Log() != string(content) || service.Requests("POST log") != 1 {
		t.Fatalf("the log differs, or took %d requests", service.Requests("POST log"))
	}
}

func TestBytesArriveWhileTheLogIsStillOpen(t *testing.T) {
	service := servicetest.Start(t, "{}")
	stream := open(service)
	for _, line := range []string{"one\n", "two\n"} {
		before := len(service.Log())
		io.WriteString(stream, line)
		waitForLog(t, service, before+len(line))
	}
	if err := stream.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestAnEmptyLogIsSentToo(t *testing.T) {
	service := servicetest.Start(t, "{}")
	if err := open(service).Close(); err != nil || service.Requests("POST log") != 1 {
		t.Fatalf("got %v after %d requests", err, service.Requests("POST log"))
	}
}

func TestALogWhoseConnectionBreaksWhileNothingIsOnTheWayLosesNothing(t *testing.T) {
	service := servicetest.Start(t, "{}")
	cut := make(chan struct{})
	service.HandleInTurn("log",
		func(w http.ResponseWriter, r *http.Request) {
			service.ReadLog(io.LimitReader(r.Body, int64(len("before "))))
			<-cut
			servicetest.Cut(w, r)
		},
		func(_ http.ResponseWriter, r *http.Request) { service.ReadLog(r.Body) },
	)
	stream := open(service)
	io.WriteString(stream, "before ")
	waitForLog(t, service, len("before "))
	close(cut)
	servicetest.LetTimePass(100 * time.Millisecond) // for the news of the broken connection: bytes sent before it are lost
	io.WriteString(stream, "after")
	if err := stream.Close(); err == nil || !strings.Contains(err.Error(), "the log stream broke") {
		t.Fatalf("got %v", err)
	}
	before, rest, _ := strings.Cut(service.Log(), "\r\n[guest-tools] the log stream broke: ")
	_, after, _ := strings.Cut(rest, noticeEnd)
	if before != "before " || after != "after" {
		t.Fatalf("got %q", service.Log())
	}
}

func TestALogThatIsCutInTheMiddleGoesOnWithWhatWasNotHandedOn(t *testing.T) {
	service := servicetest.Start(t, "{}")
	service.HandleInTurn("log",
		func(w http.ResponseWriter, r *http.Request) {
			service.ReadLog(io.LimitReader(r.Body, 1<<20))
			servicetest.Cut(w, r)
		},
		func(_ http.ResponseWriter, r *http.Request) { service.ReadLog(r.Body) },
	)
	content := string(randomBytes(20 << 20))
	stream := open(service)
	io.WriteString(stream, content)
	stream.Close()

	before, rest, _ := strings.Cut(service.Log(), "\r\n[guest-tools]")
	_, after, _ := strings.Cut(rest, noticeEnd)
	if before != content[:1<<20] {
		t.Fatalf("%d bytes before the notice are not how the log begins", len(before))
	}
	// Bytes in the kernels' buffers are lost: on loopback up to 10 MB.
	if !strings.HasSuffix(content, after) || len(after) < len(content)/3 {
		t.Fatalf("%d bytes after the notice are not how the log ends", len(after))
	}
}

func TestALogThatTheServiceEndsEarlyGoesOn(t *testing.T) {
	for _, status := range []int{200, 500} {
		service := servicetest.Start(t, "{}")
		service.HandleInTurn("log",
			func(w http.ResponseWriter, r *http.Request) {
				service.ReadLog(io.LimitReader(r.Body, 10))
				servicetest.Refuse(status)(w, r)
			},
			func(_ http.ResponseWriter, r *http.Request) { service.ReadLog(r.Body) },
		)
		content := string(randomBytes(20 << 20))
		stream := open(service)
		io.WriteString(stream, content)
		if err := stream.Close(); err == nil {
			t.Fatal("nobody said that the log has a gap")
		}
		before, rest, _ := strings.Cut(service.Log(), "\r\n[guest-tools]")
		_, after, _ := strings.Cut(rest, noticeEnd)
		if before != content[:10] || !strings.HasSuffix(content, after) {
			t.Fatalf("status %d: got %q and %d bytes after the notice", status, before, len(after))
		}
	}
}

func TestALogWhoseFirstRequestsTookNothingIsWhole(t *testing.T) {
	service := servicetest.Start(t, "{}")
	service.HandleInTurn("log",
		servicetest.Refuse(503),
		servicetest.Refuse(500),
		func(_ http.ResponseWriter, r *http.Request) { service.ReadLog(r.Body) },
	)
	stream := open(service)
	service.UntilRequests(t, "POST log", 3)
	io.WriteString(stream, "a line\n")
	if err := stream.Close(); err != nil || service.Log() != "a line\n" {
		t.Fatalf("got %q, %v", service.Log(), err)
	}
}

func TestALogThatTheServiceRefusesIsThrownAwayAtOnce(t *testing.T) {
	service := servicetest.Start(t, "{}")
	service.Handle("log", servicetest.Refuse(403))
	stream := open(service)
	io.Copy(stream, bytes.NewReader(randomBytes(20<<20)))
	if err := stream.Close(); !metaservice.IsFinal(err) || service.Requests("POST log") != 1 {
		t.Fatalf("got %v after %d requests", err, service.Requests("POST log"))
	}
}

func TestALogIsGivenUpAfter15RetriesOnceItIsComplete(t *testing.T) {
	service := servicetest.Start(t, "{}")
	service.HandleInTurn("log",
		func(w http.ResponseWriter, r *http.Request) {
			io.Copy(io.Discard, r.Body)
			servicetest.Cut(w, r)
		},
		servicetest.Cut,
	)
	if err := open(service).Close(); err == nil || service.Requests("POST log") != 16 {
		t.Fatalf("got %v after %d requests", err, service.Requests("POST log"))
	}
}

func TestALogIsNotGivenUpWhileItIsBeingWritten(t *testing.T) {
	service := servicetest.Start(t, "{}")
	service.Handle("log", servicetest.Cut)
	stream := open(service)
	servicetest.Until(t, "40 requests", func() bool {
		io.WriteString(stream, "lost\n") // a silent log would not notice
		return service.Requests("POST log") >= 40
	})
	service.Handle("log", func(_ http.ResponseWriter, r *http.Request) { service.ReadLog(r.Body) })
	servicetest.Until(t, "the log", func() bool {
		io.WriteString(stream, "a line\n")
		return service.Log() != ""
	})
	stream.Close()
	if !strings.HasSuffix(service.Log(), "a line\n") {
		t.Fatalf("got %q", service.Log())
	}
}
