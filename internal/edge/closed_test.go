package edge_test

import (
	"testing"
	"time"

	"github.com/coder/websocket"

	"overtime/internal/bus"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
	"overtime/internal/testkit"
)

// TestClosedPage: the place of a page that its browser closed waits for a shorter
// time than that of a line which was lost, and neither is leaving by choice.
func TestClosedPage(t *testing.T) {
	w := mustWorld(t)
	w.Room("aaa")
	ada, _ := w.Enter(t, w.Link("aaa", meeting.RoleModerator), "Ada")
	bob, closed := w.Enter(t, w.Link("aaa", meeting.RoleParticipant), "Bob")
	cem, lost := w.Enter(t, w.Link("aaa", meeting.RoleParticipant), "Cem")
	_ = bob.Conn.Close(websocket.StatusGoingAway, "")
	_ = cem.CloseNow()
	for range 2 {
		if p := testkit.Next[protocol.PersonChanged](ada).Person; !p.Reconnecting {
			t.Errorf("told %+v", p)
		}
	}
	w.Clock.Set(w.Clock.Now().Add(protocol.PlaceHeldClosed))
	if left := testkit.Next[protocol.PersonLeft](ada); left != (protocol.PersonLeft{ID: closed.You.ID, Reason: protocol.LeftLost}) {
		t.Errorf("after five seconds: %+v", left)
	}
	back := w.Dial(t, nil)
	if m := testkit.Ask[protocol.Welcome](back, protocol.Hello{Resume: closed.Resume}); m.You.ID != closed.You.ID || len(m.People) != 3 {
		t.Errorf("back as %+v among %+v", m.You, m.People)
	}
	w.Clock.Set(w.Clock.Now().Add(protocol.PlaceHeld - protocol.PlaceHeldClosed))
	if left := testkit.Next[protocol.PersonLeft](ada); left.ID != lost.You.ID {
		t.Errorf("after half a minute: %+v", left)
	}
}

// TestGoneIsSaidAgain: a room that did not hear that a connection has ended, because
// it was flooded, hears it later.
func TestGoneIsSaidAgain(t *testing.T) {
	w := newWorld(t)
	w.Config.Limits.Socket.Answer = 50 * time.Millisecond
	w.Start()
	said := make(chan bus.Ask, 10)
	room, err := w.Bus().NewRoomConn("aaa", func(q bus.Asked) { said <- q.Ask })
	if err != nil {
		t.Fatal(err)
	}
	defer room.Close()
	b := w.Dial(t, nil)
	b.Send(protocol.Hello{Token: w.Link("aaa", meeting.RoleParticipant), Name: "Ada"})
	hello := <-said
	_ = b.CloseNow()
	for range 3 {
		if gone := <-said; !gone.Gone || gone.Conn != hello.Conn {
			t.Errorf("said %+v after %+v", gone, hello)
		}
	}
}
