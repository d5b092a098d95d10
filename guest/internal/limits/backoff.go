package limits

import (
	"context"
	"math/rand"
	"time"
)

// Backoff says how often something is tried again, and with which pauses.
type Backoff struct {
	Retries int           // after the first try
	First   time.Duration // the pause before the first retry; it doubles from one to the next
	Longest time.Duration // the pause grows no longer than this
	Jitter  float64       // the part of a pause by which it is shortened or lengthened at random
}

// Wait pauses before a retry, counted from 0. It returns early, with the context's error, when that ends.
func (b Backoff) Wait(ctx context.Context, retry int) error {
	return Sleep(ctx, b.pause(retry))
}

func (b Backoff) pause(retry int) time.Duration {
	pause := b.First
	for ; retry > 0 && pause < b.Longest; retry-- {
		pause *= 2
	}
	if pause > b.Longest {
		pause = b.Longest
	}
	return time.Duration(float64(pause) * (1 + b.Jitter*(2*rand.Float64()-1)))
}

// Sleep pauses for that long. It returns early, with the context's error, when that ends.
func Sleep(ctx context.Context, pause time.Duration) error {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
