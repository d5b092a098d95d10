// Package limits holds every time and size that the guest tools keep to, each with its reason.
package limits

import "time"

// Limits is handed to whoever needs one, so that a test can shorten what would take too long.
type Limits struct {
	// Request is how long one exchange may take, from connecting to the reply's last byte. The service answers at
	// once; what takes longer is a relay or a host that is gone. Polls and logs have times of their own.
	Request time.Duration
	// Retry says how an exchange is repeated: for a minute or so, while the service restarts or the network comes up.
	Retry Backoff
	// ExecuteRestart is the pause before asking for the task again once Retry is spent, or the service refused.
	ExecuteRestart time.Duration

	// Poll is how long a poll may take: the service answers after 30 s at the latest, the rest is for the way.
	Poll time.Duration
	// PollPause follows a failed poll, so that a missing network doesn't keep the CPU busy.
	PollPause time.Duration

	// LogBuffer is how many bytes of output wait for the service before the task is held up.
	LogBuffer int

	// TerminalQuiet ends the reading of a terminal whose command has ended, but which a process left behind keeps
	// open: what the command wrote is there at once, so a short silence means that it was read.
	TerminalQuiet time.Duration
	// TerminalRest is how many bytes are read from such a terminal at most, should the process left behind never be
	// silent. It is more than the kernel holds for a terminal (640 KiB).
	TerminalRest int
}

// Default is what the guest tools use. Request, Retry, ExecuteRestart, Poll, PollPause and LogBuffer are part of the
// protocol: the service counts on them.
func Default() Limits {
	return Limits{
		Request:        5 * time.Second,
		Retry:          Backoff{Retries: 15, First: 100 * time.Millisecond, Longest: 5 * time.Second, Jitter: 0.25},
		ExecuteRestart: 200 * time.Millisecond,
		Poll:           35 * time.Second,
		PollPause:      time.Second,
		LogBuffer:      4 << 20,
		TerminalQuiet:  200 * time.Millisecond,
		TerminalRest:   1 << 20,
	}
}
