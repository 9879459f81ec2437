package rooms

import (
	"context"
	"errors"
	"time"

	"overtime/internal/room"
	"overtime/internal/store"
)

const (
	// saveInterval is how often at most it is saved who is here.
	saveInterval = time.Second
	// savePause leaves the store to others after it failed: nobody waits for this.
	savePause = 5 * time.Second
	// saveTimeout bounds one attempt.
	saveTimeout = 10 * time.Second
)

// saver keeps who is here: whole, as it is now, behind what people see. It saves at
// once if it has not lately, so that a calm room has nothing to lose. Whatever could
// not be saved is saved with the next, so nothing piles up without a store. It belongs
// to the actor's goroutine. Its pauses are the machine's time.
type saver struct {
	*env
	live   *live
	outbox *outbox
	// claimed is called when the room turns out to be another process's.
	claimed func()

	saving   bool
	last     time.Time // when it was saved
	again    time.Time // not before: it failed
	revision uint64    // at which it stands in the store
	saved    int       // the State.Attended that is in the store
	passed   bool      // more was passed on than the store knows
	events   uint64    // of those that the store has, the newest
}

// behind reports whether the store does not know yet who is here.
func (s *saver) behind() bool { return s.saved != s.live.state.Attended }

// waits reports whether there is something to be saved.
func (s *saver) waits() bool { return s.behind() || s.passed || len(s.live.state.Outbox) > 0 }

// final saves what is new as the actor ends.
func (s *saver) final() {
	if !s.behind() {
		return
	}
	if _, err := s.write(s.live.state.Attendance(), s.revision); err != nil && !errors.Is(err, store.ErrClaimed) {
		s.unsaved("it could not be saved who is here", err)
	}
}

// save begins to save what is new, unless it is too early. Where many wait to be told
// of it is not.
func (s *saver) save() {
	now := time.Now()
	early := now.Sub(s.last) < saveInterval && len(s.live.state.Outbox) < room.MostUntold/4
	if s.saving || early || now.Before(s.again) || !s.behind() && !(s.passed && s.outbox.calm()) {
		return
	}
	s.saving = true
	a, attended, have := s.live.state.Attendance(), s.live.state.Attended, s.revision
	s.beside(func() {
		revision, err := s.write(a, have)
		s.post(func() { s.written(a.Events, attended, revision, err) })
	})
}

// write runs beside the actor's goroutine.
func (s *saver) write(a room.Attendance, have uint64) (revision uint64, err error) {
	defer func() {
		if v := recover(); v != nil {
			revision, err = have, s.mistake(v)
		}
	}()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(s.ctx), saveTimeout)
	defer cancel()
	return s.host.cfg.Store.SaveAttendance(ctx, s.id, a, have)
}

func (s *saver) written(events uint64, attended int, revision uint64, err error) {
	s.saving, s.revision = false, revision
	switch {
	case errors.Is(err, store.ErrClaimed):
		s.again = time.Now().Add(savePause)
		s.claimed()
	case err != nil:
		s.again = time.Now().Add(savePause)
		s.unsaved("it could not be saved yet who is here", err)
	default:
		s.last = time.Now()
		s.saved, s.events, s.passed = attended, events, false
		s.outbox.passOn()
	}
}
