package rooms

import (
	"crypto/rand"
	"errors"

	"overtime/internal/auth"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
	"overtime/internal/room"
	"overtime/internal/store"
)

// arrival is who asks, with what the rules look at.
func (a *actor) arrival(r request, m protocol.Hello) room.Arrival {
	return room.Arrival{
		State: a.live.state, Conn: r.Conn, Entry: *r.Entry, Hello: m, At: r.now,
		Waits: a.writer.waits(), Doubtful: a.writer.stale, Sure: r.sure, Fresh: rand.Text(),
	}
}

// peek tells what awaits the holder of a token.
func (a *actor) peek(r request) {
	a.idleSince = r.now // somebody is waiting in the lobby
	at := a.arrival(r, protocol.Hello{})
	rule := at.Peek()
	switch rule.Verdict {
	case room.AwaitWrites:
		a.afterCommits(r, a.peek)
	case room.MakeSure:
		a.makeSure(r, a.peek)
	case room.TellOver:
		a.over(r)
	case room.Refuse:
		a.refuseArrival(r, at, rule)
	default:
		state := at.Lobby(a.now())
		var err error
		if state.Pass, err = a.passFor(at.Entry, at.Entry.Waiting); err != nil {
			a.refuse(r, err)
			return
		}
		a.out.answer(r, state, 0)
	}
}

// hello lets somebody in, to a new place or back to their own. The first
// admission starts the session.
func (a *actor) hello(r request, m protocol.Hello) {
	again := func(r request) { a.hello(r, m) }
	rule, at, facts := a.arrival(r, m).Admit()
	a.live.happen(facts...)
	switch rule.Verdict {
	case room.AwaitWrites:
		a.afterCommits(r, again)
	case room.MakeSure:
		a.makeSure(r, again)
	case room.TellOver:
		a.over(r)
	case room.Refuse:
		a.refuseArrival(r, at, rule)
	case room.Wait:
		a.wait(r, at)
	case room.EndFirst:
		a.clock.advance(r.now)
		a.afterCommits(r, func(r request) {
			if s := a.live.state.Running(); s != nil && s.Over(r.now) {
				a.refuse(r, store.ErrUnavailable)
				return
			}
			again(r)
		})
	case room.Start:
		a.start(r, at, again)
	case room.GiveRole:
		a.writer.commit(at.Cause(), func(rec room.Record) ([]room.Kept, error) { return at.GivesRole(rec), nil }, func(err error) {
			if err != nil {
				a.refuse(r, err)
				return
			}
			at.State = a.live.state
			a.live.happen(at.GaveRole()...)
			a.seat(r, at, nil)
		})
	case room.Seat:
		a.seat(r, at, nil)
	}
}

// start begins the session and lets its first person in. Where the record turns out to
// have a session, the rules are asked again: they may have a place in it, as after a
// start whose outcome was not known.
func (a *actor) start(r request, at room.Arrival, again func(request)) {
	begins := false
	p, begin, refusal := at.Starts()
	if refusal.Code != "" {
		a.refuse(r, refusal)
		return
	}
	a.writer.commit(at.StartCause(p), func(rec room.Record) ([]room.Kept, error) {
		facts, err := begin(rec)
		begins = len(facts) > 0
		if old := rec.Session; err == nil && begins && old != nil {
			// Its end may still have to be passed on, with its ledger.
			err = a.host.cfg.Store.SaveLedger(a.ctx, a.id, *old)
		}
		return facts, err
	}, func(err error) {
		if err != nil {
			a.refuse(r, err)
			return
		}
		if !begins {
			a.awaitWrite(r, unchanged, again) // by then the record's people are here
			return
		}
		a.seat(r, at, &p)
	})
}

// seat gives whoever was let in a place, and answers with the whole state of the room.
func (a *actor) seat(r request, at room.Arrival, started *room.Person) {
	at.State = a.live.state
	s := at.Seat(a.now(), started)
	a.live.happen(s.Facts...)
	switch {
	case s.Nobody:
	case s.Over:
		a.over(r)
	case s.Refusal.Code != "":
		a.refuse(r, s.Refusal)
	default:
		a.welcome(r)
	}
}

func (a *actor) welcome(r request) {
	s := a.live.state
	p, _ := s.Here.ByConn(r.Conn)
	w := s.Welcome(p, a.now())
	w.Media.Instance = a.host.cfg.Media.Instance() + p.Anew
	w.Media.AudioSeats, w.Media.VideoSeats = a.host.cfg.Media.Seats()
	var err error
	w.Resume, err = a.host.cfg.Secrets.Resume(auth.Place{
		Room: a.id, Session: s.Number(), Participant: p.ID, Sub: p.Sub, Name: p.Name, Role: p.Role,
	})
	if err == nil && p.MayInvite() {
		w.Guests, err = a.host.cfg.Secrets.Invitation(s.Saved.Room, meeting.RoleParticipant)
	}
	if err != nil {
		a.refuse(r, err)
		return
	}
	a.out.answer(r, w, 0)
	if seating, sat := a.media.seating(p.ID); sat {
		a.out.push(p.Conn, seating, 0)
	}
}

// wait puts a newcomer in line, or keeps them there.
func (a *actor) wait(r request, at room.Arrival) {
	id, facts, refusal := at.Queue()
	if refusal.Code != "" {
		a.refuse(r, refusal)
		return
	}
	a.live.happen(facts...)
	answer := protocol.Waiting{Room: room.RoomToProtocol(a.live.state.Saved.Room), ServerTime: a.now()}
	var err error
	if answer.Pass, err = a.passFor(at.Entry, id); err != nil {
		a.refuse(r, err)
		return
	}
	a.out.answer(r, answer, 0)
}

// passFor stands for what somebody showed in time, from now on. It is empty for
// those who need none.
func (a *actor) passFor(e room.Entry, waiting string) (string, error) {
	if e.Expired || e.Invite && waiting == "" || e.Issued.IsZero() {
		return "", nil
	}
	return a.host.cfg.Secrets.Pass(auth.Ticket{
		ID: e.Ticket, Room: a.id, Role: e.Role, Name: e.Name, Sub: e.Sub, Invite: e.Invite, Link: e.Link,
		Waiting: waiting, IssuedAt: e.Issued,
	})
}

// refuseArrival refuses whoever is at the door, closes if there is a code, and notes it for
// the audit.
func (a *actor) refuseArrival(r request, at room.Arrival, rule room.Rule) {
	a.out.answer(r, rule.Refusal, rule.Close)
	if rule.Audited {
		a.outbox.refused(at.Who(), rule.Refusal)
	}
}

// over answers that the room is over.
func (a *actor) over(r request) {
	a.out.answer(r, a.live.state.Over(r.now, a.now()), protocol.CloseOver)
}

// afterCommits runs f once every change queued so far has its outcome.
func (a *actor) afterCommits(r request, f func(request)) {
	if !a.writer.waits() {
		f(r)
		return
	}
	a.awaitWrite(r, unchanged, f)
}

// makeSure runs f once this actor knows that it still has the room, or that the
// store cannot say. Of a room that it has lost it must not tell people that
// they have no business there any more.
func (a *actor) makeSure(r request, f func(request)) {
	r.sure = true
	a.awaitWrite(r, same, f)
}

// awaitWrite runs f once change has its outcome, unless the room is lost.
func (a *actor) awaitWrite(r request, change func(room.Record) ([]room.Kept, error), f func(request)) {
	a.writer.commit(room.Cause{}, change, func(err error) {
		if errors.Is(err, errFenced) {
			a.refuse(r, err)
			return
		}
		f(r)
	})
}
