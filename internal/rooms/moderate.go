package rooms

import (
	"slices"

	"overtime/internal/bus"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
	"overtime/internal/store"
)

var (
	errNotModerator = protocol.Error{Code: protocol.CodeForbidden, Message: "only a moderator can do that; ask one of them"}
	errNobodyThere  = protocol.Error{Code: protocol.CodeNotFound, Message: "nobody of that id is there; they may have left"}
	errRemoved      = protocol.Error{Code: protocol.CodeRemoved, Message: "you were removed from this meeting"}
	errManyRemoved  = protocol.Error{Code: protocol.CodeManyRemoved, Message: "too many people were removed from this meeting; lock it instead"}
)

// remove takes somebody out of the session, so that they cannot come back.
func (a *actor) remove(r request, p *person, m protocol.Remove) {
	by, self, here := p.actor(), p.id, a.placeHere(m.Participant)
	a.ask(r, p, m, protocol.LeftRemoved, func(rec store.Record) (store.Record, store.Op, error) {
		switch {
		case rec.Session.Over(r.now):
			_, err := rec.Session.End(r.now, by, "")
			return rec, store.Op{}, err
		case !by.Role.Moderates():
			return rec, store.Op{}, errNotModerator
		case m.Participant == self:
			return rec, store.Op{}, protocol.Error{Code: protocol.CodeBadRequest, Message: "leave the meeting instead of removing yourself"}
		}
		rec, err := removed(rec, m.Participant, here)
		return rec, store.Op{}, err
	})
}

// placeHere is of somebody whom the record may not know yet, or not as gone; nil
// if nobody of that id is or was here lately.
func (a *actor) placeHere(id string) *store.Place {
	if p := a.people.byID(id); p != nil {
		place := p.place()
		return &place
	}
	for _, c := range slices.Backward(a.owed) {
		if c.place.ID == id {
			return &c.place
		}
	}
	return nil
}

// maxRemoved bounds what a record remembers of removed people.
const maxRemoved = 128

// ticketMark tells a ticket's id from a Sub among those who were removed.
const ticketMark = "ticket "

// removed is rec without a participant, who is not to come back, be they there
// or gone. here is their place as the actor knows it, or nil.
func removed(rec store.Record, id string, here *store.Place) (store.Record, error) {
	p := placeIn(rec.People, id)
	if p == nil {
		p = here
	}
	if f, lately := rec.FormerAt(id); p == nil && lately {
		p = &store.Place{ID: id, Sub: f.Who(), Ticket: f.Ticket}
	}
	switch {
	case p == nil:
		return rec, errNobodyThere
	case len(rec.Removed)+2 > maxRemoved:
		return rec, errManyRemoved
	}
	rec.Removed = append(slices.Clip(rec.Removed), p.Sub)
	if p.Ticket != "" {
		rec.Removed = append(rec.Removed, ticketMark+p.Ticket)
	}
	rec.People = slices.DeleteFunc(slices.Clone(rec.People), func(o store.Place) bool { return o.ID == id })
	return rec.Returned(p.Sub), nil
}

// dismiss lets go of whoever has a place here and none in the record any more.
func (a *actor) dismiss(before, after store.Record) {
	if len(after.Removed) == len(before.Removed) {
		return
	}
	for _, p := range slices.Clone(a.people.list) {
		if !slices.Contains(after.Removed, p.sub) {
			continue
		}
		if p.conn != "" {
			a.line.Push(p.conn, closing(a.delivery(bus.KindPush, "", errRemoved), protocol.CloseRemoved))
		}
		a.drop(p, protocol.LeftRemoved)
		if a.owes(p.id) { // or their coming would give them a place again
			a.attend(attendance{place: p.place(), doing: doing{at: a.now(), why: protocol.LeftRemoved}, turn: goes})
		}
	}
}

// lock lets nobody new in, or lets people in again.
func (a *actor) lock(r request, p *person, m protocol.Lock) {
	a.setRoom(r, p, m, func(room meeting.Room) meeting.Room {
		room.Locked = m.Locked
		return room
	})
}

// renewLink makes the guests' links given out so far useless.
func (a *actor) renewLink(r request, p *person, m protocol.RenewLink) {
	a.setRoom(r, p, m, func(room meeting.Room) meeting.Room {
		room.Links++
		return room
	})
}

// setRoom is a moderator's change of the room.
func (a *actor) setRoom(r request, p *person, m protocol.ClientMessage, change func(meeting.Room) meeting.Room) {
	by := p.actor()
	a.ask(r, p, m, "", func(rec store.Record) (store.Record, store.Op, error) {
		if rec.Session.Over(r.now) {
			_, err := rec.Session.End(r.now, by, "")
			return rec, store.Op{}, err
		}
		if !by.Role.Moderates() {
			return rec, store.Op{}, errNotModerator
		}
		rec.Room = change(rec.Room)
		return rec, store.Op{}, nil
	})
}
