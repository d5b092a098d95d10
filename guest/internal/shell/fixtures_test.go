package shell_test

import (
	"context"
	"fmt"
	"math/rand"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tinsmith/guest/internal/config"
	"tinsmith/guest/internal/limits"
	"tinsmith/guest/internal/metaservice"
	"tinsmith/guest/internal/process"
	"tinsmith/guest/internal/servicetest"
	"tinsmith/guest/internal/shell"
)

// open has a shell script run for a service, and returns the service's side, and how the guest's side ended.
func open(t *testing.T, service *servicetest.Service, limits limits.Limits, hasTTY bool, script string) (*servicetest.Shell, <-chan error) {
	t.Helper()
	start := func(size *process.Size) (*process.Process, error) {
		command, err := process.NewCommand(config.Config{Workdir: "/"}, []string{"sh", "-c", script}, nil)
		if err != nil {
			return nil, err
		}
		if hasTTY {
			return process.StartTerminalShell(command, size, limits)
		}
		return process.StartShell(command, limits)
	}
	return serve(t, service, limits, hasTTY, start)
}

func serve(t *testing.T, service *servicetest.Service, limits limits.Limits, hasTTY bool, start shell.Start) (*servicetest.Shell, <-chan error) {
	t.Helper()
	socket, err := metaservice.New(service.Host(), limits).DialShell(context.Background(), "ID")
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- shell.Serve(socket, hasTTY, start, limits) }()
	return service.Shell(t), served
}

func openPipes(t *testing.T, script string) (*servicetest.Shell, <-chan error) {
	t.Helper()
	return open(t, servicetest.Start(t, "{}"), servicetest.Limits(), false, script)
}

func openTerminal(t *testing.T, script string) (*servicetest.Shell, <-chan error) {
	t.Helper()
	return open(t, servicetest.Start(t, "{}"), servicetest.Limits(), true, script)
}

// wait waits for the end of the guest's side.
func wait(t *testing.T, served <-chan error) error {
	t.Helper()
	select {
	case err := <-served:
		return err
	case <-time.After(servicetest.Patience):
		t.Fatal("the guest's side has not ended")
		return nil
	}
}

func expect(t *testing.T, host *servicetest.Shell, want servicetest.Outcome) {
	t.Helper()
	if got := host.Finish(t); got != want {
		t.Fatalf("got %.300q, expected %.300q", fmt.Sprint(got), fmt.Sprint(want))
	}
}

// readUntil consumes stdout until a text has come.
func readUntil(t *testing.T, host *servicetest.Shell, text string) string {
	t.Helper()
	var output strings.Builder
	for !strings.Contains(output.String(), text) {
		message := host.Next(t)
		if message.Type != shell.Data || message.Stream != shell.Stdout {
			continue
		}
		if len(message.Payload) == 0 {
			t.Fatalf("stdout ended: %q", output.String())
		}
		output.Write(message.Payload)
		host.Acknowledge(t, shell.Stdout, len(message.Payload))
	}
	return output.String()
}

// waitForFile waits until a script has made a file.
func waitForFile(t *testing.T, path string) {
	t.Helper()
	servicetest.Until(t, path, func() bool {
		_, err := os.Stat(path)
		return err == nil
	})
}

func randomText(size int) string {
	content := make([]byte, size)
	rand.New(rand.NewSource(1)).Read(content)
	return string(content)
}

func writeFile(t *testing.T, content string) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "content")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
