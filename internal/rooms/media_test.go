package rooms_test

import (
	"testing"
	"time"

	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

// TestTooMuchMedia: whose browser goes on sending more than it may is told why, closed,
// and out; they may come in again.
func TestTooMuchMedia(t *testing.T) {
	inHouse(t, func(h *house) {
		ada, _ := h.enter("aaa", "Ada", meeting.RoleModerator)
		bob, w := h.enter("aaa", "Bob", meeting.RoleParticipant)
		obs := h.media.observer(w.You.ID)
		obs.Excess("microphone")
		h.pass(time.Millisecond)
		told, _ := events[protocol.Error](bob)
		if len(told) != 1 || told[0].Code != protocol.CodeTooMuchMedia || bob.close() != protocol.CloseTooMuchMedia {
			t.Errorf("told %+v and closed with %d", told, bob.close())
		}
		if left, _ := events[protocol.PersonLeft](ada); len(left) != 1 || left[0] != (protocol.PersonLeft{ID: w.You.ID, Reason: protocol.LeftLost}) {
			t.Errorf("the others were told %+v", left)
		}
		if n := h.media.seats(); n != 1 {
			t.Errorf("%d have seats", n)
		}
		obs.Excess("microphone") // of somebody who is not here any more
		_, again := h.enter("aaa", "Bob", meeting.RoleParticipant)
		h.pass(time.Millisecond)
		if n := h.media.seats(); n != 2 || again.You.ID == w.You.ID {
			t.Errorf("%d have seats, %s was %s", n, again.You.ID, w.You.ID)
		}
	})
}
