package rooms

import (
	"slices"
	"time"

	"overtime/internal/bus"
	"overtime/internal/event"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
	"overtime/internal/store"
)

// person is somebody's place in the room.
type person struct {
	id      string // what others know them by
	sub     string // who they are; never on the wire
	name    string
	role    meeting.Role
	sending []protocol.Source
	conn    string        // the edge connection, empty while it is lost
	lostAt  time.Time     // when it was lost
	held    time.Duration // from then on
	joined  time.Time
	ticket  string // the id of the token they came with
	address string // the network's, for the audit
	peer    MediaPeer
	seating protocol.Seating // the last one, for a connection that comes back
	anew    string           // marks the media of a place that was made anew
}

func (p *person) actor() meeting.Actor {
	return meeting.Actor{Person: meeting.Person{Sub: p.sub, Name: p.name}, Role: p.role}
}

// place is what the record keeps of p.
func (p *person) place() store.Place {
	return store.Place{ID: p.id, Sub: p.sub, Name: p.name, Role: p.role, Ticket: p.ticket, JoinedAt: p.joined}
}

// personAt is whose place the record keeps.
func personAt(p store.Place) *person {
	return &person{id: p.ID, sub: p.Sub, name: p.Name, role: p.Role, ticket: p.Ticket, joined: p.JoinedAt}
}

// take makes p what a newer token of theirs says.
func (p *person) take(e *bus.Entry) {
	p.role, p.ticket = e.Role, e.Ticket
	if e.Name != "" {
		p.name = e.Name
	}
}

// personal reports whether p came by a token of their own. A secret does not
// name it, but a shared link makes a sub for each place, which is its id.
func (p *person) personal() bool { return p.ticket != "" || p.sub != p.id }

// who is p for the audit.
func (p *person) who() event.Who {
	w := whoIs(p.place())
	w.Address = p.address
	return w
}

func (p *person) wire() protocol.Person {
	return protocol.Person{
		ID: p.id, Name: p.name, Role: p.role,
		Sending: slices.Clone(p.sending), Reconnecting: p.conn == "",
	}
}

// heldUntil is how long the place of somebody without a connection waits.
func (p *person) heldUntil() time.Time { return p.lostAt.Add(p.held) }

// roster is the people of a room in order of arrival.
type roster struct{ list []*person }

func (r *roster) find(f func(*person) bool) *person {
	if i := slices.IndexFunc(r.list, f); i >= 0 {
		return r.list[i]
	}
	return nil
}

func (r *roster) byConn(conn string) *person {
	return r.find(func(p *person) bool { return p.conn == conn })
}

func (r *roster) byID(id string) *person {
	return r.find(func(p *person) bool { return p.id == id })
}

// bySub finds somebody whose identity outlives a connection.
func (r *roster) bySub(sub string) *person {
	return r.find(func(p *person) bool { return p.sub == sub })
}

func (r *roster) add(p *person) { r.list = append(r.list, p) }

func (r *roster) remove(p *person) {
	r.list = slices.DeleteFunc(r.list, func(q *person) bool { return q == p })
}

func (r *roster) wire() []protocol.Person {
	out := make([]protocol.Person, len(r.list))
	for i, p := range r.list {
		out[i] = p.wire()
	}
	return out
}

// leave gives up a place by choice.
func (a *actor) leave(r request, p *person) {
	a.line.Answer(r.Asked, a.last(r, protocol.OK{}, protocol.CloseNormal))
	a.goodbye(p, protocol.LeftByChoice)
}

// lost notes that a connection has ended, perhaps with its page; the place waits
// for it.
func (a *actor) lost(conn string, now time.Time, closed bool) {
	held := protocol.PlaceHeld
	if closed {
		held = protocol.PlaceHeldClosed
	}
	a.lostWaiter(conn, now, held)
	p := a.people.byConn(conn)
	if p == nil { // it left, or another connection has its place, or its hello waits
		if len(a.commits) > 0 {
			a.gone[conn] = true
		}
		return
	}
	p.conn, p.lostAt, p.held = "", now, held
	a.publish(protocol.PersonChanged{Person: p.wire()})
}

// dropLost gives up the places whose connection did not come back.
func (a *actor) dropLost(now time.Time) {
	for _, p := range slices.Clone(a.people.list) {
		if p.conn == "" && !now.Before(p.heldUntil()) {
			a.goodbye(p, protocol.LeftLost)
		}
	}
	a.leaveLine(func(w *waiter) bool { return w.expired(now) })
}

// goodbye takes somebody out of the room and its record, and tells the others.
func (a *actor) goodbye(p *person, why protocol.LeftReason) {
	a.drop(p, why)
	a.attend(attendance{place: p.place(), doing: doing{at: a.now(), why: why}, turn: goes})
}

// displace has somebody without a connection make room. As long as their place
// would have waited they come back though the room is full.
func (a *actor) displace(p *person) {
	a.drop(p, protocol.LeftLost)
	a.attend(attendance{
		place: p.place(), doing: doing{at: a.now(), why: protocol.LeftLost}, turn: goes, displaced: p.heldUntil(),
	})
}

// drop takes somebody out of the room, whom the record does not have any more
// or will not have soon, and tells the others.
func (a *actor) drop(p *person, why protocol.LeftReason) {
	a.people.remove(p)
	p.peer.Close()
	a.publish(protocol.PersonLeft{ID: p.id, Reason: why})
	if len(a.people.list) == 0 && a.media != nil {
		a.media.Close()
		a.media = nil
	}
}
