package edge_test

import (
	"testing"
	"time"

	"github.com/coder/websocket"

	"overtime/internal/bus"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

// TestClosedPage: the place of a page that its browser closed waits for a shorter
// time than that of a line which was lost, and neither is leaving by choice.
func TestClosedPage(t *testing.T) {
	w := mustWorld(t)
	w.mustRoom("aaa")
	ada, _ := w.enter(t, w.link("aaa", meeting.RoleModerator), "Ada")
	bob, closed := w.enter(t, w.link("aaa", meeting.RoleParticipant), "Bob")
	cem, lost := w.enter(t, w.link("aaa", meeting.RoleParticipant), "Cem")
	_ = bob.ws.Close(websocket.StatusGoingAway, "")
	_ = cem.ws.CloseNow()
	for range 2 {
		if p := next[protocol.PersonChanged](ada).Person; !p.Reconnecting {
			t.Errorf("told %+v", p)
		}
	}
	w.clock.set(w.clock.Now().Add(protocol.PlaceHeldClosed))
	if left := next[protocol.PersonLeft](ada); left != (protocol.PersonLeft{ID: closed.You.ID, Reason: protocol.LeftLost}) {
		t.Errorf("after five seconds: %+v", left)
	}
	back := w.dial(t)
	if m := ask[protocol.Welcome](back, protocol.Hello{Resume: closed.Resume}); m.You.ID != closed.You.ID || len(m.People) != 3 {
		t.Errorf("back as %+v among %+v", m.You, m.People)
	}
	w.clock.set(w.clock.Now().Add(protocol.PlaceHeld - protocol.PlaceHeldClosed))
	if left := next[protocol.PersonLeft](ada); left.ID != lost.You.ID {
		t.Errorf("after half a minute: %+v", left)
	}
}

// TestGoneIsSaidAgain: a room that did not hear that a connection has ended, because
// it was flooded, hears it later.
func TestGoneIsSaidAgain(t *testing.T) {
	w := newWorld(t)
	w.limits.Socket.Answer = 50 * time.Millisecond
	w.start()
	said := make(chan bus.Ask, 10)
	room, err := w.bus.NewRoomConn("aaa", func(q bus.Asked) { said <- q.Ask })
	if err != nil {
		t.Fatal(err)
	}
	defer room.Close()
	b := w.dial(t)
	b.send(protocol.Hello{Token: w.link("aaa", meeting.RoleParticipant), Name: "Ada"})
	hello := <-said
	_ = b.ws.CloseNow()
	for range 3 {
		if gone := <-said; !gone.Gone || gone.Conn != hello.Conn {
			t.Errorf("said %+v after %+v", gone, hello)
		}
	}
}
