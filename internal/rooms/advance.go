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
	if a.endWaits(s, now) {
		a.advanceAgain = now.Add(recheck)
		return
	}
	a.advances = true
	a.commit(doing{at: now}, func(r store.Record) (store.Record, error) {
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
			a.advanceAgain = a.now().Add(recheck)
			a.unadvanced(err)
			a.endUnsaved(now, err)
		}
	})
}

// unadvanced logs a failure that comes four times a second, now and then.
func (a *actor) unadvanced(err error) {
	if now := a.now(); !now.Before(a.unadvancedLog) {
		a.unadvancedLog = now.Add(settlePause)
		a.unsaved("the session could not be advanced yet", err)
	}
}

// endPatience is how long an end waits for the next piece of what is owed.
const endPatience = 10 * time.Second

// endWaits reports whether the record is owed more than the end's own change can
// pay, which would be lost with it. Nobody is inside: whoever was let go without
// a record of the end does not mind when that is made.
func (a *actor) endWaits(s *meeting.Session, now time.Time) bool {
	much := len(a.owed) > a.onePiece || len(a.owed)+len(a.have.PassedOn(a.passed).Outbox) > mostTold
	return much && s.Over(now) && len(a.people.list) == 0 && (a.failing || now.Sub(a.settledAt) < endPatience)
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

// announce publishes what the ledger gained, and the room's settings if they
// changed. It is the only place from which events about the time line leave,
// but for endUnsaved.
func (a *actor) announce(before, after store.Record) {
	if before.Session != nil && after.Session != nil && before.Session.Number == after.Session.Number {
		a.announceStory(*after.Session, after.Session.Ledger[len(before.Session.Ledger):])
	} // a session that begins has nobody to tell; the welcome says it all
	a.dismiss(before, after)
	a.seatUnknown(after)
	if after.Room.Locked && !before.Room.Locked {
		a.waiting.remove(func(w *waiter) bool { return w.admitted }) // who has not come in yet is somebody new
	}
	if wireRoom(before.Room) != wireRoom(after.Room) {
		a.publish(protocol.RoomChanged{Room: wireRoom(after.Room), Notice: a.notice()})
	}
	if before.Room.Links != after.Room.Links {
		a.pushGuestLink()
	}
}

func (a *actor) announceStory(s meeting.Session, gained []meeting.Entry) {
	for _, e := range gained {
		switch e.Kind {
		case meeting.EntryWindowOpened:
			if n, ok := s.NoticeAt(a.have.Room, a.now()); ok {
				a.publish(protocol.WindowOpened{Notice: n})
			}
		case meeting.EntryExtended:
			a.publish(protocol.SessionExtended{Entry: storyEntry(e)})
		case meeting.EntryEnded:
			a.ended(s)
		}
	}
}

// notice is of the window that is open now, nil if none is.
func (a *actor) notice() *meeting.Notice {
	if s := a.running(); s != nil {
		if n, ok := s.NoticeAt(a.have.Room, a.now()); ok {
			return &n
		}
	}
	return nil
}

// pushGuestLink gives the new link to everyone who may invite others.
func (a *actor) pushGuestLink() {
	for _, p := range a.people.list {
		link, err := a.guestLink(p)
		switch {
		case err != nil:
			a.log.Error("no guests' link could be made", "error", err)
		case link != "":
			a.push(p, protocol.GuestLink{Guests: link})
		}
	}
}

// guestLink is what somebody may give to guests. It is empty for viewers, who
// would come back as more than one, and for the holders of tokens: who comes in
// is the portal's to say, and who was removed would come back by it as somebody
// else. Moderators invite whom they like.
func (a *actor) guestLink(p *person) (string, error) {
	if p.role == meeting.RoleViewer || p.personal() && !p.role.Moderates() {
		return "", nil
	}
	return a.host.cfg.Secrets.Invitation(a.have.Room, meeting.RoleParticipant)
}

// ended tells everyone and lets go of them.
func (a *actor) ended(s meeting.Session) {
	a.log.Info("session ended", "session", s.Number, "reason", s.Ending.Reason)
	a.farewell(s)
	a.owed = nil // and the record takes no more of it
}

// farewell is the last that people hear.
func (a *actor) farewell(s meeting.Session) {
	last := a.delivery(bus.KindEvent, "", protocol.SessionEnded{Session: wireSession(s)})
	a.line.Publish(closing(last, protocol.CloseOver))
	a.people = roster{}
	if !a.have.Room.Reusable { // else the next session may let them in
		over := protocol.Over{Room: wireRoom(a.have.Room), Session: wireSession(s), ServerTime: a.now()}
		for _, w := range a.waiting.list {
			if w.conn != "" {
				a.line.Push(w.conn, closing(a.delivery(bus.KindPush, "", over), protocol.CloseOver))
			}
		}
		a.waiting = waitingRoom{}
	}
	if a.media != nil {
		a.media.Close()
		a.media = nil
	}
	a.speaking = nil
}
