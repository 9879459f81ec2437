package room

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"overtime/components/uitest"
	"overtime/internal/client"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
	"overtime/internal/words"
)

// said is one message.
func said(number int, by, text string, minute int) protocol.ChatMessage {
	return protocol.ChatMessage{Number: number, At: at(minute), Text: text, From: protocol.ChatAuthor{Participant: strings.ToLower(by), Name: by}}
}

// chatting is calm with a chat.
func chatting(messages ...protocol.ChatMessage) client.View {
	v := calm()
	v.Room.Chat = meeting.ChatByEveryone
	v.Chat = &client.Chat{Messages: messages}
	return v
}

// lines are the messages as they are shown.
func (w *world) lines() []*uitest.Node {
	return uitest.Parse(w.t, w.HTML()).Nodes("chat-message")
}

func TestChatOpensAndIsRead(t *testing.T) {
	v := chatting(said(1, "Asha", "Hello", 5))
	v.Chat.Unread = 1
	w := mount(t, v, at(10))
	if got := w.Must("chat-unread").Text(); got != "1" || w.Find("chat-panel") != nil {
		t.Errorf("unread %q, or open before it was pressed", got)
	}
	w.Press("button", "Chat, 1 new message")
	v.Chat.Unread = 0
	w.show(v)
	if w.Find("chat-panel") == nil || w.Find("chat-unread") != nil || !slices.Contains(w.s.Calls, "ReadChat true") {
		t.Errorf("got %v", w.s.Calls)
	}
	w.pressPeople() // one stands beside the stage
	if w.Find("chat-panel") != nil || w.Find("people-panel") == nil || !slices.Contains(w.s.Calls, "ReadChat false") {
		t.Errorf("both are open, or what comes counts as read: %v", w.s.Calls)
	}
}

func TestChatIsTextAndLinks(t *testing.T) {
	w := mount(t, chatting(
		said(1, "Asha", "<b>bold</b>\nsee https://a.example/x?y=1&z=2, or javascript:alert(1)", 5),
		said(2, "Asha", "again", 6),
		said(3, "Eli", "mine", 6),
	), at(10))
	w.Press("button", "Chat")
	lines := w.lines()
	if len(lines) != 3 {
		t.Fatalf("%d messages", len(lines))
	}
	first := lines[0]
	if text := first.Text(); !strings.Contains(text, "<b>bold</b>\nsee https://a.example") || first.Attr("data-from") != "Asha" || !strings.Contains(text, "14:05") {
		t.Errorf("from %q: %q", first.Attr("data-from"), text)
	}
	html := w.HTML()
	if strings.Contains(html, "<b>") || strings.Count(html, "<a ") != 1 || strings.Contains(html, `href="javascript`) {
		t.Errorf("more than text and one link:\n%s", html)
	}
	link := w.MustRole("link", "https://a.example/x?y=1&z=2")
	if link.Attr("rel") != "noopener" || link.Attr("target") != "_blank" || link.Attr("href") != "https://a.example/x?y=1&z=2" {
		t.Errorf("rel %q, target %q, href %q", link.Attr("rel"), link.Attr("target"), link.Attr("href"))
	}
	if !strings.Contains(lines[1].Attr("class"), "follows") || strings.Contains(lines[2].Attr("class"), "follows") || !strings.Contains(lines[2].Attr("class"), "own") {
		t.Errorf("classes %q, %q", lines[1].Attr("class"), lines[2].Attr("class"))
	}
}

func TestWriting(t *testing.T) {
	w := mount(t, chatting(), at(10))
	w.Press("button", "Chat")
	field := func() *uitest.Control { return w.MustRole("textbox", "Message to everyone") }
	w.Press("button", "Send") // of nothing comes nothing
	field().Write(" \n ")
	w.Press("button", "Send")
	field().Write("one")
	field().Key("Enter", "isComposing")
	field().Key("Enter", uitest.Composing)
	field().Write("one\ntwo")
	field().Key("Enter", "shiftKey")
	field().Key("a")
	if slices.ContainsFunc(w.s.Calls, func(c string) bool { return strings.HasPrefix(c, "SendChat") }) {
		t.Errorf("sent too early: %q", w.s.Calls)
	}
	w.Do(w.room, port{w.room}.escape)
	w.Press("button", "Chat") // what was begun is not lost
	w.s.Calls = w.s.Calls[:1]
	field().Key("Enter")
	field().Key("Enter") // it is gone from the field
	field().Write("three")
	w.Press("button", "Send")
	if want := []string{"ReadChat true", "SendChat one\ntwo", "SendChat three"}; !slices.Equal(w.s.Calls, want) {
		t.Errorf("got %q, want %q", w.s.Calls, want)
	}
}

func TestWhatIsOnItsWay(t *testing.T) {
	v := chatting(said(1, "Asha", "Hello", 5))
	v.Chat.Pending = []client.PendingMessage{{ID: 1, Text: "on its way"}, {ID: 2, Text: "full", Trouble: client.Trouble{Code: protocol.CodeChatFull}}}
	w := mount(t, v, at(10))
	w.Press("button", "Chat")
	text := w.Must("chat-panel").Text()
	if !strings.Contains(text, "Sending…") || !strings.Contains(text, "No more can be written in this meeting.") || len(w.lines()) != 1 {
		t.Errorf("shown: %q", text)
	}
	lost := v.Copy()
	lost.Connection.Link = client.LinkReconnecting
	w.show(lost)
	w.isShut("Send again", words.English().Say("why.away"))
	w.show(v)
	w.Press("button", "Send again")
	w.Press("button", "Discard")
	if want := []string{"ReadChat true", "RetryChat 2", "DiscardChat 2"}; !slices.Equal(w.s.Calls, want) {
		t.Errorf("got %q, want %q", w.s.Calls, want)
	}
}

func TestDeletingAMessageAsksOnce(t *testing.T) {
	messages := []protocol.ChatMessage{said(1, "Asha", "Hello", 5), said(2, "Eli", "Mine", 6)}
	v := chatting(messages...)
	v.Me.Role = meeting.RoleParticipant
	w := mount(t, v, at(10))
	w.Press("button", "Chat")
	if w.Find("chat-delete-1") != nil {
		t.Error("a participant is offered to delete what another wrote")
	}
	w.Press("button", "Delete the message of Eli, 14:06")
	w.Press("button", "Cancel")
	if w.Find("chat-confirm-delete") != nil {
		t.Error("the question stays")
	}
	v.Me.Role = meeting.RoleModerator
	w.show(v)
	w.Press("button", "Delete the message of Asha, 14:05")
	lost := v.Copy()
	lost.Connection.Link = client.LinkReconnecting
	w.show(lost)
	w.isShut("Delete", words.English().Say("why.away"))
	w.show(v)
	w.Press("button", "Delete")
	if want := []string{"ReadChat true", "DeleteChat 1"}; !slices.Equal(w.s.Calls, want) {
		t.Errorf("got %q, want %q", w.s.Calls, want)
	}
	w.Press("button", "Delete the message of Eli, 14:06")
	v.Chat.Deleting = []int{1}
	w.show(v)
	w.isBusy("Delete the message of Asha, 14:05")
	if w.room.panels.asked.message != 2 || w.Find("chat-delete-1") != nil || w.Find("chat-confirm-delete") == nil {
		t.Error("a second press is offered, or another question is gone")
	}
	v.Chat = &client.Chat{Messages: slices.Clone(messages)}
	v.Chat.Messages[0].Text, v.Chat.Messages[0].Deleted = "", protocol.DeletedByModerator
	v.Chat.Messages[1].Text, v.Chat.Messages[1].Deleted = "", protocol.DeletedByAuthor
	w.show(v)
	if asked := w.room.panels.asked; asked != (question{}) {
		t.Errorf("it is still asked about a message that is gone: %+v", asked)
	}
	lines := w.lines()
	if !strings.Contains(lines[0].Text(), "removed by a moderator") || !strings.Contains(lines[1].Text(), "deleted by whoever wrote it") {
		t.Errorf("shown: %q, %q", lines[0].Text(), lines[1].Text())
	}
}

func TestOlderMessages(t *testing.T) {
	v := chatting(said(51, "Asha", "Hello", 5))
	w := mount(t, v, at(10))
	w.Press("button", "Chat")
	if w.Find("chat-older") != nil {
		t.Error("older ones are offered where there are none")
	}
	v.Chat.Older = true
	w.show(v)
	w.Press("button", "Earlier messages")
	v.Chat.Loading = true
	w.show(v)
	w.isBusy("Earlier messages")
	if !slices.Equal(w.s.Calls, []string{"ReadChat true", "OlderChat"}) {
		t.Errorf("got %q", w.s.Calls)
	}
}

func TestWhoMayWrite(t *testing.T) {
	v := chatting(said(1, "Asha", "Hello", 5))
	v.Me.Role, v.Room.Chat = meeting.RoleParticipant, meeting.ChatByModerators
	w := mount(t, v, at(10))
	w.Press("button", "Chat")
	if w.Find("chat-input") != nil || !strings.Contains(w.Must("chat-panel").Text(), "Only moderators write here.") {
		t.Error("a participant is let write, or is told nothing")
	}
	v.Room.Chat = meeting.ChatByNobody
	w.show(v)
	if w.Find("chat-input") != nil || w.Find("chat-open") == nil {
		t.Error("what was written cannot be read any more, or be written to")
	}
	v.Chat = &client.Chat{}
	if w := mount(t, v, at(10)); w.Find("chat-open") != nil {
		t.Error("there is a chat where there is none")
	}
}

func TestChatIsReadOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := chatting(said(1, "Asha", "Hello", 5))
		w := mount(t, v, at(10))
		if w.room.attention.spoken != "" {
			t.Errorf("what was there is told: %q", w.room.attention.spoken)
		}
		v.Chat = &client.Chat{Messages: append(slices.Clone(v.Chat.Messages), said(2, "Asha", "Are you there?", 6))}
		w.show(v)
		w.gather()
		if want := "New message from Asha."; w.room.attention.spoken != want {
			t.Errorf("said %q, want %q", w.room.attention.spoken, want)
		}
		w.Press("button", "Chat")
		v.Chat = &client.Chat{Messages: append(slices.Clone(v.Chat.Messages), said(3, "Asha", "Good.", 6), said(4, "Eli", "Yes", 6))}
		w.show(v)
		w.gather()
		if want := "Asha: Good."; w.room.attention.spoken != want {
			t.Errorf("said %q, want %q", w.room.attention.spoken, want)
		}
		v.Chat = &client.Chat{Messages: append(slices.Clone(v.Chat.Messages), said(5, "Asha", "a", 7), said(6, "Ben", "b", 7))}
		w.show(v)
		w.gather()
		if want := "2 new messages."; w.room.attention.spoken != want {
			t.Errorf("said %q, want %q", w.room.attention.spoken, want)
		}
	})
}

// TestFollows: a name stands once above what one person writes in one go.
func TestFollows(t *testing.T) {
	first := said(1, "Asha", "a", 5)
	late := said(2, "Asha", "b", 5)
	late.At = first.At.Add(together)
	renamed := said(2, "Asha", "b", 5)
	renamed.From.Name = "Asha Rao"
	near := late
	near.At = late.At.Add(-time.Millisecond)
	for what, c := range map[string]struct {
		m    protocol.ChatMessage
		want bool
	}{"near": {near, true}, "late": {late, false}, "renamed": {renamed, false}, "another": {said(2, "Ben", "b", 5), false}} {
		if got := follows(first, c.m); got != c.want {
			t.Errorf("%s: %t", what, got)
		}
	}
}
