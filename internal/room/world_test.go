package room_test

import (
	"errors"
	"fmt"
	"time"

	"overtime/internal/event"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
	"overtime/internal/room"
)

// began is when each test begins.
var began = time.Date(2026, 3, 4, 9, 0, 0, 0, time.UTC)

// newRoom is a room of 20 minutes for five people, as it was made.
func newRoom(how ...func(*meeting.Room)) room.Record {
	r := meeting.Room{ID: "aaa", Name: "Room", CreatedAt: began, Duration: 20, Capacity: 5}
	for _, f := range how {
		f(&r)
	}
	r, err := r.Validate()
	if err != nil {
		panic(err)
	}
	return room.Record{Epoch: 1, Room: r}
}

// house is what surrounds a room: a store in a variable, a clock that is told the
// time, people with connections. There is no goroutine in it.
type house struct {
	now   time.Time
	store room.Record // what is in the store
	who   room.Attendance
	state room.State // what the process knows
	table room.Table
	// opened and facts are the state at the process's start and what happened since.
	opened room.State
	facts  []room.Fact

	lazy     bool // it is not saved who is here
	forget   bool // the next write is made and its outcome is lost
	doubtful bool // such a write was made
	saved    int  // the State.Attended that is in the store
	queue    []room.Next
	recorded uint64 // the newest event of the record that is in the queue, or was
	attended uint64 // the newest coming or going
	passed   uint64 // the newest event of the record that was passed on
	events   []event.Event
	told     map[string]bool // by id
	conns    int
	heard    func(room.Notice)
}

func newHouse(rec room.Record) *house {
	h := &house{now: began, store: rec, table: room.NewTable(), heard: func(room.Notice) {}, told: map[string]bool{}}
	h.open()
	return h
}

// open is a process that takes the room up from the store.
func (h *house) open() {
	h.store.Epoch++
	h.state = room.Open(h.store, h.who, h.now)
	h.opened, h.facts, h.doubtful = h.state, nil, false
	h.saved, h.queue, h.recorded, h.attended = 0, nil, h.passed, 0
	h.collect()
	h.happen(h.state.Opened(h.now)...)
	h.pass()
}

// collect queues what is new, as the shell does.
func (h *house) collect() {
	for _, n := range room.Untold(h.state.Saved, h.state.Outbox) {
		newest := &h.recorded
		if n.Behind {
			newest = &h.attended
		}
		if n.Number > *newest {
			*newest = n.Number
			h.queue = append(h.queue, n)
		}
	}
}

// pass passes on what may be, in order.
func (h *house) pass() {
	h.collect()
	for len(h.queue) > 0 && (!h.queue[0].Behind || h.queue[0].Number <= h.who.Events) {
		q := h.queue[0]
		h.queue = h.queue[1:]
		if !h.told[q.Event.ID] { // twice is once
			h.events = append(h.events, q.Event)
		}
		h.told[q.Event.ID] = true
		if q.Behind {
			h.happen(room.PassedOn{UpTo: q.Number})
		} else {
			h.passed = q.Number
		}
	}
}

// save keeps who is here.
func (h *house) save() {
	h.who, h.saved = h.state.Attendance(), h.state.Attended
	h.pass()
}

func (h *house) happen(facts ...room.Fact) {
	for _, f := range facts {
		after, notices := h.state.Apply(f)
		h.state, h.facts = after, append(h.facts, f)
		for _, n := range notices {
			h.heard(n)
		}
	}
	h.collect()
}

var errLost = errors.New("nobody knows what came of it")

// commit changes the record as the shell does. done is called if that came out, before
// people are told of it.
func (h *house) commit(c room.Cause, change func(room.Record) ([]room.Kept, error), done ...func()) (err error) {
	before := h.state.Saved
	facts, err := change(h.store)
	if err == nil {
		h.store = room.Keep(h.store.PassedOn(h.passed), c, facts...)
	}
	if err == nil && h.forget {
		h.forget, h.doubtful = false, true
		return errLost
	}
	h.doubtful = false
	h.happen(room.Recorded{Record: h.store})
	for _, f := range done {
		if err == nil {
			f()
		}
	}
	h.happen(h.state.Learn(before, h.now)...)
	h.pass()
	return err
}

func nothing(room.Record) ([]room.Kept, error) { return nil, nil }

// settle writes what the clock and people's coming and going want written.
func (h *house) settle() {
	if h.doubtful {
		_ = h.commit(room.Cause{}, nothing)
	}
	if at := h.now; len(room.Advance(h.state.Saved, at)) > 0 {
		_ = h.commit(room.Cause{At: at}, func(r room.Record) ([]room.Kept, error) { return room.Advance(r, at), nil })
	}
	h.happen(h.state.Due(h.now)...)
	if !h.lazy && h.saved != h.state.Attended {
		h.save()
	}
}

// wait lets time pass, with everything that the clock has to do on the way.
func (h *house) wait(d time.Duration) {
	for until := h.now.Add(d); ; {
		at, ok := h.state.NextWake(h.now, false)
		if !ok || at.After(until) || !at.After(h.now) {
			h.now = until
			h.settle()
			return
		}
		h.now = at
		h.settle()
	}
}

// fresh is text that no other is like.
func (h *house) fresh() string {
	h.conns++
	return fmt.Sprintf("%012d%08d", h.conns, h.conns)
}

// arrival is somebody on a connection of their own.
func (h *house) arrival(e room.Entry, m protocol.Hello) room.Arrival {
	fresh := h.fresh()
	return room.Arrival{State: h.state, Conn: "c" + fresh, Entry: e, Hello: m, At: h.now, Doubtful: h.doubtful, Fresh: fresh}
}

// hello has somebody come in as the shell does; in is the place they have then.
func (h *house) hello(e room.Entry, m protocol.Hello) (in room.Person, refusal protocol.Code) {
	a := h.arrival(e, m)
	for range 5 {
		a.State, a.Doubtful = h.state, h.doubtful
		rule, at, facts := a.Admit()
		h.happen(facts...)
		seat := func(started *room.Person) {
			at.State = h.state
			s := at.Seat(h.now, started)
			h.happen(s.Facts...)
			refusal = s.Refusal.Code
			in, _ = h.state.Here.ByConn(a.Conn)
		}
		switch rule.Verdict {
		case room.MakeSure:
			_ = h.commit(room.Cause{}, nothing)
			a.Sure = true
			continue
		case room.EndFirst:
			h.settle()
			continue
		case room.Start:
			p, begin, refusal := at.Starts()
			if refusal.Code != "" {
				return in, refusal.Code
			}
			begins := false
			start := func(r room.Record) (facts []room.Kept, err error) {
				facts, err = begin(r)
				begins = len(facts) > 0
				return facts, err
			}
			if h.commit(at.StartCause(p), start, func() {
				if begins {
					seat(&p)
				}
			}) != nil {
				return in, protocol.CodeUnknown
			}
			if !begins {
				continue
			}
		case room.GiveRole:
			gives := func(r room.Record) ([]room.Kept, error) { return at.GivesRole(r), nil }
			if h.commit(at.Cause(), gives, func() {
				at.State = h.state
				h.happen(at.GaveRole()...)
				seat(nil)
			}) != nil {
				return in, protocol.CodeUnknown
			}
		case room.Seat:
			seat(nil)
		case room.Wait:
			_, facts, refusal := at.Queue()
			h.happen(facts...)
			return in, refusal.Code
		case room.TellOver:
			return in, protocol.CodeOver
		default:
			return in, rule.Refusal.Code
		}
		h.settle()
		return in, refusal
	}
	return in, protocol.CodeUnavailable
}

// guest comes in by a shared link.
func (h *house) guest(name string, role meeting.Role) room.Person {
	p, refusal := h.hello(room.Entry{Role: role}, protocol.Hello{Name: name})
	if p.ID == "" {
		panic(fmt.Sprintf("%s did not come in: %s", name, refusal))
	}
	return p
}

// back is what the secret of a place stands for.
func (h *house) back(p room.Person, session int) room.Entry {
	return room.Entry{Role: p.Role, Name: p.Name, Sub: p.Sub, Participant: p.ID, Session: session}
}

// ask is what one who is here asks; kept is the outcome of what is committed.
func (h *house) ask(p room.Person, id string, m protocol.ClientMessage) (op room.Op, err error) {
	now, here := h.state.Here.ByID(p.ID)
	if !here || now.Conn != p.Conn {
		return op, errNotHere
	}
	return h.carryOut(room.PersonAsks(h.state, now, protocol.ClientFrame{ID: id, Message: m}, h.now, h.now))
}

var errNotHere = errors.New("they are not here")

func (h *house) carryOut(ask room.Ask) (op room.Op, err error) {
	c, known := h.table.Of(ask.Message)
	if !known {
		return op, errors.New("no such command")
	}
	if c.Durability == room.Committed {
		err = h.commit(ask.Cause(c), func(r room.Record) (facts []room.Kept, err error) {
			facts, op, err = c.Keep(ask, r)
			return facts, err
		})
	} else {
		var facts []room.Fact
		facts, _, err = c.Happen(ask)
		h.happen(facts...)
	}
	h.settle()
	return op, err
}
