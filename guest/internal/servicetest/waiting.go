package servicetest

import (
	"testing"
	"time"
)

// Patience is how long a test waits for what must happen: on a busy host, all takes its time.
const Patience = 30 * time.Second

// Until waits for what must come to hold.
func Until(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(Patience); !holds(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

// LetTimePass waits: the one sleep of the tests, for those whose subject is time itself. They show that a slow or silent
// peer does no harm, that a time-out does not fire, or that something waits. For anything else there is Until.
func LetTimePass(duration time.Duration) {
	time.Sleep(duration)
}
