package rooms_test

import (
	"testing"
	"testing/synctest"
	"time"

	"overtime/internal/bus"
	"overtime/internal/event"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

// mustHold wants these people to be saved, in order.
func (h *house) mustHold(names ...string) {
	h.t.Helper()
	h.pass(2 * time.Second)
	people := h.store.who("aaa").Here
	for i, p := range people {
		if i >= len(names) || p.Name != names[i] {
			h.t.Errorf("saved is %s, want %q", p.Name, names)
		}
	}
	if len(people) != len(names) {
		h.t.Errorf("%d people are saved, want %q", len(people), names)
	}
}

// TestGoneWhileItBegins: whoever began a session and did not stay to see it has
// no place in it.
func TestGoneWhileItBegins(t *testing.T) {
	inHouse(t, func(h *house) {
		h.store.set(func(s *fakeStore) { s.delay = time.Second })
		ghost := h.tab("aaa")
		h.send(ghost, protocol.Hello{Name: "Ghost"}, &bus.Entry{Role: meeting.RoleParticipant})
		h.gone(ghost)
		h.pass(5 * time.Second)
		h.mustHold()
		if kinds := h.news.kinds(); len(kinds) != 1 || kinds[0] != event.SessionStarted {
			t.Errorf("told of %v", kinds)
		}
	})
}

// TestUnknownStart: whoever began a session without being told so comes in like anybody
// else, and once.
func TestUnknownStart(t *testing.T) {
	inHouse(t, func(h *house) {
		ada := h.tab("aaa")
		ask[protocol.RoomState](h, ada, protocol.Peek{}, &bus.Entry{Role: meeting.RoleParticipant})
		h.store.set(func(s *fakeStore) { s.forget = 1 })
		ask[protocol.Error](h, ada, protocol.Hello{Name: "Ada"}, &bus.Entry{Role: meeting.RoleParticipant})
		ask[protocol.Welcome](h, ada, protocol.Hello{Name: "Ada"}, &bus.Entry{Role: meeting.RoleParticipant})
		h.mustHold("Ada")
		if n := h.news.kinds(); len(n) != 2 || n[0] != event.SessionStarted || n[1] != event.ParticipantJoined {
			t.Errorf("told of %v", n)
		}
	})
}

// TestRemovedWhileComing: whoever comes in anew while their removal is written
// gets no place by it.
func TestRemovedWhileComing(t *testing.T) {
	inHouse(t, func(h *house) {
		ada, _ := h.enter("aaa", "Ada", meeting.RoleModerator)
		bob := h.tab("aaa")
		w := ask[protocol.Welcome](h, bob, protocol.Hello{}, portalEntry("7", "Bob"))
		h.store.set(func(s *fakeStore) { s.delay = time.Second })
		id := h.send(ada, protocol.Remove{Participant: w.You.ID}, nil)
		ask[protocol.OK](h, bob, protocol.Leave{}, nil)
		again := h.tab("aaa")
		ask[protocol.Welcome](h, again, protocol.Hello{}, portalEntry("7", "Bob"))
		h.pass(5 * time.Second)
		answered[protocol.OK](h, ada, id)
		if again.close() != protocol.CloseRemoved {
			t.Errorf("closed with %d", again.close())
		}
		h.mustHold("Ada")
		h.mustRefuse(protocol.CodeRemoved, h.tab("aaa"), protocol.Hello{}, portalEntry("7", "Bob"))
	})
}

// TestEndThatDidNotHold: an extension that was saved without anybody knowing
// leaves those who were let go their places, as long as a place is held.
func TestEndThatDidNotHold(t *testing.T) {
	inHouse(t, func(h *house) {
		ada, w := h.enter("aaa", "Ada", meeting.RoleModerator)
		h.enter("aaa", "Bob", meeting.RoleParticipant)
		h.until(time.Hour - time.Second)
		h.store.set(func(s *fakeStore) { s.forget = 1 })
		h.send(ada, protocol.Extend{Window: w.Session.EndsAt}, nil)
		synctest.Wait()
		h.store.set(func(s *fakeStore) { s.down = true })
		h.until(time.Hour + time.Minute)
		if ada.close() != protocol.CloseOver {
			t.Fatalf("closed with %d", ada.close())
		}
		h.mustHold("Ada", "Bob")
		h.store.set(func(s *fakeStore) { s.down = false })
		h.pass(20 * time.Second)
		back := ask[protocol.Welcome](h, h.tab("aaa"), protocol.Hello{}, h.back(w))
		if back.You.ID != w.You.ID || len(back.People) != 2 || !back.Session.EndsAt.Equal(w.Session.EndsAt.Add(15*time.Minute)) {
			t.Errorf("came back to %+v, among %+v", back.Session, back.People)
		}
		h.pass(time.Minute)
		h.mustHold("Ada")
	})
}
