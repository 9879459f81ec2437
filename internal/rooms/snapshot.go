package rooms

import (
	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

// wireRoom, wireSession and storyEntry are what people see of the record; no
// sub leaves the server.

func wireRoom(r meeting.Room) protocol.Room {
	return protocol.Room{
		ID: r.ID, Name: r.Name, DurationMinutes: r.Duration, DefaultExtension: r.DefaultExtension,
		ExtendBy: r.ExtendBy, LatestEnd: r.LatestEnd, MinuteMS: r.Minute.Milliseconds(),
		Capacity: r.Capacity, WaitingRoom: r.WaitingRoom, Locked: r.Locked,
		Chat: r.Chat, ScreenShare: r.ScreenShare,
	}
}

func wireSession(s meeting.Session) protocol.Session {
	out := protocol.Session{
		Number: s.Number, StartedAt: s.StartedAt, EndsAt: s.EndsAt,
		Story: make([]protocol.StoryEntry, len(s.Ledger)),
	}
	for i, e := range s.Ledger {
		out.Story[i] = storyEntry(e)
	}
	if e := s.Ending; e != nil {
		out.Ending = &protocol.Ending{Reason: e.Reason, At: e.At, By: e.By.Name, Text: e.Text}
	}
	return out
}

func storyEntry(e meeting.Entry) protocol.StoryEntry {
	return protocol.StoryEntry{Kind: e.Kind, At: e.At, By: e.By.Name, EndsAt: e.EndsAt, Minutes: e.Minutes, Window: e.Window}
}
