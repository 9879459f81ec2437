package rooms_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"overtime/internal/bus"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

// again sends a message under an id of the caller's choice and gives the answer.
func again[M protocol.ServerMessage](h *house, c *tab, id string, m protocol.ClientMessage) M {
	h.t.Helper()
	h.bus.line(c.room).heard(bus.Asked{Ask: bus.Ask{Conn: c.conn, Frame: protocol.ClientFrame{ID: id, Message: m}.Encode()}})
	synctest.Wait()
	return answered[M](h, c, id)
}

// TestOnce: an extension that is asked again, on the same connection or after a
// restart of the server, is granted the same and moves nothing; the same id of
// somebody else is another operation.
func TestOnce(t *testing.T) {
	inHouse(t, func(h *house) {
		ada, w := h.enter("aaa", "Ada", meeting.RoleModerator)
		bob, _ := h.enter("aaa", "Bob", meeting.RoleParticipant)
		end := w.Session.EndsAt
		h.until(50 * time.Minute)
		extend := protocol.Extend{Window: end}
		first := again[protocol.OK](h, ada, "op", extend)
		if first.Grant == nil || !first.Grant.EndsAt.Equal(end.Add(15*time.Minute)) {
			t.Fatalf("granted %+v", first.Grant)
		}
		second := again[protocol.OK](h, ada, "op", extend)
		if *second.Grant != *first.Grant {
			t.Errorf("asked again: %+v, first %+v", second.Grant, first.Grant)
		}
		if e := again[protocol.Error](h, bob, "op", extend); e.Code != protocol.CodeAlreadyExtended || e.By != "Ada" {
			t.Errorf("Bob's own: %+v", e)
		}
		h.restart()
		tab := h.tab("aaa")
		back := ask[protocol.Welcome](h, tab, protocol.Hello{}, h.back(w))
		third := again[protocol.OK](h, tab, "op", extend)
		if *third.Grant != *first.Grant || !back.Session.EndsAt.Equal(first.Grant.EndsAt) {
			t.Errorf("after a restart: %+v, first %+v", third.Grant, first.Grant)
		}
	})
}

// TestOpsAreBounded: a record remembers the last operations only.
func TestOpsAreBounded(t *testing.T) {
	inHouse(t, func(h *house) {
		ada, w := h.enter("aaa", "Ada", meeting.RoleModerator)
		end := w.Session.EndsAt
		for i := range 300 {
			h.until(end.Sub(h.began) - 10*time.Minute)
			end = again[protocol.OK](h, ada, fmt.Sprint("op", i), protocol.Extend{Window: end}).Grant.EndsAt
		}
		if n := len(h.store.record("aaa").Ops); n != 256 {
			t.Errorf("%d operations are kept", n)
		}
	})
}

// TestHelloTwice: one connection has one place, whatever it says.
func TestHelloTwice(t *testing.T) {
	inHouse(t, func(h *house) {
		tab := h.tab("aaa")
		e := &bus.Entry{Role: meeting.RoleParticipant}
		first := ask[protocol.Welcome](h, tab, protocol.Hello{Name: "Ada"}, e)
		second := ask[protocol.Welcome](h, tab, protocol.Hello{Name: "Ada"}, e)
		if second.You.ID != first.You.ID || len(second.People) != 1 {
			t.Errorf("was %+v, is %+v among %d", first.You, second.You, len(second.People))
		}
	})
}

// TestViewersCannotInvite: a guest's link would make more of them than viewers.
func TestViewersCannotInvite(t *testing.T) {
	inHouse(t, func(h *house) {
		_, guest := h.enter("aaa", "Ada", meeting.RoleParticipant)
		_, viewer := h.enter("aaa", "Vera", meeting.RoleViewer)
		if guest.Guests == "" || viewer.Guests != "" {
			t.Errorf("a guest gets %q, a viewer %q", guest.Guests, viewer.Guests)
		}
	})
}

// TestRefusalsAreBounded: the newest are remembered, one by one.
func TestRefusalsAreBounded(t *testing.T) {
	inHouse(t, func(h *house) {
		ada, w := h.enter("aaa", "Ada", meeting.RoleModerator)
		extend := protocol.Extend{Window: w.Session.EndsAt}
		for i := range 257 {
			again[protocol.Error](h, ada, fmt.Sprint("op", i), extend)
		}
		h.until(50 * time.Minute)
		line := h.bus.line("aaa")
		for _, id := range []string{"op1", "op256", "op0"} {
			line.heard(bus.Asked{Ask: bus.Ask{Conn: ada.conn, Frame: protocol.ClientFrame{ID: id, Message: extend}.Encode()}})
		}
		synctest.Wait()
		last := map[string]protocol.ServerMessage{}
		for _, f := range ada.all() {
			last[f.ID] = f.Message
		}
		for _, id := range []string{"op1", "op256"} {
			if e, is := last[id].(protocol.Error); !is || e.Code != protocol.CodeNoWindow {
				t.Errorf("%s is answered %+v", id, last[id])
			}
		}
		if _, is := last["op0"].(protocol.OK); !is {
			t.Errorf("the 257th last is answered %+v", last["op0"])
		}
	})
}

// TestMistakeAskedAgain: what failed by a mistake of ours was not refused.
func TestMistakeAskedAgain(t *testing.T) {
	inHouse(t, func(h *house) {
		ada, w := h.enter("aaa", "Ada", meeting.RoleModerator)
		h.until(50 * time.Minute)
		h.store.set(func(s *fakeStore) { s.panics = true })
		extend := protocol.Extend{Window: w.Session.EndsAt}
		again[protocol.Error](h, ada, "op", extend)
		again[protocol.Error](h, ada, "op", extend) // the first answer, read again
		all := ada.all()
		if ok, is := all[len(all)-2].Message.(protocol.OK); !is || ok.Grant == nil {
			t.Errorf("asked again: %+v", all[len(all)-2].Message)
		}
	})
}

// TestTokensGiveNoLink: who was removed would come back by it as somebody else.
// That holds also for a place that a secret brings back, and for a new link.
func TestTokensGiveNoLink(t *testing.T) {
	inHouse(t, func(h *house) {
		ada, _ := h.enter("aaa", "Ada", meeting.RoleModerator)
		bob, w := h.joins(knownEntry("t1", meeting.RoleParticipant, "Bob"))
		ask[protocol.OK](h, ada, protocol.RenewLink{}, nil)
		if links, _ := events[protocol.GuestLink](bob); w.Guests != "" || len(links) != 0 {
			t.Errorf("a token's holder gets %q and %+v", w.Guests, links)
		}
		for range 2 {
			bob = h.tab("aaa")
			if back := ask[protocol.Welcome](h, bob, protocol.Hello{}, h.back(w)); back.Guests != "" {
				t.Errorf("back at their place they get %q", back.Guests)
			}
			h.lose(bob)
			h.restart()
		}
		if back := ask[protocol.Welcome](h, h.tab("aaa"), protocol.Hello{}, h.back(w)); back.Guests != "" {
			t.Errorf("back at a place that they had lost they get %q", back.Guests)
		}
		if _, w := h.joins(knownEntry("t2", meeting.RoleModerator, "Bob")); w.Guests == "" {
			t.Error("a moderator with a token can invite nobody")
		}
	})
}
