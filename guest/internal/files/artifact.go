// Package files reads the guest's files for the service.
package files

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"syscall"
	"time"

	"tinsmith/guest/internal/limits"
)

// Artifact is a plain file that is about to be sent.
type Artifact struct {
	io.Reader
	// Size is how many bytes will be read, should the file not shrink meanwhile; negative when that isn't known.
	Size int64
	file *os.File
}

// OpenArtifact opens a file to be sent. Anything but a plain file is an error, and isn't opened: a device may act on
// that, and a pipe may never be written to. The caller must close the artifact.
func OpenArtifact(path string, limits limits.Limits) (*Artifact, error) {
	if err := requirePlain(os.Stat(path)); err != nil {
		return nil, err
	}
	// Non-blocking, should it have been replaced meanwhile.
	file, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK|syscall.O_NOCTTY, 0)
	if err != nil {
		return nil, err
	}
	artifact, err := readStart(file, limits)
	if err != nil {
		file.Close()
		return nil, err
	}
	return artifact, nil
}

func requirePlain(info os.FileInfo, err error) error {
	if err == nil && !info.Mode().IsRegular() {
		return fmt.Errorf("%s is not a plain file", info.Name())
	}
	return err
}

// readStart reads the first bytes of a file: one that can't be read shows here, while the service can still be told. And
// when it ends within them, its size is sure. That of a file in /proc or /sys is made up.
func readStart(file *os.File, limits limits.Limits) (*Artifact, error) {
	info, err := file.Stat()
	if err := requirePlain(info, err); err != nil {
		return nil, err
	}
	content := impatient{file, limits.Artifact}
	start := make([]byte, limits.ArtifactStart)
	count, err := io.ReadFull(content, start)
	artifact := &Artifact{Size: int64(count), file: file}
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		artifact.Reader = bytes.NewReader(start[:count])
		return artifact, nil
	}
	if err != nil {
		return nil, err
	}
	artifact.Reader = io.MultiReader(bytes.NewReader(start), content)
	if info.Size() < int64(count) {
		artifact.Size = -1
	} else {
		artifact.Size = info.Size()
		artifact.Reader = io.LimitReader(artifact.Reader, artifact.Size) // it may grow while it is sent
	}
	return artifact, nil
}

// Close closes the file.
func (a *Artifact) Close() {
	a.file.Close()
}

// impatient reads a file, but doesn't wait without end: a few of /proc wait for something to happen.
type impatient struct {
	file     *os.File
	patience time.Duration
}

func (i impatient) Read(block []byte) (int, error) {
	_ = i.file.SetReadDeadline(time.Now().Add(i.patience)) // it fails for files that never wait
	return i.file.Read(block)
}
