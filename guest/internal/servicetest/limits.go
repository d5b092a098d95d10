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
	l.ExecuteRestart = time.Millisecond
	l.PollPause = time.Millisecond
	return l
}
