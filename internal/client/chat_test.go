package client_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"overtime/internal/client"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

// log is the server's chat. Its fields are guarded by the server's mu.
type log struct {
	w        *world
	messages []protocol.ChatMessage
	byOp     map[string]int // number, by the request's id
	ids      []string       // of all requests to write
	paged    []protocol.PageChat
	lose     int                    // so many answers are lost with their connection
	refuse   protocol.ServerMessage // instead of writing
	mute     bool                   // nothing is answered
	each     time.Duration          // at least, between two that are written
	last     time.Time              // when the last was
}

// chats gives the server a chat of n messages by Asha.
func (w *world) chats(n int) *log {
	l := &log{w: w, byOp: map[string]int{}}
	for range n {
		l.messages = append(l.messages, l.next("p_asha", "Asha", fmt.Sprint("message ", len(l.messages)+1)))
	}
	w.server.with(func() { w.server.chat, w.server.script = l.newest, l.answer })
	return l
}

func (l *log) next(id, name, text string) protocol.ChatMessage {
	n := len(l.messages) + 1
	return protocol.ChatMessage{Number: n, At: serverBorn.Add(time.Duration(n) * time.Second), Text: text,
		From: protocol.ChatAuthor{Participant: id, Name: name}}
}

func (l *log) newest() *protocol.Chat {
	if len(l.messages) == 0 {
		return nil
	}
	return &protocol.Chat{Last: len(l.messages), Messages: slices.Clone(l.messages[max(0, len(l.messages)-protocol.WelcomeChat):])}
}

func (l *log) answer(c *conn, f protocol.ClientFrame) (protocol.ServerMessage, bool) {
	switch m := f.Message.(type) {
	case protocol.SendChat:
		return l.write(c, f.ID, m.Text), true
	case protocol.PageChat:
		var page protocol.Chat
		l.w.server.with(func() {
			l.paged = append(l.paged, m)
			older := l.messages[:m.Before-1]
			page = protocol.Chat{Last: len(l.messages), Messages: slices.Clone(older[max(0, len(older)-m.Limit):])}
		})
		return protocol.OK{Chat: &page}, true
	}
	return nil, false
}

// write appends a message once for each request, and tells of it before it answers.
func (l *log) write(c *conn, id, text string) (answer protocol.ServerMessage) {
	var news protocol.ServerMessage
	lost := false
	l.w.server.with(func() {
		l.ids = append(l.ids, id)
		if l.mute {
			return
		}
		if l.refuse != nil {
			answer = l.refuse
			return
		}
		if time.Since(l.last) < l.each {
			answer = protocol.Error{Code: protocol.CodeTooMany}
			return
		}
		l.last = time.Now()
		n, written := l.byOp[id]
		if !written {
			m := l.next("p_me", "Me", meeting.CleanLines(text))
			l.messages, n = append(l.messages, m), m.Number
			l.byOp[id] = n
			if l.lose == 0 {
				news = protocol.ChatSent{Message: m}
			} else {
				l.w.server.seq++
			}
		}
		if l.lose > 0 {
			l.lose--
			lost = true
			return
		}
		m := l.messages[n-1]
		answer = protocol.OK{Message: &m}
	})
	if news != nil {
		l.w.server.event(news)
	}
	if lost {
		c.end(1006)
	}
	return answer
}

// says is somebody else's next message.
func (l *log) says(text string) {
	var m protocol.ChatMessage
	l.w.server.with(func() {
		m = l.next("p_asha", "Asha", text)
		l.messages = append(l.messages, m)
	})
	l.w.server.event(protocol.ChatSent{Message: m})
	l.w.settle()
}

// texts are what is shown, with what is pending at the end.
func (w *world) texts() (out []string) {
	chat := w.view().Chat
	for _, m := range chat.Messages {
		out = append(out, m.Text)
	}
	for _, p := range chat.Pending {
		out = append(out, p.Text+"…")
	}
	return out
}

func (w *world) shows(want ...string) {
	w.Helper()
	if got := w.texts(); !slices.Equal(got, want) {
		w.Errorf("the chat shows %q, want %q", got, want)
	}
}

func TestAMessageIsShownOnce(t *testing.T) {
	bubble(t, func(w *world) {
		l := w.chats(0)
		w.enter()
		l.says("hello")
		twice := false
		stop := w.session.Subscribe(func(v client.View) {
			n := len(v.Chat.Pending)
			for _, m := range v.Chat.Messages {
				if m.From.Participant == "p_me" {
					n++
				}
			}
			twice = twice || n > 1
		})
		defer stop()
		w.server.up, w.server.down = 20*time.Millisecond, 20*time.Millisecond
		w.session.Do(client.SendChat{Text: "  hi there\n"})
		w.settle()
		w.shows("hello", "  hi there\n…")
		w.pass(time.Second)
		w.shows("hello", "hi there")
		equal(t, "shown twice", twice, false)
		w.session.Do(client.SendChat{Text: " \n "}) // which says nothing
		w.settle()
		equal(t, "written", len(l.ids), 1)
	})
}

// Two that say the same are two.
func TestTheSameWordsTwice(t *testing.T) {
	bubble(t, func(w *world) {
		l := w.chats(1)
		w.enter()
		w.session.Do(client.SendChat{Text: "yes"})
		w.session.Do(client.SendChat{Text: "yes"})
		w.settle()
		w.shows("message 1", "yes", "yes")
		equal(t, "written", len(l.messages), 3)
	})
}

// The answer may be lost with the connection: the message goes again, under its id.
func TestAMessageOutlivesTheConnection(t *testing.T) {
	bubble(t, func(w *world) {
		l := w.chats(0)
		w.enter()
		l.lose = 2
		w.session.Do(client.SendChat{Text: "once"})
		w.pass(3 * time.Second)
		w.shows("once")
		equal(t, "requests", len(l.ids), 3)
		equal(t, "ids", len(slices.Compact(slices.Clone(l.ids))), 1)
		equal(t, "written", len(l.messages), 1)
	})
}

func TestWrittenWhileAway(t *testing.T) {
	bubble(t, func(w *world) {
		w.chats(0)
		w.enter()
		w.server.with(func() { w.server.dead = true })
		w.server.last().end(1006)
		w.pass(time.Second)
		w.session.Do(client.SendChat{Text: "first"})
		w.session.Do(client.SendChat{Text: "second"})
		w.settle()
		w.shows("first…", "second…")
		w.server.with(func() { w.server.dead = false })
		w.pass(10 * time.Second)
		w.shows("first", "second")
	})
}

// After an outage the server takes fewer at once than were written meanwhile.
func TestManyWrittenWhileAway(t *testing.T) {
	bubble(t, func(w *world) {
		l := w.chats(0)
		w.enter()
		l.each = 700 * time.Millisecond
		w.server.with(func() { w.server.dead = true })
		w.server.last().end(1006)
		w.pass(time.Second)
		var want []string
		for i := range 9 {
			want = append(want, fmt.Sprint("message ", i))
			w.session.Do(client.SendChat{Text: want[i]})
		}
		w.settle()
		w.server.with(func() { w.server.dead = false })
		w.pass(30 * time.Second)
		w.shows(want...)
		equal(t, "toasts of refusals", slices.Contains(w.toasts(), client.ToastRefused), false)
	})
}

// One that came to nothing holds nobody up, and is sent again in its place.
func TestOneIsRefused(t *testing.T) {
	bubble(t, func(w *world) {
		l := w.chats(0)
		w.enter()
		l.refuse = protocol.Error{Code: protocol.CodeUnavailable}
		w.session.Do(client.SendChat{Text: "first"})
		w.settle()
		l.refuse = nil
		w.session.Do(client.SendChat{Text: "second"})
		w.settle()
		w.shows("second", "first…")
		w.session.Do(client.RetryChat{ID: w.view().Chat.Pending[0].ID})
		w.settle()
		w.shows("second", "first")
	})
}

func TestWhatCameToNothing(t *testing.T) {
	for name, c := range map[string]struct {
		fail   func(*log)
		why    protocol.Code
		sameID bool
	}{
		"unanswered": {func(l *log) { l.mute = true }, client.TroubleUnanswered, true},
		"unknown":    {func(l *log) { l.refuse = protocol.Error{Code: protocol.CodeUnknown} }, protocol.CodeUnknown, true},
		"off":        {func(l *log) { l.refuse = protocol.Error{Code: protocol.CodeChatOff} }, protocol.CodeChatOff, false},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(w *world) {
				l := w.chats(0)
				w.enter()
				c.fail(l)
				w.session.Do(client.SendChat{Text: "well"})
				w.session.Do(client.RetryChat{ID: 1}) // too early
				w.pass(26 * time.Second)
				pending := w.view().Chat.Pending
				if len(pending) != 1 || pending[0].Trouble.Code != c.why {
					t.Fatalf("pending %+v, want one for %q", pending, c.why)
				}
				l.mute, l.refuse = false, nil
				w.session.Do(client.RetryChat{ID: pending[0].ID})
				w.session.Do(client.RetryChat{ID: pending[0].ID}) // a second press
				w.settle()
				w.shows("well")
				equal(t, "requests", len(l.ids), 2)
				equal(t, "under the same id", l.ids[0] == l.ids[1], c.sameID)
			})
		})
	}
}

func TestDiscard(t *testing.T) {
	bubble(t, func(w *world) {
		l := w.chats(0)
		w.enter()
		l.refuse = protocol.Error{Code: protocol.CodeChatFull}
		w.session.Do(client.SendChat{Text: "too much"})
		w.settle()
		w.session.Do(client.DiscardChat{ID: w.view().Chat.Pending[0].ID})
		w.session.Do(client.DiscardChat{ID: 77})
		w.settle()
		w.shows()
	})
}

func TestPagesUpwards(t *testing.T) {
	bubble(t, func(w *world) {
		l := w.chats(120)
		w.enter()
		first := func() int { return w.view().Chat.Messages[0].Number }
		equal(t, "first", first(), 71)
		equal(t, "unread by who comes late", w.view().Chat.Unread, 0)
		w.session.Do(client.OlderChat{})
		w.session.Do(client.OlderChat{}) // a second press
		w.settle()
		equal(t, "first", first(), 21)
		equal(t, "there is more", w.view().Chat.Older, true)
		w.session.Do(client.OlderChat{})
		w.settle()
		w.session.Do(client.OlderChat{})
		w.settle()
		equal(t, "first", first(), 1)
		equal(t, "there is more", w.view().Chat.Older, false)
		equal(t, "loading", w.view().Chat.Loading, false)
		if want := []protocol.PageChat{{Before: 71, Limit: 50}, {Before: 21, Limit: 50}}; !slices.Equal(l.paged, want) {
			t.Errorf("asked for %v, want %v", l.paged, want)
		}
		for i, m := range w.view().Chat.Messages {
			if m.Number != i+1 {
				t.Fatalf("message %d stands at %d", m.Number, i)
			}
		}
	})
}

// TestPagesAfterAGap: what was written and not told is found upwards.
func TestPagesAfterAGap(t *testing.T) {
	bubble(t, func(w *world) {
		l := w.chats(3)
		w.enter()
		w.server.with(func() {
			for range 60 {
				l.messages = append(l.messages, l.next("p_asha", "Asha", "untold"))
			}
		})
		l.says("told")
		w.settle()
		equal(t, "messages", len(w.view().Chat.Messages), 1)
		w.session.Do(client.OlderChat{})
		w.settle()
		w.session.Do(client.OlderChat{})
		w.settle()
		equal(t, "messages", len(w.view().Chat.Messages), 64)
	})
}

func TestUnread(t *testing.T) {
	bubble(t, func(w *world) {
		l := w.chats(3)
		w.enter()
		unread := func(what string, want int) { t.Helper(); w.settle(); equal(t, what, w.view().Chat.Unread, want) }
		l.says("one")
		l.says("two")
		w.session.Do(client.SendChat{Text: "mine"})
		unread("others' words", 2)
		w.server.event(protocol.ChatDeleted{Number: 5})
		unread("one was taken away", 1)
		w.session.Do(client.ReadChat{Open: true})
		unread("seen", 0)
		l.says("three")
		unread("while it is seen", 0)
		w.session.Do(client.ReadChat{})
		l.says("four")
		unread("closed", 1)
		w.server.last().end(1006)
		w.pass(5 * time.Second)
		unread("after a reconnect", 1)
		w.close()
		l.messages = append(l.messages, l.next("p_asha", "Asha", "meanwhile"))
		w.open()
		unread("after a reload", 2)
		w.close()
		w.server.with(func() { w.server.session.Number = 2 })
		w.open()
		unread("another session's", 0)
	})
}

// What comes while nobody sees the tab is read when they do.
func TestUnreadInAHiddenTab(t *testing.T) {
	bubble(t, func(w *world) {
		l := w.chats(0)
		w.enter()
		w.session.Do(client.ReadChat{Open: true})
		w.tab.with(func() { w.tab.hidden = true })
		l.says("are you there?")
		equal(t, "unread in a hidden tab", w.view().Chat.Unread, 1)
		w.tab.with(func() { w.tab.hidden = false })
		w.tab.fire("wake")
		w.settle()
		equal(t, "unread once it is seen", w.view().Chat.Unread, 0)
	})
}

// What was written during an absence counts, also where a snapshot has not all of it.
func TestManyUnread(t *testing.T) {
	bubble(t, func(w *world) {
		l := w.chats(3)
		w.enter()
		w.server.with(func() {
			for range 120 {
				l.messages = append(l.messages, l.next("p_asha", "Asha", "again"))
			}
		})
		w.server.last().end(1006)
		w.pass(5 * time.Second)
		equal(t, "fetched", len(w.view().Chat.Messages), 50)
		equal(t, "unread", w.view().Chat.Unread, 120)
		w.session.Do(client.OlderChat{})
		w.settle()
		equal(t, "unread with another page", w.view().Chat.Unread, 120)
		w.session.Do(client.ReadChat{Open: true})
		w.settle()
		equal(t, "unread once seen", w.view().Chat.Unread, 0)
	})
}

func TestDeleted(t *testing.T) {
	bubble(t, func(w *world) {
		w.chats(2)
		w.enter()
		before := w.view().Chat
		w.session.Do(client.DeleteChat{Number: 2})
		w.session.Do(client.DeleteChat{Number: 2})
		w.server.event(protocol.ChatDeleted{Number: 2, ByModerator: true})
		w.server.event(protocol.ChatDeleted{Number: 1})
		w.server.event(protocol.ChatDeleted{Number: 99})
		w.settle()
		w.shows("", "")
		equal(t, "asked", len(all[protocol.DeleteChat](w.server)), 1)
		after := w.view().Chat
		equal(t, "by", after.Messages[1].Deleted, protocol.DeletedByModerator)
		equal(t, "by", after.Messages[0].Deleted, protocol.DeletedByAuthor)
		equal(t, "an older view", before.Messages[1].Text, "message 2")
		equal(t, "waits", len(after.Deleting), 0)
		me := w.view().Me
		equal(t, "again", me.MayDelete(after.Messages[0]), false)
		equal(t, "a moderator", me.MayDelete(before.Messages[0]), true)
		equal(t, "another", (&client.Me{ID: "p_x", Role: "participant"}).MayDelete(before.Messages[0]), false)
		equal(t, "the author", (&client.Me{ID: "p_asha"}).MayDelete(before.Messages[0]), true)
	})
}

// What was deleted while this tab was away is gone when it is back, whatever it
// had fetched.
func TestDeletedWhileAway(t *testing.T) {
	bubble(t, func(w *world) {
		l := w.chats(60)
		w.enter()
		w.session.Do(client.OlderChat{})
		w.settle()
		equal(t, "fetched", len(w.view().Chat.Messages), 60)
		l.messages[1].Text, l.messages[1].Deleted = "", protocol.DeletedByModerator
		w.server.last().end(1006)
		w.pass(5 * time.Second)
		for _, text := range w.texts() {
			if text == "message 2" {
				t.Error("a deleted message is still shown")
			}
		}
		equal(t, "there is more", w.view().Chat.Older, true)
	})
}

func TestTheChatStaysInTheRoom(t *testing.T) {
	bubble(t, func(w *world) {
		w.chats(2)
		w.enter()
		w.session.Do(client.Leave{})
		w.pass(time.Second)
		w.shows()
		w.session.Do(client.SendChat{Text: "hello?"})
		w.settle()
		w.shows()
	})
}

// Whatever the network does, what somebody writes is there once in the end, in the
// order in which it was written, and never shown twice on the way.
func TestEachMessageOnce(t *testing.T) {
	for seed := range uint64(80) {
		bubble(t, func(w *world) {
			random := rand.New(rand.NewPCG(seed, 1))
			l := w.chats(random.IntN(60))
			w.enter()
			written := 0
			stop := w.session.Subscribe(func(v client.View) {
				shown := map[string]int{}
				for _, m := range v.Chat.Messages {
					shown[m.Text]++
				}
				for _, p := range v.Chat.Pending {
					shown[p.Text]++
				}
				for text, n := range shown {
					if n > 1 {
						w.Errorf("seed %d: %q is shown %d times", seed, text, n)
					}
				}
			})
			defer stop()
			w.server.with(func() { w.server.up, w.server.down = 30*time.Millisecond, 30*time.Millisecond })
			for range 12 {
				switch random.IntN(5) {
				case 0, 1:
					written++
					w.session.Do(client.SendChat{Text: fmt.Sprint("mine ", written)})
				case 2:
					w.server.with(func() { l.lose = random.IntN(3) })
				case 3:
					w.server.last().end(1006)
				case 4:
					l.says(fmt.Sprint("theirs ", len(l.messages)))
				}
				w.pass(time.Duration(random.IntN(400)) * time.Millisecond)
			}
			w.server.with(func() { l.lose = 0 })
			w.pass(20 * time.Second)
			var mine []string
			for _, m := range w.view().Chat.Messages {
				if m.From.Participant == "p_me" {
					mine = append(mine, m.Text)
				}
			}
			for i := range written {
				if len(mine) != written || mine[i] != fmt.Sprint("mine ", i+1) {
					w.Fatalf("seed %d: %d were written, and %q are shown; %+v", seed, written, mine, w.view().Chat.Pending)
				}
			}
			if n := len(w.view().Chat.Pending); n > 0 {
				w.Errorf("seed %d: %d are pending", seed, n)
			}
		})
	}
}
