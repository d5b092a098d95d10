// Package tasklog sends a log to the MetaService while it is being written.
package tasklog

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
	"sync/atomic"

	"tinsmith/guest/internal/limits"
	"tinsmith/guest/internal/metaservice"
)

// Stream is a log on its way to the service. Bytes written to it wait in a bounded buffer. When the connection
// breaks, the log continues in a new request, after a line that says so.
type Stream struct {
	client  *metaservice.Client
	lineEnd string
	retry   limits.Backoff
	buffer  *buffer
	sent    chan error // one value: how the sending ended
	written atomic.Int64
}

// Open starts a log in which lines end as told. The caller must Close it.
func Open(ctx context.Context, client *metaservice.Client, lineEnd string, limits limits.Limits) *Stream {
	s := &Stream{
		client:  client,
		lineEnd: lineEnd,
		retry:   limits.Retry,
		buffer:  newBuffer(limits.LogBuffer),
		sent:    make(chan error, 1),
	}
	go func() { s.sent <- s.send(ctx) }()
	return s
}

// Write takes bytes for the log, waiting while the buffer is full. It never fails: when the log can't be sent its
// bytes are thrown away, and Close tells why.
func (s *Stream) Write(bytes []byte) (int, error) {
	s.written.Add(int64(len(bytes)))
	s.buffer.write(bytes)
	return len(bytes), nil
}

// Close ends the log and waits until it was sent. It returns an error unless the service took every byte.
func (s *Stream) Close() error {
	s.buffer.close()
	return <-s.sent
}

// Written is how many bytes were written to the log.
func (s *Stream) Written() int64 {
	return s.written.Load()
}

// send posts the log until the service has taken its end, or there is no hope: while the log is being written, it may
// always come back.
func (s *Stream) send(ctx context.Context) error {
	var gap error // why the log may lack bytes, or hold some twice
	notice := ""
	failures := 0 // in a row since the log's end was written
	for retry := 0; ; retry++ {
		rest := &reader{buffer: s.buffer}
		err := s.post(ctx, notice, rest)
		if err == nil {
			return gap
		}
		if rest.advanced {
			retry, failures = 0, 0
		}
		if s.buffer.isClosed() {
			failures++
		}
		if metaservice.IsFinal(err) || failures > s.retry.Retries {
			s.buffer.drop()
			return fmt.Errorf("the log could not be sent: %w", err)
		}
		if rest.started || gap != nil {
			gap = fmt.Errorf("the log stream broke: %w", err)
			notice = fmt.Sprintf("%s[guest-tools] %v; it goes on here, lines may be missing or doubled%s", s.lineEnd, gap, s.lineEnd)
		}
		if s.retry.Wait(ctx, retry) != nil {
			s.buffer.drop()
			return err
		}
	}
}

// post makes one request of a notice and the rest of the log. No error means that the service took it to its end.
func (s *Stream) post(ctx context.Context, notice string, rest *reader) error {
	err := s.client.PostLog(ctx, io.MultiReader(strings.NewReader(notice), rest))
	rest.revoke()
	if err == nil && !rest.finished {
		return errors.New("the service ended it early")
	}
	var failure *url.Error
	if errors.As(err, &failure) {
		return failure.Err // without the URL, which tells a reader of the log nothing
	}
	return err
}
