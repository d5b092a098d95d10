package servicetest

import (
	"time"

	"tinsmith/guest/internal/limits"
)

// Limits are the guest tools' limits with the pauses shortened to what a test can wait for.
func Limits() limits.Limits {
	l := limits.Default()
	l.Retry.First = time.Millisecond
	l.Retry.Longest = 20 * time.Millisecond
	l.Unreachable = 20 * time.Millisecond
	l.UnreachablePause = time.Millisecond
	l.Restart = time.Millisecond
	l.PollPause = time.Millisecond
	l.KillGrace = 100 * time.Millisecond
	l.KillCheck = 5 * time.Millisecond
	return l
}
