//go:build storybook

package storybook

import (
	"fmt"
	"slices"
	"time"

	"overtime/internal/client"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

// talk are the stories of hands, reactions and the chat.
var talk = map[string]story{
	"room-hands": {inRoom(func(v *client.View) {
		v.Roster.Slots[0].Hand, v.Roster.Slots[2].Hand, v.Roster.Slots[4].Hand = 2, 1, 3
	}), at(12, 0)},
	"room-reactions": {inRoom(func(v *client.View) {
		v.Roster.Slots[3].Hand = 1
		for i, name := range protocol.ReactionNames() {
			v.Reactions.Shown = append(v.Reactions.Shown, client.Reaction{Participant: v.Roster.Slots[i%5].ID, Name: name, Count: i + 1})
		}
		v.Reactions.Shown = append(v.Reactions.Shown, client.Reaction{Participant: "me", Name: protocol.ReactionClap, Count: 3})
	}), at(12, 0)},
	"room-chat-empty": {inRoom(nil), at(12, 0)},
	"room-chat":       {inRoom(func(v *client.View) { v.Chat.Messages, v.Chat.Unread = written(), 3 }), at(12, 0)},
	"room-chat-window": {inRoom(func(v *client.View) {
		v.Chat.Messages, v.Timeline.Notice = written(), notice(meeting.FinalWindow, 30)
	}), at(56, 12)},
	"room-chat-many": {inRoom(func(v *client.View) {
		for i := range 120 {
			m := written()[i%8]
			m.Number, m.At = i+81, start.Add(time.Duration(i)*5*time.Second)
			v.Chat.Messages = append(v.Chat.Messages, m)
		}
		v.Chat.Older, v.Chat.Unread = true, 120
	}), at(12, 0)},
	"room-chat-troubles": {inRoom(func(v *client.View) {
		v.Chat.Messages, v.Chat.Deleting = written(), []int{2}
		v.Chat.Pending = []client.PendingMessage{{ID: 1, Text: "And one that is on its way"},
			{ID: 2, Text: "One that was not written", Trouble: client.Trouble{Code: protocol.CodeChatFull}}}
	}), at(12, 0)},
	"room-chat-guest": {inRoom(func(v *client.View) {
		v.Me.Role, v.Room.Chat, v.Chat.Messages = meeting.RoleParticipant, meeting.ChatByModerators, written()
	}), at(12, 0)},
}

// written is a chat of all kinds of messages.
func written() []protocol.ChatMessage {
	who := func(name string) protocol.ChatAuthor { return protocol.ChatAuthor{Participant: name, Name: name} }
	me := protocol.ChatAuthor{Participant: "me", Name: "Eli Novak"}
	return []protocol.ChatMessage{
		{Number: 1, At: at(1, 0), From: who("Asha Rao"), Text: "Good afternoon! The agenda is at https://wiki.example/design/2026-11-23?view=all#agenda (and in your mail)."},
		{Number: 2, At: at(1, 40), From: who("Asha Rao"), Text: "Two points:\n1. the pill\n2. <b>the banner</b>"},
		{Number: 3, At: at(3, 0), From: me, Text: "Thanks. I have to leave at 15:10."},
		{Number: 4, At: at(4, 0), From: who("Tomás Vega"), Deleted: protocol.DeletedByModerator},
		{Number: 5, At: at(5, 0), From: who("Dr. Margarethe von Hohenzollern-Sigmaringen"), Text: "🎉 " + fmt.Sprint(slices.Repeat([]string{"Donaudampfschifffahrtsgesellschaftskapitän"}, 3))},
		{Number: 6, At: at(6, 0), From: who("Omar Haddad"), Text: "مرحبا، أنا هنا. https://a.example"},
		{Number: 7, At: at(7, 0), From: me, Deleted: protocol.DeletedByAuthor},
		{Number: 8, At: at(8, 30), From: who("Yuki Tanaka"), Text: "Is 15 min enough?"},
	}
}

// talked is what a press on hands, reactions or the chat changes.
func talked(v *client.View, i client.Intent) {
	switch i := i.(type) {
	case client.RaiseHand:
		v.Roster.Slots[0].Hand = 0
		if i.Up {
			v.Roster.Slots[0].Hand = 1
		}
	case client.LowerHand, client.LowerHands:
		for n := range v.Roster.Slots {
			v.Roster.Slots[n].Hand = 0
		}
	case client.React:
		v.Reactions.Shown = append(slices.Clone(v.Reactions.Shown), client.Reaction{Participant: "me", Name: i.Name, Count: 1})
	case client.ReadChat:
		v.Chat.Unread = 0
	case client.SendChat:
		v.Chat.Messages = append(slices.Clone(v.Chat.Messages), protocol.ChatMessage{
			Number: len(v.Chat.Messages) + 1, At: at(12, 0), From: protocol.ChatAuthor{Participant: "me", Name: "Eli Novak"}, Text: i.Text})
	case client.DeleteChat:
		v.Chat.Messages = slices.Clone(v.Chat.Messages)
		for n, m := range v.Chat.Messages {
			if m.Number == i.Number {
				v.Chat.Messages[n].Text, v.Chat.Messages[n].Deleted = "", protocol.DeletedByModerator
			}
		}
	case client.DiscardChat:
		v.Chat.Pending = nil
	case client.OlderChat:
		v.Chat.Older = false
	}
}
