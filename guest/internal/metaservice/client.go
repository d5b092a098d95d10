// Package metaservice is the guest's side of the MetaService protocol: HTTP requests with JSON replies.
package metaservice

import (
	"context"
	"io"
	"net"
	"net/http"

	"tinsmith/guest/internal/limits"
)

// Client talks to one MetaService. Its methods may be called concurrently.
type Client struct {
	base   string // URL of the endpoints, ending in a slash
	limits limits.Limits
	http   *http.Client
}

// New returns a client for the service at a host, given as HOST or HOST:PORT.
func New(host string, limits limits.Limits) *Client {
	dialer := &net.Dialer{Timeout: limits.Request}
	return &Client{
		base:   "http://" + host + "/engine/v1/",
		limits: limits,
		http: &http.Client{
			// No Proxy: the service is on the guest's own network, whatever the environment says of the world.
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

// exchange sends one request and returns the reply's body. The error is a *StatusError when the service answered with
// another status than 2xx.
func (c *Client) exchange(ctx context.Context, method, endpoint string, body io.Reader) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, method, c.base+endpoint, body)
	if err != nil {
		return nil, err
	}
	response, err := c.http.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	reply, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	if response.StatusCode < 200 || response.StatusCode > 299 {
		return nil, newStatusError(method, endpoint, response, reply)
	}
	return reply, nil
}

// exchangeRepeatedly does an exchange without a request body, within the limit for one try and with its retries. A reply
// that isn't accepted counts as one that broke off.
func (c *Client) exchangeRepeatedly(ctx context.Context, method, endpoint string, accept func(reply []byte) error) error {
	for retry := 0; ; retry++ {
		err := c.exchangeOnce(ctx, method, endpoint, accept)
		if err == nil || IsFinal(err) || retry == c.limits.Retry.Retries {
			return err
		}
		if c.limits.Retry.Wait(ctx, retry) != nil {
			return err
		}
	}
}

func (c *Client) exchangeOnce(ctx context.Context, method, endpoint string, accept func(reply []byte) error) error {
	ctx, cancel := context.WithTimeout(ctx, c.limits.Request)
	defer cancel()
	reply, err := c.exchange(ctx, method, endpoint, nil)
	if err != nil {
		return err
	}
	return accept(reply)
}
