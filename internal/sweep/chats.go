package sweep

import (
	"context"
	"errors"
	"fmt"
	"time"

	"overtime/internal/chatlog"
	"overtime/internal/event"
	"overtime/internal/store"
)

// Chats are what was written in sessions.
type Chats interface {
	Sessions(ctx context.Context) ([]chatlog.Session, error)
	Forget(ctx context.Context, s chatlog.Session) error
}

// chatsPiece sweeps the next few chats of the round; more says that there are others.
func (s *Sweeper) chatsPiece(ctx context.Context, now time.Time) (more bool, err error) {
	if s.cfg.Chats == nil {
		return false, nil
	}
	if !s.listed {
		if s.chats, err = s.cfg.Chats.Sessions(ctx); err != nil {
			return false, err
		}
		s.listed = true
	}
	for n := 0; n < piece && len(s.chats) > 0; n++ {
		if err := s.forgetChat(ctx, s.chats[0], now); err != nil {
			return false, err
		}
		s.chats = s.chats[1:]
	}
	return len(s.chats) > 0, nil
}

// forgetChat takes a chat away whose session was over for long, or is gone.
func (s *Sweeper) forgetChat(ctx context.Context, c chatlog.Session, now time.Time) error {
	over, err := s.chatOver(ctx, c)
	gone := errors.Is(err, store.ErrNotFound)
	switch {
	case err != nil && !gone && !errors.Is(err, store.ErrUnavailable) && ctx.Err() == nil:
		// One record that cannot be read must not keep all others.
		s.cfg.Logger.Error("a chat stays: whether its session is over could not be read", "room", c.Room, "session", c.Number, "error", err)
		return nil
	case err != nil && !gone:
		return err
	case !gone && (over.IsZero() || s.cfg.KeepChat <= 0 || now.Sub(over) < s.cfg.KeepChat):
		return nil
	}
	data := swept{RoomID: c.Room, Session: c.Number}
	if !over.IsZero() {
		data.OverAt = &over
	}
	if err := s.tell(ctx, event.ChatSwept, fmt.Sprintf("%s-%d-chat-swept", c.Room, c.Number), data, now); err != nil {
		return err
	}
	return s.did(s.cfg.Chats.Forget(ctx, c))
}

// chatOver is when a chat's session was over; zero: it is not. ErrNotFound where
// nothing is known of it any more.
func (s *Sweeper) chatOver(ctx context.Context, c chatlog.Session) (time.Time, error) {
	r, err := s.cfg.Store.Load(ctx, c.Room)
	switch {
	case err != nil:
		return time.Time{}, err
	case !r.Swept.IsZero():
		return time.Time{}, store.ErrNotFound
	case r.Session != nil && r.Session.Number == c.Number && r.Session.Ending == nil:
		return time.Time{}, nil
	case r.Session != nil && r.Session.Number == c.Number:
		return r.Session.Ending.At, nil
	}
	session, err := s.cfg.Store.Ledger(ctx, c.Room, c.Number)
	if err == nil && session.Ending != nil {
		return session.Ending.At, nil
	}
	return time.Time{}, err
}
