package rooms

import (
	"slices"

	"overtime/internal/bus"
	"overtime/internal/event"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
	"overtime/internal/store"
)

// roleOf is the role that the newest token of sub gave in this session, as the
// record says it or is owed it.
func (a *actor) roleOf(sub string) (role meeting.Role, known bool) {
	if meeting.UserRef(sub) == "" || a.running() == nil {
		return "", false // has one token only, or none of this session
	}
	if p := a.people.bySub(sub); p != nil {
		return p.role, true
	}
	for _, c := range slices.Backward(a.owed) {
		if c.place.Sub == sub {
			return c.place.Role, true
		}
	}
	return a.have.RoleOf(sub)
}

// forgetsRole reports whether it is not known any more what the newest token
// of a secret's holder said.
func (a *actor) forgetsRole(e *bus.Entry) bool {
	_, known := a.roleOf(e.Sub)
	return !known && meeting.UserRef(e.Sub) != "" && a.have.ForgetsRoles()
}

// changesRole reports whether a token gives its holder another role than the one
// before it.
func (a *actor) changesRole(e *bus.Entry) bool {
	role, known := a.roleOf(e.Sub)
	return e.Participant == "" && known && role != e.Role
}

// changeRole saves what a token gives or takes before its holder comes in by it.
// Their other attendance may be saved later, and is lost in a crash before that;
// but a role that was seen to be taken back must not come back.
func (a *actor) changeRole(r request, m protocol.Hello) {
	e := r.Entry
	a.commit(shown(r), func(rec store.Record) (store.Record, error) {
		if rec.Session == nil || rec.Session.Ending != nil {
			return rec, store.ErrUnchanged
		}
		rec.People = slices.Clone(rec.People)
		for i, place := range rec.People {
			if place.Sub == e.Sub {
				p := personAt(place)
				p.take(e)
				rec.People[i] = p.place()
			}
		}
		return rec.Holding(e.Sub, e.Role), nil
	}, func(err error) {
		if err != nil {
			a.refuse(r, err)
			return
		}
		a.oweRole(e.Sub, e.Role)
		if p := a.people.bySub(e.Sub); p != nil && a.gone[r.Conn] {
			a.renew(r, p) // though nobody comes: the record has it
			a.publish(protocol.PersonChanged{Person: p.wire()})
		}
		a.admit(r, m, nil)
	})
}

// oweRole has nothing that the record is still owed bring back another role than
// the one that it has of sub now.
func (a *actor) oweRole(sub string, role meeting.Role) {
	a.owed = slices.Clone(a.owed) // of which a write may hold a piece
	for i := range a.owed {
		if a.owed[i].place.Sub == sub {
			a.owed[i].place.Role = role
		}
	}
}

// renew makes p what a newer token of theirs says, here and in the record.
func (a *actor) renew(r request, p *person) {
	before := p.place()
	p.take(r.Entry)
	if now := p.place(); now != before {
		a.attend(attendance{place: now, doing: shown(r), turn: isNow})
	}
}

// shown is the doing of whoever shows a token; the audit alone is told where.
func shown(r request) doing { return doing{at: r.now, who: event.Who{Address: r.Entry.Address}} }
