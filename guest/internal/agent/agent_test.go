package agent_test

import (
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"

	"tinsmith/guest/internal/config"
	"tinsmith/guest/internal/metaservice"
	"tinsmith/guest/internal/servicetest"
)

func TestAServiceMayComeUpAfterTheTools(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	listener.Close()
	var console synchronised
	start(t, address, config.Config{}, nil, &console)
	console.waitFor(t, "/execute\": dial tcp") // all retries of one request are spent

	if listener, err = net.Listen("tcp", address); err != nil {
		t.Fatal(err)
	}
	service := servicetest.StartOn(t, listener, task("true"))
	if result := service.Result(t); result != "success" {
		t.Fatal(result)
	}
	if complaints := strings.Count(console.String(), "/poll\": dial tcp"); complaints != 1 {
		t.Errorf("polls that fail in a row are one complaint, not so: %s", console.String())
	}
}

func TestATaskThatTheServiceDoesNotHaveYetIsAskedForAgain(t *testing.T) {
	service := servicetest.Start(t, "")
	service.HandleInTurn("execute",
		servicetest.Refuse(404),
		servicetest.Refuse(404),
		servicetest.Refuse(500),
		func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, task("true")) },
	)
	start(t, service.Host(), config.Config{}, nil, io.Discard)
	if result := service.Result(t); result != "success" || service.Requests("GET execute") != 4 {
		t.Fatalf("%s after %d requests", result, service.Requests("GET execute"))
	}
}

func TestAResultIsRepeatedAfterStatus5xxAndGivenUpAfter4xx(t *testing.T) {
	for status, requests := range map[int]int{500: 2, 409: 1} {
		service := servicetest.Start(t, task("true"))
		answered := make(chan struct{}, 1)
		service.HandleInTurn("success",
			servicetest.Refuse(status),
			func(http.ResponseWriter, *http.Request) { answered <- struct{}{} },
		)
		var console synchronised
		start(t, service.Host(), config.Config{}, nil, &console)
		if requests == 2 {
			<-answered
		} else {
			console.waitFor(t, "could not be reported: PUT success: status 409")
		}
		if got := service.Requests("PUT success"); got != requests {
			t.Fatalf("status %d: %d requests", status, got)
		}
	}
}

func TestPollingGoesOnForEver(t *testing.T) {
	service := servicetest.Start(t, task("true"))
	polls := make(chan int)
	count := 0
	service.Handle("poll", func(w http.ResponseWriter, r *http.Request) {
		count++
		select {
		case polls <- count:
		case <-r.Context().Done():
		}
		switch count {
		case 1:
			io.WriteString(w, `{"id": "A", "type": "none", "path": "", "command": null, "tty": false}`)
		case 2:
			servicetest.Refuse(500)(w, r)
		case 3:
			io.WriteString(w, `{"id": "B", "type": "make-coffee", "sugar": 2}`)
		case 4:
			io.WriteString(w, `not JSON`)
		}
	})
	var console synchronised
	start(t, service.Host(), config.Config{}, nil, &console)
	<-polls
	if result := service.Result(t); result != "success" {
		t.Fatal(result)
	}
	for want := 2; want <= 5; want++ {
		if got := <-polls; got != want {
			t.Fatalf("poll %d came, not %d", got, want)
		}
	}
	console.waitFor(t, "action B, make-coffee: these guest tools don't know")
}

// A service that restarts forgets everything and is away for a while.
func TestTheToolsOutliveAServiceThatIsAwayInTheMiddleOfEverything(t *testing.T) {
	folder := t.TempDir()
	service := servicetest.Start(t, task("echo first; while [ ! -e "+folder+"/go ]; do sleep 0.01; done; echo last"))
	start(t, service.Host(), config.Config{}, nil, io.Discard)
	service.Ask(metaservice.Action{ID: "A", Type: metaservice.ExecShell, Command: []string{"cat"}})
	service.Shell(t)
	service.UntilLogged(t, "first\r\n")
	restore := service.Break()
	service.UntilRequests(t, "GET poll", 20)
	if err := os.WriteFile(folder+"/go", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	// Longer than all retries of one request take.
	service.UntilRequests(t, "PUT success", 40)
	restore()
	if result := service.Result(t); result != "success" {
		t.Fatal(result)
	}
	service.Ask(metaservice.Action{ID: "B", Type: metaservice.GetArtifact, Path: folder + "/go"})
	for reply := service.Reply(t); reply.URL.RawQuery != "id=B"; reply = service.Reply(t) {
	}
}
