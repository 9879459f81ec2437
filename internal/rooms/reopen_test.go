package rooms_test

import (
	"errors"
	"testing"
	"time"

	"overtime/internal/bus"
	"overtime/internal/event"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
	"overtime/internal/store"
)

// mustEnd wants the session to end at its instant and portals to be told of it,
// although nobody asks for the room any more.
func (h *house) mustEnd() {
	h.t.Helper()
	h.until(time.Hour + 2*time.Second)
	if s := h.store.record("aaa").Session; s.Ending == nil {
		h.t.Error("the end is not recorded")
	}
	if kinds := h.news.kinds(); kinds[len(kinds)-1] != event.SessionEnded {
		h.t.Errorf("told of %v", kinds)
	}
}

// TestFailedRoomGoesOn: a room whose actor failed is taken up again although
// nobody asks for it.
func TestFailedRoomGoesOn(t *testing.T) {
	inHouse(t, func(h *house) {
		h.enter("aaa", "Ada", meeting.RoleModerator)
		h.media.panics = true
		h.send(h.tab("aaa"), protocol.Hello{Name: "Bob"}, &bus.Entry{Role: meeting.RoleParticipant})
		h.pass(2 * time.Second)
		if h.bus.line("aaa") == nil {
			t.Error("nobody listens")
		}
		h.mustEnd()
	})
}

// TestRoomThatFailsAlways is taken up less and less often.
func TestRoomThatFailsAlways(t *testing.T) {
	inHouse(t, func(h *house) {
		h.enter("aaa", "Ada", meeting.RoleModerator)
		before := h.store.record("aaa").Epoch
		h.media.mu.Lock()
		h.media.cursed = true
		h.media.mu.Unlock()
		h.restart()
		h.pass(10 * time.Minute)
		if n := h.store.record("aaa").Epoch - before; n < 5 || n > 20 {
			t.Errorf("taken up %d times in ten minutes", n)
		}
		h.media.mu.Lock()
		h.media.cursed = false
		h.media.mu.Unlock()
		h.mustEnd()
	})
}

// TestRoomsThatCouldNotBeOpened: nor does a session need anybody to ask for it
// whose room could not be opened, or read, when the server started.
func TestRoomsThatCouldNotBeOpened(t *testing.T) {
	for name, fault := range map[string]func(s *fakeStore){
		"opened": func(s *fakeStore) { s.down = true },
		"read":   func(s *fakeStore) { s.hidden, s.damage = true, errors.Join(store.ErrDamaged, store.Unread{"aaa"}) },
	} {
		t.Run(name, func(t *testing.T) {
			inHouse(t, func(h *house) {
				h.enter("aaa", "Ada", meeting.RoleModerator)
				h.host.Close()
				h.store.set(fault)
				h.start()
				h.pass(20 * time.Second)
				h.store.set(func(s *fakeStore) { s.down, s.hidden, s.damage = false, false, nil })
				h.mustEnd()
			})
		})
	}
}
