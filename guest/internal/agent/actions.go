package agent

import (
	"context"

	"tinsmith/guest/internal/limits"
	"tinsmith/guest/internal/metaservice"
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
		a.perform(action)
	}
}

// perform starts what an action asks for, and returns at once: the next poll must not wait for it.
func (a *Agent) perform(action metaservice.Action) {
	switch action.Type {
	case metaservice.NoAction:
	default:
		a.Logger.Printf("action %s is of type %q, which these guest tools don't know", action.ID, action.Type)
	}
}
