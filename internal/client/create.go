package client

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"time"

	"overtime/internal/protocol"
)

// NewMeeting is what the home page asks for.
type NewMeeting struct {
	Name    string
	Minutes int
}

// Created is a meeting that was made: two links, to be kept apart.
type Created struct {
	ID            string
	ModeratorLink string
	GuestLink     string
}

// Meetings makes meetings through the server's REST API.
type Meetings struct {
	Origin string // scheme, host and port
	Client *http.Client
}

// createTimeout bounds one attempt; the person sees it and may press again.
const createTimeout = 15 * time.Second

// Create makes a meeting. Errors are protocol.Error, with TroubleOffline if
// the server could not be reached.
func (m Meetings) Create(ctx context.Context, n NewMeeting) (Created, error) {
	ctx, cancel := context.WithTimeout(ctx, createTimeout)
	defer cancel()
	body, err := json.Marshal(map[string]any{"name": n.Name, "duration_minutes": n.Minutes})
	if err != nil {
		return Created{}, protocol.Error{Code: protocol.CodeInternal, Message: err.Error()}
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, m.Origin+"/api/v1/rooms", bytes.NewReader(body))
	if err != nil {
		return Created{}, protocol.Error{Code: protocol.CodeInternal, Message: err.Error()}
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := m.Client.Do(req)
	if err != nil {
		return Created{}, protocol.Error{Code: TroubleOffline, Message: "the server cannot be reached"}
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusCreated {
		return Created{}, problem(res)
	}
	var made struct {
		ID    string `json:"id"`
		Links struct {
			Moderator string `json:"moderator"`
			Guest     string `json:"guest"`
		} `json:"links"`
	}
	if err := json.NewDecoder(res.Body).Decode(&made); err != nil {
		return Created{}, protocol.Error{Code: TroubleOffline, Message: "the server's answer broke off"}
	}
	return Created{ID: made.ID, ModeratorLink: made.Links.Moderator, GuestLink: made.Links.Guest}, nil
}

// problem reads the server's problem JSON (RFC 9457).
func problem(res *http.Response) error {
	var p struct {
		Code   protocol.Code `json:"code"`
		Detail string        `json:"detail"`
	}
	if err := json.NewDecoder(res.Body).Decode(&p); err != nil || p.Code == "" {
		return protocol.Error{Code: protocol.CodeUnavailable, Message: "the server answered " + res.Status}
	}
	return protocol.Error{Code: p.Code, Message: p.Detail}
}
