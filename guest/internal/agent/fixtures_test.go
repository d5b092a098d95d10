package agent_test

import (
	"context"
	"encoding/json"
	"io"
	"log"
	"strings"
	"sync"
	"testing"

	"tinsmith/guest/internal/agent"
	"tinsmith/guest/internal/config"
	"tinsmith/guest/internal/limits"
	"tinsmith/guest/internal/metaservice"
	"tinsmith/guest/internal/servicetest"
)

// start starts an agent for a service; it ends with the test.
func start(t *testing.T, host string, configuration config.Config, configError error, console io.Writer) {
	startWithin(t, servicetest.Limits(), host, configuration, configError, console)
}

// startWithin is start with limits of the test's own.
func startWithin(t *testing.T, limits limits.Limits, host string, configuration config.Config, configError error, console io.Writer) {
	ctx, cancel := context.WithCancel(context.Background())
	tools := agent.Agent{
		Client:      metaservice.New(host, limits),
		Config:      configuration,
		ConfigError: configError,
		Limits:      limits,
		Logger:      log.New(console, "", 0),
	}
	ended := make(chan struct{})
	go func() {
		tools.Run(ctx)
		close(ended)
	}()
	t.Cleanup(func() {
		cancel()
		<-ended
	})
}

// task is the body of `execute` for a shell script.
func task(script string) string {
	text, _ := json.Marshal(map[string]any{"command": []string{"sh", "-c", script}})
	return string(text)
}

// run runs a task in a service of its own and returns its result and log.
func run(t *testing.T, body string, configuration config.Config) (result, log string) {
	t.Helper()
	service := servicetest.Start(t, body)
	start(t, service.Host(), configuration, nil, io.Discard)
	result = service.Result(t)
	return result, service.Log()
}

// synchronised is a console that may be read while it is written.
type synchronised struct {
	mutex sync.Mutex
	text  strings.Builder
}

func (s *synchronised) Write(bytes []byte) (int, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.text.Write(bytes)
}

func (s *synchronised) String() string {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.text.String()
}

func (s *synchronised) waitFor(t *testing.T, text string) {
	t.Helper()
	servicetest.Until(t, text+" on the console", func() bool { return strings.Contains(s.String(), text) })
}
