package metaservice

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"
)

// reply is the answer to an action. Each kind of action has its own form, and is answered by a method of Client.
func reply(method, id string, header http.Header) request {
	return request{method: method, endpoint: "reply?id=" + url.QueryEscape(id), header: header}
}

// PostFolderListing answers ListFolder with the JSON of a listing, with retries. When the service did get a reply that
// seemed to fail, it refuses the repeated one: that does no harm.
func (c *Client) PostFolderListing(ctx context.Context, id string, listing []byte) error {
	header := http.Header{"Content-Type": {"application/json"}} // the service refuses a listing without
	return c.exchangeRepeatedly(ctx, reply(http.MethodPost, id, header), listing, anyReply)
}

// PostKilled answers KillProcess, with retries.
func (c *Client) PostKilled(ctx context.Context, id string) error {
	return c.exchangeRepeatedly(ctx, reply(http.MethodPost, id, nil), nil, anyReply)
}

// PostNoArtifact answers GetArtifact when there is no file that could be sent, with retries.
func (c *Client) PostNoArtifact(ctx context.Context, id string) error {
	header := http.Header{"X-Taskcluster-Worker-Error": {"file-not-found"}}
	return c.exchangeRepeatedly(ctx, reply(http.MethodPost, id, header), nil, anyReply)
}

// PostArtifact answers GetArtifact with a file's content. Its size is sent in advance unless it is negative; then the
// content must have as many bytes, or the request is interrupted. It is one request, never repeated: the service may ask
// again. It may last for as long as it makes progress.
//
// The content may still be read from for a moment after PostArtifact has returned.
func (c *Client) PostArtifact(ctx context.Context, id string, content io.Reader, size int64) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var stalled atomic.Bool
	alarm := time.AfterFunc(c.limits.Artifact, func() {
		stalled.Store(true)
		cancel()
	})
	defer alarm.Stop()
	if size < 0 {
		size = unknownSize
	}
	_, err := c.exchange(ctx, reply(http.MethodPost, id, nil), watched{content, alarm, c.limits.Artifact}, size)
	if stalled.Load() {
		return fmt.Errorf("the artifact made no progress for %s", c.limits.Artifact)
	}
	return err
}

// watched puts an alarm off with each read: the next one comes when the last one's bytes have left.
type watched struct {
	io.Reader
	alarm *time.Timer
	pause time.Duration
}

func (w watched) Read(block []byte) (int, error) {
	w.alarm.Reset(w.pause)
	return w.Reader.Read(block)
}
