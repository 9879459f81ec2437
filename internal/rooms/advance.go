package rooms

import (
	"errors"
	"time"

	"overtime/internal/bus"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
	"overtime/internal/store"
)

// advance has the rules bring the session to now.
func (a *actor) advance(now time.Time) {
	s := a.running()
	if s == nil || a.advances {
		return
	}
	if _, due := s.Advance(a.have.Room, now); len(due) == 0 {
		return
	}
	a.advances = true
	a.commit(func(r store.Record) (store.Record, error) {
		if r.Session == nil {
			return r, store.ErrUnchanged
		}
		s, due := r.Session.Advance(r.Room, now)
		if len(due) == 0 {
			return r, store.ErrUnchanged
		}
		r.Session = &s
		return r, nil
	}, func(err error) {
		a.advances = false
		if err != nil {
			a.unsaved("the session could not be advanced yet", err)
			a.endUnsaved(now, err)
		}
	})
}

// endUnsaved lets people go from a session whose expiry cannot be saved: the
// scheduled end is in the store, so whoever reads it later says the same. It
// is tried again to save it. Should an extension turn out to have been saved
// after all, without anybody having been told, people may come back.
func (a *actor) endUnsaved(now time.Time, err error) {
	s := a.running()
	if s == nil || errors.Is(err, errFenced) || !s.Over(now) || len(a.people.list) == 0 {
		return
	}
	over, _ := s.Advance(a.have.Room, now)
	a.farewell(over)
}

// announce publishes what the ledger gained. It is the only place from which
// events about the time line leave, but for endUnsaved.
func (a *actor) announce(before, after *meeting.Session) {
	if before == nil || after == nil || before.Number != after.Number {
		return // a session that begins has nobody to tell; the welcome says it all
	}
	for _, e := range after.Ledger[len(before.Ledger):] {
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

// ended tells everyone, lets go of them and keeps the ledger.
func (a *actor) ended(s meeting.Session) {
	a.log.Info("session ended", "session", s.Number, "reason", s.Ending.Reason)
	a.farewell(s)
	a.host.group.Go(func() { a.host.saveLedger(a.id, s) })
}

// farewell is the last that people hear.
func (a *actor) farewell(s meeting.Session) {
	last := a.delivery(bus.KindEvent, "", protocol.SessionEnded{Session: wireSession(s)})
	a.line.Publish(closing(last, protocol.CloseOver))
	a.people = roster{}
	if a.media != nil {
		a.media.Close()
		a.media = nil
	}
	a.speaking = nil
}
