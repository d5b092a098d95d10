package agent

import (
	"errors"
	"sync"

	"tinsmith/guest/internal/process"
)

// killSwitch remembers that the task was to be killed: also a task that has not started yet.
type killSwitch struct {
	mutex    sync.Mutex
	isPulled bool
}

var errKilledBefore = errors.New("it was killed before it started")

// pull is called before the task's processes are looked for: there will be no new ones.
func (k *killSwitch) pull() {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	k.isPulled = true
}

// start starts the task unless it was killed.
func (k *killSwitch) start(start func() (*process.Process, error)) (*process.Process, error) {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	if k.isPulled {
		return nil, errKilledBefore
	}
	return start()
}

func (k *killSwitch) wasPulled() bool {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	return k.isPulled
}
