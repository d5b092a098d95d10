// Command guest-tools runs inside a virtual machine: it gets a task from the MetaService on the host, runs it, streams
// its log, reports its result, and performs the actions that the service asks for.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"os"

	"tinsmith/guest/internal/agent"
	"tinsmith/guest/internal/config"
	"tinsmith/guest/internal/limits"
	"tinsmith/guest/internal/metaservice"
	"tinsmith/guest/internal/process"
)

func main() {
	os.Exit(guestTools(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// guestTools is the whole program as a function of its arguments and standard streams. It returns the exit status:
// 0 for success, 1 for failure, 2 for arguments that make no sense. With the command `run` it never returns.
func guestTools(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	arguments, err := parseArguments(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(stdout, usage)
		return 0
	}
	if err != nil {
		fmt.Fprintf(stderr, "guest-tools: %v\n\n%s", err, usage)
		return 2
	}

	limits := limits.Default()
	client := metaservice.New(arguments.host, limits)
	logger := log.New(stderr, "guest-tools: ", log.LstdFlags|log.Lmsgprefix)
	if arguments.command == postLogCommand {
		if err := postLog(arguments.file, stdin, client, limits); err != nil {
			logger.Print(err)
			return 1
		}
		return 0
	}

	var configuration config.Config
	if arguments.config != "" {
		if configuration, err = config.Load(arguments.config); err != nil {
			logger.Print(err)
		}
	}
	keepSignalsFromTasks()
	if err := process.AdoptOrphans(); err != nil {
		logger.Printf("a kill of the task will miss what it left behind: %v", err)
	}
	tools := agent.Agent{Client: client, Config: configuration, ConfigError: err, Limits: limits, Logger: logger}
	tools.Run(context.Background())
	panic("unreachable: the guest tools never end")
}
