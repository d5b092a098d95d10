package process

import (
	"io"
	"os"
	"os/exec"
	"time"

	"tinsmith/guest/internal/limits"
)

// Process is a command that runs as the leader of a session of its own, on a terminal or on pipes.
type Process struct {
	// Input is what the command reads; nil for a task without a terminal, which finds it empty.
	Input *os.File
	// Output and Errors are what it prints; Errors is nil when Output has both.
	Output, Errors *Output

	command  *exec.Cmd
	terminal *os.File // nil with pipes
	limits   limits.Limits
	ended    chan struct{} // closed when the command has ended
	failure  error         // set before that
}

// StartTask starts a task's command without input, and with one pipe for its output and errors. The caller must Wait for
// it.
func StartTask(command *exec.Cmd, limits limits.Limits) (*Process, error) {
	return startOnPipe(command, limits)
}

// StartTerminalTask is StartTask on a new terminal.
func StartTerminalTask(command *exec.Cmd, limits limits.Limits) (*Process, error) {
	return startOnTerminal(command, nil, false, limits)
}

// StartShell starts an interactive shell's command, on three pipes. KillTasks spares it. The caller must Close it.
func StartShell(command *exec.Cmd, limits limits.Limits) (*Process, error) {
	return startOnPipes(command, true, limits)
}

// StartTerminalShell is StartShell on a new terminal, whose size may be nil for the kernel's default.
func StartTerminalShell(command *exec.Cmd, size *Size, limits limits.Limits) (*Process, error) {
	return startOnTerminal(command, size, true, limits)
}

// start starts a command on files that were prepared for it, and watches for its end.
func (p *Process) start(isShell bool) error {
	p.command.SysProcAttr.Setsid = true
	if err := ours.start(p.command, isShell); err != nil {
		return err
	}
	p.ended = make(chan struct{})
	if p.terminal != nil {
		p.Output.ended, p.Output.quiet, p.Output.rest = p.ended, p.limits.OutputQuiet, p.limits.OutputRest
	}
	go func() {
		p.failure = ours.wait(p.command)
		if p.terminal != nil {
			p.terminal.SetReadDeadline(time.Now()) // before ended is closed: Output then sets deadlines of its own
		}
		close(p.ended)
	}()
	return nil
}

func (p *Process) outputs() []*Output {
	if p.Errors == nil {
		return []*Output{p.Output}
	}
	return []*Output{p.Output, p.Errors}
}

// Ended waits until the command has ended. It returns nil when that exited with status 0, else an *exec.ExitError. There
// may be output still to be read.
func (p *Process) Ended() error {
	<-p.ended
	return p.failure
}

// Wait copies the output to its end, and closes the process. The error is that of Ended.
func (p *Process) Wait(output io.Writer) error {
	defer p.Close()
	_, _ = io.Copy(output, p.Output)
	return p.Ended()
}

// Close closes the files that lead to the command, whether it has ended or not; reads and writes under way return. On
// a terminal, that hangs up.
func (p *Process) Close() {
	p.Input.Close()
	for _, output := range p.outputs() {
		output.file.Close()
	}
}
