package process_test

import (
	"testing"

	"tinsmith/guest/internal/config"
	"tinsmith/guest/internal/process"
)

func TestHowACommandEndedIsToldAsShellsDo(t *testing.T) {
	for _, test := range []struct {
		config         config.Config
		command        []string
		status, signal int
	}{
		{config.Config{}, []string{"true"}, 0, 0},
		{config.Config{}, []string{"sh", "-c", "exit 255"}, 255, 0},
		{config.Config{}, []string{"sh", "-c", "kill -TERM $$"}, 143, 15},
		{config.Config{}, []string{"no-such-program"}, 127, 0},
		{config.Config{}, []string{"/no/such/program"}, 127, 0},
		{config.Config{}, []string{"/etc/passwd"}, 126, 0},
		{config.Config{Workdir: "/no/such/folder"}, []string{"true"}, 126, 0},
		{config.Config{User: "no-such-user"}, []string{"true"}, 126, 0},
	} {
		command, err := process.NewCommand(test.config, test.command, nil)
		if err == nil {
			_, err = wait(t, command)
		}
		if status, signal := process.ExitOf(err); status != test.status || signal != test.signal {
			t.Errorf("%q: got %d and signal %d of %v, expected %d and %d", test.command, status, signal, err, test.status, test.signal)
		}
	}
}
