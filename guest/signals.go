package main

import (
	"os"
	"os/signal"

	"golang.org/x/sys/unix"
)

// keepSignalsFromTasks keeps signals that the tools ignore from being ignored by the commands they start, and the
// tools from dying when their console is gone. A signal that is caught, rather than ignored, gets its default back in
// a new program.
func keepSignalsFromTasks() {
	swallowed := make(chan os.Signal, 1)
	// A write to a closed console brings SIGPIPE.
	signal.Notify(swallowed, unix.SIGPIPE)
	// Tools started by nohup, or in the background of a script, ignore these; a task that then ignored them too could
	// not be interrupted.
	for _, inherited := range []os.Signal{unix.SIGHUP, unix.SIGINT} {
		if signal.Ignored(inherited) {
			signal.Notify(swallowed, inherited)
		}
	}
}
