// Package process starts the commands that run inside the guest: as which user, where, with which environment.
package process

import (
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"strconv"
	"syscall"

	"tinsmith/guest/internal/config"
)

// NewCommand prepares a command, given as a program and its arguments, with the configuration's settings. The
// environment is the tools' own, then the configuration's, then the given one: a later value replaces an earlier one.
func NewCommand(configuration config.Config, arguments []string, environment map[string]string) (*exec.Cmd, error) {
	owner, err := findUser(configuration.User)
	if err != nil {
		return nil, err
	}
	credential, err := credentialOf(owner)
	if err != nil {
		return nil, err
	}

	command := exec.Command(arguments[0], arguments[1:]...)
	command.SysProcAttr = &syscall.SysProcAttr{Credential: credential}
	command.Dir = configuration.Workdir
	if command.Dir == "" {
		command.Dir = owner.HomeDir
	}
	// Start's own error would name the program, as if that were missing.
	if _, err := os.Stat(command.Dir); err != nil {
		return nil, fmt.Errorf("working folder: %w", err)
	}
	command.Env = command.Environ()
	for _, layer := range []map[string]string{configuration.Env, environment} {
		for name, value := range layer {
			command.Env = append(command.Env, name+"="+value)
		}
	}
	return command, nil
}

// findUser looks a user up; no name means the one who runs the tools.
func findUser(name string) (*user.User, error) {
	if name == "" {
		return user.Current()
	}
	owner, err := user.Lookup(name)
	if err != nil {
		return nil, fmt.Errorf("user %q of the guest tools' configuration was not found: %w", name, err)
	}
	return owner, nil
}

// credentialOf returns what makes a process run as a user with all its groups; nil when the tools run as that user.
func credentialOf(owner *user.User) (*syscall.Credential, error) {
	if owner.Uid == strconv.Itoa(os.Getuid()) {
		return nil, nil
	}
	if os.Getuid() != 0 {
		return nil, fmt.Errorf("only root can start a command as user %q", owner.Username)
	}
	identifier, err := parseIdentifier(owner.Uid)
	if err != nil {
		return nil, err
	}
	group, err := parseIdentifier(owner.Gid)
	if err != nil {
		return nil, err
	}
	groupNames, err := owner.GroupIds()
	if err != nil {
		return nil, err
	}
	credential := &syscall.Credential{Uid: identifier, Gid: group}
	for _, name := range groupNames {
		group, err := parseIdentifier(name)
		if err != nil {
			return nil, err
		}
		credential.Groups = append(credential.Groups, group)
	}
	return credential, nil
}

// giveTo makes files belong to the user whom a command runs as, or that user's programs can't open them: by their
// terminal's name, or as /dev/stdout.
func giveTo(command *exec.Cmd, files ...*os.File) error {
	owner := command.SysProcAttr.Credential
	if owner == nil {
		return nil
	}
	for _, file := range files {
		if err := file.Chown(int(owner.Uid), -1); err != nil {
			return err
		}
	}
	return nil
}

func parseIdentifier(text string) (uint32, error) {
	number, err := strconv.ParseUint(text, 10, 32)
	return uint32(number), err
}
