package api

import (
	"context"
	"time"

	"overtime/internal/meeting"
	"overtime/internal/store"
)

// records reads what is kept of rooms.
type records struct {
	store Store
	now   func() time.Time
}

// sessionNow is s as it stands now: an end that is due counts whether or not it
// has been recorded yet.
func (r records) sessionNow(room meeting.Room, s *meeting.Session) *meeting.Session {
	if s == nil || s.Ending != nil || !s.Over(r.now()) {
		return s
	}
	over, _ := s.Advance(room, r.now())
	return &over
}

// load reads a room that is there.
func (r records) load(ctx context.Context, id string) (store.Record, error) {
	if !isRoomID(id) {
		return store.Record{}, noRoom()
	}
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	v, err := r.store.Load(ctx, id)
	if err == nil && !v.Deleted.IsZero() {
		err = store.ErrNotFound
	}
	return v.Record, err
}
