package files_test

import (
	"io"
	"math/rand"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"tinsmith/guest/internal/files"
	"tinsmith/guest/internal/limits"
	"tinsmith/guest/internal/servicetest"
)

func write(t *testing.T, path string, content []byte) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func randomBytes(size int) []byte {
	content := make([]byte, size)
	rand.New(rand.NewSource(1)).Read(content)
	return content
}

func openArtifact(t *testing.T, path string) *files.Artifact {
	t.Helper()
	artifact, err := files.OpenArtifact(path, limits.Default())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(artifact.Close)
	return artifact
}

func TestAFileIsReadWithItsSize(t *testing.T) {
	start := limits.Default().ArtifactStart
	for _, size := range []int{0, 1, start - 1, start, start + 1, 3_000_000} {
		content := randomBytes(size)
		artifact := openArtifact(t, write(t, filepath.Join(t.TempDir(), "file"), content))
		got, err := io.ReadAll(artifact)
		if err != nil || string(got) != string(content) || artifact.Size != int64(size) {
			t.Errorf("%d bytes: got %d of %d, %v", size, len(got), artifact.Size, err)
		}
	}
}

func TestAFileThatGrowsIsReadAsFarAsItWasWhenOpened(t *testing.T) {
	for _, size := range []int{10, 1_000_000} {
		content := randomBytes(size)
		path := write(t, filepath.Join(t.TempDir(), "file"), content)
		artifact := openArtifact(t, path)
		write(t, path, append(content, content...))
		if got, err := io.ReadAll(artifact); err != nil || string(got) != string(content) || artifact.Size != int64(size) {
			t.Errorf("%d bytes: got %d of %d, %v", size, len(got), artifact.Size, err)
		}
	}
}

func TestAFileThatShrinksEndsBeforeItsSize(t *testing.T) {
	path := write(t, filepath.Join(t.TempDir(), "file"), randomBytes(1_000_000))
	artifact := openArtifact(t, path)
	if err := os.Truncate(path, 500_000); err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(artifact); err != nil || len(got) != 500_000 || artifact.Size != 1_000_000 {
		t.Fatalf("got %d of %d, %v", len(got), artifact.Size, err)
	}
}

// The kernel makes these up as they are read, and says that they have 0 or 4,096 bytes.
func TestAFileWhoseSizeIsMadeUpIsReadWhole(t *testing.T) {
	for _, path := range []string{"/proc/version", "/sys/kernel/mm/transparent_hugepage/enabled"} {
		want, err := os.ReadFile(path)
		if os.IsNotExist(err) {
			continue
		}
		artifact := openArtifact(t, path)
		got, err := io.ReadAll(artifact)
		if err != nil || len(want) == 0 || string(got) != string(want) || artifact.Size != int64(len(want)) {
			t.Errorf("%s: got %q, %d, %v", path, got, artifact.Size, err)
		}
	}
	const symbols = "/proc/kallsyms" // some 10 MB
	if _, err := os.Stat(symbols); err != nil {
		return
	}
	large := openArtifact(t, symbols)
	got, err := io.ReadAll(large)
	if err != nil || len(got) < limits.Default().ArtifactStart || large.Size >= 0 {
		t.Errorf("got %d of %d, %v", len(got), large.Size, err)
	}
}

func TestALinkToAFileIsThatFile(t *testing.T) {
	folder := t.TempDir()
	write(t, filepath.Join(folder, "file"), []byte("content"))
	if err := os.Symlink("file", filepath.Join(folder, "link")); err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(openArtifact(t, filepath.Join(folder, "link"))); err != nil || string(got) != "content" {
		t.Fatalf("got %q, %v", got, err)
	}
}

func TestWhatIsNotAPlainFileIsAnErrorAtOnce(t *testing.T) {
	folder := t.TempDir()
	fifo := filepath.Join(folder, "fifo")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	loop := filepath.Join(folder, "loop")
	if err := os.Symlink("loop", loop); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"", folder, fifo, loop, "/dev/zero", "/dev/tty", folder + "/none", "/etc/passwd/below"} {
		if artifact, err := files.OpenArtifact(path, limits.Default()); err == nil {
			artifact.Close()
			t.Errorf("%q was opened", path)
		}
	}
}

// Nothing has to happen in the kernel while this is read.
func TestAFileThatWaitsForSomethingToHappenIsAnErrorAfterAWhile(t *testing.T) {
	limits := limits.Default()
	limits.Artifact = 100 * time.Millisecond
	limits.ArtifactStart = 16 << 20 // more than the kernel holds of it
	ended := make(chan error)
	go func() {
		artifact, err := files.OpenArtifact("/proc/kmsg", limits)
		if err == nil {
			artifact.Close()
		}
		ended <- err
	}()
	select {
	case err := <-ended:
		if err == nil {
			t.Fatal("it has an end")
		}
	case <-time.After(servicetest.Patience):
		t.Fatal("it is waited for")
	}
}
