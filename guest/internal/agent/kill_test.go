package agent_test

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tinsmith/guest/internal/config"
	"tinsmith/guest/internal/metaservice"
	"tinsmith/guest/internal/servicetest"
)

func TestAKillEndsTheTaskAndItsLogIsCompleteAndItHasFailed(t *testing.T) {
	// Without a program of its own that could be running then: shells say so of one that was terminated.
	service := servicetest.Start(t, task(`trap 'echo cleaned up; exit 0' TERM; echo ready; while :; do :; done`))
	limits := servicetest.Limits()
	limits.KillGrace = servicetest.Patience
	startWithin(t, limits, service.Host(), config.Config{}, nil, io.Discard)
	service.UntilLogged(t, "ready\r\n")
	service.Ask(metaservice.Action{ID: "A", Type: metaservice.KillProcess})
	if reply := service.Reply(t); reply.Method != "POST" || reply.Content != "" || reply.ContentLength != 0 {
		t.Fatalf("got %s, %q", reply.Method, reply.Content)
	}
	result := service.Result(t)
	if want := "ready\r\ncleaned up\r\n\r\n[guest-tools] the task was killed on request\r\n"; result != "failed" || service.Log() != want {
		t.Fatalf("%s, %q", result, service.Log())
	}
}

func TestAKillThatIsAnsweredEndsATaskThatIgnoresItToo(t *testing.T) {
	service := servicetest.Start(t, task(`trap '' TERM HUP; echo ready; (while :; do sleep 0.01; done) & wait`))
	start(t, service.Host(), config.Config{}, nil, io.Discard)
	service.UntilLogged(t, "ready\r\n")
	service.Ask(metaservice.Action{ID: "A", Type: metaservice.KillProcess})
	service.Reply(t)
	if requests := service.Requests("PUT failed"); requests > 0 {
		t.Error("the kill was answered only after it")
	}
	if result := service.Result(t); result != "failed" {
		t.Fatal(result)
	}
}

func TestATaskThatIsKilledBeforeItStartsFails(t *testing.T) {
	ran := filepath.Join(t.TempDir(), "ran")
	body := task("echo >" + ran)
	service := servicetest.Start(t, "")
	asked := make(chan struct{})
	service.Handle("execute", func(w http.ResponseWriter, _ *http.Request) {
		<-asked
		io.WriteString(w, body)
	})
	start(t, service.Host(), config.Config{}, nil, io.Discard)
	service.Ask(metaservice.Action{ID: "A", Type: metaservice.KillProcess})
	service.Reply(t)
	close(asked)
	if result := service.Result(t); result != "failed" || !strings.Contains(service.Log(), "killed before it started") {
		t.Fatalf("%s, %q", result, service.Log())
	}
	if _, err := os.Stat(ran); err == nil {
		t.Fatal("the task ran")
	}
}

func TestAKillAfterTheTaskChangesNothingAndLeavesShells(t *testing.T) {
	service := startActions(t, config.Config{})
	service.Ask(metaservice.Action{ID: "A", Type: metaservice.ExecShell, Command: []string{"cat"}})
	host := service.Shell(t)
	host.Type(t, "before ")
	if result := service.Result(t); result != "success" {
		t.Fatal(result)
	}
	service.Ask(metaservice.Action{ID: "B", Type: metaservice.KillProcess})
	service.Reply(t)
	servicetest.LetTimePass(servicetest.Limits().KillGrace)
	host.Type(t, "after")
	host.EndInput(t)
	if outcome := host.Finish(t); outcome.Stdout != "before after" || !outcome.Success {
		t.Fatal(outcome)
	}
	if log := service.Log(); log != "" || service.Requests("PUT failed") > 0 {
		t.Fatalf("the log is %q", log)
	}
}
