package room

import (
	"slices"
	"time"

	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

// What people see of the record and of the state; no sub leaves the server.

// RoomToProtocol is what people may know of a room.
func RoomToProtocol(r meeting.Room) protocol.Room {
	return protocol.Room{
		ID: r.ID, Name: r.Name, DurationMinutes: r.Duration, DefaultExtension: r.DefaultExtension,
		ExtendBy: r.ExtendBy, LatestEnd: r.LatestEnd, MinuteMS: r.Minute.Milliseconds(),
		Capacity: r.Capacity, WaitingRoom: r.WaitingRoom, Locked: r.Locked,
		Chat: r.Chat, ScreenShare: r.ScreenShare,
	}
}

// SessionToProtocol is a session as people see it.
func SessionToProtocol(s meeting.Session) protocol.Session {
	out := protocol.Session{
		Number: s.Number, StartedAt: s.StartedAt, EndsAt: s.EndsAt,
		Story: make([]protocol.StoryEntry, len(s.Ledger)),
	}
	for i, e := range s.Ledger {
		out.Story[i] = entryToProtocol(e)
	}
	if e := s.Ending; e != nil {
		out.Ending = &protocol.Ending{Reason: e.Reason, At: e.At, By: e.By.Name, Text: e.Text}
	}
	return out
}

func entryToProtocol(e meeting.Entry) protocol.StoryEntry {
	return protocol.StoryEntry{Kind: e.Kind, At: e.At, By: e.By.Name, EndsAt: e.EndsAt, Minutes: e.Minutes, Window: e.Window}
}

// Welcome is the whole state for p, who is in the room. What only the server can
// make is missing: the secret, the guests' link and where the media is.
func (s State) Welcome(p Person, now time.Time) protocol.Welcome {
	w := protocol.Welcome{
		Room: RoomToProtocol(s.Saved.Room), Session: SessionToProtocol(*s.Saved.Session), ServerTime: now,
		You: p.ToProtocol(), People: s.Here.toProtocol(), Speaking: slices.Clone(s.Speaking), Notice: s.Notice(now),
	}
	if chat := s.Chat.of(s.Number()).Chat; chat.Last > 0 {
		w.Chat = &chat
	}
	if p.Role.Moderates() {
		w.Waiting = s.Waiting.toProtocol()
	}
	return w
}

// Lobby is what awaits whoever looks in at the door. What only the server can make
// is missing: the pass.
func (a Arrival) Lobby(now time.Time) protocol.RoomState {
	s := a.State
	state := protocol.RoomState{
		Room: RoomToProtocol(s.Saved.Room), People: len(s.Here), ServerTime: now,
		Role: a.Entry.Role, Name: a.Entry.Name,
	}
	if session := s.Saved.Session; session != nil && !session.Over(a.At) {
		seen := SessionToProtocol(*session)
		state.Session = &seen
	}
	return state
}

// Over is what is said of a session that is over. An end that is due but not
// recorded yet is told as it will be.
func (s State) Over(at, now time.Time) protocol.Over {
	session, _ := s.Saved.Session.Advance(s.Saved.Room, at)
	return protocol.Over{Room: RoomToProtocol(s.Saved.Room), Session: SessionToProtocol(session), ServerTime: now}
}
