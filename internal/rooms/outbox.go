package rooms

import (
	"context"
	"errors"
	"time"

	"overtime/internal/event"
	"overtime/internal/meeting"
	"overtime/internal/room"
)

const (
	// passTimeout bounds the passing on of one event.
	passTimeout = 10 * time.Second
	// passPause is how long to wait after it failed.
	passPause = time.Second
)

// outbox gives the record's events to portals and the audit, oldest first, one at a
// time and beside the actor. What was passed on leaves the record with the next
// change of it, so an event may be passed on again after a crash, and is never left
// out. It belongs to the actor's goroutine, but for pass and finish.
type outbox struct {
	*env
	live   *live
	writer *writer

	passing bool   // an event is being passed on
	passed  uint64 // the number of the last event that was
	again   time.Time
}

// waiting are the events that were not passed on yet.
func (o *outbox) waiting() []event.Event { return o.live.state.Saved.PassedOn(o.passed).Outbox }

func (o *outbox) len() int { return len(o.waiting()) }

// takesPresence reports whether there is room for events of people's coming and going.
func (o *outbox) takesPresence() bool { return o.len() < room.MostEvents }

func (o *outbox) passOn() {
	waiting := o.waiting()
	if o.passing || len(waiting) == 0 || o.now().Before(o.again) {
		return
	}
	o.passing = true
	saved := o.live.state.Saved
	e, number := waiting[0], saved.Events-uint64(len(waiting))+1
	o.beside(func() {
		err := o.pass(e, saved.Session)
		o.post(func() {
			o.passing = false
			if err != nil {
				o.log.Warn("an event could not be passed on yet", "event", e.ID, "error", err)
				o.again = o.now().Add(passPause)
				return
			}
			o.passed = number
			o.passOn()
		})
	})
}

// pass runs beside the actor's goroutine. A session's end is passed on once its
// ledger is kept for good, and with it.
func (o *outbox) pass(e event.Event, s *meeting.Session) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = o.mistake(v)
		}
	}()
	ctx, cancel := context.WithTimeout(o.ctx, passTimeout)
	defer cancel()
	if e.Kind == event.SessionEnded {
		if e, err = o.finish(ctx, e, s); err != nil {
			return err
		}
	}
	return o.host.cfg.News.Pass(ctx, e)
}

// finish keeps the ledger of the session that ended by e.
func (o *outbox) finish(ctx context.Context, e event.Event, s *meeting.Session) (event.Event, error) {
	number, err := room.SessionOf(e)
	if err != nil {
		return e, err
	}
	if s == nil || s.Number != number { // another has begun
		kept, err := o.host.cfg.Store.Ledger(ctx, o.id, number)
		if err != nil {
			return e, err
		}
		return room.WithLedger(e, kept)
	}
	if err := o.host.cfg.Store.SaveLedger(ctx, o.id, *s); err != nil {
		return e, err
	}
	return room.WithLedger(e, *s)
}

// sweep takes what was passed on out of the record, once nothing else is being
// written: no change of the room may do it for a long time.
func (o *outbox) sweep() {
	kept := len(o.live.state.Saved.Outbox)
	if kept == 0 || o.writer.waits() || o.len() == kept {
		return
	}
	o.writer.commit(room.Cause{}, same, func(err error) {
		if err != nil && !errors.Is(err, errFenced) {
			o.log.Warn("the outbox could not be swept yet", "error", err)
		}
	})
}

// refused tells the audit that somebody was refused something.
func (o *outbox) refused(who event.Who, err error) {
	o.host.cfg.News.Note(room.Refused(o.live.state.Saved, o.now(), who, o.toProtocol(err)))
}
