package process

import (
	"fmt"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// openTerminal makes a new pseudo-terminal with the kernel's default modes. The caller closes both ends: the master,
// which shows what is printed and whose reads can be given a deadline, and the device, on which a command runs.
func openTerminal() (master, device *os.File, err error) {
	master, err = os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		return nil, nil, err
	}
	number, err := unlockTerminal(master)
	if err == nil {
		device, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|syscall.O_NOCTTY, 0)
	}
	if err != nil {
		master.Close()
		return nil, nil, err
	}
	return master, device, nil
}

// unlockTerminal makes a terminal's device ready to be opened, and returns the device's number.
func unlockTerminal(master *os.File) (number int, err error) {
	// Not by Fd(), which would put the file into blocking mode, where deadlines don't work.
	connection, err := master.SyscallConn()
	if err != nil {
		return 0, err
	}
	controlError := connection.Control(func(descriptor uintptr) {
		if err = unix.IoctlSetPointerInt(int(descriptor), unix.TIOCSPTLCK, 0); err == nil {
			number, err = unix.IoctlGetInt(int(descriptor), unix.TIOCGPTN)
		}
	})
	if controlError != nil {
		return 0, controlError
	}
	return number, err
}
