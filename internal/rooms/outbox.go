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

// sweepPause is how long what was passed on may stay in the store when nothing else
// is written: less than those who take events know them again.
const sweepPause = 5 * time.Minute

// outbox gives events to portals and the audit, in order, one at a time and beside
// the actor: those of the record, and comings and goings as soon as the store has
// them. What was passed on leaves the store with the next change, so an event may be
// passed on again after a crash, and is never left out. It belongs to the actor's
// goroutine, but for pass and finish. Its pauses are the machine's time.
type outbox struct {
	*env
	live   *live
	writer *writer
	saver  *saver

	queue    []room.Next
	recorded uint64    // the newest of the record's that is in the queue, or was
	attended uint64    // the newest coming or going
	busy     bool      // the first of the queue is being passed on
	passed   uint64    // the number of the last event of the record that was
	at       time.Time // when something was passed on last
	again    time.Time
}

// collect puts what is new into the queue.
func (o *outbox) collect() {
	s := o.live.state
	for _, n := range room.Untold(s.Saved, s.Outbox) {
		newest := &o.recorded
		if n.Behind {
			newest = &o.attended
		}
		if n.Number > *newest {
			*newest = n.Number
			o.queue = append(o.queue, n)
		}
	}
}

// passOn starts with the first of the queue, if it may go.
func (o *outbox) passOn() {
	o.collect()
	if o.busy || len(o.queue) == 0 || time.Now().Before(o.again) {
		return
	}
	first, session := o.queue[0], o.live.state.Saved.Session
	if first.Behind && first.Number > o.saver.events {
		return // until it is saved
	}
	o.busy = true
	o.beside(func() {
		err := o.pass(first.Event, session)
		o.post(func() {
			o.busy = false
			if err != nil {
				o.log.Warn("an event could not be passed on yet", "event", first.Event.ID, "error", err)
				o.again = time.Now().Add(passPause)
				return
			}
			o.done(first)
			o.passOn()
		})
	})
}

// done: the first of the queue was passed on.
func (o *outbox) done(n room.Next) {
	o.queue, o.at = o.queue[1:], time.Now()
	if !n.Behind {
		o.passed = n.Number
		return
	}
	o.saver.passed = true
	o.live.happen(room.PassedOn{UpTo: n.Number})
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

// calm reports whether nothing was passed on for a while, or no session runs, which
// would bring more.
func (o *outbox) calm() bool {
	return len(o.queue) == 0 && (o.live.state.Running() == nil || time.Since(o.at) >= sweepPause)
}

// sweep takes what was passed on out of the record, once nothing else has been
// written for a while.
func (o *outbox) sweep() {
	saved := o.live.state.Saved
	if o.writer.waits() || !o.calm() || len(saved.PassedOn(o.passed).Outbox) == len(saved.Outbox) {
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
