package room_test

import (
	"strings"
	"testing"
	"time"

	"overtime/internal/event"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
	"overtime/internal/room"
)

// TestOptionalNews: portals that ask for it are told of hands, of screens and of what
// was written, each once; whose doing it was is said of what is done about another.
func TestOptionalNews(t *testing.T) {
	h := newHouse(newRoom())
	var told []event.Event
	h.heard = func(n room.Notice) {
		if n.Note != nil {
			told = append(told, *n.Note)
		}
	}
	ada := room.Person{ID: "p_a", Sub: "p_a", Name: "Ada", Role: meeting.RoleModerator, Conn: "c1"}
	ben := room.Person{ID: "p_b", Sub: meeting.UserSub("u-2"), Name: "Ben", Role: meeting.RoleParticipant, Conn: "c2"}
	h.happen(room.Came{Person: ada}, room.Came{Person: ben})
	cem := room.Person{ID: "p_c", Sub: "p_c", Name: "Cem", Role: meeting.RoleParticipant, Conn: "c3", Attributes: map[string]string{protocol.AttributeHand: "1"}}
	by := func(p room.Person) room.Cause { return room.Cause{Who: p.Who(), At: began.Add(time.Second)} }
	hand := protocol.AttributeHand
	screen := []protocol.Source{protocol.Microphone, protocol.Screen}
	for _, c := range []struct {
		fact room.Fact
		kind event.Kind
		id   string
		who  string
	}{
		{room.AttributeSet{ID: "p_b", Name: hand, Value: "1", Cause: by(ben)}, event.HandRaised, "aaa-hand_raised-p_b-1772614801000", ""},
		{room.AttributeSet{ID: "p_b", Name: hand, Value: "2", Cause: by(ben)}, "", "", ""},
		{room.AttributeSet{ID: "p_b", Name: "other", Value: "2", Cause: by(ben)}, "", "", ""},
		{room.AttributeSet{ID: "p_b", Name: hand, Cause: by(ada)}, event.HandLowered, "aaa-hand_lowered-p_b-1772614801000", "Ada"},
		{room.AttributeSet{ID: "p_a", Name: hand, Value: "1", Cause: by(ada)}, event.HandRaised, "aaa-hand_raised-p_a-1772614801000", ""},
		{room.AttributeSet{ID: "p_a", Name: hand, Cause: by(ada)}, event.HandLowered, "aaa-hand_lowered-p_a-1772614801000", ""},
		{room.SendingSet{ID: "p_b", Sources: screen, At: began}, event.ScreenShared, "aaa-shared-p_b-1772614800000", ""},
		{room.SendingSet{ID: "p_b", Sources: screen[1:], At: began}, "", "", ""},
		{room.SendingSet{ID: "p_b", At: began}, event.ScreenStopped, "aaa-stopped-p_b-1772614800000", ""},
		{room.Came{Person: cem, Cause: by(ada)}, event.HandRaised, "aaa-hand_raised-p_c-1772614801000", ""},
		{room.Returned{ID: "p_b", Conn: "c4", Sending: screen, Cause: by(ben)}, event.ScreenShared, "aaa-shared-p_b-1772614801000", ""},
		{room.Returned{ID: "p_b", Conn: "c5", Sending: screen, Cause: by(ben)}, "", "", ""},
		{room.Returned{ID: "p_b", Conn: "c6", Cause: by(ben)}, event.ScreenStopped, "aaa-stopped-p_b-1772614801000", ""},
		{
			room.ChatWritten{Session: 3, Sub: ben.Sub, Message: protocol.ChatMessage{Number: 1, At: began, Text: "<b>", From: protocol.ChatAuthor{Participant: "p_b", Name: "Ben"}}},
			event.ChatMessage, "aaa-chat-3-1", "",
		},
	} {
		told = nil
		h.happen(c.fact)
		switch {
		case c.kind == "" && len(told) == 0:
		case c.kind == "" || len(told) != 1:
			t.Errorf("%+v: told %+v", c.fact, told)
		case told[0].Kind != c.kind || told[0].ID != c.id || told[0].Room != "aaa" || told[0].Who.Name != c.who:
			t.Errorf("%+v: told %+v", c.fact, told[0])
		case c.kind == event.ChatMessage && !strings.Contains(string(told[0].Data), `"user_ref":"u-2"`):
			t.Errorf("%+v: told %s", c.fact, told[0].Data)
		}
	}
}
