package agent_test

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tinsmith/guest/internal/config"
	"tinsmith/guest/internal/metaservice"
	"tinsmith/guest/internal/servicetest"
)

// startActions starts an agent whose task is to do nothing.
func startActions(t *testing.T, configuration config.Config) *servicetest.Service {
	t.Helper()
	service := servicetest.Start(t, task("true"))
	start(t, service.Host(), configuration, nil, io.Discard)
	return service
}

// writeFile writes a file into a folder of the test's own.
func writeFile(t *testing.T, content string) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestAnArtifactIsAnsweredWithItsContent(t *testing.T) {
	service := startActions(t, config.Config{})
	content := strings.Repeat("content\n", 1_000_000)
	service.Ask(metaservice.Action{ID: "A", Type: metaservice.GetArtifact, Path: writeFile(t, content)})
	reply := service.Reply(t)
	if reply.Content != content || reply.ContentLength != int64(len(content)) || reply.URL.RawQuery != "id=A" {
		t.Fatalf("got %d of %d bytes for %s", len(reply.Content), reply.ContentLength, reply.URL)
	}
}

func TestAnArtifactThatIsNotAFileOneCanReadIsNotFound(t *testing.T) {
	service := startActions(t, config.Config{})
	for _, path := range []string{"/no/such/file", "/", "/dev/zero", ""} {
		service.Ask(metaservice.Action{ID: "A", Type: metaservice.GetArtifact, Path: path})
		reply := service.Reply(t)
		if reply.Header.Get("X-Taskcluster-Worker-Error") != "file-not-found" || reply.Content != "" {
			t.Errorf("%q: got %q, %v", path, reply.Content, reply.Header)
		}
	}
}

func TestAFolderIsAnsweredWithItsListing(t *testing.T) {
	service := startActions(t, config.Config{})
	path := writeFile(t, "")
	for folder, want := range map[string]string{
		filepath.Dir(path): `{"files":["` + path + `"],"notFound":false}`,
		"/no/such/folder":  `{"files":[],"notFound":true}`,
	} {
		service.Ask(metaservice.Action{ID: "A", Type: metaservice.ListFolder, Path: folder})
		if reply := service.Reply(t); reply.Content != want || reply.Header.Get("Content-Type") != "application/json" {
			t.Errorf("%s: got %q, %v", folder, reply.Content, reply.Header)
		}
	}
}

func TestAShellHasTheToolsEnvironmentAndTheConfigurationsButNotTheTasks(t *testing.T) {
	t.Setenv("OWN", "own")
	service := servicetest.Start(t, `{"env": {"TASK": "task"}, "command": ["true"]}`)
	configuration := config.Config{
		Entrypoint: []string{"false"},
		Env:        map[string]string{"CONFIG": "config"},
		Workdir:    "/usr",
	}
	start(t, service.Host(), configuration, nil, io.Discard)
	service.Ask(metaservice.Action{
		ID: "A", Type: metaservice.ExecShell, Command: []string{"sh", "-c", `echo "$OWN $CONFIG ${TASK-none} $PWD"`},
	})
	host := service.Shell(t)
	if outcome := host.Finish(t); outcome.Stdout != "own config none /usr\n" || !outcome.Success || host.ID != "A" {
		t.Fatalf("%s: %+v", host.ID, outcome)
	}
}

func TestATerminalAlwaysHasAType(t *testing.T) {
	for _, test := range []struct {
		own, config string
		tty         bool
		want        string
	}{
		{"", "", true, "xterm\r\n"},
		{"linux", "", true, "linux\r\n"},
		{"linux", "vt100", true, "vt100\r\n"},
		{"", "vt100", true, "vt100\r\n"},
		{"", "", false, "\n"},
	} {
		t.Setenv("TERM", test.own)
		configuration := config.Config{}
		if test.config != "" {
			configuration.Env = map[string]string{"TERM": test.config}
		}
		service := startActions(t, configuration)
		service.Ask(metaservice.Action{
			ID: "A", Type: metaservice.ExecShell, Command: []string{"sh", "-c", "echo $TERM"}, TTY: test.tty,
		})
		if outcome := service.Shell(t).Finish(t); outcome.Stdout != test.want {
			t.Errorf("%+v: got %q", test, outcome.Stdout)
		}
	}
}

func TestAShellWithoutACommandIsTheConfiguredOne(t *testing.T) {
	service := startActions(t, config.Config{Shell: []string{"echo", "the shell"}})
	service.Ask(metaservice.Action{ID: "A", Type: metaservice.ExecShell})
	if outcome := service.Shell(t).Finish(t); outcome.Stdout != "the shell\n" {
		t.Fatal(outcome)
	}
}

func TestAShellWithoutACommandOrConfigurationTakesCommands(t *testing.T) {
	service := startActions(t, config.Config{})
	service.Ask(metaservice.Action{ID: "A", Type: metaservice.ExecShell})
	host := service.Shell(t)
	host.Type(t, "echo $((6 * 7))\n")
	host.EndInput(t)
	if outcome := host.Finish(t); outcome.Stdout != "42\n" || !outcome.Success {
		t.Fatal(outcome)
	}
}

func TestAShellThatCannotStartSaysWhy(t *testing.T) {
	service := startActions(t, config.Config{User: "no-such-user"})
	service.Ask(metaservice.Action{ID: "A", Type: metaservice.ExecShell})
	if outcome := service.Shell(t).Finish(t); !strings.Contains(outcome.Stderr, `user "no-such-user"`) || outcome.Success {
		t.Fatal(outcome)
	}
}

func TestActionsDoNotWaitForEachOther(t *testing.T) {
	service := startActions(t, config.Config{})
	service.Ask(metaservice.Action{ID: "A", Type: metaservice.ExecShell, Command: []string{"cat"}})
	service.Ask(metaservice.Action{ID: "B", Type: metaservice.ExecShell, Command: []string{"cat"}})
	hosts := []*servicetest.Shell{service.Shell(t), service.Shell(t)}
	service.Ask(metaservice.Action{ID: "C", Type: metaservice.GetArtifact, Path: "/etc/passwd"})
	service.Reply(t)
	for _, host := range hosts {
		host.Type(t, host.ID)
		host.EndInput(t)
		if outcome := host.Finish(t); outcome.Stdout != host.ID {
			t.Fatal(outcome)
		}
	}
}

// The service cuts connections, answers nonsense and forgets actions; then it is as it should be.
func TestActionsThatTheServiceSpoilsLeaveTheToolsAsTheyWere(t *testing.T) {
	service := startActions(t, config.Config{})
	large := writeFile(t, strings.Repeat("x", 20<<20))
	nonsense := func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "<html>\x00") }
	halfRead := func(w http.ResponseWriter, r *http.Request) {
		io.CopyN(io.Discard, r.Body, 1<<20)
		servicetest.Cut(w, r)
	}
	spoilt := make(chan struct{}, 100)
	for _, spoil := range []http.HandlerFunc{servicetest.Cut, servicetest.Refuse(400), servicetest.Refuse(500), nonsense, halfRead} {
		spoil := spoil
		service.Handle("reply", func(w http.ResponseWriter, r *http.Request) {
			spoil(w, r)
			select {
			case spoilt <- struct{}{}:
			default:
			}
		})
		for _, action := range []metaservice.Action{
			{ID: "A", Type: metaservice.GetArtifact, Path: large},
			{ID: "A", Type: metaservice.ListFolder, Path: "/etc"},
			{ID: "A", Type: metaservice.ExecShell},
			{ID: "A", Type: metaservice.KillProcess},
			{ID: "A", Type: "make-coffee"},
		} {
			service.Ask(action)
		}
		for count := 0; count < 4; count++ {
			<-spoilt
		}
	}
	taken := make(chan string, 1000)
	service.Handle("reply", func(_ http.ResponseWriter, r *http.Request) {
		content, _ := io.ReadAll(r.Body)
		taken <- r.URL.RawQuery + " " + string(content)
	})
	service.Ask(metaservice.Action{ID: "B", Type: metaservice.GetArtifact, Path: writeFile(t, "content")})
	for deadline := time.After(servicetest.Patience); ; {
		select {
		case reply := <-taken: // some belong to the actions before, and are repeated
			if reply == "id=B content" {
				return
			}
		case <-deadline:
			t.Fatal("no reply came")
		}
	}
}
