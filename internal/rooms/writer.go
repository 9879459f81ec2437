package rooms

import (
	"context"
	"errors"
	"time"

	"overtime/internal/room"
	"overtime/internal/store"
)

// commit is one change of the record, and what to do once its outcome is known.
type commit struct {
	cause room.Cause
	// change says what the record gains: asked again, of another record, when another
	// write came first. No facts is that nothing has to be written. It runs beside the
	// actor's goroutine.
	change func(room.Record) ([]room.Kept, error)
	// done runs on the actor's goroutine, once the state has the new record and before
	// people are told of it.
	done  func(err error)
	until time.Time // the wait for earlier ones counts
}

// errFenced stops an actor whose room another process has claimed.
var errFenced = errors.New("rooms: another process has claimed the room")

// writer changes the room's record by compare-and-set, one change after the other,
// beside the actor's goroutine, so that people and media go on while a write is slow.
// As long as one waits, the session does not end. All but change belongs to the
// actor's goroutine.
type writer struct {
	*env
	live   *live
	outbox *outbox
	// fenced is called when the room turns out to be another process's.
	fenced func()

	have    store.Versioned // the newest record that is known
	queue   []commit        // waiting for their outcome, in order
	writing bool            // the first of them is being written
	stale   bool            // a write's outcome is unknown: read again
	closed  bool            // nothing is written any more
}

// waits reports whether a change waits for its outcome.
func (w *writer) waits() bool { return len(w.queue) > 0 }

// commit queues a change.
func (w *writer) commit(cause room.Cause, change func(room.Record) ([]room.Kept, error), done func(err error)) {
	if w.closed {
		done(errFenced)
		return
	}
	w.queue = append(w.queue, commit{cause: cause, change: change, done: done, until: time.Now().Add(commitTimeout)})
	w.next()
}

// unchanged and same are changes that change nothing. The second is written: so it
// shows whether the room is still this actor's, which no read of a memory does.
func unchanged(room.Record) ([]room.Kept, error) { return nil, nil }
func same(room.Record) ([]room.Kept, error)      { return []room.Kept{room.Nothing{}}, nil }

// next starts the first commit of the queue, unless one is being written.
func (w *writer) next() {
	if w.writing || !w.waits() {
		return
	}
	w.writing = true
	c, have := w.queue[0], w.have
	change := w.guarded(c)
	w.beside(func() {
		ctx, cancel := context.WithDeadline(context.WithoutCancel(w.ctx), c.until)
		defer cancel()
		now, err := w.change(ctx, have, change)
		w.post(func() { w.written(now, err) })
	})
}

// guarded is c's change of a record that is still this actor's.
func (w *writer) guarded(c commit) func(store.Record) (store.Record, error) {
	owner, epoch, passed := w.host.owner, w.epoch, w.outbox.passed
	return func(r store.Record) (store.Record, error) {
		if r.Owner != owner || r.Epoch != epoch {
			return r, errFenced
		}
		facts, err := c.change(r)
		switch {
		case err != nil:
			return r, err
		case len(facts) == 0:
			return r, store.ErrUnchanged
		}
		return room.Keep(r.PassedOn(passed), c.cause, facts...), nil
	}
}

// change runs beside the actor's goroutine.
func (w *writer) change(
	ctx context.Context, have store.Versioned, change func(store.Record) (store.Record, error),
) (now store.Versioned, err error) {
	defer func() {
		if v := recover(); v != nil {
			now, err = have, w.mistake(v)
		}
	}()
	return w.host.cfg.Store.Change(ctx, have, change)
}

// written takes the outcome of the first commit, and starts the next.
func (w *writer) written(now store.Versioned, err error) {
	done := w.queue[0].done
	w.queue, w.writing = w.queue[1:], false
	if errors.Is(err, errFenced) {
		w.lose(done)
		return
	}
	before := w.have
	// What neither wrote nor read anything knows no more than before.
	w.stale = errors.Is(err, store.ErrUnavailable) || w.stale && now.Write == before.Write
	if !w.stale {
		w.have = now
	}
	w.live.happen(room.Recorded{Record: w.have.Record})
	w.outbox.collect() // before what follows from it
	done(err)
	w.live.happen(w.live.state.Learn(before.Record, w.now())...)
	w.outbox.passOn()
	if !w.waits() {
		w.live.happen(room.AllWritten{})
	}
	w.next()
}

// reload reads the record after a write whose outcome is unknown, so that what
// was written after all is told.
func (w *writer) reload() {
	if !w.stale || w.waits() {
		return // whose read will tell
	}
	w.stale = false
	w.check()
}

// check writes the record as it is, which shows whether the room is still this
// process's.
func (w *writer) check() {
	w.commit(room.Cause{}, same, func(err error) {
		if err != nil {
			w.unsaved("the store cannot be reached", err)
		}
	})
}

// lose ends a writer that lost its room: nothing that waits is carried out.
func (w *writer) lose(first func(err error)) {
	w.log.Warn("the room was claimed by another process")
	w.closed = true
	first(errFenced)
	for _, c := range w.queue {
		c.done(errFenced)
	}
	w.queue = nil
	w.fenced()
}
