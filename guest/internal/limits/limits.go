// Package limits holds every time and size that the guest tools keep to, each with its reason.
package limits

import "time"

// Limits is a parameter of all code that needs a limit, so that a test can shorten long times.
type Limits struct {
	// Request is how long one exchange may take, from connecting to the reply's last byte. The service answers at
	// once; what takes longer is a relay or a host that is gone. Polls, logs, artifacts and shells have times of their
	// own.
	Request time.Duration
	// Retry says how an exchange is repeated: for a minute or so, while the service restarts or the network comes up.
	Retry Backoff
	// Unreachable is for how long tries that got no connection are not counted and not backed off from: nobody was
	// bothered by them, and a network that comes up is noticed sooner.
	Unreachable time.Duration
	// UnreachablePause is between such tries.
	UnreachablePause time.Duration
	// Restart is the pause before asking for the task, or reporting its result, again once Retry is spent.
	Restart time.Duration
	// Reply is how many bytes of a reply are read at most. No command that Linux accepts is as long.
	Reply int64

	// Poll is how long a poll may take: the service answers after 30 s at the latest, the rest is for the way.
	Poll time.Duration
	// PollPause follows a failed poll, so that a missing network doesn't keep the CPU busy.
	PollPause time.Duration

	// LogBuffer is how many bytes of output wait for the service before the task is held up.
	LogBuffer int

	// OutputQuiet ends the reading of a terminal whose command has ended, but which a process left behind keeps open:
	// what the command wrote is there at once, so a short silence means that it was read.
	OutputQuiet time.Duration
	// OutputRest is how many bytes are read from it at most, should the process left behind never be silent. It is more
	// than the kernel holds for a terminal (640 KiB).
	OutputRest int

	// KillGrace is how long processes that were asked to end may take before they are made to.
	KillGrace time.Duration
	// KillForce is how long killed processes may take to be gone: one that waits for a disk can't go.
	KillForce time.Duration
	// KillCheck is the pause between two looks at whether they are gone.
	KillCheck time.Duration

	// Artifact is how long the sending of a file may come to nothing: no byte read, or none taken.
	Artifact time.Duration
	// ArtifactStart is how many bytes of a file are read before its reply starts: a file that ends within them has a
	// size that is sure.
	ArtifactStart int
	// Listings is how many folders are listed at once: each may take Listing bytes of memory, and twice that.
	Listings int
	// Listing is how many bytes the reply to list-folder has at most; the service refuses what has more.
	Listing int

	Shell Shell
}

// Shell is what interactive shells keep to. All but Close is part of the protocol.
type Shell struct {
	Handshake time.Duration // from connecting to the end of the upgrade
	Ping      time.Duration // between two pings
	Pong      time.Duration // without a pong: the host is gone
	Write     time.Duration // for one message to leave: else the host is gone

	Window  int // bytes of one stream that may be sent and not yet acknowledged
	Block   int // bytes of payload in one message at most
	Message int // bytes of one message at most

	// Close is how long the host may take to close the connection after the command's end.
	Close time.Duration
}

// Default returns the limits that the guest tools use. The service relies on those that are part of the protocol:
// Request, Retry, Restart, Poll, PollPause, LogBuffer, KillGrace, Listing and most of Shell.
func Default() Limits {
	return Limits{
		Request:          5 * time.Second,
		Retry:            Backoff{Retries: 15, First: 100 * time.Millisecond, Longest: 5 * time.Second, Jitter: 0.25},
		Unreachable:      time.Minute,
		UnreachablePause: 250 * time.Millisecond,
		Restart:          200 * time.Millisecond,
		Reply:            16 << 20,
		Poll:             35 * time.Second,
		PollPause:        time.Second,
		LogBuffer:        4 << 20,
		OutputQuiet:      200 * time.Millisecond,
		OutputRest:       1 << 20,
		KillGrace:        5 * time.Second,
		KillForce:        10 * time.Second,
		KillCheck:        50 * time.Millisecond,
		Artifact:         time.Minute,
		ArtifactStart:    64 << 10,
		Listings:         4,
		Listing:          10 << 20,
		Shell: Shell{
			Handshake: 30 * time.Second,
			Ping:      15 * time.Second,
			Pong:      45 * time.Second,
			Write:     30 * time.Second,
			Window:    64 << 10,
			Block:     16 << 10,
			Message:   20 << 10,
			Close:     5 * time.Second,
		},
	}
}
