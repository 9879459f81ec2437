// Package sweep takes away what was over for longer than an operator wants it kept:
// rooms that ended or were deleted, the sessions of those that are used again, and
// what was written in sessions.
// Of a room a record stays that says that its id was given. The audit is told of
// each, before it is done, and is not swept itself.
//
// It is opened by package node. It works in small pieces beside everything else,
// and must not know how anything is kept.
package sweep

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"overtime/internal/chatlog"
	"overtime/internal/clock"
	"overtime/internal/event"
	"overtime/internal/meeting"
	"overtime/internal/store"
)

const (
	// piece is how many records are looked at at a time.
	piece = 50
	// between is the pause between two pieces, so that nobody notices: a hundred
	// thousand rooms are looked through in half an hour.
	between = time.Second
	// every is the pause between two rounds, and after trouble.
	every = time.Hour
	// first is how long after its start a server begins: it has other things to do.
	first = time.Minute
)

// Store is what is swept.
type Store interface {
	Rests(ctx context.Context, after uint64, limit int) (rests []store.Rest, next uint64, more bool, err error)
	Bury(ctx context.Context, r store.Rest, now time.Time) error
	OldLedgers(ctx context.Context, after uint64, before time.Time, limit int) (old []store.OldLedger, next uint64, more bool, err error)
	Forget(ctx context.Context, l store.OldLedger) error
	Load(ctx context.Context, id string) (store.Versioned, error)
	Ledger(ctx context.Context, room string, number int) (meeting.Session, error)
}

// Audit is told of each thing before it is taken away.
type Audit interface {
	Record(ctx context.Context, e event.Event) error
}

// Config says what is kept for how long.
type Config struct {
	Store Store
	Chats Chats // nil: there are none
	Audit Audit
	Keep  time.Duration // after the end; 0 is for ever
	// KeepChat is how long after the end what was written is kept; 0 is as long as
	// the session.
	KeepChat time.Duration
	Now      func() time.Time
	Logger   *slog.Logger
}

// Sweeper goes through everything, round after round. Its methods are for one
// goroutine at a time.
type Sweeper struct {
	cfg    Config
	rooms  uint64 // how far this round has come
	ledger uint64
	listed bool              // the chats of this round were
	chats  []chatlog.Session // that are left of them
	swept  int               // in this round
}

// New makes a sweeper that begins at the beginning.
func New(cfg Config) *Sweeper { return &Sweeper{cfg: cfg} }

// Start sweeps until stop is called, which waits for the piece that is under way.
func Start(cfg Config) (stop func()) {
	if cfg.Keep <= 0 && cfg.Chats == nil {
		return func() {}
	}
	ctx, cancel := context.WithCancel(context.Background())
	var group sync.WaitGroup
	group.Go(func() { New(cfg).run(ctx) })
	return func() { cancel(); group.Wait() }
}

func (s *Sweeper) run(ctx context.Context) {
	for wait := first; ; {
		if clock.Pause(ctx, wait) != nil {
			return
		}
		more, err := s.Piece(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			s.cfg.Logger.Warn("what is over could not be swept; it is tried again", "in", every, "error", err)
			wait = every
		case more:
			wait = between
		default:
			s.over()
			wait = every
		}
	}
}

// over ends a round.
func (s *Sweeper) over() {
	if s.swept > 0 {
		s.cfg.Logger.Info("what was over for longer than it is kept was swept", "keep", s.cfg.Keep, "rooms, sessions and chats", s.swept)
	}
	*s = Sweeper{cfg: s.cfg}
}

// Piece sweeps the next few records of the round; more says that it is not at its
// end. After an error it goes on where it was.
func (s *Sweeper) Piece(ctx context.Context) (more bool, err error) {
	now := meeting.Instant(s.cfg.Now())
	chats, err := s.chatsPiece(ctx, now)
	if err != nil {
		return false, err
	}
	rooms, err := s.roomsPiece(ctx, now)
	return chats || rooms, err
}

// roomsPiece sweeps the next few rooms and ledgers.
func (s *Sweeper) roomsPiece(ctx context.Context, now time.Time) (more bool, err error) {
	if s.cfg.Keep <= 0 {
		return false, nil
	}
	before := now.Add(-s.cfg.Keep)
	rests, next, more, err := s.cfg.Store.Rests(ctx, s.rooms, piece)
	if err != nil {
		return false, err
	}
	for _, r := range rests {
		if r.Due(before) {
			if err := s.bury(ctx, r, now); err != nil {
				return false, err
			}
		}
	}
	s.rooms = next
	old, next, others, err := s.cfg.Store.OldLedgers(ctx, s.ledger, before, piece)
	if err != nil {
		return false, err
	}
	for _, l := range old {
		if err := s.forget(ctx, l, now); err != nil {
			return false, err
		}
	}
	s.ledger = next
	return more || others, nil
}

// Why and of what something was swept, for the audit.
type swept struct {
	RoomID     string     `json:"room_id"`
	ExternalID string     `json:"external_id,omitempty"`
	Session    int        `json:"session,omitempty"`
	OverAt     *time.Time `json:"over_at,omitempty"`
}

func (s *Sweeper) bury(ctx context.Context, r store.Rest, now time.Time) error {
	data := swept{RoomID: r.Room.ID, ExternalID: r.Room.ExternalID}
	if over := r.Over(); !over.IsZero() {
		data.OverAt = &over
	}
	// Under this id the audit keeps it once, if it is tried again soon.
	if err := s.tell(ctx, event.RoomSwept, r.Room.ID+"-swept", data, now); err != nil {
		return err
	}
	return s.did(s.cfg.Store.Bury(ctx, r, now))
}

func (s *Sweeper) forget(ctx context.Context, l store.OldLedger, now time.Time) error {
	id := fmt.Sprintf("%s-%d-swept", l.Room, l.Number) // of its pages too
	if err := s.tell(ctx, event.SessionSwept, id, swept{RoomID: l.Room, Session: l.Number}, now); err != nil {
		return err
	}
	return s.did(s.cfg.Store.Forget(ctx, l))
}

// did counts what was done. Who writes to a room meanwhile has it kept.
func (s *Sweeper) did(err error) error {
	switch {
	case errors.Is(err, store.ErrUnchanged):
		return nil
	case err == nil:
		s.swept++
	}
	return err
}

func (s *Sweeper) tell(ctx context.Context, kind event.Kind, id string, data swept, now time.Time) error {
	text, err := json.Marshal(data)
	if err != nil {
		return err
	}
	return s.cfg.Audit.Record(ctx, event.Event{ID: id, Kind: kind, At: now, Room: data.RoomID, Data: text})
}
