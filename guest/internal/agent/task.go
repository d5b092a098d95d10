package agent

import (
	"context"
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
	if task.Restored != nil {
		a.refresh(*task.Restored)
	}
	a.Logger.Printf("task: %q", task.Command)

	taskLog := tasklog.Open(ctx, a.Client, lineEndOf(task), a.Limits)
	result := a.execute(task, taskLog)
	if err := taskLog.Close(); err != nil {
		a.Logger.Print(err)
	} else {
		result.LogBytes = taskLog.Written()
	}

	a.report(ctx, result)
}

// report tells the service the result until that has taken it, or refuses it.
func (a *Agent) report(ctx context.Context, result metaservice.Result) {
	failures := complaints{logger: a.Logger}
	for {
		err := a.Client.Report(ctx, result)
		if err == nil {
			a.Logger.Printf("result: %s", result.Outcome)
			return
		}
		failures.add(fmt.Errorf("result %s could not be reported: %w", result.Outcome, err))
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
	lineEnd := lineEndOf(task)
	started, err := a.kill.start(func() (*process.Process, error) { return a.start(task) })
	if err != nil {
		fmt.Fprintf(taskLog, "[guest-tools] the task's command can't be started: %v%s", err, lineEnd)
		a.Logger.Printf("the task's command can't be started: %v", err)
		if err == errKilledBefore {
			return metaservice.Result{Outcome: metaservice.Failed}
		}
		return resultOf(err)
	}
	err = started.Wait(taskLog)
	result := resultOf(err)
	if a.kill.wasPulled() {
		fmt.Fprintf(taskLog, "%s[guest-tools] the task was killed on request%s", lineEnd, lineEnd)
		if err == nil { // it may exit as it likes when it is asked to end
			return metaservice.Result{Outcome: metaservice.Failed}
		}
		return result
	}
	if err != nil {
		a.Logger.Printf("the task's command ended: %v", err)
	}
	return result
}

// resultOf is the result of a task whose command failed to start, or ended, with an error, which may be nil.
func resultOf(err error) metaservice.Result {
	status, signal := process.ExitOf(err)
	exit := &metaservice.Exit{Status: status, Signal: signal}
	if err == nil {
		return metaservice.Result{Outcome: metaservice.Success, Exit: exit}
	}
	return metaservice.Result{Outcome: metaservice.Failed, Exit: exit}
}

// lineEndOf is how lines end in a task's log: as its terminal ends them, where it has one.
func lineEndOf(task metaservice.Task) string {
	if task.HasTerminal() {
		return "\r\n"
	}
	return "\n"
}

func (a *Agent) start(task metaservice.Task) (*process.Process, error) {
	if a.ConfigError != nil {
		return nil, fmt.Errorf("the guest tools' configuration can't be used: %w", a.ConfigError)
	}
	arguments := append(append([]string{}, a.Config.Entrypoint...), task.Command...)
	if len(arguments) == 0 {
		arguments = process.DefaultShell(a.Config)
	}
	command, err := process.NewCommand(a.Config, arguments, task.Env)
	if err != nil {
		return nil, err
	}
	if task.HasTerminal() {
		return process.StartTerminalTask(command, a.Limits)
	}
	return process.StartTask(command, a.Limits)
}
