package client

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
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
	Minutes       int
}

// Meetings makes meetings through the server's REST API. It keeps the links of
// the last one for the tab: the moderators' is shown nowhere else, and whoever
// follows it comes back to the page that had it.
type Meetings struct {
	API Poster
	Tab Storage // nil: kept in memory only

	mu   sync.Mutex
	last Created
}

// createTimeout bounds one attempt; the person sees it and may press again.
const createTimeout = 15 * time.Second

// statusCreated is HTTP's 201. (Package net/http would link a whole client.)
const statusCreated = 201

// Create makes a meeting. Errors are protocol.Error, with TroubleOffline if
// the server could not be reached.
func (m *Meetings) Create(ctx context.Context, n NewMeeting) (Created, error) {
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
	created := Created{ID: made.ID, ModeratorLink: made.Links.Moderator, GuestLink: made.Links.Guest, Minutes: n.Minutes}
	m.keep(created)
	return created, nil
}

// Last is the meeting that was made last in this tab; zero if there is none, or
// if it was forgotten.
func (m *Meetings) Last() Created {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.last.ID == "" && m.Tab != nil {
		// What cannot be read is nothing to show.
		if err := json.Unmarshal([]byte(m.Tab.Get(keyCreated)), &m.last); err != nil {
			return Created{}
		}
	}
	return m.last
}

// Forget lets go of the last meeting's links, if it is the one with that id.
func (m *Meetings) Forget(id string) {
	if m.Last().ID == id {
		m.keep(Created{})
	}
}

func (m *Meetings) keep(c Created) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.last = c
	if m.Tab == nil {
		return
	}
	text := ""
	if c.ID != "" {
		b, _ := json.Marshal(c) // strings and a number always encode
		text = string(b)
	}
	m.Tab.Set(keyCreated, text)
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
