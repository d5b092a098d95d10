package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"net/url"
)

const usage = `Usage:
  guest-tools [-c FILE] [--host HOST[:PORT]] [run]
  guest-tools [--host HOST[:PORT]] post-log [--] (FILE | -)

Commands:
  run       get a task from the MetaService, run it, and perform actions without end
  post-log  send a file, or the standard input, to the task's log

Options:
  -c, --config FILE   configuration in YAML: entrypoint, env, shell, user, workdir
  --host HOST[:PORT]  where the MetaService is (default ` + defaultHost + `)
  -h, --help          show this text
`

const (
	defaultHost    = "169.254.169.254"
	runCommand     = "run"
	postLogCommand = "post-log"
)

// arguments holds the parsed arguments of the program.
type arguments struct {
	command string // runCommand or postLogCommand
	config  string // path; empty when there is none
	host    string // HOST or HOST:PORT
	file    string // of post-log: a path, or "-" for the standard input
}

// parseArguments parses the program's arguments; options may stand before and after the command's name. The error is
// flag.ErrHelp when the arguments ask for help.
func parseArguments(args []string) (arguments, error) {
	parsed := arguments{command: runCommand}
	flags := flag.NewFlagSet("guest-tools", flag.ContinueOnError)
	flags.SetOutput(io.Discard) // the caller shows the error and the usage
	flags.StringVar(&parsed.config, "c", "", "")
	flags.StringVar(&parsed.config, "config", "", "")
	flags.StringVar(&parsed.host, "host", defaultHost, "")

	if err := flags.Parse(args); err != nil {
		return arguments{}, err
	}
	if flags.NArg() > 0 {
		parsed.command = flags.Arg(0)
		if err := flags.Parse(flags.Args()[1:]); err != nil {
			return arguments{}, err
		}
	}
	address, err := url.Parse("http://" + parsed.host)
	if err != nil || address.Host != parsed.host || address.Hostname() == "" {
		return arguments{}, fmt.Errorf("%q is not HOST or HOST:PORT", parsed.host)
	}

	switch parsed.command {
	case runCommand:
		if flags.NArg() > 0 {
			return arguments{}, fmt.Errorf("unexpected argument %q", flags.Arg(0))
		}
	case postLogCommand:
		if flags.NArg() != 1 {
			return arguments{}, errors.New("post-log takes one file, or - for the standard input")
		}
		parsed.file = flags.Arg(0)
	default:
		return arguments{}, fmt.Errorf("unknown command %q", parsed.command)
	}
	return parsed, nil
}
