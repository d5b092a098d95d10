package process

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"time"

	"tinsmith/guest/internal/limits"
)

// Process is a command that runs on a terminal of its own.
type Process struct {
	command  *exec.Cmd
	terminal *os.File
	limits   limits.Limits
}

// Start starts a command on a new terminal, as the leader of a new session. The caller must Wait for it.
func Start(command *exec.Cmd, limits limits.Limits) (*Process, error) {
	terminal, device, err := openTerminal()
	if err != nil {
		return nil, fmt.Errorf("no terminal: %w", err)
	}
	defer device.Close()
	if owner := command.SysProcAttr.Credential; owner != nil {
		err = device.Chown(int(owner.Uid), -1) // as login does, or the user's programs can't open their terminal
	}
	if err == nil {
		command.Stdin, command.Stdout, command.Stderr = device, device, device
		command.SysProcAttr.Setsid, command.SysProcAttr.Setctty = true, true
		err = command.Start()
	}
	if err != nil {
		terminal.Close()
		return nil, err
	}
	return &Process{command: command, terminal: terminal, limits: limits}, nil
}

// Wait copies what is printed on the terminal until the command has ended, and closes the terminal. It returns nil
// when the command exited with status 0, else an *exec.ExitError.
func (p *Process) Wait(output io.Writer) error {
	defer p.terminal.Close()
	ended := make(chan error)
	go func() {
		err := p.command.Wait()
		p.terminal.SetReadDeadline(time.Now())
		ended <- err
	}()
	// Ends by that deadline, or before it when the last process has closed the terminal: neither is an error.
	_, _ = io.Copy(output, p.terminal)
	err := <-ended
	p.copyRest(output)
	return err
}

// copyRest copies what the ended command has left in the terminal. It can't just wait for the terminal's end: a
// process that the command left behind may keep it open.
func (p *Process) copyRest(output io.Writer) {
	block := make([]byte, 32<<10)
	for rest := p.limits.TerminalRest; rest > 0; {
		p.terminal.SetReadDeadline(time.Now().Add(p.limits.TerminalQuiet))
		count, err := p.terminal.Read(block)
		if err != nil {
			return
		}
		_, _ = output.Write(block[:count])
		rest -= count
	}
}
