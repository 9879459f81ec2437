package rooms_test

import (
	"strings"
	"testing"
	"time"

	"overtime/internal/bus"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

// TestStoreBroken: with a store that can save nothing, whoever asks for what
// has to be saved hears so within two seconds, however many ask at once. The
// meeting goes on, also for those who come; it ends as scheduled, and that is
// saved once the store is well.
func TestStoreBroken(t *testing.T) {
	inHouse(t, func(h *house) {
		ada, w := h.enter("aaa", "Ada", meeting.RoleModerator)
		bob, _ := h.enter("aaa", "Bob", meeting.RoleParticipant)
		end := h.began.Add(time.Hour)
		h.until(50 * time.Minute)
		h.store.set(func(s *fakeStore) { s.broken = true })
		ids := map[string]*tab{}
		for _, c := range []*tab{ada, bob, ada} {
			ids[h.send(c, protocol.Extend{Window: w.Session.EndsAt}, nil)] = c
		}
		h.pass(2 * time.Second)
		for id, c := range ids {
			e := answered[protocol.Error](h, c, id)
			if e.Code != protocol.CodeUnavailable || !strings.Contains(e.Message, "Tell whoever runs the server, then try again") {
				t.Errorf("refused with %+v", e)
			}
		}
		if clock := ask[protocol.OK](h, ada, protocol.AskClock{}, nil).Clock; clock == nil {
			t.Error("no clock")
		}
		ask[protocol.OK](h, bob, protocol.Sending{}, nil)
		if late := ask[protocol.Welcome](h, h.tab("aaa"), protocol.Hello{Name: "Cem"}, &bus.Entry{Role: meeting.RoleParticipant}); len(late.People) != 3 {
			t.Errorf("who came meanwhile found %+v", late.People)
		}
		h.until(time.Hour + 3*time.Second)
		for _, c := range []*tab{ada, bob} {
			e, at := events[protocol.SessionEnded](c)
			if len(e) != 1 || *e[0].Session.Ending != (protocol.Ending{Reason: meeting.ReasonExpired, At: end}) || c.close() != protocol.CloseOver {
				t.Fatalf("told %+v, closed %d", e, c.close())
			}
			if late := at[0].Sub(end); late > 2*time.Second {
				t.Errorf("let go %v after the end", late)
			}
		}
		h.store.set(func(s *fakeStore) { s.broken = false })
		h.pass(2 * time.Second)
		s := h.store.record("aaa").Session
		if s.Ending == nil || !s.Ending.At.Equal(end) || s.Ending.Reason != meeting.ReasonExpired {
			t.Errorf("recorded %+v", s.Ending)
		}
	})
}
