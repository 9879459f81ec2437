package operator

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"syscall"
	"time"
)

const (
	// answerWithin bounds a request to the API.
	answerWithin = 30 * time.Second
	// maxAnswer bounds what is read of an answer, in bytes.
	maxAnswer = 16 << 20
)

// errNotRunning is returned if there is nobody at the other end.
var errNotRunning = errors.New("no Overtime is running")

// client asks the server whose data folder is named.
type client struct {
	data string
	http *http.Client
}

// newClient connects at the first request. It must be closed.
func newClient(data string) *client {
	return &client{data: data, http: &http.Client{Transport: &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return dial(ctx, filepath.Join(data, SocketName))
		},
	}}}
}

func (c *client) close() { c.http.CloseIdleConnections() }

// ask makes a request of the API, and reads the answer into out unless that is
// nil.
func (c *client) ask(ctx context.Context, method, path string, query url.Values, in, out any) error {
	ctx, cancel := context.WithTimeout(ctx, answerWithin)
	defer cancel()
	var body io.Reader
	if in != nil {
		text, err := json.Marshal(in)
		if err != nil {
			return fmt.Errorf("the request cannot be written: %w", err)
		}
		body = bytes.NewReader(text)
	}
	answer, err := c.do(ctx, method, "/api/v1"+path, query, body)
	if err != nil {
		return err
	}
	defer answer.Body.Close() //nolint:errcheck // it was read
	text, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer))
	if err == nil && out != nil {
		err = json.Unmarshal(text, out)
	}
	if err != nil {
		return fmt.Errorf("the server's answer cannot be read: %w; is it of another version than this program?", err)
	}
	return nil
}

// do makes a request to an escaped path, and turns an answer that is none into
// an error.
func (c *client) do(ctx context.Context, method, path string, query url.Values, body io.Reader) (*http.Response, error) {
	r, err := http.NewRequestWithContext(ctx, method, "http://localhost"+path, body)
	if err != nil {
		return nil, err
	}
	r.URL.RawQuery = query.Encode()
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	answer, err := c.http.Do(r)
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ECONNREFUSED):
		return nil, fmt.Errorf("%w on the data folder %s; start it, or name its folder with --data", errNotRunning, c.data)
	case errors.Is(err, fs.ErrPermission):
		return nil, fmt.Errorf("this user may not operate the server of the data folder %s; be the user that it runs as", c.data)
	case err != nil:
		return nil, fmt.Errorf("the server does not answer: %w", cause(err))
	case answer.StatusCode/100 != 2:
		defer answer.Body.Close() //nolint:errcheck // it was read
		return nil, problemOf(answer)
	}
	return answer, nil
}

// cause is err without what the libraries on the way have added.
func cause(err error) error {
	if line := (*net.OpError)(nil); errors.As(err, &line) {
		return line
	}
	if request := (*url.Error)(nil); errors.As(err, &request) {
		return request.Err
	}
	return err
}

// problemOf is what the server says is wrong (RFC 9457).
func problemOf(answer *http.Response) error {
	var p struct{ Title, Detail string }
	_ = json.NewDecoder(io.LimitReader(answer.Body, maxAnswer)).Decode(&p) // then there is no detail
	switch {
	case p.Detail != "":
		return errors.New(p.Detail)
	case answer.StatusCode == http.StatusNotFound, answer.StatusCode == http.StatusMethodNotAllowed:
		return errors.New("the running server cannot do that; is it of another version than this program?")
	default:
		return fmt.Errorf("the server answered %s; its log may say why", answer.Status)
	}
}
