package rooms

import (
	"crypto/rand"
	"time"

	"overtime/internal/auth"
	"overtime/internal/bus"
	"overtime/internal/event"
	"overtime/internal/protocol"
)

// mustWait reports whether a newcomer has to be let in first.
func (a *actor) mustWait(r request) bool {
	return a.have.Room.WaitingRoom && !r.Entry.Role.Moderates() && !a.isAdmitted(r.Conn)
}

// isAdmitted reports whether a moderator let a connection in.
func (a *actor) isAdmitted(conn string) bool {
	w := a.waiting.byConn(conn)
	return w != nil && w.admitted
}

// shutOut reports whether a newcomer is kept out by the lock. Those who waited
// before it are no news to the moderators, who let them in or not; of a server
// that has just started they are those who show that they did.
func (a *actor) shutOut(r request) bool {
	inLine := a.mustWait(r) && (a.waiting.of(r.Conn, r.Entry) != nil || r.Entry.Waiting != "" && !a.gathered(r.now))
	return a.have.Room.Locked && !r.Entry.Role.Moderates() && !a.isAdmitted(r.Conn) && !inLine
}

// asAdmitted is a hello as the one who says it waited: a moderator read that
// name, and let in nobody else.
func (a *actor) asAdmitted(r request, m protocol.Hello) (request, protocol.Hello) {
	w := a.waiting.of(r.Conn, r.Entry)
	if w == nil || !w.admitted || r.Entry.Participant != "" || r.Entry.Role.Moderates() {
		return r, m
	}
	a.moveWaiter(w, r.Conn)
	r.Entry, m.Name = &w.entry, w.name
	return r, m
}

// moveWaiter gives somebody's place in line to a connection; an older one is told.
func (a *actor) moveWaiter(w *waiter, conn string) {
	if w.conn != "" && w.conn != conn {
		told := protocol.Error{Code: protocol.CodeReplaced, Message: "you joined from another tab or device"}
		a.sendAway(w, told, protocol.CloseReplaced)
	}
	w.conn = conn
}

// wait puts a newcomer in line, or keeps them there.
func (a *actor) wait(r request, m protocol.Hello) {
	p, err := a.newcomer(r, m)
	if err != nil {
		a.refuse(r, err)
		return
	}
	w := a.waiting.of(r.Conn, r.Entry)
	switch {
	case w == nil:
		w = &waiter{id: newWaiterID(), conn: r.Conn, name: p.name, entry: *r.Entry}
		if !a.waiting.add(w) {
			a.refuse(r, protocol.Error{Code: protocol.CodeRoomFull, Message: "too many people wait to be let in; try again in a while"})
			return
		}
		a.tellWaiting()
	case w.name != p.name: // who is let in by the name of before is not this one
		w.id, w.name = newWaiterID(), p.name
		a.tellWaiting()
	}
	a.moveWaiter(w, r.Conn)
	w.entry, w.until = *r.Entry, r.now.Add(waitPatience)
	answer := protocol.Waiting{Room: wireRoom(a.have.Room), ServerTime: a.now()}
	if answer.Pass, err = a.passFor(r.Entry, w.id); err != nil {
		a.refuse(r, err)
		return
	}
	a.line.Answer(r.Asked, a.delivery(bus.KindAnswer, r.id, answer))
}

// passFor stands for what somebody showed in time, from now on. It is empty for
// those who need none.
func (a *actor) passFor(e *bus.Entry, waiting string) (string, error) {
	if e.Expired || e.Invite && waiting == "" || e.Issued.IsZero() {
		return "", nil
	}
	return a.host.cfg.Secrets.Pass(auth.Ticket{
		ID: e.Ticket, Room: a.id, Role: e.Role, Name: e.Name, Sub: e.Sub, Invite: e.Invite, Link: e.Link,
		Waiting: waiting, IssuedAt: e.Issued,
	})
}

func newWaiterID() string { return "w_" + rand.Text()[:12] }

// lostWaiter notes that the connection of somebody who waits has ended. They keep
// their place in line as long as those inside keep theirs.
func (a *actor) lostWaiter(conn string, now time.Time, held time.Duration) {
	w := a.waiting.byConn(conn)
	if w == nil {
		return
	}
	w.conn = ""
	if last := now.Add(held); w.admitted || last.Before(w.until) {
		w.until = last
	}
}

// stopWaiting is the goodbye of somebody who waits.
func (a *actor) stopWaiting(r request, w *waiter) {
	a.line.Answer(r.Asked, a.last(r, protocol.OK{}, protocol.CloseNormal))
	a.leaveLine(func(o *waiter) bool { return o == w })
}

// letIn and turnAway are a moderator's answers to somebody who waits. Neither
// needs to be remembered: a second one finds nobody.
func (a *actor) letIn(r request, p *person, id string) {
	if w := a.inLine(r, p, id); w != nil {
		w.admitted = true
		a.tellWaiting()
		if w.conn != "" {
			a.line.Push(w.conn, a.delivery(bus.KindPush, "", protocol.Admitted{}))
		}
		a.ok(r, protocol.OK{})
	}
}

func (a *actor) turnAway(r request, p *person, id string) {
	if w := a.inLine(r, p, id); w != nil {
		a.leaveLine(func(o *waiter) bool { return o == w })
		a.sendAway(w, protocol.Error{Code: protocol.CodeDenied, Message: "a moderator did not let you in"}, protocol.CloseDenied)
		n := about(a.have.Room, a.have.Session)
		n.Participant = &participant{ID: w.id, Name: w.name, Role: w.entry.Role}
		e := n.event(event.ParticipantDenied, r.now, p.who())
		e.Room = a.id
		a.host.cfg.News.Note(e)
		a.ok(r, protocol.OK{})
	}
}

func (a *actor) sendAway(w *waiter, why protocol.Error, code protocol.CloseCode) {
	if w.conn != "" {
		a.line.Push(w.conn, closing(a.delivery(bus.KindPush, "", why), code))
	}
}

// inLine is whom a moderator answers; nil if that was refused.
func (a *actor) inLine(r request, p *person, id string) *waiter {
	w := a.waiting.byID(id)
	switch {
	case !p.role.Moderates():
		a.refuse(r, errNotModerator)
		return nil
	case w == nil:
		a.refuse(r, errNobodyThere)
		return nil
	}
	return w
}

// leaveLine takes out whoever f says, and tells the moderators.
func (a *actor) leaveLine(f func(*waiter) bool) {
	if a.waiting.remove(f) {
		a.tellWaiting()
	}
}

// tellWaiting tells every moderator who waits.
func (a *actor) tellWaiting() {
	for _, p := range a.people.list {
		if p.role.Moderates() {
			a.push(p, protocol.PeopleWaiting{People: a.wireWaiting()})
		}
	}
}

func (a *actor) wireWaiting() []protocol.Waiter {
	out := []protocol.Waiter{}
	for _, w := range a.waiting.waiting() {
		out = append(out, protocol.Waiter{ID: w.id, Name: w.name})
	}
	return out
}
