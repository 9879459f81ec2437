package rooms_test

import (
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"overtime/internal/chatlog"
	"overtime/internal/control"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

// elsewhere has another process write so many messages.
func elsewhere(h *house, n int) {
	h.t.Helper()
	for range n {
		text := fmt.Sprint(len(h.chats.kept[chatlog.Session{Room: "aaa", Number: 1}]) + 1)
		if _, err := h.chats.Append(h.t.Context(), chatlog.Session{Room: "aaa", Number: 1}, chatlog.Draft{Op: "e" + text, From: protocol.ChatAuthor{Name: "Bob"}, Text: text}); err != nil {
			h.t.Fatal(err)
		}
	}
}

// TestChatUnread: where what was written could not be read at the start, it is not told
// to everybody with the next message; whoever comes then finds the newest of it.
func TestChatUnread(t *testing.T) {
	inHouse(t, func(h *house) {
		ada, w := h.enter("aaa", "Ada", meeting.RoleModerator)
		write(h, ada, "one")
		elsewhere(h, 3)
		h.chats.set(func(c *fakeChats) { c.unread = chatlog.ErrUnavailable })
		h.restart()
		synctest.Wait()
		h.chats.set(func(c *fakeChats) { c.unread = nil })
		back := h.tab("aaa")
		if w := ask[protocol.Welcome](h, back, protocol.Hello{Resume: w.Resume}, h.back(w)); w.Chat != nil {
			t.Errorf("Ada finds %+v", w.Chat)
		}
		write(h, back, "five")
		if got, want := heard(back), []string{"5 Ada: five"}; !slices.Equal(got, want) {
			t.Errorf("Ada heard %q", got)
		}
		if _, w := h.enter("aaa", "Cem", meeting.RoleParticipant); w.Chat == nil || w.Chat.Last != 5 || len(w.Chat.Messages) != 5 {
			t.Errorf("Cem finds %+v", w.Chat)
		}
		elsewhere(h, 1)
		write(h, back, "seven")
		if got, want := heard(back), []string{"5 Ada: five", "6 Bob: 6", "7 Ada: seven"}; !slices.Equal(got, want) {
			t.Errorf("then Ada heard %q", got)
		}
	})
}

// TestChatMuchMissed: of more than a Welcome brings nobody is told one by one.
func TestChatMuchMissed(t *testing.T) {
	inHouse(t, func(h *house) {
		ada, _ := h.enter("aaa", "Ada", meeting.RoleModerator)
		elsewhere(h, protocol.WelcomeChat+1)
		write(h, ada, "at last")
		if got, want := heard(ada), []string{"52 Ada: at last"}; !slices.Equal(got, want) {
			t.Errorf("heard %q", got)
		}
		_, w := h.enter("aaa", "Cem", meeting.RoleParticipant)
		if w.Chat == nil || w.Chat.Last != 52 || len(w.Chat.Messages) != protocol.WelcomeChat || w.Chat.Messages[48].Text != "51" {
			t.Errorf("Cem finds %+v", w.Chat)
		}
	})
}

// TestChatSlowAtStart: rooms are taken up beside each other, and who comes waits for what
// was written only so long.
func TestChatSlowAtStart(t *testing.T) {
	inHouse(t, func(h *house) {
		ada, w := h.enter("aaa", "Ada", meeting.RoleModerator)
		write(h, ada, "one")
		h.addRoom("bbb")
		h.enter("bbb", "Ben", meeting.RoleModerator)
		h.chats.set(func(c *fakeChats) { c.reading = time.Second })
		began := time.Now()
		h.restart()
		if took := time.Since(began); took > 0 {
			t.Errorf("the start took %v", took)
		}
		back := h.tab("aaa")
		id := h.send(back, protocol.Hello{Resume: w.Resume}, h.back(w))
		h.pass(time.Second)
		if w := answered[protocol.Welcome](h, back, id); w.Chat == nil || w.Chat.Last != 1 {
			t.Errorf("Ada finds %+v", w.Chat)
		}
		h.chats.set(func(c *fakeChats) { c.reading = time.Hour })
		h.restart()
		back = h.tab("aaa")
		id = h.send(back, protocol.Hello{Resume: w.Resume}, h.back(w))
		h.pass(2 * time.Second)
		answered[protocol.Welcome](h, back, id)
	})
}

// TestChatOther: another text under the id of a message is refused, whatever became of
// that.
func TestChatOther(t *testing.T) {
	inHouse(t, func(h *house) {
		ada, _ := h.enter("aaa", "Ada", meeting.RoleModerator)
		bob, _ := h.enter("aaa", "Bob", meeting.RoleParticipant)
		h.sendAs(ada, "mine", protocol.SendChat{Text: "one"})
		h.sendAs(ada, "mine", protocol.SendChat{Text: "two"})
		h.sendAs(ada, "mine", protocol.SendChat{Text: "one"})
		var answers []protocol.ServerMessage
		for _, f := range ada.all() {
			if f.ID == "mine" {
				answers = append(answers, f.Message)
			}
		}
		if e, is := answers[1].(protocol.Error); !is || e.Code != protocol.CodeBadRequest {
			t.Errorf("another text is answered %+v", answers[1])
		}
		if ok, is := answers[2].(protocol.OK); !is || ok.Message.Number != 1 {
			t.Errorf("the same text is answered %+v", answers[2])
		}
		if got, want := heard(bob), []string{"1 Ada: one"}; !slices.Equal(got, want) {
			t.Errorf("Bob heard %q", got)
		}
	})
}

// TestChatOfTheRemoved: what somebody wrote who is removed before it is their turn is not
// kept.
func TestChatOfTheRemoved(t *testing.T) {
	inHouse(t, func(h *house) {
		ada, _ := h.enter("aaa", "Ada", meeting.RoleModerator)
		bob, w := h.enter("aaa", "Bob", meeting.RoleParticipant)
		h.chats.set(func(c *fakeChats) { c.delay = time.Second })
		h.send(ada, protocol.SendChat{Text: "slow"}, nil)
		h.send(bob, protocol.SendChat{Text: "rude"}, nil)
		ask[protocol.OK](h, ada, protocol.Remove{Participant: w.You.ID}, nil)
		h.pass(3 * time.Second)
		if got, want := heard(ada), []string{"1 Ada: slow"}; !slices.Equal(got, want) {
			t.Errorf("heard %q", got)
		}
		if kept := h.chats.kept[chatlog.Session{Room: "aaa", Number: 1}]; len(kept) != 1 {
			t.Errorf("kept are %+v", kept)
		}
	})
}

// TestChatRecalled: portals are not told any more of a message that was deleted.
func TestChatRecalled(t *testing.T) {
	inHouse(t, func(h *house) {
		ada, _ := h.enter("aaa", "Ada", meeting.RoleModerator)
		write(h, ada, "one")
		write(h, ada, "two")
		ask[protocol.OK](h, ada, protocol.DeleteChat{Number: 1}, nil)
		h.command("", control.Command{DeleteChat: &control.DeleteChat{Session: 1, Number: 2}})
		if want := []string{"aaa-chat-1-1", "aaa-chat-1-2"}; !slices.Equal(h.news.recalled, want) {
			t.Errorf("recalled are %q", h.news.recalled)
		}
	})
}

// TestWithoutAnID: what has no id is refused each time, and the audit is not told.
func TestWithoutAnID(t *testing.T) {
	inHouse(t, func(h *house) {
		ada, _ := h.enter("aaa", "Ada", meeting.RoleModerator)
		for _, locked := range []bool{true, false, true} {
			h.sendAs(ada, "", protocol.Lock{Locked: locked})
		}
		refused, _ := events[protocol.Error](ada)
		if len(refused) != 3 || refused[0].Code != protocol.CodeBadRequest || len(h.news.noted) > 0 {
			t.Errorf("answered %+v; the audit has %+v", refused, h.news.noted)
		}
	})
}
