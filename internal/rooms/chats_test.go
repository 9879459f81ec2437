package rooms_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"overtime/internal/bus"
	"overtime/internal/chatlog"
	"overtime/internal/control"
	"overtime/internal/event"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

// fakeChats are chats in memory, with faults.
type fakeChats struct {
	mu    sync.Mutex // guards what follows
	kept  map[chatlog.Session][]chatlog.Message
	ops   map[string]int
	delay time.Duration
	fail  error // of each write
	lose  bool  // the next write is made, and its answer lost
	// unread is what each read fails with, after a while.
	unread  error
	reading time.Duration
}

func newFakeChats() *fakeChats {
	return &fakeChats{kept: map[chatlog.Session][]chatlog.Message{}, ops: map[string]int{}}
}

func (c *fakeChats) set(f func(c *fakeChats)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	f(c)
}

func (c *fakeChats) Append(_ context.Context, s chatlog.Session, d chatlog.Draft) (chatlog.Message, error) {
	c.mu.Lock()
	delay := c.delay
	c.mu.Unlock()
	time.Sleep(delay)
	c.mu.Lock()
	defer c.mu.Unlock()
	if n := c.ops[d.Op]; n > 0 {
		return c.kept[s][n-1], nil
	}
	if c.fail != nil {
		return chatlog.Message{}, c.fail
	}
	m := chatlog.Message{Sub: d.Sub, ChatMessage: protocol.ChatMessage{Number: len(c.kept[s]) + 1, At: d.At, From: d.From, Text: d.Text}}
	c.kept[s], c.ops[d.Op] = append(c.kept[s], m), m.Number
	if c.lose {
		c.lose = false
		return chatlog.Message{}, errors.Join(chatlog.ErrUnavailable, chatlog.ErrUnknown)
	}
	return m, nil
}

func (c *fakeChats) Delete(_ context.Context, s chatlog.Session, number int, may func(chatlog.Message) (protocol.DeletedBy, error)) (chatlog.Message, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if number < 1 || number > len(c.kept[s]) {
		return chatlog.Message{}, chatlog.ErrNotFound
	}
	m := &c.kept[s][number-1]
	if m.Deleted == "" {
		by, err := may(*m)
		if err != nil {
			return *m, err
		}
		m.Text, m.Deleted = "", by
	}
	return *m, nil
}

func (c *fakeChats) Page(ctx context.Context, s chatlog.Session, r chatlog.Range) (protocol.Chat, error) {
	part, err := c.Read(ctx, s, r)
	chat := protocol.Chat{Last: part.Last}
	for _, m := range part.Messages {
		chat.Messages = append(chat.Messages, m.ChatMessage)
	}
	return chat, err
}

func (c *fakeChats) Read(ctx context.Context, s chatlog.Session, r chatlog.Range) (chatlog.Part, error) {
	c.mu.Lock()
	reading := c.reading
	c.mu.Unlock()
	select {
	case <-time.After(reading):
	case <-ctx.Done():
		return chatlog.Part{}, ctx.Err()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.unread != nil {
		return chatlog.Part{}, c.unread
	}
	all := c.kept[s]
	to := len(all)
	if r.Before > 0 {
		to = min(to, r.Before-1)
	}
	return chatlog.Part{Last: len(all), Messages: slices.Clone(all[max(0, to-r.Limit):to])}, nil
}

func chatIs(by meeting.ChatBy) func(*meeting.Room) { return func(r *meeting.Room) { r.Chat = by } }

// write has somebody write, and gives what became of it.
func write(h *house, c *tab, text string) protocol.ChatMessage {
	h.t.Helper()
	return *ask[protocol.OK](h, c, protocol.SendChat{Text: text}, nil).Message
}

// sendAs sends something again under the id of before.
func (h *house) sendAs(c *tab, id string, m protocol.ClientMessage) {
	h.t.Helper()
	h.bus.line(c.room).heard(bus.Asked{Ask: bus.Ask{Conn: c.conn, Frame: protocol.ClientFrame{ID: id, Message: m}.Encode()}})
	synctest.Wait()
}

func refusal(h *house, c *tab, m protocol.ClientMessage) protocol.Code {
	h.t.Helper()
	return ask[protocol.Error](h, c, m, nil).Code
}

// heard are the texts that somebody was told of, as they were.
func heard(c *tab) (all []string) {
	sent, _ := events[protocol.ChatSent](c)
	for _, m := range sent {
		all = append(all, fmt.Sprintf("%d %s: %s", m.Message.Number, m.Message.From.Name, m.Message.Text))
	}
	return all
}

// TestChat: what is written everybody hears once, in one order, and whoever comes
// later finds it.
func TestChat(t *testing.T) {
	inHouse(t, func(h *house) {
		ada, w := h.enter("aaa", "Ada", meeting.RoleModerator)
		bob, _ := h.enter("aaa", "Bob", meeting.RoleViewer)
		if w.Chat != nil {
			t.Errorf("nobody has written, and Ada finds %+v", w.Chat)
		}
		m := write(h, ada, " Hello\r\n<b>all</b>\x00 ")
		if want := (protocol.ChatMessage{Number: 1, At: m.At, From: protocol.ChatAuthor{Participant: w.You.ID, Name: "Ada"}, Text: "Hello\n<b>all</b>"}); m != want {
			t.Errorf("written as %+v", m)
		}
		write(h, bob, "Hi")
		want := []string{"1 Ada: Hello\n<b>all</b>", "2 Bob: Hi"}
		for _, c := range []*tab{ada, bob} {
			if got := heard(c); !slices.Equal(got, want) {
				t.Errorf("heard %q", got)
			}
		}
		_, late := h.enter("aaa", "Cem", meeting.RoleParticipant)
		if late.Chat == nil || late.Chat.Last != 2 || len(late.Chat.Messages) != 2 || late.Chat.Messages[0] != m {
			t.Errorf("Cem finds %+v", late.Chat)
		}
		for text, code := range map[string]protocol.Code{
			"\u200b \n":               "bad_request",
			strings.Repeat("é", 2001): "bad_request",
		} {
			if got := refusal(h, ada, protocol.SendChat{Text: text}); got != code {
				t.Errorf("%.10q: %s", text, got)
			}
		}
		write(h, ada, strings.Repeat("é", 2000))
		if len(h.store.records) != 1 || h.chats.kept[chatlog.Session{Room: "aaa", Number: 1}][1].Sub == "" {
			t.Error("nobody can tell whose message it is")
		}
	})
}

// TestChatAgain: a press that is sent again, on whatever connection and after a
// crash, writes once.
func TestChatAgain(t *testing.T) {
	inHouse(t, func(h *house) {
		ada, w := h.enter("aaa", "Ada", meeting.RoleModerator)
		bob, _ := h.enter("aaa", "Bob", meeting.RoleParticipant)
		h.chats.set(func(c *fakeChats) { c.lose = true })
		id := h.send(ada, protocol.SendChat{Text: "once"}, nil)
		synctest.Wait()
		if e := answered[protocol.Error](h, ada, id); e.Code != protocol.CodeUnknown {
			t.Errorf("answered %+v", e)
		}
		again := h.tab("aaa")
		ask[protocol.Welcome](h, again, protocol.Hello{Resume: w.Resume}, h.back(w))
		h.sendAs(again, id, protocol.SendChat{Text: "once"})
		if ok := answered[protocol.OK](h, again, id); ok.Message == nil || ok.Message.Number != 1 {
			t.Errorf("then %+v", ok)
		}
		write(h, again, "twice")
		if got, want := heard(bob), []string{"1 Ada: once", "2 Ada: twice"}; !slices.Equal(got, want) {
			t.Errorf("Bob heard %q", got)
		}
		h.restart()
		last := h.tab("aaa")
		back := ask[protocol.Welcome](h, last, protocol.Hello{Resume: w.Resume}, h.back(w))
		if back.Chat == nil || back.Chat.Last != 2 {
			t.Errorf("after a crash there is %+v", back.Chat)
		}
		h.sendAs(last, id, protocol.SendChat{Text: "once"})
		if ok := answered[protocol.OK](h, last, id); ok.Message == nil || ok.Message.Number != 1 {
			t.Errorf("after a crash it is %+v", ok)
		}
		if got := heard(last); got != nil {
			t.Errorf("told again: %q", got)
		}
	})
}

// TestChatMissed: what an owner of before has kept without telling is told with the
// next message.
func TestChatMissed(t *testing.T) {
	inHouse(t, func(h *house) {
		ada, _ := h.enter("aaa", "Ada", meeting.RoleModerator)
		here := chatlog.Session{Room: "aaa", Number: 1}
		for _, text := range []string{"one", "two"} {
			if _, err := h.chats.Append(t.Context(), here, chatlog.Draft{Op: text, From: protocol.ChatAuthor{Name: "Bob"}, Text: text}); err != nil {
				t.Fatal(err)
			}
		}
		write(h, ada, "three")
		if got, want := heard(ada), []string{"1 Bob: one", "2 Bob: two", "3 Ada: three"}; !slices.Equal(got, want) {
			t.Errorf("heard %q", got)
		}
	})
}

// TestChatDelete: who wrote a message deletes it, moderators and the portal any, and
// of whom that is not the audit is told.
func TestChatDelete(t *testing.T) {
	inHouse(t, func(h *house) {
		ada, _ := h.enter("aaa", "Ada", meeting.RoleModerator)
		bob, _ := h.enter("aaa", "Bob", meeting.RoleParticipant)
		for _, text := range []string{"one", "two", "three"} {
			write(h, bob, text)
		}
		write(h, ada, "four")
		if got := refusal(h, bob, protocol.DeleteChat{Number: 4}); got != protocol.CodeForbidden {
			t.Errorf("somebody else's: %s", got)
		}
		if got := refusal(h, bob, protocol.DeleteChat{Number: 5}); got != protocol.CodeNotFound {
			t.Errorf("nobody's: %s", got)
		}
		ask[protocol.OK](h, bob, protocol.DeleteChat{Number: 1}, nil)
		ask[protocol.OK](h, ada, protocol.DeleteChat{Number: 2}, nil)
		ask[protocol.OK](h, ada, protocol.DeleteChat{Number: 2}, nil)
		h.command("", control.Command{DeleteChat: &control.DeleteChat{Session: 1, Number: 3}})
		h.command(protocol.CodeNotFound, control.Command{DeleteChat: &control.DeleteChat{Session: 2, Number: 3}})
		deleted, _ := events[protocol.ChatDeleted](bob)
		if want := []protocol.ChatDeleted{{Number: 1}, {Number: 2, ByModerator: true}, {Number: 3, ByModerator: true}}; !slices.Equal(deleted, want) {
			t.Errorf("Bob is told %+v", deleted)
		}
		_, late := h.enter("aaa", "Cem", meeting.RoleParticipant)
		if m := late.Chat.Messages; len(m) != 4 || m[0].Deleted != protocol.DeletedByAuthor || m[2].Deleted != protocol.DeletedByModerator || m[2].Text != "" || m[3].Text != "four" {
			t.Errorf("Cem finds %+v", m)
		}
		h.news.mu.Lock()
		noted := slices.DeleteFunc(slices.Clone(h.news.noted), func(e event.Event) bool { return e.Kind != event.ChatDeleted })
		h.news.mu.Unlock()
		if len(noted) != 2 || noted[0].Who.Name != "Ada" || noted[1].Who.Key != "portal" || noted[0].Room != "aaa" || !strings.Contains(string(noted[0].Data), `"message":2`) {
			t.Errorf("the audit is told %+v", noted)
		}
	})
}

// TestChatSetting: who may write is the room's to say, at any time; whoever may not
// reads on.
func TestChatSetting(t *testing.T) {
	inHouse(t, func(h *house) {
		ada, _ := h.enter("aaa", "Ada", meeting.RoleModerator)
		bob, _ := h.enter("aaa", "Bob", meeting.RoleParticipant)
		if got := refusal(h, bob, protocol.SendChat{Text: "may I"}); got != protocol.CodeForbidden {
			t.Errorf("moderators: %s", got)
		}
		write(h, ada, "I may")
		h.command("", control.Command{Change: &meeting.Settings{Chat: new(meeting.ChatByNobody)}})
		if got := refusal(h, ada, protocol.SendChat{Text: "may I"}); got != protocol.CodeChatOff {
			t.Errorf("off: %s", got)
		}
		if ok := ask[protocol.OK](h, bob, protocol.PageChat{}, nil); ok.Chat == nil || ok.Chat.Last != 1 || len(ok.Chat.Messages) != 1 {
			t.Errorf("Bob reads %+v", ok.Chat)
		}
		for _, bad := range []protocol.PageChat{{Before: -1}, {Limit: -1}, {Limit: 101}} {
			if got := refusal(h, bob, bad); got != protocol.CodeBadRequest {
				t.Errorf("%+v: %s", bad, got)
			}
		}
	}, chatIs(meeting.ChatByModerators))
}

// TestChatOutage: a chat that cannot be kept keeps nothing else from going on.
func TestChatOutage(t *testing.T) {
	inHouse(t, func(h *house) {
		ada, w := h.enter("aaa", "Ada", meeting.RoleModerator)
		for err, code := range map[error]protocol.Code{
			chatlog.ErrFull: protocol.CodeChatFull, chatlog.ErrUnavailable: protocol.CodeUnavailable, errors.New("our mistake"): protocol.CodeInternal,
		} {
			h.chats.set(func(c *fakeChats) { c.fail = err })
			if got := refusal(h, ada, protocol.SendChat{Text: "text"}); got != code {
				t.Errorf("%v: %s", err, got)
			}
		}
		h.chats.set(func(c *fakeChats) { c.fail, c.delay = nil, 10*time.Second })
		h.until(51 * time.Minute)
		id := h.send(ada, protocol.SendChat{Text: "slow"}, nil)
		if ok := ask[protocol.OK](h, ada, protocol.Extend{Window: w.Session.EndsAt}, nil); ok.Grant == nil {
			t.Errorf("beside a slow chat: %+v", ok)
		}
		h.pass(11 * time.Second)
		if ok := answered[protocol.OK](h, ada, id); ok.Message == nil {
			t.Errorf("in the end: %+v", ok)
		}
	})
}
