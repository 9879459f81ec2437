package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// overtime speaks with the REST API of docs/api.md.
type overtime struct {
	origin string
	key    string
	client *http.Client
}

const (
	callTimeout = 10 * time.Second
	// tries and pause: what is called here is the same however often it is asked
	// for, so what failed on the way is simply asked for again.
	tries = 3
	pause = 300 * time.Millisecond
	// maxPause bounds how long we let Overtime have us wait: a person waits with us.
	maxPause = 3 * time.Second
	// maxAnswer bounds an answer, in bytes.
	maxAnswer = 1 << 20
)

func newOvertime(origin, key string) *overtime {
	return &overtime{origin, key, &http.Client{Timeout: callTimeout}}
}

// room is what we need of a room.
type room struct {
	ID string `json:"id"`
}

// pass lets one person in.
type pass struct {
	Token string `json:"token"`
	URL   string `json:"url"` // the meeting in a page of its own
}

// session is a session as REST tells it.
type session struct {
	Number    int        `json:"number"`
	StartedAt time.Time  `json:"started_at"`
	EndsAt    time.Time  `json:"ends_at"`
	Ending    *ending    `json:"ending,omitempty"`
	Ledger    []occasion `json:"ledger"`
}

type ending struct {
	Reason  string    `json:"reason"`
	EndedAt time.Time `json:"ended_at"`
	By      *author   `json:"by,omitempty"`
	Text    string    `json:"text,omitempty"`
}

// occasion is an entry of a ledger.
type occasion struct {
	Kind    string    `json:"kind"`
	At      time.Time `json:"at"`
	EndsAt  time.Time `json:"ends_at"`
	By      *author   `json:"by,omitempty"`
	Minutes int       `json:"minutes,omitempty"`
	Window  string    `json:"window,omitempty"`
	Reason  string    `json:"reason,omitempty"`
	Text    string    `json:"text,omitempty"`
}

type author struct {
	Name    string `json:"name"`
	UserRef string `json:"user_ref,omitempty"`
}

// problem is an error of the API. Go by Code; Detail is for people.
type problem struct {
	Code   string `json:"code"`
	Status int    `json:"status"`
	Detail string `json:"detail"`
}

func (p *problem) Error() string {
	return fmt.Sprintf("Overtime refused: %s (%s)", p.Detail, p.Code)
}

// refused reports whether err is Overtime's refusal with that code.
func refused(err error, code string) bool {
	p := (*problem)(nil)
	return errors.As(err, &p) && p.Code == code
}

// makeRoom makes the room of a booking, or finds the one that is there: the
// booking's id is the room's external_id, and Overtime makes one room for each.
func (o *overtime) makeRoom(ctx context.Context, b booking) (room, error) {
	var r room
	err := o.call(ctx, http.MethodPost, "/rooms", map[string]any{
		"external_id":      b.ID,
		"name":             b.Subject,
		"duration_minutes": b.Minutes,
		"capacity":         10,
	}, &r)
	return r, err
}

// admit makes a token for one person. It lets in for a quarter of an hour, so one
// is made each time somebody opens the page of their appointment.
func (o *overtime) admit(ctx context.Context, roomID string, p person) (pass, error) {
	var made pass
	err := o.call(ctx, http.MethodPost, "/rooms/"+url.PathEscape(roomID)+"/tokens", map[string]any{
		"name":     p.Name,
		"user_ref": p.Ref,
		"role":     p.role(),
	}, &made)
	return made, err
}

// session reads the session that runs, or the last one.
func (o *overtime) session(ctx context.Context, roomID string) (session, error) {
	var s session
	err := o.call(ctx, http.MethodGet, "/rooms/"+url.PathEscape(roomID)+"/session", nil, &s)
	return s, err
}

// call asks, and asks again if it may help.
func (o *overtime) call(ctx context.Context, method, path string, body, answer any) error {
	text := []byte(nil)
	if body != nil {
		var err error
		if text, err = json.Marshal(body); err != nil {
			return err
		}
	}
	for try := 1; ; try++ {
		wait, err := o.ask(ctx, method, path, text, answer)
		if err == nil || wait < 0 || try == tries {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(min(wait, maxPause)):
		}
	}
}

// ask is one request. After an error, wait says when another may succeed; if it is
// negative none will.
func (o *overtime) ask(ctx context.Context, method, path string, body []byte, answer any) (wait time.Duration, err error) {
	r, err := http.NewRequestWithContext(ctx, method, o.origin+"/api/v1"+path, bytes.NewReader(body))
	if err != nil {
		return -1, err
	}
	r.Header.Set("Authorization", "Bearer "+o.key)
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	got, err := o.client.Do(r)
	if err != nil {
		return pause, fmt.Errorf("no answer from Overtime at %s: %w", o.origin, err)
	}
	defer got.Body.Close()
	text, err := io.ReadAll(io.LimitReader(got.Body, maxAnswer))
	if err != nil {
		return pause, fmt.Errorf("the answer of Overtime was cut off: %w", err)
	}
	if got.StatusCode < 300 {
		if err := json.Unmarshal(text, answer); err != nil {
			return -1, fmt.Errorf("the answer of Overtime cannot be read: %w", err)
		}
		return 0, nil
	}
	p := &problem{Status: got.StatusCode}
	if err := json.Unmarshal(text, p); err != nil || p.Code == "" {
		p.Code, p.Detail = "http_"+strconv.Itoa(got.StatusCode), "no reason was given; is it Overtime that answers at "+o.origin+"?"
	}
	switch got.StatusCode {
	case http.StatusTooManyRequests, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		if seconds, err := strconv.Atoi(got.Header.Get("Retry-After")); err == nil && seconds >= 0 {
			return time.Duration(seconds) * time.Second, p
		}
		return pause, p
	}
	return -1, p
}
