package edge_test

import (
	"testing"
	"time"

	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

// TestWaitingOutlivesTheTicket: whoever waits in the lobby or at the door for
// longer than a ticket lives has what they had, on a new connection and after a
// restart of the server; unheard for as long as a ticket, they have not.
func TestWaitingOutlivesTheTicket(t *testing.T) {
	w := mustWorld(t)
	w.mustRoom("aaa", func(r *meeting.Room) { r.WaitingRoom, r.Duration = true, meeting.MaxDuration })
	_, host := w.enter(t, w.link("aaa", meeting.RoleModerator), "Ada")
	later := func(d time.Duration) { w.clock.set(w.clock.Now().Add(d)) }
	ticket := (&scene{w: w, id: "aaa"}).ticket(meeting.RoleParticipant)
	lobby := w.dial(t)
	shown := ask[protocol.RoomState](lobby, protocol.Peek{Token: ticket}).Pass
	for range 3 {
		later(14 * time.Minute)
		shown = ask[protocol.RoomState](lobby, protocol.Peek{Token: shown}).Pass
	}
	door := w.dial(t)
	shown = ask[protocol.Waiting](door, protocol.Hello{Token: shown}).Pass
	if e := ask[protocol.Error](w.dial(t), protocol.Peek{Token: ticket}); e.Code != protocol.CodeExpiredToken {
		t.Errorf("the ticket itself: %+v", e)
	}
	w.stop()
	w.start()
	later(10 * time.Minute)
	ada, door := w.dial(t), w.dial(t)
	ask[protocol.Welcome](ada, protocol.Hello{Resume: host.Resume})
	again := ask[protocol.Waiting](door, protocol.Hello{Token: shown})
	ask[protocol.OK](ada, protocol.Admit{Waiting: next[protocol.PeopleWaiting](ada).People[0].ID})
	next[protocol.Admitted](door)
	if in := ask[protocol.Welcome](door, protocol.Hello{Token: again.Pass}); in.You.Name != "Eve" {
		t.Errorf("came in as %+v", in.You)
	}

	later(16 * time.Minute)
	if e := ask[protocol.Error](w.dial(t), protocol.Peek{Token: again.Pass}); e.Code != protocol.CodeExpiredToken {
		t.Errorf("after a while unheard: %+v", e)
	}
}
