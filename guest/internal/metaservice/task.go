package metaservice

import (
	"context"
	"net/http"
	"strconv"
)

// Task is the command that the service asks the guest to run. A key that the reply lacks, or that is null, leaves its
// field nil.
type Task struct {
	Env     map[string]string `json:"env"`
	Command []string          `json:"command"`
	TTY     *bool             `json:"tty"` // only Tinsmith sends it
	// Restored is there when the guest continues from a saved state, and did not boot. Only Tinsmith sends it.
	Restored *Restored `json:"restored"`
}

// Restored is what a guest lacks that continues from a saved state.
type Restored struct {
	Time int64  `json:"time"` // now, in milliseconds since 1970
	Seed []byte `json:"seed"` // random bytes
}

// HasTerminal tells whether the task's command runs on a terminal: it does unless the service says otherwise.
func (t Task) HasTerminal() bool {
	return t.TTY == nil || *t.TTY
}

// featuresHeader tells the service what these guest tools can do beyond the protocol of others: features are that they heed
// a task's TTY, and its Restored. Other services ignore it.
const (
	featuresHeader = "X-Tinsmith-Features"
	features       = "no-tty, restored"
)

// FetchTask asks for the task, with retries.
func (c *Client) FetchTask(ctx context.Context) (Task, error) {
	var task Task
	what := request{method: http.MethodGet, endpoint: "execute", header: http.Header{featuresHeader: {features}}}
	err := c.exchangeRepeatedly(ctx, what, nil, func(reply []byte) error {
		task = Task{} // nothing stays of a reply that made no sense
		return decode("execute", reply, &task)
	})
	return task, err
}

// Result is how a task ended.
type Result struct {
	Outcome Outcome
	// Exit is how its command ended; nil when that isn't known.
	Exit *Exit
	// LogBytes is how many bytes its log has; 0 when the log was not sent in one piece.
	LogBytes int64
}

// Outcome is a task's result as the service names it.
type Outcome string

const (
	Success Outcome = "success"
	Failed  Outcome = "failed"
)

// Exit is how a command ended.
type Exit struct {
	Status int // what it exited with; 128 and the signal's number when a signal killed it, as shells have it
	Signal int // what killed it; 0 when nothing did
}

// The headers that tell a task's Exit and LogBytes. Services other than Tinsmith ignore them.
const (
	exitStatusHeader = "X-Tinsmith-Exit-Status"
	exitSignalHeader = "X-Tinsmith-Exit-Signal"
	logBytesHeader   = "X-Tinsmith-Log-Bytes"
)

// Report tells the service how the task ended, with retries.
func (c *Client) Report(ctx context.Context, result Result) error {
	header := http.Header{}
	if result.Exit != nil {
		header.Set(exitStatusHeader, strconv.Itoa(result.Exit.Status))
		if result.Exit.Signal != 0 {
			header.Set(exitSignalHeader, strconv.Itoa(result.Exit.Signal))
		}
	}
	if result.LogBytes > 0 {
		header.Set(logBytesHeader, strconv.FormatInt(result.LogBytes, 10))
	}
	what := request{method: http.MethodPut, endpoint: string(result.Outcome), header: header}
	return c.exchangeRepeatedly(ctx, what, nil, anyReply)
}
