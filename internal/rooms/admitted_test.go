package rooms_test

import (
	"testing"

	"overtime/internal/bus"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

func waitingRoom(r *meeting.Room) { r.WaitingRoom = true }

// line is who waits, as a moderator was told last.
func line(t *testing.T, c *tab) []protocol.Waiter {
	t.Helper()
	lists, _ := events[protocol.PeopleWaiting](c)
	if len(lists) == 0 {
		t.Fatal("nobody was told who waits")
	}
	return lists[len(lists)-1].People
}

// TestAdmittedIsWhoComesIn: whom a moderator lets in is whom they read the name
// of, whatever is said afterwards.
func TestAdmittedIsWhoComesIn(t *testing.T) {
	inHouse(t, func(h *house) {
		ada, _ := h.enter("aaa", "Ada", meeting.RoleModerator)
		guest := &bus.Entry{Role: meeting.RoleParticipant}
		cem := h.tab("aaa")
		ask[protocol.Waiting](h, cem, protocol.Hello{Name: "Cem"}, guest)
		ask[protocol.OK](h, ada, protocol.Admit{Waiting: line(t, ada)[0].ID}, nil)
		viewer := &bus.Entry{Role: meeting.RoleViewer, Name: "The boss", Sub: "guest-9", Ticket: "t9"}
		if w := ask[protocol.Welcome](h, cem, protocol.Hello{Name: "The boss"}, viewer); w.You.Name != "Cem" || w.You.Role != meeting.RoleParticipant {
			t.Errorf("came in as %+v", w.You)
		}
		// Whoever changes their name in line is somebody else in it.
		dora := h.tab("aaa")
		ask[protocol.Waiting](h, dora, protocol.Hello{Name: "Dora"}, guest)
		read := line(t, ada)[0]
		ask[protocol.Waiting](h, dora, protocol.Hello{Name: "The boss"}, guest)
		h.mustRefuse(protocol.CodeNotFound, ada, protocol.Admit{Waiting: read.ID}, nil)
		now := line(t, ada)
		if len(now) != 1 || now[0].Name != "The boss" {
			t.Fatalf("wait: %+v", now)
		}
		ask[protocol.OK](h, ada, protocol.Admit{Waiting: now[0].ID}, nil)
		if w := ask[protocol.Welcome](h, dora, protocol.Hello{Name: "Dora"}, guest); w.You.Name != "The boss" {
			t.Errorf("came in as %+v", w.You)
		}
	}, waitingRoom)
}

// TestAdmittedToLockedRoom: whoever waited when a room was locked goes on waiting
// and can be let in; nobody new can, nor who was let in before and stayed out.
func TestAdmittedToLockedRoom(t *testing.T) {
	inHouse(t, func(h *house) {
		ada, _ := h.enter("aaa", "Ada", meeting.RoleModerator)
		guest := &bus.Entry{Role: meeting.RoleParticipant}
		cem, dora := h.tab("aaa"), h.tab("aaa")
		ask[protocol.Waiting](h, cem, protocol.Hello{Name: "Cem"}, guest)
		ask[protocol.Waiting](h, dora, protocol.Hello{Name: "Dora"}, guest)
		wait := line(t, ada)
		ask[protocol.OK](h, ada, protocol.Admit{Waiting: wait[1].ID}, nil)
		ask[protocol.OK](h, ada, protocol.Lock{Locked: true}, nil)
		h.mustRefuse(protocol.CodeLocked, dora, protocol.Hello{Name: "Dora"}, guest)
		h.mustRefuse(protocol.CodeLocked, h.tab("aaa"), protocol.Hello{Name: "Eve"}, guest)
		ask[protocol.Waiting](h, cem, protocol.Hello{Name: "Cem"}, guest)
		ask[protocol.OK](h, ada, protocol.Admit{Waiting: wait[0].ID}, nil)
		if w := ask[protocol.Welcome](h, cem, protocol.Hello{Name: "Cem"}, guest); w.You.Name != "Cem" {
			t.Errorf("came in as %+v", w.You)
		}
	}, waitingRoom)
}
