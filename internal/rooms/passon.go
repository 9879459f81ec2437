package rooms

import (
	"context"
	"errors"
	"time"

	"overtime/internal/event"
	"overtime/internal/meeting"
)

const (
	// passTimeout bounds the passing on of one event.
	passTimeout = 10 * time.Second
	// passPause is how long to wait after it failed.
	passPause = time.Second
)

// passOn gives the outbox's events to portals and the audit, oldest first, one
// at a time and beside the actor. What was passed on leaves the record with the
// next change of it, so an event may be passed on again after a crash, and is
// never left out.
func (a *actor) passOn() {
	e, number, due := a.nextNews()
	if a.passing || !due || a.now().Before(a.passAgain) {
		return
	}
	a.passing = true
	session := a.have.Session
	a.host.group.Go(func() {
		err := a.pass(e, session)
		a.post(func() {
			a.passing = false
			if err != nil {
				a.log.Warn("an event could not be passed on yet", "event", e.ID, "error", err)
				a.passAgain = a.now().Add(passPause)
				return
			}
			a.passed = number
			a.passOn()
		})
	})
}

// nextNews is the oldest event of the outbox that has not been passed on.
func (a *actor) nextNews() (e event.Event, number uint64, due bool) {
	outbox := a.have.PassedOn(a.passed).Outbox
	if len(outbox) == 0 {
		return event.Event{}, 0, false
	}
	return outbox[0], a.have.Events - uint64(len(outbox)) + 1, true
}

// pass runs beside the actor's goroutine. A session's end is passed on once its
// ledger is kept for good, and with it.
func (a *actor) pass(e event.Event, s *meeting.Session) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = a.mistake(v)
		}
	}()
	ctx, cancel := context.WithTimeout(a.ctx, passTimeout)
	defer cancel()
	if e.Kind == event.SessionEnded {
		if e, err = a.finish(ctx, e, s); err != nil {
			return err
		}
	}
	return a.host.cfg.News.Pass(ctx, e)
}

// finish keeps the ledger of the session that ended by e.
func (a *actor) finish(ctx context.Context, e event.Event, s *meeting.Session) (event.Event, error) {
	number, err := sessionOf(e)
	if err != nil {
		return e, err
	}
	if s == nil || s.Number != number { // another has begun
		kept, err := a.host.cfg.Store.Ledger(ctx, a.id, number)
		if err != nil {
			return e, err
		}
		return withLedger(e, kept)
	}
	if err := a.host.cfg.Store.SaveLedger(ctx, a.id, *s); err != nil {
		return e, err
	}
	return withLedger(e, *s)
}

// sweep takes what was passed on out of the record, once nothing else is being
// written: no change of the room may do it for a long time.
func (a *actor) sweep() {
	outbox := len(a.have.Outbox)
	if outbox == 0 || len(a.commits) > 0 || len(a.have.PassedOn(a.passed).Outbox) == outbox {
		return
	}
	a.commit(doing{}, same, func(err error) {
		if err != nil && !errors.Is(err, errFenced) {
			a.log.Warn("the outbox could not be swept yet", "error", err)
		}
	})
}

// noteRefusal tells the audit that somebody was refused something.
func (a *actor) noteRefusal(who event.Who, err error) {
	n := about(a.have.Room, a.have.Session)
	e := a.wireError(err)
	n.Code, n.Text = e.Code, e.Message
	refused := n.event(event.ParticipantRefused, a.now(), who)
	refused.Room, refused.Epoch = a.id, a.epoch
	a.host.cfg.News.Note(refused)
}
