// Package metaservice is the guest's side of the MetaService protocol: HTTP requests with JSON replies.
package metaservice

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"

	"tinsmith/guest/internal/limits"
)

// Client talks to one MetaService. Its methods may be called concurrently.
type Client struct {
	host   string // HOST or HOST:PORT
	limits limits.Limits
	dialer *net.Dialer
	http   *http.Client
}

// basePath is where the endpoints are.
const basePath = "/engine/v1/"

// New returns a client for the service at a host, given as HOST or HOST:PORT.
func New(host string, limits limits.Limits) *Client {
	dialer := &net.Dialer{Timeout: limits.Request}
	return &Client{
		host:   host,
		limits: limits,
		dialer: dialer,
		http: &http.Client{
			// No Proxy: the service is on the guest's own network, for which the environment's proxies are not meant.
			Transport: &http.Transport{
				DialContext: dialer.DialContext,
				// A kept connection would hold a relay process on the host, and fail the next request if that ended.
				DisableKeepAlives: true,
			},
			// The protocol has no redirects: a reply that is one counts as refused.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
}

// request is a request to the service, without its body.
type request struct {
	method   string
	endpoint string
	header   http.Header // may be nil
}

// unknownSize is that of a body which is sent in chunks, until it ends.
const unknownSize = -1

// exchange sends one request and returns the reply's body. A request whose body ends before its size is interrupted. The
// error is a *StatusError when the service answered with another status than 2xx.
func (c *Client) exchange(ctx context.Context, what request, body io.Reader, size int64) ([]byte, error) {
	sent, err := http.NewRequestWithContext(ctx, what.method, "http://"+c.host+basePath+what.endpoint, body)
	if err != nil {
		return nil, err
	}
	if what.header != nil {
		sent.Header = what.header
	}
	sent.ContentLength = size
	if size == 0 {
		sent.Body = http.NoBody // to net/http, a size of 0 with any other body means unknown
	}
	response, err := c.http.Do(sent)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	reply, err := io.ReadAll(io.LimitReader(response.Body, c.limits.Reply+1))
	if err != nil {
		return nil, err
	}
	if response.StatusCode < 200 || response.StatusCode > 299 {
		return nil, newStatusError(what, response, reply)
	}
	if int64(len(reply)) > c.limits.Reply {
		return nil, fmt.Errorf("%s %s: the reply has more than %d bytes", what.method, what.endpoint, c.limits.Reply)
	}
	return reply, nil
}

// decode reads a reply of JSON.
func decode(endpoint string, reply []byte, result any) error {
	if err := json.Unmarshal(reply, result); err != nil {
		return fmt.Errorf("the reply to %s makes no sense: %w", endpoint, err)
	}
	return nil
}
