package process

import (
	"fmt"
	"os"
	"os/exec"
	"syscall"

	"golang.org/x/sys/unix"

	"tinsmith/guest/internal/limits"
)

// Size is that of a terminal, in characters.
type Size struct {
	Columns, Rows uint16
}

// startOnTerminal starts a command on a new terminal, whose size may be nil for the kernel's default.
func startOnTerminal(command *exec.Cmd, size *Size, isShell bool, limits limits.Limits) (*Process, error) {
	terminal, device, err := openTerminal()
	if err != nil {
		return nil, fmt.Errorf("no terminal: %w", err)
	}
	defer device.Close()
	p := &Process{
		Input:    terminal,
		Output:   &Output{file: terminal},
		command:  command,
		terminal: terminal,
		limits:   limits,
	}
	err = giveTo(command, device)
	if err == nil && size != nil {
		err = p.Resize(*size)
	}
	if err == nil {
		command.Stdin, command.Stdout, command.Stderr = device, device, device
		command.SysProcAttr.Setctty = true
		err = p.start(isShell)
	}
	if err != nil {
		terminal.Close()
		return nil, err
	}
	return p, nil
}

// Resize changes the size of the command's terminal, which the command notices; without a terminal nothing happens.
func (p *Process) Resize(size Size) error {
	if p.terminal == nil {
		return nil
	}
	window := unix.Winsize{Col: size.Columns, Row: size.Rows}
	return control(p.terminal, func(descriptor int) error {
		return unix.IoctlSetWinsize(descriptor, unix.TIOCSWINSZ, &window)
	})
}

// openTerminal makes a new pseudo-terminal with the kernel's default modes. The caller closes both ends: the master,
// which shows the output and whose reads can have a deadline, and the device, on which a command runs.
func openTerminal() (master, device *os.File, err error) {
	master, err = os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		return nil, nil, err
	}
	number := 0
	err = control(master, func(descriptor int) (err error) {
		if err = unix.IoctlSetPointerInt(descriptor, unix.TIOCSPTLCK, 0); err == nil { // it is made locked
			number, err = unix.IoctlGetInt(descriptor, unix.TIOCGPTN)
		}
		return err
	})
	if err == nil {
		device, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|syscall.O_NOCTTY, 0)
	}
	if err != nil {
		master.Close()
		return nil, nil, err
	}
	return master, device, nil
}

// control does something with a file's descriptor. Fd() would put the file into blocking mode, where deadlines don't
// work.
func control(file *os.File, do func(descriptor int) error) error {
	connection, err := file.SyscallConn()
	if err != nil {
		return err
	}
	var failure error
	err = connection.Control(func(descriptor uintptr) { failure = do(int(descriptor)) })
	if err != nil {
		return err
	}
	return failure
}
