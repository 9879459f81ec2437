package room

import (
	"overtime/internal/control"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

// portals is the module of what a portal alone may ask.
func portals() []Command {
	asks := Command{Feature: "settings", Portals: true, Who: moderators()}
	return []Command{
		keeping(asks, setRoom),
		keeping(asks, deleteRoom),
		happening(Command{Feature: "presence", Portals: true, Who: moderators(), Durability: Ephemeral}, list),
		keeping(asks, func(Ask, noCommand) ([]Kept, Op, error) { return nil, Op{}, errNothingAsked }),
	}
}

// SetRoom changes the room's settings, DeleteRoom takes the room away.
type (
	SetRoom    struct{ Settings meeting.Settings }
	DeleteRoom struct{}
)

// ListPeople asks who has a place.
type ListPeople struct{}

// noCommand is a command that says nothing to do.
type noCommand struct{}

// portalMessage is what a portal asks, in the words in which people ask the same.
func portalMessage(c control.Command) any {
	switch {
	case c.Extend != nil:
		return protocol.Extend{Window: c.Extend.Answers, Minutes: c.Extend.Minutes}
	case c.End != nil:
		return protocol.End{Reason: c.End.Text}
	case c.Change != nil:
		return SetRoom{*c.Change}
	case c.Remove != nil:
		return protocol.Remove{Participant: c.Remove.Participant}
	case c.LowerHands != nil && c.LowerHands.Participant == "":
		return protocol.LowerHands{}
	case c.LowerHands != nil:
		return protocol.SetAttribute{Name: protocol.AttributeHand, Participant: c.LowerHands.Participant}
	case c.Renew != nil:
		return protocol.RenewLink{}
	case c.Delete != nil:
		return DeleteRoom{}
	case c.List != nil:
		return ListPeople{}
	case c.DeleteChat != nil:
		return DeleteMessage{c.DeleteChat.Session, c.DeleteChat.Number}
	}
	return noCommand{}
}

// portalName is the name that a portal asks to be shown.
func portalName(c control.Command) string {
	switch {
	case c.Extend != nil:
		return meeting.Clean(c.Extend.By)
	case c.End != nil:
		return meeting.Clean(c.End.By)
	}
	return ""
}

func list(a Ask, _ ListPeople) ([]Fact, Reply, error) {
	people := make([]control.Participant, len(a.State.Here))
	for i, p := range a.State.Here {
		people[i] = control.Participant{
			ID: p.ID, Name: p.Name, Role: p.Role, UserRef: meeting.UserRef(p.Sub), JoinedAt: p.Joined, Attributes: p.Attributes,
		}
	}
	return nil, Reply{People: people}, nil
}

func setRoom(a Ask, m SetRoom) ([]Kept, Op, error) {
	room, err := a.State.Saved.Room.With(m.Settings)
	if err != nil {
		return nil, Op{}, err
	}
	return []Kept{RoomSet{room}}, Op{}, nil
}

// deleteRoom ends a session that runs: a room that is gone has nobody in it.
func deleteRoom(a Ask, _ DeleteRoom) ([]Kept, Op, error) {
	rec := a.State.Saved
	var facts []Kept
	if s := rec.running(); s != nil {
		ended, err := s.End(a.At, a.By, "")
		if err != nil { // it is over, and only not recorded yet
			ended, _ = s.Advance(rec.Room, a.At)
		}
		facts = grew(*s, ended)
	}
	return append(facts, RoomDeleted{a.At}), Op{}, nil
}
