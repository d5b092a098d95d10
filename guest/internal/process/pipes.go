package process

import (
	"os"
	"os/exec"

	"tinsmith/guest/internal/limits"
)

// startOnPipes starts a command whose standard files are three pipes.
func startOnPipes(command *exec.Cmd, isShell bool, limits limits.Limits) (*Process, error) {
	var theirs, mine [3]*os.File
	defer closeAll(theirs[:])
	for number := range theirs {
		reader, writer, err := os.Pipe()
		if err != nil {
			closeAll(mine[:])
			return nil, err
		}
		theirs[number], mine[number] = writer, reader
		if number == 0 {
			theirs[number], mine[number] = reader, writer
		}
	}
	p := &Process{
		Input:   mine[0],
		Output:  &Output{file: mine[1]},
		Errors:  &Output{file: mine[2]},
		command: command,
		limits:  limits,
	}
	err := giveTo(command, theirs[:]...)
	if err == nil {
		command.Stdin, command.Stdout, command.Stderr = theirs[0], theirs[1], theirs[2]
		err = p.start(isShell)
	}
	if err != nil {
		closeAll(mine[:])
		return nil, err
	}
	return p, nil
}

// startOnPipe starts a task's command whose output and errors are one pipe, and whose input is empty.
func startOnPipe(command *exec.Cmd, limits limits.Limits) (*Process, error) {
	mine, theirs, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer theirs.Close()
	p := &Process{Output: &Output{file: mine}, command: command, limits: limits}
	err = giveTo(command, theirs)
	if err == nil {
		command.Stdout, command.Stderr = theirs, theirs
		err = p.start(false)
	}
	if err != nil {
		mine.Close()
		return nil, err
	}
	return p, nil
}

func closeAll(files []*os.File) {
	for _, file := range files {
		file.Close() // fails for a file that is nil, which does no harm
	}
}
