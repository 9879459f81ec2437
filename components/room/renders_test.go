package room

import (
	"fmt"
	"slices"
	"testing"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"overtime/components/uitest"
	"overtime/internal/client"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

// crowded is a room of people with an open window, of whom two speak, and with
// as many messages in the chat.
func crowded(people, messages int) client.View {
	v := opened(meeting.FirstWindow, 30)
	for i := range people - len(v.Roster.Slots) {
		v.Roster.Slots = append(v.Roster.Slots, tile(fmt.Sprint("Person ", i)))
	}
	for i := range messages {
		v.Chat.Messages = append(v.Chat.Messages, protocol.ChatMessage{Number: i + 1, At: at(i % 50), Text: "As was said before",
			From: protocol.ChatAuthor{Participant: "asha", Name: "Asha"}})
	}
	return v
}

// speak is v with others speaking; all other parts are the same.
func speak(v client.View, participants ...string) client.View {
	stage := *v.Stage
	stage.Speaking = participants
	v.Stage = &stage
	return v
}

// TestWhoSpeaksDrawsTheirTiles: while people talk, which is several changes a
// second, nothing but the stage and the tiles of those who begin and end is drawn,
// least of all the chat.
func TestWhoSpeaksDrawsTheirTiles(t *testing.T) {
	v := speak(crowded(50, 500), "asha", "person 1")
	w := mount(t, v, at(51))
	w.Press("button", "Chat")
	w.Must("chat-panel")
	drawn := w.Watch()
	w.Do(w.room, func(ctx app.Context) { w.room.View = speak(v, "asha", "person 2"); w.room.OnUpdate(ctx) })
	if want := []string{"room.Room", "room.Stage", "room.Tile", "room.Tile"}; !slices.Equal(drawn(), want) {
		t.Errorf("drawn anew: %v, want %v", drawn(), want)
	}
	drawn = w.Watch()
	w.show(with(v, func(v *client.View) { v.Timeline.Extending = true }))
	if !slices.Contains(drawn(), "room.Banner") {
		t.Errorf("the banner is not drawn anew: %v", drawn())
	}
}

// BenchmarkWhoSpeaks is what a change of who speaks costs the page.
func BenchmarkWhoSpeaks(b *testing.B) {
	v := crowded(50, 500)
	r := &Room{View: v, Session: &uitest.Session{Moment: at(51)}, Stage: &uitest.Stage{}, Page: &uitest.Tab{}}
	p := uitest.Mount(b, r)
	for i := range b.N {
		now := speak(v, "asha", fmt.Sprint("person ", i%40))
		p.Do(r, func(ctx app.Context) { r.View = now; r.OnUpdate(ctx) })
	}
}
