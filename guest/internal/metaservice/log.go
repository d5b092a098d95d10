package metaservice

import (
	"context"
	"io"
	"net/http"
)

// PostLog streams bytes to the task's log until they end, and returns when the service has answered. It is one
// request, without a time limit and never repeated.
//
// The content is read once more after a block only when that block was written to the connection. It may still be
// read from for a moment after PostLog has returned, when the service answered before the content's end.
func (c *Client) PostLog(ctx context.Context, content io.Reader) error {
	_, err := c.exchange(ctx, request{method: http.MethodPost, endpoint: "log"}, content, unknownSize)
	return err
}
