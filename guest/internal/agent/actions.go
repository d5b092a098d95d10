package agent

import (
	"context"
	"errors"
	"runtime/debug"

	"tinsmith/guest/internal/files"
	"tinsmith/guest/internal/limits"
	"tinsmith/guest/internal/metaservice"
	"tinsmith/guest/internal/process"
)

// performActions polls for actions and performs them, until the context ends.
func (a *Agent) performActions(ctx context.Context) {
	failures := complaints{logger: a.Logger}
	for ctx.Err() == nil {
		action, err := a.Client.Poll(ctx)
		if err != nil {
			failures.add(err)
			_ = limits.Sleep(ctx, a.Limits.PollPause)
			continue
		}
		failures.clear()
		if action.Type != metaservice.NoAction {
			go a.perform(ctx, action) // the next poll must not wait for it
		}
	}
}

// perform performs an action. A failure of one does not affect others.
func (a *Agent) perform(ctx context.Context, action metaservice.Action) {
	defer func() {
		if fault := recover(); fault != nil {
			a.Logger.Printf("action %s, %s: %v\n%s", action.ID, action.Type, fault, debug.Stack())
		}
	}()
	if err := a.answer(ctx, action); err != nil {
		a.Logger.Printf("action %s, %s: %v", action.ID, action.Type, err)
	}
}

func (a *Agent) answer(ctx context.Context, action metaservice.Action) error {
	switch action.Type {
	case metaservice.GetArtifact:
		return a.getArtifact(ctx, action)
	case metaservice.ListFolder:
		return a.listFolder(ctx, action)
	case metaservice.ExecShell:
		return a.execShell(ctx, action)
	case metaservice.KillProcess:
		return a.killProcess(ctx, action)
	default:
		return errors.New("these guest tools don't know actions of this type")
	}
}

func (a *Agent) getArtifact(ctx context.Context, action metaservice.Action) error {
	artifact, err := files.OpenArtifact(action.Path, a.Limits)
	if err != nil {
		a.Logger.Printf("action %s, %s: %v", action.ID, action.Type, err)
		return a.Client.PostNoArtifact(ctx, action.ID)
	}
	defer artifact.Close()
	return a.Client.PostArtifact(ctx, action.ID, artifact, artifact.Size)
}

func (a *Agent) listFolder(ctx context.Context, action metaservice.Action) error {
	a.listings <- struct{}{}
	defer func() { <-a.listings }()
	return a.Client.PostFolderListing(ctx, action.ID, files.List(action.Path, a.Limits.Listing))
}

// killProcess answers at once: killing may take a while.
func (a *Agent) killProcess(ctx context.Context, action metaservice.Action) error {
	killed := make(chan error, 1)
	a.kill.pull()
	a.kills.Add(1)
	go func() {
		defer a.kills.Done()
		killed <- process.KillTasks(a.Limits)
	}()
	if err := a.Client.PostKilled(ctx, action.ID); err != nil {
		return err
	}
	return <-killed
}
