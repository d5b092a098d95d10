package main

import (
	"context"
	"io"
	"os"

	"tinsmith/guest/internal/limits"
	"tinsmith/guest/internal/metaservice"
	"tinsmith/guest/internal/tasklog"
)

// postLog sends a file, or the standard input when the path is "-", to the task's log. It returns an error unless the
// service took every byte.
func postLog(path string, stdin io.Reader, client *metaservice.Client, limits limits.Limits) error {
	content := stdin
	if path != "-" {
		file, err := os.Open(path)
		if err != nil {
			return err
		}
		defer file.Close()
		content = file
	}
	taskLog := tasklog.Open(context.Background(), client, "\n", limits)
	_, readError := io.Copy(taskLog, content)
	if err := taskLog.Close(); err != nil {
		return err
	}
	return readError
}
