package metaservice

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// StatusError is a reply by which the service refuses a request.
type StatusError struct {
	Request string `json:"-"`       // method and endpoint
	Status  int    `json:"-"`       // of HTTP
	Code    string `json:"code"`    // the protocol's name for the error; may be empty
	Message string `json:"message"` // for people; may be empty
}

func newStatusError(what request, response *http.Response, reply []byte) *StatusError {
	refusal := &StatusError{Request: what.method + " " + what.endpoint, Status: response.StatusCode}
	// Another service, or a proxy before it, may send no JSON: then the status says enough.
	_ = json.Unmarshal(reply, refusal)
	return refusal
}

func (e *StatusError) Error() string {
	return strings.TrimRight(fmt.Sprintf("%s: status %d %s %s", e.Request, e.Status, e.Code, e.Message), " ")
}

// IsFinal tells whether an error is the service's last word: it understood the request and refuses it. Anything else
// (no connection, a reply that is interrupted, status 5xx) may be different the next time.
func IsFinal(err error) bool {
	var refusal *StatusError
	return errors.As(err, &refusal) && refusal.Status < 500
}
