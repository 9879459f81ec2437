package rooms

import (
	"cmp"
	"crypto/rand"
	"slices"
	"time"
	"unicode/utf8"

	"overtime/internal/auth"
	"overtime/internal/bus"
	"overtime/internal/event"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
	"overtime/internal/store"
)

// peek tells what awaits the holder of a token.
func (a *actor) peek(r request) {
	a.idleSince = r.now // somebody is waiting in the lobby
	if a.undecided(r.now) {
		a.afterCommits(r, func() { a.peek(r) })
		return
	}
	if a.unsure(r) {
		a.makeSure(r, a.peek)
		return
	}
	s := a.have.Session
	over := s != nil && s.Over(r.now)
	no, code := a.turnsAway(r.Entry)
	switch {
	case over && !a.have.Room.Reusable && a.have.Deleted.IsZero():
		a.over(r)
	case no.Code != "":
		a.turnAwayWith(r, no, code)
	default:
		state := protocol.RoomState{
			Room: wireRoom(a.have.Room), People: len(a.people.list), ServerTime: a.now(),
			Role: r.Entry.Role, Name: r.Entry.Name,
		}
		if s != nil && !over {
			session := wireSession(*s)
			state.Session = &session
		}
		var err error
		if state.Pass, err = a.passFor(r.Entry, r.Entry.Waiting); err != nil {
			a.refuse(r, err)
			return
		}
		a.line.Answer(r.Asked, a.delivery(bus.KindAnswer, r.id, state))
	}
}

// undecided reports that the scheduled end has come while a change that may
// move it waits for its outcome.
func (a *actor) undecided(now time.Time) bool {
	s := a.running()
	return s != nil && s.Over(now) && len(a.commits) > 0
}

// unsure reports that whoever asks might be told to go for want of what another
// process knows, if that has the room now: that the end was moved, or that there
// is a session in which they have a place.
func (a *actor) unsure(r request) bool {
	s, e := a.have.Session, r.Entry
	due := a.running() != nil && s.Over(r.now)
	news := e.Participant != "" && (s == nil || s.Number < e.Session)
	return (due || news) && !r.sure && !a.stale
}

var (
	errExpired  = protocol.Error{Code: protocol.CodeExpiredToken, Message: "this link has expired; ask whoever sent it for a new one"}
	errGoneRoom = protocol.Error{Code: protocol.CodeBadToken, Message: "this link is not valid; ask whoever sent it for a new one"}
	errOldLink  = protocol.Error{Code: protocol.CodeBadToken, Message: "this link was replaced by a new one; ask for that"}
	errCrowd    = protocol.Error{Code: protocol.CodeTooMany, Message: "many people are coming back from your network; try again in a moment"}
	errLeft     = protocol.Error{Code: protocol.CodeBadToken, Message: "you left that place; come in by your link again"}
	errRoomFull = protocol.Error{Code: protocol.CodeRoomFull, Message: "this meeting is full; try again when somebody has left"}
	errLocked   = protocol.Error{Code: protocol.CodeLocked, Message: "this meeting is locked; ask somebody inside to unlock it, then try again"}
)

// turnsAway says why somebody may not be in this room, whatever goes on in it;
// no code is that they may. What they hold is good for nothing here if the
// connection is to close.
func (a *actor) turnsAway(e *bus.Entry) (no protocol.Error, code protocol.CloseCode) {
	gone := a.have.Removed
	switch {
	case !a.have.Deleted.IsZero():
		return errGoneRoom, protocol.CloseBadToken
	case e.Expired:
		return errExpired, 0
	case a.running() == nil: // a session that is to begin knows of nobody removed
	case e.Sub != "" && slices.Contains(gone, e.Sub), e.Ticket != "" && slices.Contains(gone, ticketMark+e.Ticket):
		return errRemoved, protocol.CloseRemoved
	}
	// A link that was renewed is the guests'; a moderator renews it.
	if e.Invite && !e.Role.Moderates() && e.Link != a.have.Room.Links {
		return errOldLink, protocol.CloseBadToken
	}
	return protocol.Error{}, 0
}

// turnAwayWith refuses, closes if there is a code, and notes it for the audit.
func (a *actor) turnAwayWith(r request, no protocol.Error, code protocol.CloseCode) {
	a.line.Answer(r.Asked, a.last(r, no, code))
	e := r.Entry
	a.noteRefusal(event.Who{Sub: e.Sub, Name: e.Name, Role: e.Role, Ticket: e.Ticket, Address: e.Address}, no)
}

// hasPlace reports whether a place is held for the holder of a token.
func (a *actor) hasPlace(e *bus.Entry, over bool) bool { return !over && a.placeOf(e) != nil }

// hello lets somebody in, to a new place or back to their own. The first
// admission starts the session.
func (a *actor) hello(r request, m protocol.Hello) {
	if a.undecided(r.now) {
		a.afterCommits(r, func() { a.hello(r, m) })
		return
	}
	if a.unsure(r) {
		a.makeSure(r, func(r request) { a.hello(r, m) })
		return
	}
	r, m = a.asAdmitted(r, m)
	r = a.asBefore(r, m)
	s, e := a.have.Session, r.Entry
	over := s != nil && s.Over(r.now)
	back := e.Participant != ""
	no, code := a.turnsAway(e)
	switch {
	case over && (back || !a.have.Room.Reusable) && a.have.Deleted.IsZero():
		a.over(r)
	case no.Code != "":
		a.turnAwayWith(r, no, code)
	case back && (s == nil || s.Number != e.Session):
		a.refuse(r, protocol.Error{Code: protocol.CodeBadToken, Message: "that place was in a session that is over; join anew"})
	case back && !a.hasPlace(e, over) && a.leftByChoice(e.Sub):
		a.refuse(r, errLeft)
	case back && !a.hasPlace(e, over) && a.forgetsRole(e):
		a.refuse(r, protocol.Error{Code: protocol.CodeBadToken, Message: "that place was given up too long ago; join anew"})
	case back && !a.hasPlace(e, over) && e.Crowd:
		a.line.Answer(r.Asked, a.last(r, errCrowd, protocol.CloseTooMany)) // the audit need not hear of each
	case a.behind(e, over):
		a.refuse(r, errBehind)
	case !back && !a.known(e, over) && a.shutOut(r):
		a.turnAwayWith(r, errLocked, 0)
	case !back && !a.known(e, over) && a.mustWait(r):
		a.wait(r, m)
	case over && s.Ending == nil:
		a.startAfterEnd(r, m)
	case s == nil || over:
		a.start(r, m)
	case a.changesRole(e):
		a.changeRole(r, m)
	default:
		a.admit(r, m, nil)
	}
}

// startAfterEnd has the end of the session before recorded first, which came
// due just now: its ledger is kept and its people are told.
func (a *actor) startAfterEnd(r request, m protocol.Hello) {
	a.advance(r.now)
	a.afterCommits(r, func() {
		if s := a.running(); s != nil && s.Over(r.now) {
			a.refuse(r, store.ErrUnavailable)
			return
		}
		a.hello(r, m)
	})
}

// start begins the session and lets its first person in.
func (a *actor) start(r request, m protocol.Hello) {
	p, err := a.newcomer(r, m)
	if err != nil {
		a.refuse(r, err)
		return
	}
	by, d := p.actor().Person, doing{who: p.who(), at: r.now}
	a.commit(d, func(rec store.Record) (store.Record, error) {
		number := 1
		if old := rec.Session; old != nil {
			if !old.Over(r.now) {
				return rec, store.ErrUnchanged // somebody else was first
			}
			// Its end may still have to be passed on, with its ledger.
			if err := a.host.cfg.Store.SaveLedger(a.ctx, a.id, *old); err != nil {
				return rec, err
			}
			number = old.Number + 1
		}
		s, err := meeting.Start(rec.Room, number, r.now, by)
		if err != nil {
			return rec, err
		}
		s, _ = s.Advance(rec.Room, r.now) // a short session starts with its window open
		rec.Session = &s
		rec.People = []store.Place{p.place()}
		rec = rec.Begun().Holding(p.sub, p.role)
		return rec, nil
	}, func(err error) {
		if err != nil {
			a.refuse(r, err)
			return
		}
		a.admit(r, m, p)
	})
}

// admit gives the connection a place in the running session: its own, or that
// of p, or of the newcomer that the hello describes.
func (a *actor) admit(r request, m protocol.Hello, p *person) {
	switch there := a.people.byConn(r.Conn); {
	case a.gone[r.Conn]: // there is nobody left to answer
		if p != nil { // whose place was saved with the session's start
			a.attend(attendance{place: p.place(), doing: doing{at: a.now(), why: protocol.LeftLost}, turn: goes})
		}
		return
	case there != nil: // a hello that was said twice
		a.welcome(r, there)
		return
	case a.running() == nil: // it ended while the hello waited
		a.over(r)
		return
	}
	if held := a.placeOf(r.Entry); held != nil {
		a.comeBack(r, held, m)
		return
	}
	if p == nil {
		var err error
		if p, err = a.newcomer(r, m); err != nil {
			a.refuse(r, err)
			return
		}
	}
	out, fits := a.crowd(p.sub).admit()
	if !fits {
		a.refuse(r, errRoomFull)
		return
	}
	if out != nil {
		a.displace(out)
	}
	p.conn = r.Conn
	a.seat(p)
	a.people.add(p)
	a.waiting.remove(func(w *waiter) bool { return w.conn == r.Conn })
	a.publish(protocol.PersonJoined{Person: p.wire()})
	a.attend(attendance{place: p.place(), doing: cameIn(p)})
	a.welcome(r, p)
}

// placeOf is the place that belongs to an entry, if it is still held.
func (a *actor) placeOf(e *bus.Entry) *person {
	if p := a.people.byID(e.Participant); p != nil {
		return p
	}
	if e.Sub != "" {
		return a.people.bySub(e.Sub)
	}
	return nil
}

// comeBack gives a held place to the connection; an older one is told. What a
// token says is newer than what the place knows, what a secret says is not.
func (a *actor) comeBack(r request, p *person, m protocol.Hello) {
	if p.conn != "" && p.conn != r.Conn {
		told := protocol.Error{Code: protocol.CodeReplaced, Message: "you joined from another tab or device"}
		a.line.Push(p.conn, closing(a.delivery(bus.KindPush, "", told), protocol.CloseReplaced))
	}
	if r.Entry.Participant == "" {
		a.renew(r, p)
	}
	p.conn, p.lostAt, p.address = r.Conn, time.Time{}, r.Entry.Address
	p.sending = mayBeOn(p.role, m.Sending)
	p.peer.Sending(p.sending)
	a.publish(protocol.PersonChanged{Person: p.wire()})
	a.welcome(r, p)
	if len(p.seating.Audio)+len(p.seating.Video) > 0 {
		a.push(p, p.seating)
	}
}

// newcomer is the person an entry and a hello describe, without a place yet.
func (a *actor) newcomer(r request, m protocol.Hello) (*person, error) {
	e := r.Entry
	p := &person{id: e.Participant, sub: e.Sub, name: e.Name, role: e.Role,
		joined: r.now, ticket: e.Ticket, address: e.Address}
	if role, known := a.roleOf(e.Sub); known && e.Participant != "" {
		p.role = role
	}
	p.sending = mayBeOn(p.role, m.Sending)
	f, lost := a.lostLately(e)
	if lost { // whoever comes back is who they were
		p.id, p.ticket = f.ID, cmp.Or(e.Ticket, f.Ticket)
	}
	if lost || e.Participant != "" { // and has let the media of that place go
		p.anew = "." + rand.Text()[:8]
	}
	if p.id == "" {
		p.id = "p_" + rand.Text()[:12]
	}
	if p.sub == "" { // an invitation: its holder is somebody new
		p.sub = p.id
	}
	if p.name == "" {
		p.name = meeting.Clean(m.Name)
	}
	switch {
	case p.name == "":
		return nil, protocol.Error{Code: protocol.CodeBadRequest, Message: "say your name, so that the others know who you are"}
	case utf8.RuneCountInString(p.name) > meeting.MaxPersonName:
		return nil, protocol.Error{Code: protocol.CodeBadRequest, Message: "that name is longer than 64 characters; shorten it"}
	}
	return p, nil
}

// welcome answers a hello with the whole state of the room.
func (a *actor) welcome(r request, p *person) {
	s := a.have.Session
	audio, video := a.host.cfg.Media.Seats()
	w := protocol.Welcome{
		Room: wireRoom(a.have.Room), Session: wireSession(*s), ServerTime: a.now(),
		You: p.wire(), People: a.people.wire(), Speaking: slices.Clone(a.speaking),
		Media: protocol.Media{Instance: a.host.cfg.Media.Instance() + p.anew, AudioSeats: audio, VideoSeats: video},
	}
	w.Notice = a.notice()
	var err error
	w.Resume, err = a.host.cfg.Secrets.Resume(auth.Place{
		Room: a.id, Session: s.Number, Participant: p.id, Sub: p.sub, Name: p.name, Role: p.role,
	})
	if err == nil {
		w.Guests, err = a.guestLink(p)
	}
	if p.role.Moderates() {
		w.Waiting = a.wireWaiting()
	}
	if err != nil {
		a.refuse(r, err)
		return
	}
	a.line.Answer(r.Asked, a.delivery(bus.KindWelcome, r.id, w))
}

// over answers that the room is over.
func (a *actor) over(r request) {
	// An end that is due but not recorded yet is told as it will be.
	s, _ := a.have.Session.Advance(a.have.Room, r.now)
	a.line.Answer(r.Asked, a.last(r, protocol.Over{
		Room: wireRoom(a.have.Room), Session: wireSession(s), ServerTime: a.now(),
	}, protocol.CloseOver))
}

// last is an answer after which the connection closes.
func (a *actor) last(r request, m protocol.ServerMessage, code protocol.CloseCode) bus.Delivery {
	return closing(a.delivery(bus.KindAnswer, r.id, m), code)
}
