package rooms

import (
	"crypto/rand"
	"slices"
	"time"

	"overtime/internal/bus"
	"overtime/internal/event"
	"overtime/internal/protocol"
)

const (
	// maxWaiting bounds who may wait at a time.
	maxWaiting = 100
	// waitPatience is how long somebody waits who does not ask again.
	waitPatience = time.Minute
)

// waiter is somebody whom a moderator has not let in yet. They have a
// connection and no place: waiting starts no session and holds nothing.
type waiter struct {
	id    string
	conn  string
	name  string
	entry bus.Entry
	asked time.Time // last
}

// mustWait reports whether a newcomer has to be let in first.
func (a *actor) mustWait(r request) bool {
	return a.have.Room.WaitingRoom && !r.Entry.Role.Moderates() && a.admitted[r.Conn] == nil
}

// shutOut reports whether a newcomer is kept out by the lock. Those who waited
// before it are no news to the moderators, who let them in or not.
func (a *actor) shutOut(r request) bool {
	inLine := a.mustWait(r) && a.waiterBy(func(w *waiter) bool { return w.conn == r.Conn }) != nil
	return a.have.Room.Locked && !r.Entry.Role.Moderates() && a.admitted[r.Conn] == nil && !inLine
}

// asAdmitted is a hello as the one who says it waited: a moderator read that
// name, and let in nobody else.
func (a *actor) asAdmitted(r request, m protocol.Hello) (request, protocol.Hello) {
	if w := a.admitted[r.Conn]; w != nil && r.Entry.Participant == "" && !r.Entry.Role.Moderates() {
		r.Entry, m.Name = &w.entry, w.name
	}
	return r, m
}

// wait puts a newcomer in line, or keeps them there.
func (a *actor) wait(r request, m protocol.Hello) {
	p, err := a.newcomer(r, m)
	if err != nil {
		a.refuse(r, err)
		return
	}
	w := a.waiterBy(func(w *waiter) bool { return w.conn == r.Conn })
	switch {
	case w != nil && w.name == p.name:
		w.entry, w.asked = *r.Entry, r.now
	case w != nil: // who is let in by the name of before is not this one
		w.id, w.name, w.entry, w.asked = newWaiterID(), p.name, *r.Entry, r.now
		a.tellWaiting()
	case len(a.waiting) >= maxWaiting:
		a.refuse(r, protocol.Error{Code: protocol.CodeRoomFull, Message: "too many people wait to be let in; try again in a while"})
		return
	default:
		a.waiting = append(a.waiting, &waiter{
			id: newWaiterID(), conn: r.Conn, name: p.name, entry: *r.Entry, asked: r.now,
		})
		a.tellWaiting()
	}
	a.line.Answer(r.Asked, a.delivery(bus.KindAnswer, r.id, protocol.Waiting{Room: wireRoom(a.have.Room), ServerTime: a.now()}))
}

func newWaiterID() string { return "w_" + rand.Text()[:12] }

// letIn and turnAway are a moderator's answers to somebody who waits. Neither
// needs to be remembered: a second one finds nobody.
func (a *actor) letIn(r request, p *person, id string) {
	if w := a.fromLine(r, p, id); w != nil {
		a.admitted[w.conn] = w
		a.line.Push(w.conn, a.delivery(bus.KindPush, "", protocol.Admitted{}))
		a.ok(r, protocol.OK{})
	}
}

func (a *actor) turnAway(r request, p *person, id string) {
	if w := a.fromLine(r, p, id); w != nil {
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
	a.line.Push(w.conn, closing(a.delivery(bus.KindPush, "", why), code))
}

// fromLine takes somebody out of the line on behalf of a moderator; nil if that
// was refused.
func (a *actor) fromLine(r request, p *person, id string) *waiter {
	w := a.waiterBy(func(w *waiter) bool { return w.id == id })
	switch {
	case !p.role.Moderates():
		a.refuse(r, errNotModerator)
		return nil
	case w == nil:
		a.refuse(r, errNobodyThere)
		return nil
	}
	a.leaveLine(func(o *waiter) bool { return o == w })
	return w
}

func (a *actor) waiterBy(f func(*waiter) bool) *waiter {
	if i := slices.IndexFunc(a.waiting, f); i >= 0 {
		return a.waiting[i]
	}
	return nil
}

// leaveLine takes out whoever f says, and tells the moderators.
func (a *actor) leaveLine(f func(*waiter) bool) {
	before := len(a.waiting)
	a.waiting = slices.DeleteFunc(a.waiting, f)
	if len(a.waiting) != before {
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
	out := make([]protocol.Waiter, len(a.waiting))
	for i, w := range a.waiting {
		out[i] = protocol.Waiter{ID: w.id, Name: w.name}
	}
	return out
}
