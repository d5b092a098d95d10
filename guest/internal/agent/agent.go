// Package agent is what the guest tools do while the guest is up: they run the task, and perform actions.
package agent

import (
	"context"
	"log"
	"sync"

	"tinsmith/guest/internal/config"
	"tinsmith/guest/internal/limits"
	"tinsmith/guest/internal/metaservice"
)

// Agent holds what running the task and performing actions need.
type Agent struct {
	Client *metaservice.Client
	Config config.Config
	// ConfigError fails the task when it is not nil: the service still learns why, and actions still work.
	ConfigError error
	Limits      limits.Limits
	Logger      *log.Logger // for the guest's own console

	kill     killSwitch
	kills    sync.WaitGroup // of tasks, under way
	listings chan struct{}  // holds a value for each folder that is being listed
}

// Run runs the task, and performs actions meanwhile and afterwards, until the context ends and no kill is under way.
func (a *Agent) Run(ctx context.Context) {
	a.listings = make(chan struct{}, a.Limits.Listings)
	go a.runTask(ctx)
	a.performActions(ctx)
	a.kills.Wait()
}
