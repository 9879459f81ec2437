package room

import (
	"maps"
	"slices"
	"time"

	"overtime/internal/event"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

// Person is somebody's place in the room.
type Person struct {
	ID      string // what others know them by
	Sub     string // who they are; never on the wire
	Name    string
	Role    meeting.Role
	Sending []protocol.Source
	Conn    string        // the edge connection, empty while it is lost
	LostAt  time.Time     // when it was lost
	Held    time.Duration // from then on
	Joined  time.Time
	Ticket  string // the id of the token they came with
	Address string // the network's, for the audit
	// Anew marks the media of a place that was made anew under its old id.
	Anew string
	// Attributes are what they, or a moderator, say of them; see attributes.go.
	Attributes map[string]string
}

// Actor is p for the rules.
func (p Person) Actor() meeting.Actor {
	return meeting.Actor{Person: meeting.Person{Sub: p.Sub, Name: p.Name}, Role: p.Role}
}

// Place is what the record keeps of p.
func (p Person) Place() Place {
	return Place{ID: p.ID, Sub: p.Sub, Name: p.Name, Role: p.Role, Ticket: p.Ticket, JoinedAt: p.Joined}
}

// personAt is whose place the record keeps.
func personAt(p Place) Person {
	return Person{ID: p.ID, Sub: p.Sub, Name: p.Name, Role: p.Role, Ticket: p.Ticket, Joined: p.JoinedAt}
}

// lostPerson is that person without a connection since now.
func lostPerson(place Place, now time.Time) Person {
	p := personAt(place)
	p.LostAt, p.Held = now, protocol.PlaceHeld
	return p
}

// take is p as a newer token of theirs says.
func (p Person) take(e Entry) Person {
	p.Role, p.Ticket = e.Role, e.Ticket
	if e.Name != "" {
		p.Name = e.Name
	}
	return p
}

// personal reports whether p came by a token of their own. A secret does not
// name it, but a shared link makes a sub for each place, which is its id.
func (p Person) personal() bool { return p.Ticket != "" || p.Sub != p.ID }

// MayInvite reports whether p is given the link for guests. Viewers are not, who
// would come back as more than one, nor the holders of tokens: who comes in is the
// portal's to say, and who was removed would come back by it as somebody else.
// Moderators invite whom they like.
func (p Person) MayInvite() bool {
	return p.Role != meeting.RoleViewer && (!p.personal() || p.Role.Moderates())
}

// Who is p for the audit.
func (p Person) Who() event.Who {
	w := whoIs(p.Place())
	w.Address = p.Address
	return w
}

// ToProtocol is p as others see them.
func (p Person) ToProtocol() protocol.Person {
	return protocol.Person{
		ID: p.ID, Name: p.Name, Role: p.Role,
		Sending: slices.Clone(p.Sending), Reconnecting: p.Conn == "", Attributes: p.Attributes,
	}
}

// HeldUntil is how long the place of somebody without a connection waits.
func (p Person) HeldUntil() time.Time { return p.LostAt.Add(p.Held) }

// with is p with an attribute; an empty value takes it away.
func (p Person) with(name, value string) Person {
	p.Attributes = maps.Clone(p.Attributes)
	switch {
	case value == "":
		delete(p.Attributes, name)
	case p.Attributes == nil:
		p.Attributes = map[string]string{name: value}
	default:
		p.Attributes[name] = value
	}
	return p
}

// Roster is the people of a room in order of arrival.
type Roster []Person

// Same reports whether r is the very roster that other is: nobody has changed in
// between, for a roster is never written to.
func (r Roster) Same(other Roster) bool {
	return len(r) == len(other) && (len(r) == 0 || &r[0] == &other[0])
}

func (r Roster) find(f func(Person) bool) (p Person, found bool) {
	if i := slices.IndexFunc(r, f); i >= 0 {
		return r[i], true
	}
	return Person{}, false
}

// ByConn is whose connection it is. Nobody has an empty one.
func (r Roster) ByConn(conn string) (Person, bool) {
	return r.find(func(p Person) bool { return p.Conn == conn && conn != "" })
}

// ByID is who is known to others by that id.
func (r Roster) ByID(id string) (Person, bool) {
	return r.find(func(p Person) bool { return p.ID == id })
}

// BySub is somebody whose identity outlives a connection.
func (r Roster) BySub(sub string) (Person, bool) {
	return r.find(func(p Person) bool { return p.Sub == sub })
}

// connected reports whether anybody has a connection.
func (r Roster) connected() bool {
	return slices.ContainsFunc(r, func(p Person) bool { return p.Conn != "" })
}

func (r Roster) with(p Person) Roster { return append(slices.Clip(r), p) }

// without leaves out who is known by that id.
func (r Roster) without(id string) Roster {
	return slices.DeleteFunc(slices.Clone(r), func(p Person) bool { return p.ID == id })
}

// changed is r with the person of that id as f makes them.
func (r Roster) changed(id string, f func(Person) Person) Roster {
	out := slices.Clone(r)
	for i := range out {
		if out[i].ID == id {
			out[i] = f(out[i])
		}
	}
	return out
}

// lost is r in which some have lost their connection.
func (r Roster) lost(at time.Time, who func(Person) bool) Roster {
	out := slices.Clone(r)
	for i := range out {
		if who(out[i]) {
			out[i].Conn, out[i].LostAt, out[i].Held = "", at, protocol.PlaceHeld
		}
	}
	return out
}

func (r Roster) toProtocol() []protocol.Person {
	out := make([]protocol.Person, len(r))
	for i, p := range r {
		out[i] = p.ToProtocol()
	}
	return out
}

// moderators tells all of them.
func (r Roster) moderators(m protocol.ServerMessage) []Notice {
	var out []Notice
	for _, p := range r {
		if p.Role.Moderates() && p.Conn != "" {
			out = append(out, Notice{Conn: p.Conn, Message: m})
		}
	}
	return out
}
