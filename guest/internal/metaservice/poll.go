package metaservice

import (
	"context"
	"encoding/json"
	"net/http"
)

// Action is something that the service wants done besides the task.
type Action struct {
	ID   string     `json:"id"`
	Type ActionType `json:"type"`
}

// ActionType says what is wanted.
type ActionType string

// NoAction is what a poll brings when nothing was wanted for a while.
const NoAction ActionType = "none"

// Poll waits for an action. It is one request, never repeated.
func (c *Client) Poll(ctx context.Context) (Action, error) {
	ctx, cancel := context.WithTimeout(ctx, c.limits.Poll)
	defer cancel()
	reply, err := c.exchange(ctx, http.MethodGet, "poll", nil)
	if err != nil {
		return Action{}, err
	}
	var action Action
	err = json.Unmarshal(reply, &action)
	return action, err
}
