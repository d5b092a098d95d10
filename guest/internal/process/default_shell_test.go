package process

import (
	"os/exec"
	"reflect"
	"testing"

	"tinsmith/guest/internal/config"
)

func TestTheLoginShellIsThatOfTheUsersLine(t *testing.T) {
	const users = "root:x:0:0:root:/root:/bin/bash\n" +
		"roo:x:1:1::/:/bin/ash\nhalf:x:2:2\nempty:x:3:3::/:\nnobody:x:4:4::/:/usr/sbin/nologin\nno:x:5:5::/:/bin/false\n"
	for name, want := range map[string]string{
		"root": "/bin/bash", "roo": "/bin/ash", "half": "sh", "empty": "sh", "nobody": "sh", "no": "sh", "missing": "sh",
	} {
		if got := loginShell(users, name); got != want {
			t.Errorf("%s: got %s, expected %s", name, got, want)
		}
	}
}

func TestTheDefaultShellIsTheConfiguredOneOrOneThatCanBeRun(t *testing.T) {
	configured := []string{"bash", "--norc"}
	if got := DefaultShell(config.Config{Shell: configured}); !reflect.DeepEqual(got, configured) {
		t.Errorf("got %q", got)
	}
	for _, user := range []string{"", "no-such-user"} {
		if got := DefaultShell(config.Config{User: user}); len(got) != 1 {
			t.Errorf("user %q: got %q", user, got)
		} else if _, err := exec.LookPath(got[0]); err != nil {
			t.Errorf("user %q: %v", user, err)
		}
	}
}
