package rooms

import (
	"context"
	"errors"
	"log/slog"
	"runtime/debug"
	"time"

	"overtime/internal/protocol"
	"overtime/internal/store"
)

// commit is one change of the record, and what to do once its outcome is
// known. done runs on the actor's goroutine, after have is the new record and
// before the change's events are published.
type commit struct {
	doing  doing
	change func(store.Record) (store.Record, error)
	done   func(err error)
	until  time.Time // the wait for earlier ones counts
}

// errFenced stops an actor whose room another process has claimed.
var errFenced = errors.New("rooms: another process has claimed the room")

// commit queues a change. Changes of a room are written one after the other,
// beside the actor's goroutine, so that people and media go on while a write
// is slow. As long as one waits, the session does not end.
func (a *actor) commit(d doing, change func(store.Record) (store.Record, error), done func(err error)) {
	if a.stopping {
		done(errFenced)
		return
	}
	a.commits = append(a.commits, commit{doing: d, change: change, done: done, until: time.Now().Add(commitTimeout)})
	a.write()
}

// afterCommits runs f once every change queued so far has its outcome.
func (a *actor) afterCommits(r request, f func()) {
	if len(a.commits) == 0 {
		f()
		return
	}
	a.commit(doing{}, unchanged, func(err error) {
		if errors.Is(err, errFenced) {
			a.refuse(r, err)
			return
		}
		f()
	})
}

func unchanged(r store.Record) (store.Record, error) { return r, store.ErrUnchanged }

// same writes the record as it is. That fails on one that has moved on, and is
// then asked with the new one: so it shows whether the room is still this
// actor's, which no read of its own memory does.
func same(r store.Record) (store.Record, error) { return r, nil }

// makeSure runs f once this actor knows that it still has the room, or that the
// store cannot say. Of a room that it has lost it must not tell people that
// they have no business there any more.
func (a *actor) makeSure(r request, f func(request)) {
	r.sure = true
	a.commit(doing{}, same, func(err error) {
		if errors.Is(err, errFenced) {
			a.refuse(r, err)
			return
		}
		f(r)
	})
}

// write starts the first commit of the queue, unless one is being written.
func (a *actor) write() {
	if a.writing || len(a.commits) == 0 {
		return
	}
	a.writing = true
	c, have, piece := a.commits[0], a.have, a.piece()
	all, bare := a.guarded(c, piece), a.guarded(c, &payment{})
	a.host.group.Go(func() {
		ctx, cancel := context.WithDeadline(context.WithoutCancel(a.ctx), c.until)
		defer cancel()
		now, err := a.change(ctx, have, all)
		full := errors.Is(err, store.ErrTooLarge) && piece.paid > 0
		if full { // for want of room for others' comings: this change may fit
			piece.paid = 0
			now, err = a.change(ctx, now, bare)
		}
		a.post(func() { a.written(now, err, piece.paid, full) })
	})
}

// guarded is c's change of a record that is still this actor's, after as much of
// a payment as there is room for.
func (a *actor) guarded(c commit, p *payment) func(store.Record) (store.Record, error) {
	owner, epoch, passed := a.host.owner, a.epoch, a.passed
	return func(r store.Record) (store.Record, error) {
		if r.Owner != owner || r.Epoch != epoch {
			return r, errFenced
		}
		settled := p.pay(r.PassedOn(passed))
		next, err := c.change(settled)
		switch {
		case err == nil:
			return tellAll(settled, next, c.doing), nil
		case errors.Is(err, store.ErrUnchanged) && settled.Events != r.Events:
			return settled, nil
		}
		return r, err
	}
}

// change runs beside the actor's goroutine.
func (a *actor) change(
	ctx context.Context, have store.Versioned, change func(store.Record) (store.Record, error),
) (now store.Versioned, err error) {
	defer func() {
		if v := recover(); v != nil {
			now, err = have, a.mistake(v)
		}
	}()
	return a.host.cfg.Store.Change(ctx, have, change)
}

// mistake logs a panic of our own and is the error that people are answered
// with in its place: one request must not end every meeting.
func (a *actor) mistake(v any) error {
	a.log.Error("a mistake of the server's own", "error", v, "stack", string(debug.Stack()))
	return protocol.Error{Code: protocol.CodeInternal, Message: "the server made a mistake; try again, and tell whoever runs it if it comes again"}
}

// written takes the outcome of the first commit, with which so much of what is
// owed was paid, or could not be because the record is full; and starts the next.
func (a *actor) written(now store.Versioned, err error, paid int, full bool) {
	done := a.commits[0].done
	a.commits, a.writing = a.commits[1:], false
	if errors.Is(err, errFenced) {
		a.fenced(done)
		return
	}
	before := a.have
	// What neither wrote nor read anything knows no more than before.
	a.stale = errors.Is(err, store.ErrUnavailable) || a.stale && now.Write == before.Write
	if !a.stale {
		a.have = now
	}
	a.failing = errors.Is(err, store.ErrUnavailable)
	if err == nil {
		a.settled(paid)
	}
	if full {
		a.fits()
	}
	done(err)
	a.announce(before.Record, a.have.Record)
	a.passOn()
	if len(a.commits) == 0 {
		clear(a.gone) // no hello waits any more
	}
	a.write()
}

// reload reads the record after a write whose outcome is unknown, so that what
// was written after all is announced.
func (a *actor) reload() {
	if len(a.commits) > 0 {
		return // whose read will tell
	}
	a.stale = false
	a.commit(doing{}, same, func(err error) {
		if err != nil {
			a.unsaved("the store cannot be reached", err)
		}
	})
}

// unsaved logs what is tried again and again; that the store is broken is said
// by the bus, once for all rooms.
func (a *actor) unsaved(what string, err error) {
	level := slog.LevelWarn
	if errors.Is(err, store.ErrBroken) {
		level = slog.LevelDebug
	}
	a.log.Log(a.ctx, level, what, "error", err)
}

// fenced ends an actor that lost its room: nothing that waits is carried out,
// and its people come back to the new one.
func (a *actor) fenced(first func(err error)) {
	a.log.Warn("the room was claimed by another process")
	a.stopping = true
	first(errFenced)
	for _, c := range a.commits {
		c.done(errFenced)
	}
	a.commits = nil
	a.letGo()
}
