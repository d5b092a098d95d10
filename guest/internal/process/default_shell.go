package process

import (
	"os"
	"path/filepath"
	"strings"

	"tinsmith/guest/internal/config"
)

// DefaultShell is what runs for a shell, or a task without an entrypoint, that is given no command: what the configuration says, else the
// login shell of the user it runs as, else sh.
func DefaultShell(configuration config.Config) []string {
	if len(configuration.Shell) > 0 {
		return configuration.Shell
	}
	owner, err := findUser(configuration.User)
	if err != nil {
		return []string{"sh"}
	}
	users, err := os.ReadFile("/etc/passwd")
	if err != nil {
		return []string{"sh"}
	}
	return []string{loginShell(string(users), owner.Username)}
}

// loginShell reads a user's login shell from the text of /etc/passwd. It is sh when that names none, or a program that
// refuses logins.
func loginShell(users, name string) string {
	for _, line := range strings.Split(users, "\n") {
		fields := strings.Split(line, ":")
		if len(fields) < 7 || fields[0] != name {
			continue
		}
		switch shell := fields[6]; filepath.Base(shell) {
		case ".", "nologin", "false", "true", "sync": // Base("") is "."
		default:
			return shell
		}
	}
	return "sh"
}
