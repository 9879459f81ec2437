package rooms_test

import (
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"overtime/internal/bus"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

// TestFarBehind: what a record is owed in an outage has a bound. Beyond it nobody
// new is let in, who has a place comes back to it, and nothing of what happened
// is lost.
func TestFarBehind(t *testing.T) {
	inHouse(t, func(h *house) {
		ada, _ := h.enter("aaa", "Ada", meeting.RoleModerator)
		bob := h.tab("aaa")
		w := ask[protocol.Welcome](h, bob, protocol.Hello{}, portalEntry("7", "Bob"))
		h.pass(time.Second)
		h.store.set(func(s *fakeStore) { s.down = true })
		var want []string
		refused := false
		for i := 0; i < 2000 && !refused; i++ {
			name := fmt.Sprint("guest ", i)
			c := h.tab("aaa")
			id := h.send(c, protocol.Hello{Name: name}, &bus.Entry{Role: meeting.RoleParticipant})
			synctest.Wait()
			switch m := c.answer(id).(type) {
			case protocol.Welcome:
				ask[protocol.OK](h, c, protocol.Leave{}, nil)
				want = append(want, "participant.joined "+name, "participant.left "+name)
			case protocol.Error:
				refused = m.Code == protocol.CodeUnavailable
			}
		}
		if !refused || len(want) > 1100 {
			t.Fatalf("refused %v after %d comings and goings", refused, len(want))
		}
		h.mustRefuse(protocol.CodeUnavailable, h.tab("aaa"), protocol.Hello{}, portalEntry("8", "Cyd"))
		h.gone(bob)
		again := h.tab("aaa")
		if back := ask[protocol.Welcome](h, again, protocol.Hello{}, h.back(w)); back.You.ID != w.You.ID {
			t.Errorf("Bob is somebody else now: %v, and was %v", back.You.ID, w.You.ID)
		}
		for i := range 300 { // as often as they like, by tokens that say something else
			next := h.tab("aaa")
			ask[protocol.Welcome](h, next, protocol.Hello{}, portalEntry("7", fmt.Sprint("Bob ", i)))
		}
		h.store.set(func(s *fakeStore) { s.down = false })
		h.pass(5 * time.Minute)
		if told := h.attendance(); !slices.Equal(told, want) {
			t.Errorf("told %d comings and goings of %d", len(told), len(want))
		}
		h.enter("aaa", "Cyd", meeting.RoleParticipant)
		h.pass(time.Second)
		if r := h.store.who("aaa"); len(r.Here) != 3 || r.Here[1].Name != "Bob 299" {
			t.Errorf("saved are %+v", r.Here)
		}
		ask[protocol.OK](h, ada, protocol.End{}, nil)
	}, func(r *meeting.Room) { r.Capacity = 100 })
}
