package metaservice

import (
	"context"
	"net/http"
)

// Task is what the service wants done. A key that the reply lacks, or that is null, leaves its field nil.
type Task struct {
	Env     map[string]string `json:"env"`
	Command []string          `json:"command"`
}

// FetchTask asks for the task, with retries.
func (c *Client) FetchTask(ctx context.Context) (Task, error) {
	var task Task
	err := c.exchangeRepeatedly(ctx, request{method: http.MethodGet, endpoint: "execute"}, nil, func(reply []byte) error {
		task = Task{} // nothing stays of a reply that made no sense
		return decode("execute", reply, &task)
	})
	return task, err
}

// Result is how a task ended, as the service names it.
type Result string

const (
	Success Result = "success"
	Failed  Result = "failed"
)

// Report tells the service how the task ended, with retries.
func (c *Client) Report(ctx context.Context, result Result) error {
	return c.exchangeRepeatedly(ctx, request{method: http.MethodPut, endpoint: string(result)}, nil, anyReply)
}
