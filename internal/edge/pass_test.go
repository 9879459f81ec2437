package edge_test

import (
	"testing"
	"time"

	"overtime/internal/meeting"
	"overtime/internal/protocol"
	"overtime/internal/testkit"
)

// TestWaitingOutlivesTheTicket: whoever waits in the lobby or at the door for
// longer than a ticket lives has what they had, on a new connection and after a
// restart of the server; unheard for as long as a ticket, they have not.
func TestWaitingOutlivesTheTicket(t *testing.T) {
	w := mustWorld(t)
	w.Room("aaa", func(r *meeting.Room) { r.WaitingRoom, r.Duration = true, meeting.MaxDuration })
	_, host := w.Enter(t, w.Link("aaa", meeting.RoleModerator), "Ada")
	later := func(d time.Duration) { w.Clock.Set(w.Clock.Now().Add(d)) }
	ticket := (&scene{w: w, id: "aaa"}).ticket(meeting.RoleParticipant)
	lobby := w.Dial(t, nil)
	shown := testkit.Ask[protocol.RoomState](lobby, protocol.Peek{Token: ticket}).Pass
	for range 3 {
		later(14 * time.Minute)
		shown = testkit.Ask[protocol.RoomState](lobby, protocol.Peek{Token: shown}).Pass
	}
	door := w.Dial(t, nil)
	shown = testkit.Ask[protocol.Waiting](door, protocol.Hello{Token: shown}).Pass
	if e := testkit.Ask[protocol.Error](w.Dial(t, nil), protocol.Peek{Token: ticket}); e.Code != protocol.CodeExpiredToken {
		t.Errorf("the ticket itself: %+v", e)
	}
	w.Stop()
	w.Start()
	later(10 * time.Minute)
	ada, door := w.Dial(t, nil), w.Dial(t, nil)
	testkit.Ask[protocol.Welcome](ada, protocol.Hello{Resume: host.Resume})
	again := testkit.Ask[protocol.Waiting](door, protocol.Hello{Token: shown})
	testkit.Ask[protocol.OK](ada, protocol.Admit{Waiting: testkit.Next[protocol.PeopleWaiting](ada).People[0].ID})
	testkit.Next[protocol.Admitted](door)
	if in := testkit.Ask[protocol.Welcome](door, protocol.Hello{Token: again.Pass}); in.You.Name != "Eve" {
		t.Errorf("came in as %+v", in.You)
	}

	later(16 * time.Minute)
	if e := testkit.Ask[protocol.Error](w.Dial(t, nil), protocol.Peek{Token: again.Pass}); e.Code != protocol.CodeExpiredToken {
		t.Errorf("after a while unheard: %+v", e)
	}
}
