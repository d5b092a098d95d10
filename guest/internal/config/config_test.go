package config

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

func load(t *testing.T, text string) (Config, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "guest-tools.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return Load(path)
}

func TestEveryKeyIsRead(t *testing.T) {
	got, err := load(t, `
entrypoint: [nice, -n, "5"]
env: {LANG: C.UTF-8, JOBS: 2}
shell: [/bin/ash]
user: worker
workdir: /srv
`)
	want := Config{
		Entrypoint: []string{"nice", "-n", "5"},
		Env:        map[string]string{"LANG": "C.UTF-8", "JOBS": "2"},
		Shell:      []string{"/bin/ash"},
		User:       "worker",
		Workdir:    "/srv",
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Fatalf("got %+v, %v", got, err)
	}
}

func TestAnEmptyFileChangesNothing(t *testing.T) {
	got, err := load(t, "# nothing yet\n")
	if err != nil || !reflect.DeepEqual(got, Config{}) {
		t.Fatalf("got %+v, %v", got, err)
	}
}

func TestAMisspeltKeyIsAnErrorThatNamesFileAndKey(t *testing.T) {
	_, err := load(t, "usr: worker\n")
	if err == nil || !strings.Contains(err.Error(), "guest-tools.yaml") || !strings.Contains(err.Error(), "usr") {
		t.Fatalf("got %v", err)
	}
}

func TestAMissingFileIsAnErrorThatNamesIt(t *testing.T) {
	_, err := Load("/nowhere/guest-tools.yaml")
	if err == nil || !strings.Contains(err.Error(), "/nowhere/guest-tools.yaml") {
		t.Fatalf("got %v", err)
	}
}
