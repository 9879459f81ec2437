package room_test

import (
	"testing"
	"time"

	"overtime/internal/meeting"
	"overtime/internal/protocol"
	"overtime/internal/room"
)

func message(number int) protocol.ChatMessage {
	return protocol.ChatMessage{
		Number: number, At: began, Text: "the text", From: protocol.ChatAuthor{Participant: "p", Name: "Ada"},
	}
}

// told is what everybody was told of the chat.
func told(notices []room.Notice) (out []protocol.ServerMessage) {
	for _, n := range notices {
		switch n.Message.(type) {
		case protocol.ChatSent, protocol.ChatDeleted:
			out = append(out, n.Message)
		}
	}
	return out
}

// TestChatOfTheSessionBefore: what was kept late is nothing to the people of the
// next session.
func TestChatOfTheSessionBefore(t *testing.T) {
	h := newHouse(newRoom(reusable))
	h.guest("Ada", meeting.RoleParticipant)
	h.wait(time.Hour)
	h.guest("Ben", meeting.RoleParticipant)
	s, _ := h.state.Apply(room.ChatWritten{Session: 2, Message: message(1)})
	s, notices := s.Apply(room.ChatWritten{Session: 1, Message: message(7)})
	if got := told(notices); len(got) > 0 || s.Chat.Session != 2 || s.Chat.Last != 1 || len(s.Chat.Messages) != 1 {
		t.Errorf("after a message of the session before: %v is told, the chat is %+v", got, s.Chat)
	}
	if len(notices) != 1 {
		t.Errorf("the portal hears %d times of it", len(notices))
	}
}

// TestChatDeletedAgain: who deletes a message whose deletion was done and not told
// has it told.
func TestChatDeletedAgain(t *testing.T) {
	h := newHouse(newRoom())
	h.guest("Ada", meeting.RoleParticipant)
	s, _ := h.state.Apply(room.ChatWritten{Session: 1, Message: message(1)})
	gone := message(1)
	gone.Text, gone.Deleted = "", protocol.DeletedByAuthor
	again := room.ChatDeleted{Session: 1, Message: gone, Before: true}
	s, notices := s.Apply(again)
	if got := told(notices); len(got) != 1 || s.Chat.Messages[0].Text != "" {
		t.Errorf("%v is told, the chat is %+v", got, s.Chat)
	}
	if _, notices = s.Apply(again); len(notices) > 0 {
		t.Errorf("it is told once more: %v", notices)
	}
	older := gone
	older.Number = 400 // before what the room has on hand
	if _, notices = s.Apply(room.ChatDeleted{Session: 1, Message: older, Before: true}); len(notices) > 0 {
		t.Errorf("an old deletion is told again: %v", notices)
	}
	if _, notices = s.Apply(room.ChatDeleted{Session: 1, Message: older}); len(told(notices)) != 1 {
		t.Errorf("the deletion of an old message is not told: %v", notices)
	}
}
