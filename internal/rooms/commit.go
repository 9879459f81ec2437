package rooms

import (
	"context"
	"errors"

	"overtime/internal/bus"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
	"overtime/internal/store"
)

// commit is one change of the record, and what to do once its outcome is
// known. done runs on the actor's goroutine, after have is the new record and
// before the change's events are published.
type commit struct {
	change func(store.Record) (store.Record, error)
	done   func(err error)
}

// errFenced stops an actor whose room another process has claimed.
var errFenced = errors.New("rooms: another process has claimed the room")

// commit queues a change. Changes of a room are written one after the other,
// beside the actor's goroutine, so that people and media go on while a write
// is slow. As long as one waits, the session does not end.
func (a *actor) commit(change func(store.Record) (store.Record, error), done func(err error)) {
	a.commits = append(a.commits, commit{change: change, done: done})
	if len(a.commits) == 1 {
		a.write()
	}
}

// afterCommits runs f once every change queued so far has its outcome.
func (a *actor) afterCommits(f func()) {
	if len(a.commits) == 0 {
		f()
		return
	}
	a.commit(func(r store.Record) (store.Record, error) { return r, store.ErrUnchanged }, func(error) { f() })
}

// write starts the first commit of the queue.
func (a *actor) write() {
	c, have, owner, epoch := a.commits[0], a.have, a.host.owner, a.epoch
	guarded := func(r store.Record) (store.Record, error) {
		if r.Owner != owner || r.Epoch != epoch {
			return r, errFenced
		}
		return c.change(r)
	}
	a.host.group.Go(func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(a.ctx), commitTimeout)
		defer cancel()
		now, err := a.host.cfg.Store.Change(ctx, have, guarded)
		a.post(func() { a.written(now, err) })
	})
}

// written takes the outcome of the first commit and starts the next.
func (a *actor) written(now store.Versioned, err error) {
	done := a.commits[0].done
	a.commits = a.commits[1:]
	if errors.Is(err, errFenced) {
		a.fenced()
		return
	}
	a.stale = errors.Is(err, store.ErrUnavailable)
	before := a.have
	if !a.stale {
		a.have = now
	}
	done(err)
	a.announce(before.Session, a.have.Session)
	if len(a.commits) > 0 {
		a.write()
	}
}

// reload reads the record after a write whose outcome is unknown, so that what
// was written after all is announced.
func (a *actor) reload() {
	if len(a.commits) > 0 {
		return // whose read will tell
	}
	a.stale = false
	a.commit(func(r store.Record) (store.Record, error) {
		// Writing the same again fails on a record that has moved on, and is
		// then asked with the new one.
		return r, nil
	}, func(err error) {
		if err != nil {
			a.log.Warn("the store cannot be reached", "error", err)
		}
	})
}

// fenced ends an actor that lost its room: its people come back to the new one.
func (a *actor) fenced() {
	a.log.Warn("the room was claimed by another process")
	a.line.Publish(bus.Delivery{Kind: bus.KindEvent, Close: protocol.CloseRestart})
	a.stopping = true
}

// announce publishes what the ledger gained. It is the only place from which
// events about the time line leave.
func (a *actor) announce(before, after *meeting.Session) {
	known := 0
	switch {
	case after == nil:
		return
	case before != nil && before.Number == after.Number:
		known = len(before.Ledger)
	default:
		return // a session that begins has nobody to tell; the welcome says it all
	}
	for _, e := range after.Ledger[known:] {
		switch e.Kind {
		case meeting.EntryWindowOpened:
			if n, ok := after.NoticeAt(a.have.Room, a.now()); ok {
				a.publish(protocol.WindowOpened{Notice: n})
			}
		case meeting.EntryExtended:
			a.publish(protocol.SessionExtended{Entry: storyEntry(e)})
		case meeting.EntryEnded:
			a.ended(*after)
		}
	}
}

// ended tells everyone and lets go of them.
func (a *actor) ended(s meeting.Session) {
	a.line.Publish(bus.Delivery{
		Kind:  bus.KindEvent,
		Frame: a.frame("", protocol.SessionEnded{Session: wireSession(s)}),
		Close: protocol.CloseOver,
	})
	a.log.Info("session ended", "session", s.Number, "reason", s.Ending.Reason)
	a.people = roster{}
	if a.media != nil {
		a.media.Close()
		a.media = nil
	}
	a.speaking = nil
	a.host.group.Go(func() { a.host.saveLedger(a.id, s) })
}
