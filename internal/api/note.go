package api

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"time"

	"overtime/internal/event"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

// What the audit is told of what the API does itself; what actors do they tell.
type (
	// callerRefused is somebody with a key that is no good. It says nothing of the
	// key: a secret may stand in the place of its id.
	callerRefused struct {
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

// recordTimeout is how long what must be in the audit may take, so that it is
// refused as soon as everything else that cannot be saved.
const recordTimeout = 5 * time.Second

// notes tells the audit.
type notes struct {
	news   News
	now    func() time.Time
	logger *slog.Logger
}

// record has the audit keep e before anybody is told that it was done: a token
// or a room that it knows nothing of must not be.
func (n *notes) record(ctx context.Context, e event.Event, data any) error {
	e, err := n.event(ctx, e, data)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, recordTimeout)
	defer cancel()
	return n.news.Record(ctx, e)
}

// note tells the audit of e, which it may drop.
func (n *notes) note(ctx context.Context, e event.Event, data any) {
	e, err := n.event(ctx, e, data)
	if err != nil {
		n.logger.Error("api: an event cannot be noted", "kind", e.Kind, "error", err)
		return
	}
	n.news.Note(e)
}

// event is e with its data, time and asker.
func (n *notes) event(ctx context.Context, e event.Event, data any) (event.Event, error) {
	text, err := json.Marshal(data)
	if err != nil {
		return e, fmt.Errorf("an event does not marshal: %w", err)
	}
	e.At, e.Data = meeting.Instant(n.now()), text
	e.Who.Key, e.Who.Address = callerOf(ctx), addressOf(ctx)
	return e, nil
}
