package room

import (
	"overtime/internal/protocol"
)

// moderation is the module of what keeps people out: for good, or as long as a
// moderator wants.
func moderation() []Command {
	moderates := Command{Feature: "moderation", People: true, Portals: true, Who: moderators()}
	removes, locks := moderates, moderates
	removes.Session, removes.Leaves = true, protocol.LeftRemoved
	locks.Portals = false // they do it by SetRoom
	return []Command{
		keeping(removes, remove),
		keeping(locks, lock),
		keeping(moderates, renewLink),
	}
}

// remove takes somebody out of the session, so that they cannot come back, be they
// there, gone or on their way.
func remove(a Ask, m protocol.Remove) ([]Kept, Op, error) {
	if m.Participant == a.Self.ID && a.Self.ID != "" {
		return nil, Op{}, errRemoveSelf
	}
	rec := a.State.Saved
	p, there := a.State.Here.ByID(m.Participant)
	place := p.Place()
	if !there {
		var f Former
		f, there = a.State.Lately.formerAt(m.Participant)
		place = Place{ID: m.Participant, Sub: f.Who(), Ticket: f.Ticket}
	}
	switch {
	case !there:
		return nil, Op{}, errNobodyThere
	case len(rec.Removed)+2 > maxRemoved:
		return nil, Op{}, errManyRemoved
	}
	return []Kept{PersonRemoved{place}}, Op{}, nil
}

// lock lets nobody new in, or lets people in again.
func lock(a Ask, m protocol.Lock) ([]Kept, Op, error) {
	room := a.State.Saved.Room
	room.Locked = m.Locked
	return []Kept{RoomSet{room}}, Op{}, nil
}

// renewLink makes the guests' links given out so far useless.
func renewLink(a Ask, _ protocol.RenewLink) ([]Kept, Op, error) {
	room := a.State.Saved.Room
	room.Links++
	return []Kept{RoomSet{room}}, Op{}, nil
}
