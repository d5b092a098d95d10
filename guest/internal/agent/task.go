package agent

import (
	"context"
	"errors"
	"fmt"
	"io"

	"tinsmith/guest/internal/limits"
	"tinsmith/guest/internal/metaservice"
	"tinsmith/guest/internal/process"
	"tinsmith/guest/internal/tasklog"
)

// runTask gets the task, runs its command while the output streams to the log, and reports the result.
func (a *Agent) runTask(ctx context.Context) {
	task, err := a.fetchTask(ctx)
	if err != nil {
		return // the context has ended
	}
	a.Logger.Printf("task: %q", task.Command)

	taskLog := tasklog.Open(ctx, a.Client, a.Limits)
	result := a.execute(task, taskLog)
	if err := taskLog.Close(); err != nil {
		a.Logger.Print(err)
	}

	a.report(ctx, result)
}

// report tells the service the result until that has taken it, or refuses it.
func (a *Agent) report(ctx context.Context, result metaservice.Result) {
	failures := complaints{logger: a.Logger}
	for {
		err := a.Client.Report(ctx, result)
		if err == nil {
			a.Logger.Printf("result: %s", result)
			return
		}
		failures.add(fmt.Errorf("result %s could not be reported: %w", result, err))
		if metaservice.IsFinal(err) || limits.Sleep(ctx, a.Limits.Restart) != nil {
			return
		}
	}
}

// fetchTask asks for the task until there is one: the network may come up after the tools, the service after both.
func (a *Agent) fetchTask(ctx context.Context) (metaservice.Task, error) {
	failures := complaints{logger: a.Logger}
	for {
		task, err := a.Client.FetchTask(ctx)
		if err == nil {
			return task, nil
		}
		failures.add(err)
		if err := limits.Sleep(ctx, a.Limits.Restart); err != nil {
			return metaservice.Task{}, err
		}
	}
}

// execute runs a task's command with its output going to the log, and says there why it could not be started.
func (a *Agent) execute(task metaservice.Task, taskLog io.Writer) metaservice.Result {
	started, err := a.kill.start(func() (*process.Process, error) { return a.start(task) })
	if err != nil {
		fmt.Fprintf(taskLog, "[guest-tools] the task's command can't be started: %v\r\n", err)
		a.Logger.Printf("the task's command can't be started: %v", err)
		return metaservice.Failed
	}
	err = started.Wait(taskLog)
	if a.kill.wasPulled() {
		fmt.Fprint(taskLog, "\r\n[guest-tools] the task was killed on request\r\n")
		return metaservice.Failed
	}
	if err != nil {
		a.Logger.Printf("the task's command ended: %v", err)
		return metaservice.Failed
	}
	return metaservice.Success
}

func (a *Agent) start(task metaservice.Task) (*process.Process, error) {
	if a.ConfigError != nil {
		return nil, fmt.Errorf("the guest tools' configuration can't be used: %w", a.ConfigError)
	}
	if len(task.Command) == 0 {
		return nil, errors.New("the task has no command")
	}
	arguments := append(append([]string{}, a.Config.Entrypoint...), task.Command...)
	command, err := process.NewCommand(a.Config, arguments, task.Env)
	if err != nil {
		return nil, err
	}
	return process.StartTask(command, a.Limits)
}
