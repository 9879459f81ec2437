package client

import (
	"context"
	"encoding/json"
	"fmt"
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
type Meetings struct{ API Poster }

// createTimeout bounds one attempt; the person sees it and may press again.
const createTimeout = 15 * time.Second

// statusCreated is HTTP's 201. (Package net/http would link a whole client.)
const statusCreated = 201

// Create makes a meeting. Errors are protocol.Error, with TroubleOffline if
// the server could not be reached.
func (m Meetings) Create(ctx context.Context, n NewMeeting) (Created, error) {
	ctx, cancel := context.WithTimeout(ctx, createTimeout)
	defer cancel()
	body, err := json.Marshal(map[string]any{"name": n.Name, "duration_minutes": n.Minutes})
	if err != nil {
		return Created{}, protocol.Error{Code: protocol.CodeInternal, Message: err.Error()}
	}
	status, answer, err := m.API.Post(ctx, "/api/v1/rooms", body)
	if err != nil {
		return Created{}, protocol.Error{Code: TroubleOffline, Message: "the server cannot be reached"}
	}
	if status != statusCreated {
		return Created{}, problem(status, answer)
	}
	var made struct {
		ID    string `json:"id"`
		Links struct {
			Moderator string `json:"moderator"`
			Guest     string `json:"guest"`
		} `json:"links"`
	}
	if err := json.Unmarshal(answer, &made); err != nil {
		return Created{}, protocol.Error{Code: TroubleOffline, Message: "the server's answer broke off"}
	}
	return Created{ID: made.ID, ModeratorLink: made.Links.Moderator, GuestLink: made.Links.Guest}, nil
}

// problem reads the server's problem JSON (RFC 9457).
func problem(status int, answer []byte) error {
	var p struct {
		Code   protocol.Code `json:"code"`
		Detail string        `json:"detail"`
	}
	if err := json.Unmarshal(answer, &p); err != nil || p.Code == "" {
		return protocol.Error{Code: protocol.CodeUnavailable, Message: fmt.Sprintf("the server answered %d", status)}
	}
	return protocol.Error{Code: p.Code, Message: p.Detail}
}
