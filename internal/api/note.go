package api

import (
	"context"
	"encoding/json"
	"time"

	"overtime/internal/event"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

// What the audit is told of what the API does itself; what actors do they tell.
type (
	// refused is somebody with a key that is no good. It says nothing of the
	// key: a secret may stand in the place of its id.
	refused struct {
		Code   protocol.Code `json:"code"`
		Method string        `json:"method"`
		Path   string        `json:"path"`
	}
	// roomMade is a new room.
	roomMade struct {
		RoomID     string       `json:"room_id"`
		ExternalID string       `json:"external_id,omitempty"`
		RoomName   string       `json:"room_name,omitempty"`
		Settings   meeting.Room `json:"settings"`
	}
	// tokenMade is a token that was given out.
	tokenMade struct {
		RoomID    string       `json:"room_id"`
		Role      meeting.Role `json:"role"`
		Name      string       `json:"name,omitempty"`
		UserRef   string       `json:"user_ref,omitempty"`
		ExpiresAt time.Time    `json:"expires_at"`
	}
)

// note tells the audit of e, whose data, time and asker are filled in.
func (a *api) note(ctx context.Context, e event.Event, data any) {
	text, err := json.Marshal(data)
	if err != nil {
		a.cfg.Logger.Error("api: an event does not marshal", "kind", e.Kind, "error", err)
		return
	}
	e.At, e.Data = meeting.Instant(a.cfg.Now()), text
	e.Who.Key, e.Who.Address = callerOf(ctx), neighbourOf(ctx).String()
	a.cfg.News.Note(e)
}
