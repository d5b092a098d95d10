package limits

import (
	"context"
	"testing"
	"time"
)

func TestPausesDoubleUpToTheLongestWithinTheirJitter(t *testing.T) {
	backoff := Default().Retry
	for retry, milliseconds := range []float64{100, 200, 400, 800, 1600, 3200, 5000, 5000, 5000} {
		for try := 0; try < 100; try++ {
			pause := backoff.pause(retry).Seconds() * 1000
			if pause < 0.75*milliseconds || pause > 1.25*milliseconds {
				t.Fatalf("retry %d waits %.0f ms, not %.0f ms give or take a quarter", retry, pause, milliseconds)
			}
		}
	}
}

func TestAPauseEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := Sleep(ctx, time.Hour); err != context.Canceled {
		t.Fatalf("got %v", err)
	}
}
