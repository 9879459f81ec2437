package room

import (
	"time"

	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

// presence is the module of who is here. Coming in is decided in admission.go.
func presence() []Command {
	return []Command{
		happening(Command{Feature: "presence", People: true, Who: anybody(), Durability: Behind}, leave),
	}
}

// leave gives up a place by choice.
func leave(a Ask, _ protocol.Leave) ([]Fact, Reply, error) {
	return []Fact{Left{ID: a.Self.ID, Why: protocol.LeftByChoice, At: a.Now}}, Reply{Close: protocol.CloseNormal}, nil
}

// Lost is what follows when a connection has ended, perhaps with its page. waits: a
// change of the record waits for its outcome, and perhaps a hello with it.
func (s State) Lost(conn string, now time.Time, closed, waits bool) []Fact {
	held := protocol.PlaceHeld
	if closed {
		held = protocol.PlaceHeldClosed
	}
	var out []Fact
	if w, there := s.Waiting.ByConn(conn); there {
		out = append(out, WaiterLost{ID: w.ID, At: now, Held: held})
	}
	p, here := s.Here.ByConn(conn)
	switch {
	case here:
		out = append(out, ConnectionLost{ID: p.ID, At: now, Held: held})
	case waits: // it left, or another connection has its place, or its hello waits
		out = append(out, Vanished{Conn: conn})
	}
	return out
}

// Due is what happens by the clock alone: places whose connection did not come back
// are given up, who does not ask again waits no more, and reactions are told.
func (s State) Due(now time.Time) []Fact {
	var out []Fact
	session := s.Running()
	for _, p := range s.Here {
		if p.Conn == "" && !now.Before(p.HeldUntil()) && session != nil && !session.Over(now) {
			out = append(out, Left{ID: p.ID, Why: protocol.LeftLost, At: now})
		}
	}
	var expired []string
	for _, w := range s.Waiting {
		if w.expired(now) {
			expired = append(expired, w.ID)
		}
	}
	if len(expired) > 0 {
		out = append(out, StoppedWaiting{expired})
	}
	if s.reactionsDue(now) {
		out = append(out, ReactionsAnnounced{})
	}
	return out
}

// NextWake is when the clock has something to do next, at the latest: a window
// opens, the session ends, reactions are told. What only has to be done some time
// is left to whoever looks now and then. advancing: what the session has to do next
// is being done.
func (s State) NextWake(now time.Time, advancing bool) (at time.Time, ok bool) {
	if session := s.Running(); session != nil && !advancing {
		at, ok = session.NextWake(s.Saved.Room, now)
	}
	if len(s.Reactions) > 0 {
		if told := s.ReactedAt.Add(protocol.GatherReactions); !ok || told.Before(at) {
			return told, true
		}
	}
	return at, ok
}

// Advance is what the record gains by the clock alone.
func Advance(r Record, now time.Time) []Kept {
	if r.Session == nil {
		return nil
	}
	after, due := r.Session.Advance(r.Room, now)
	if len(due) == 0 {
		return nil
	}
	return grew(*r.Session, after)
}

// ended is the session as it will be once its end is recorded.
func (s State) ended(now time.Time) meeting.Session {
	over, _ := s.Running().Advance(s.Saved.Room, now)
	return over
}

// GoodbyeUnsaved is what follows for those who are here when the end has come and
// cannot be saved. Should an extension turn out to have been saved after all,
// without anybody having been told, people may come back.
func (s State) GoodbyeUnsaved(now time.Time) []Fact {
	if session := s.Running(); session == nil || !session.Over(now) || !s.Here.connected() {
		return nil
	}
	return []Fact{EndUnsaved{Session: s.ended(now), At: now}}
}
