package room

import (
	"time"
	"unicode/utf8"

	"overtime/internal/event"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

// Seating is what comes of whoever was let in.
type Seating struct {
	// Rule names what decided.
	Rule    string
	Facts   []Fact
	Refusal protocol.Error // if it has a code
	// Over: the session ended meanwhile. Nobody: there is nobody left to answer.
	Over, Nobody bool
}

// Seat gives a connection that was let in a place in the running session: its own,
// or a new one. now is the clock's. started is who the session was started by, if
// that is why they come in.
func (a Arrival) Seat(now time.Time, started *Person) Seating {
	s := a.State
	_, twice := s.Here.ByConn(a.Conn)
	held, hasPlace := a.place()
	switch {
	case s.vanished(a.Conn):
		return Seating{Rule: "nobody is left to come in", Nobody: true}
	case twice:
		return Seating{Rule: "the hello was said twice"}
	case s.Running() == nil:
		return Seating{Rule: "it ended while the hello waited", Over: true}
	case hasPlace:
		return Seating{Rule: "their place is held", Facts: []Fact{a.comesBack(held)}}
	case started == nil:
		if rule, refusal := a.unnamed(); rule != "" {
			return Seating{Rule: rule, Refusal: refusal}
		}
	}
	p := a.newcomer()
	if started != nil {
		p = *started
	}
	out, fits := s.crowd(p.Sub, now).admit()
	if !fits {
		return Seating{Rule: "the room is full", Refusal: errRoomFull}
	}
	var facts []Fact
	rule := "there is room"
	if out.ID != "" {
		rule = "somebody without a connection makes room"
		facts = append(facts, Left{ID: out.ID, Why: protocol.LeftLost, At: now, Displaced: true})
	}
	came := Came{Person: p, Cause: Cause{At: p.Joined, Who: event.Who{Address: p.Address}}}
	return Seating{Rule: rule, Facts: append(facts, came)}
}

func (a Arrival) comesBack(p Person) Fact {
	r := Returned{ID: p.ID, Conn: a.Conn, Address: a.Entry.Address, Cause: a.Cause()}
	role := p.Role
	if !a.back() {
		r.Entry = &a.Entry
		role = a.Entry.Role
	}
	r.Sending = mayBeOn(a.State.Saved.Room, role, a.Hello.Sending)
	return r
}

// unnamed is why they cannot be seen by others as who they say they are.
func (a Arrival) unnamed() (rule string, refusal protocol.Error) {
	switch name := a.newcomer().Name; {
	case name == "":
		return "they have no name", errNameless
	case utf8.RuneCountInString(name) > meeting.MaxPersonName:
		return "their name is too long", errLongName
	}
	return "", protocol.Error{}
}

func (s State) vanished(conn string) bool {
	for _, gone := range s.Vanished {
		if gone == conn {
			return true
		}
	}
	return false
}

// Starts is who starts the session by coming in, if nothing speaks against it, and
// the facts that make it: none if the record has one that somebody else started.
func (a Arrival) Starts() (p Person, begin func(Record) ([]Kept, error), refusal protocol.Error) {
	if _, refusal := a.unnamed(); refusal.Code != "" {
		return Person{}, nil, refusal
	}
	p = a.newcomer()
	begin = func(r Record) ([]Kept, error) {
		number := 1
		if old := r.Session; old != nil {
			if !old.Over(a.At) {
				return nil, nil
			}
			number = old.Number + 1
		}
		s, err := meeting.Start(r.Room, number, a.At, p.Actor().Person)
		if err != nil {
			return nil, err
		}
		facts := []Kept{SessionBegan{number, s.Ledger[0]}}
		now, _ := s.Advance(r.Room, a.At) // a short session starts with its window open
		return append(facts, grew(s, now)...), nil
	}
	return p, begin, protocol.Error{}
}

// StartCause is whose doing the start is.
func (a Arrival) StartCause(p Person) Cause { return Cause{Who: p.Who(), At: a.At} }

// GivesRole is what is kept of a token that changes its holder's role: nothing once
// the session is over.
func (a Arrival) GivesRole(r Record) []Kept {
	if r.running() == nil {
		return nil
	}
	return []Kept{RoleGiven{Entry: a.Entry}}
}

// GaveRole is what follows in the room once that is saved. Also if nobody comes any
// more, the record has it.
func (a Arrival) GaveRole() []Fact {
	if p, here := a.State.Here.BySub(a.Entry.Sub); here && a.State.vanished(a.Conn) {
		return []Fact{Renewed{ID: p.ID, Entry: a.Entry, Cause: a.Cause()}}
	}
	return nil
}

// Queue puts a newcomer in line, or keeps them there. id is theirs in line.
func (a Arrival) Queue() (id string, facts []Fact, refusal protocol.Error) {
	if _, refusal := a.unnamed(); refusal.Code != "" {
		return "", nil, refusal
	}
	name := a.newcomer().Name
	w, waits := a.State.Waiting.of(a.Conn, a.Entry)
	next := Queued{Waiter: w, Before: w.ID}
	next.Waiter.Name, next.Waiter.Conn = name, a.Conn
	next.Waiter.Entry, next.Waiter.Until = a.Entry, a.At.Add(waitPatience)
	if !waits || w.Name != name {
		next.Waiter.ID = "w_" + a.Fresh[:freshID]
	}
	if _, room := a.State.Waiting.with(next.Waiter); !waits && !room {
		return "", nil, errManyWait
	}
	return next.Waiter.ID, []Fact{next}, protocol.Error{}
}
