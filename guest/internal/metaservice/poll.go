package metaservice

import (
	"context"
	"errors"
	"net/http"
)

// Action is a request of the service besides the task. A key that the reply lacks, or that is null, leaves its field
// empty.
type Action struct {
	ID      string     `json:"id"`
	Type    ActionType `json:"type"`
	Path    string     `json:"path"`    // of GetArtifact and ListFolder
	Command []string   `json:"command"` // of ExecShell; empty for the default shell
	TTY     bool       `json:"tty"`     // of ExecShell: whether the command gets a terminal
}

// ActionType is the kind of an action.
type ActionType string

const (
	GetArtifact ActionType = "get-artifact"
	ListFolder  ActionType = "list-folder"
	ExecShell   ActionType = "exec-shell"
	KillProcess ActionType = "kill-process"
	// NoAction is the answer to a poll when there was no action for a while.
	NoAction ActionType = "none"
)

// Poll waits for an action. It is one request, never repeated. A reply that names no action is an error.
func (c *Client) Poll(ctx context.Context) (Action, error) {
	ctx, cancel := context.WithTimeout(ctx, c.limits.Poll)
	defer cancel()
	reply, err := c.exchange(ctx, request{method: http.MethodGet, endpoint: "poll"}, nil, 0)
	if err != nil {
		return Action{}, err
	}
	var action Action
	if err := decode("poll", reply, &action); err != nil {
		return Action{}, err
	}
	if action.ID == "" || action.Type == "" {
		return Action{}, errors.New("the reply to poll is an action without an id or a type")
	}
	return action, nil
}
