package room

import (
	"errors"

	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

// timeline is the module of the session's time: who may move its end, and how. The
// rules themselves are package meeting's.
func timeline() []Command {
	return []Command{
		keeping(Command{
			Feature: "timeline", People: true, Portals: true, Session: true, Budget: ExtendBudget,
			Who: Who{
				Name:    "whom the room lets extend",
				may:     func(r meeting.Room, role meeting.Role) bool { return r.ExtendBy.Allows(role) },
				refusal: func(r meeting.Room) error { return meeting.RefuseExtend(r) },
			},
		}, extend),
		keeping(Command{
			Feature: "timeline", People: true, Portals: true, Session: true,
			Who: Who{
				Name:    "moderators",
				may:     func(_ meeting.Room, role meeting.Role) bool { return role.Moderates() },
				refusal: func(meeting.Room) error { return meeting.RefuseEnd() },
			},
		}, end),
		happening(Command{Feature: "timeline", People: true, Who: anybody(), Durability: Ephemeral}, askClock),
	}
}

// maxLedger bounds the ledger that a welcome carries whole: some five hundred
// extensions.
const maxLedger = 1500

func extend(a Ask, m protocol.Extend) ([]Kept, Op, error) {
	rec := a.State.Saved
	s, grant, err := rec.Session.Extend(rec.Room, a.At, a.By, meeting.ExtendRequest{Answers: m.Window, Minutes: m.Minutes})
	switch {
	case !a.Portal() && m.Window.IsZero() && !isOver(err):
		return nil, Op{}, errNoEnd
	case err != nil:
		return nil, Op{}, err
	case len(s.Ledger) > maxLedger:
		return nil, Op{}, errTooLong
	}
	return grew(*rec.Session, s), Op{Grant: &grant}, nil
}

func isOver(err error) bool {
	var refusal *meeting.Refusal
	return errors.As(err, &refusal) && refusal.Code == meeting.CodeOver
}

// end remembers of a portal's which session it ended: asked again, it must not be an
// end of the next one.
func end(a Ask, m protocol.End) ([]Kept, Op, error) {
	session := *a.State.Saved.Session
	s, err := session.End(a.At, a.By, m.Reason)
	if err != nil {
		return nil, Op{}, err
	}
	var op Op
	if a.Portal() {
		op.Ended = s.Number
	}
	return grew(session, s), op, nil
}

func askClock(a Ask, _ protocol.AskClock) ([]Fact, Reply, error) {
	return nil, Reply{OK: protocol.OK{Clock: &protocol.Clock{Now: a.Now}}}, nil
}
