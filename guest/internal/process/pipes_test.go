package process_test

import (
	"io"
	"os"
	"testing"
	"time"

	"tinsmith/guest/internal/config"
	"tinsmith/guest/internal/limits"
	"tinsmith/guest/internal/process"
	"tinsmith/guest/internal/servicetest"
)

func startPipes(t *testing.T, config config.Config, script string) *process.Process {
	t.Helper()
	command, err := process.NewCommand(config, []string{"sh", "-c", script}, nil)
	if err != nil {
		t.Fatal(err)
	}
	started, err := process.StartShell(command, limits.Default())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(started.Close)
	return started
}

// readBoth reads what a command on pipes prints, to its end.
func readBoth(t *testing.T, started *process.Process) (output, errors string) {
	t.Helper()
	first, _ := io.ReadAll(started.Output)
	second, _ := io.ReadAll(started.Errors)
	return string(first), string(second)
}

func TestPipesAreThreeFilesAndNoTerminal(t *testing.T) {
	started := startPipes(t, config.Config{}, "cat; echo err >&2; tty </dev/tty")
	io.WriteString(started.Input, "in")
	started.Input.Close()
	output, errors := readBoth(t, started)
	if output != "in" || len(errors) < len("err\n") || errors[:4] != "err\n" || started.Ended() == nil {
		t.Fatalf("got %q and %q", output, errors)
	}
}

func TestWhatIsPrintedOnAPipeAfterTheCommandsEndIsReadToo(t *testing.T) {
	started := startPipes(t, config.Config{}, "(sleep 1; echo late; echo bad >&2) & echo early; exit 3")
	if started.Ended() == nil {
		t.Error("the exit status was lost")
	}
	if output, errors := readBoth(t, started); output != "early\nlate\n" || errors != "bad\n" {
		t.Fatalf("got %q and %q", output, errors)
	}
}

func TestWhatIsReadLateIsThereStill(t *testing.T) {
	started := startPipes(t, config.Config{}, "seq 10000; exit 4")
	started.Ended()
	output, _ := readBoth(t, started)
	if len(output) != 48894 {
		t.Fatalf("got %d bytes", len(output))
	}
}

func TestClosingAProcessEndsReadsAndWritesUnderWay(t *testing.T) {
	started := startPipes(t, config.Config{}, "exec sleep 60")
	ended := make(chan struct{}, 2)
	go func() {
		io.Copy(io.Discard, started.Output)
		ended <- struct{}{}
	}()
	go func() {
		started.Input.Write(make([]byte, 1<<20))
		ended <- struct{}{}
	}()
	servicetest.LetTimePass(20 * time.Millisecond) // both wait by then
	started.Close()
	<-ended
	<-ended
	if err := started.Kill(); err != nil {
		t.Fatal(err)
	}
}

func TestAnotherUserCanOpenTheirPipesByName(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root can start a command as another user")
	}
	configuration := config.Config{User: "nobody", Workdir: "/"}
	started := startPipes(t, configuration, "id -un >/dev/stdout; cat /dev/stdin >/dev/stderr")
	io.WriteString(started.Input, "in")
	started.Input.Close()
	if output, errors := readBoth(t, started); output != "nobody\n" || errors != "in" {
		t.Fatalf("got %q and %q", output, errors)
	}
}

func TestATerminalStartsWithItsSize(t *testing.T) {
	command, err := process.NewCommand(config.Config{}, []string{"stty", "size"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	started, err := process.StartTerminalShell(command, &process.Size{Columns: 300, Rows: 7}, limits.Default())
	if err != nil {
		t.Fatal(err)
	}
	defer started.Close()
	if output, _ := io.ReadAll(started.Output); string(output) != "7 300\r\n" {
		t.Fatalf("got %q", output)
	}
}
