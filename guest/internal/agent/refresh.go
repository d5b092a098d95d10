package agent

import (
	"os"
	"time"

	"golang.org/x/sys/unix"

	"tinsmith/guest/internal/metaservice"
)

// refresh sets the clock of a guest that continues from a saved state, and gives its random number generator bytes that no
// other guest has. The task runs even if that fails: guest tools may not run as root.
func (a *Agent) refresh(restored metaservice.Restored) {
	now := time.UnixMilli(restored.Time)
	behind := now.Sub(time.Now()).Round(time.Second)
	value := unix.NsecToTimeval(now.UnixNano())
	if err := unix.Settimeofday(&value); err != nil {
		a.Logger.Printf("the clock of the restored guest is %v behind, and can't be set: %v", behind, err)
	} else {
		a.Logger.Printf("the clock of the restored guest was %v behind", behind)
	}
	if err := reseed(restored.Seed); err != nil {
		a.Logger.Printf("the random number generator of the restored guest was not reseeded: %v", err)
	}
}

// reseedRandom is Linux's RNDRESEEDCRNG: use what was mixed in from now on, and not only minutes later.
const reseedRandom = 0x5207

func reseed(seed []byte) error {
	file, err := os.OpenFile("/dev/urandom", os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	defer file.Close()
	if _, err := file.Write(seed); err != nil {
		return err
	}
	return unix.IoctlSetInt(int(file.Fd()), reseedRandom, 0)
}
