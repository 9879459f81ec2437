package webhook

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"overtime/internal/event"
)

const (
	// postTimeout bounds a request from the connection to the end of the
	// answer.
	postTimeout = 10 * time.Second
	// maxAnswer is how much of an answer is read, in bytes, and thrown away.
	maxAnswer = 4 << 10
	// maxHeaders bounds the headers of an answer, in bytes.
	maxHeaders = 16 << 10
	// maxRetryAfter bounds how long a portal may ask us to wait.
	maxRetryAfter = time.Hour
	// idle is how long a connection is kept for the next event.
	idle = 30 * time.Second

	userAgent = "Overtime"
)

// newClient makes requests that go to the endpoint itself: not through a proxy
// that happens to be in the environment, not to where an answer redirects, not
// to an address that is guarded.
func newClient(allowPrivate bool, resolver *net.Resolver) *http.Client {
	dialer := &net.Dialer{Timeout: postTimeout, Control: guard(allowPrivate), Resolver: resolver}
	return &http.Client{
		Timeout:       postTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			DialContext:            dialer.DialContext,
			ForceAttemptHTTP2:      true,
			MaxIdleConnsPerHost:    maxCalls,
			IdleConnTimeout:        idle,
			TLSHandshakeTimeout:    postTimeout,
			MaxResponseHeaderBytes: maxHeaders,
			DisableCompression:     true,
		},
	}
}

// answer is what came of a request.
type answer struct {
	taken bool // the portal has the event
	gone  bool // the portal wants no more of it
	// trouble says why it is neither, and wait how long the portal asks for.
	trouble error
	wait    time.Duration
}

// payload is the body of a request.
type payload struct {
	Type      event.Kind      `json:"type"`
	Timestamp string          `json:"timestamp"` // when it happened
	Data      json.RawMessage `json:"data"`
}

// timeFormat is RFC 3339 in UTC with milliseconds.
const timeFormat = "2006-01-02T15:04:05.000Z07:00"

func bodyOf(e event.Event) ([]byte, error) {
	if len(e.Data) == 0 {
		e.Data = json.RawMessage("{}")
	}
	return json.Marshal(payload{e.Kind, e.At.UTC().Format(timeFormat), e.Data})
}

// post makes one request. now is its own time, which is new at each attempt; the
// id stays, and tells the portal what it has seen before.
func post(ctx context.Context, client *http.Client, to Endpoint, e event.Event, now time.Time) answer {
	body, err := bodyOf(e)
	if err != nil {
		return answer{trouble: err}
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, to.URL, bytes.NewReader(body))
	if err != nil {
		return answer{trouble: withoutURL(err)}
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", userAgent)
	r.Header.Set("webhook-id", e.ID)
	r.Header.Set("webhook-timestamp", seconds(now))
	r.Header.Set("webhook-signature", to.sign(e.ID, now, body))
	response, err := client.Do(r)
	if err != nil {
		return answer{trouble: withoutURL(err)}
	}
	defer func() { _ = response.Body.Close() }() // nothing to do about it
	// What is not read to its end costs the connection, and no more.
	_, _ = io.CopyN(io.Discard, response.Body, maxAnswer)
	return answerOf(response, now)
}

func answerOf(r *http.Response, now time.Time) answer {
	switch {
	case r.StatusCode >= 200 && r.StatusCode < 300:
		return answer{taken: true}
	case r.StatusCode == http.StatusGone:
		return answer{gone: true}
	}
	a := answer{trouble: fmt.Errorf("it answers %d", r.StatusCode)}
	if r.StatusCode == http.StatusTooManyRequests || r.StatusCode == http.StatusServiceUnavailable {
		a.wait = retryAfter(r.Header.Get("Retry-After"), now)
	}
	return a
}

// retryAfter reads the header of that name: seconds, or a date (RFC 9110 section
// 10.2.3).
func retryAfter(text string, now time.Time) time.Duration {
	var wait time.Duration
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		wait = time.Duration(min(n, int64(maxRetryAfter/time.Second))) * time.Second
	} else if at, err := http.ParseTime(text); err == nil {
		wait = at.Sub(now)
	}
	return max(0, min(wait, maxRetryAfter))
}

// withoutURL is why a request failed: package http writes the whole URL in front
// of that, which may hold a password.
func withoutURL(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}
