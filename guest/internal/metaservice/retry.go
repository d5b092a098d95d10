package metaservice

import (
	"bytes"
	"context"
	"errors"
	"net"
	"time"

	"tinsmith/guest/internal/limits"
)

// exchangeRepeatedly does an exchange within the limit for one try and with its retries. A reply that isn't accepted
// counts as one that broke off. The body may be nil.
func (c *Client) exchangeRepeatedly(ctx context.Context, what request, body []byte, accept func(reply []byte) error) error {
	began := time.Now()
	for retry := 0; ; {
		err := c.exchangeOnce(ctx, what, body, accept)
		if err == nil || IsFinal(err) {
			return err
		}
		var pause error
		if isUnreachable(err) && time.Since(began) < c.limits.Unreachable {
			pause = limits.Sleep(ctx, c.limits.UnreachablePause)
		} else if retry < c.limits.Retry.Retries {
			pause = c.limits.Retry.Wait(ctx, retry)
			retry++
		} else {
			return err
		}
		if pause != nil {
			return err
		}
	}
}

func (c *Client) exchangeOnce(ctx context.Context, what request, body []byte, accept func(reply []byte) error) error {
	ctx, cancel := context.WithTimeout(ctx, c.limits.Request)
	defer cancel()
	reply, err := c.exchange(ctx, what, bytes.NewReader(body), int64(len(body)))
	if err != nil {
		return err
	}
	return accept(reply)
}

// anyReply accepts a reply that says nothing but its status.
func anyReply([]byte) error { return nil }

// isUnreachable tells whether an error means that there was no connection: the network or the service isn't up.
func isUnreachable(err error) bool {
	var failure *net.OpError
	return errors.As(err, &failure) && failure.Op == "dial"
}
