package agent

import (
	"context"
	"os"

	"tinsmith/guest/internal/metaservice"
	"tinsmith/guest/internal/process"
	"tinsmith/guest/internal/shell"
)

// execShell runs an interactive shell until it has ended.
func (a *Agent) execShell(ctx context.Context, action metaservice.Action) error {
	socket, err := a.Client.DialShell(ctx, action.ID)
	if err != nil {
		return err
	}
	start := func(size *process.Size) (*process.Process, error) { return a.startShell(action, size) }
	return shell.Serve(socket, action.TTY, start, a.Limits)
}

// startShell starts an interactive shell's command. Neither the task's environment nor the entrypoint, which is made
// for tasks, is in its way: a person wants to see the guest as it is.
func (a *Agent) startShell(action metaservice.Action, size *process.Size) (*process.Process, error) {
	arguments := action.Command
	if len(arguments) == 0 {
		arguments = process.DefaultShell(a.Config)
	}
	var environment map[string]string
	if action.TTY && a.Config.Env["TERM"] == "" && os.Getenv("TERM") == "" {
		environment = map[string]string{"TERM": "xterm"} // full-screen programs refuse to run without
	}
	command, err := process.NewCommand(a.Config, arguments, environment)
	if err != nil {
		return nil, err
	}
	if action.TTY {
		return process.StartTerminalShell(command, size, a.Limits)
	}
	return process.StartShell(command, a.Limits)
}
