package rooms_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"overtime/internal/bus"
	"overtime/internal/event"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

// portalEntry is a token that a portal made for somebody it knows.
func portalEntry(ref, name string) *bus.Entry {
	return &bus.Entry{Role: meeting.RoleParticipant, Name: name, Sub: meeting.UserSub(ref), Ticket: "t" + ref}
}

// TestRemove: who is removed is told, and cannot come back by any way that is
// theirs alone; the holder of a shared link is somebody new.
func TestRemove(t *testing.T) {
	inHouse(t, func(h *house) {
		ada, _ := h.enter("aaa", "Ada", meeting.RoleModerator)
		bob := h.tab("aaa")
		w := ask[protocol.Welcome](h, bob, protocol.Hello{}, portalEntry("7", "Bob"))
		h.mustRefuse(protocol.CodeForbidden, bob, protocol.Remove{Participant: w.People[0].ID}, nil)
		h.mustRefuse(protocol.CodeNotFound, ada, protocol.Remove{Participant: "p_nobody"}, nil)
		h.mustRefuse(protocol.CodeBadRequest, ada, protocol.Remove{Participant: w.People[0].ID}, nil)

		remove := protocol.Remove{Participant: w.You.ID}
		again[protocol.OK](h, ada, "op", remove)
		again[protocol.OK](h, ada, "op", remove) // not: nobody is there
		if e, _ := events[protocol.Error](bob); len(e) != 1 || e[0].Code != protocol.CodeRemoved || bob.close() != protocol.CloseRemoved {
			t.Errorf("told %+v, closed with %d", e, bob.close())
		}
		left, _ := events[protocol.PersonLeft](ada)
		if len(left) != 1 || left[0] != (protocol.PersonLeft{ID: w.You.ID, Reason: protocol.LeftRemoved}) {
			t.Errorf("others are told %+v", left)
		}
		other := portalEntry("", "Bob") // another person's token of that ticket
		other.Sub, other.Ticket = "", "t7"
		for round := range 2 {
			for what, e := range map[string]*bus.Entry{"place": h.back(w), "token": portalEntry("7", "Bob"), "ticket": other} {
				c := h.tab("aaa")
				h.mustRefuse(protocol.CodeRemoved, c, protocol.Hello{Name: "Bob"}, e)
				if c.close() != protocol.CloseRemoved {
					t.Errorf("round %d: with the %s: closed with %d", round, what, c.close())
				}
			}
			h.restart()
		}
		h.enter("aaa", "Bob", meeting.RoleParticipant)
		told := h.news.all()
		if denied := told[3]; denied.Kind != event.ParticipantDenied || denied.Who.Name != "Ada" || denied.Who.Op != "op" || mustRead(t, denied.Data).Participant.ID != w.You.ID {
			t.Errorf("the audit is told %+v", denied)
		}
		if left := told[4]; left.Kind != event.ParticipantLeft || left.Who.Name != "Bob" || mustRead(t, left.Data).Reason != "removed" {
			t.Errorf("portals are told %+v", left)
		}
	})
}

// TestRemovedUntilTheEnd: the next session of a room knows nothing of it.
func TestRemovedUntilTheEnd(t *testing.T) {
	inHouse(t, func(h *house) {
		ada, _ := h.enter("aaa", "Ada", meeting.RoleModerator)
		bob := h.tab("aaa")
		w := ask[protocol.Welcome](h, bob, protocol.Hello{}, portalEntry("7", "Bob"))
		ask[protocol.OK](h, ada, protocol.Remove{Participant: w.You.ID}, nil)
		ask[protocol.OK](h, ada, protocol.End{}, nil)
		ask[protocol.Welcome](h, h.tab("aaa"), protocol.Hello{}, portalEntry("7", "Bob"))
		if n := len(h.store.record("aaa").Removed); n != 0 {
			t.Errorf("%d are removed from a session that has just begun", n)
		}
	}, func(r *meeting.Room) { r.Reusable = true })
}

// TestLock: nobody new comes in; whoever has a place, or moderates, does.
func TestLock(t *testing.T) {
	inHouse(t, func(h *house) {
		ada, _ := h.enter("aaa", "Ada", meeting.RoleModerator)
		bob, w := h.enter("aaa", "Bob", meeting.RoleParticipant)
		h.mustRefuse(protocol.CodeForbidden, bob, protocol.Lock{Locked: true}, nil)
		ask[protocol.OK](h, ada, protocol.Lock{Locked: true}, nil)
		if c, _ := events[protocol.RoomChanged](bob); len(c) != 1 || !c[0].Room.Locked {
			t.Errorf("told %+v", c)
		}
		guest := &bus.Entry{Role: meeting.RoleParticipant}
		shut := h.tab("aaa")
		h.mustRefuse(protocol.CodeLocked, shut, protocol.Hello{Name: "Cem"}, guest)
		if shut.close() != 0 {
			t.Errorf("closed with %d: it cannot try again", shut.close())
		}
		h.gone(bob)
		h.restart()
		ask[protocol.Welcome](h, h.tab("aaa"), protocol.Hello{}, h.back(w))
		other := h.tab("aaa")
		ask[protocol.Welcome](h, other, protocol.Hello{Name: "Dora"}, &bus.Entry{Role: meeting.RoleModerator})
		ask[protocol.OK](h, other, protocol.Lock{}, nil)
		h.pass(time.Minute) // Ada's place is given up
		ask[protocol.Welcome](h, shut, protocol.Hello{Name: "Cem"}, guest)
	})
}

// TestRenewLink: the link that guests were given is good for nothing any more,
// and everyone who may invite gets the new one.
func TestRenewLink(t *testing.T) {
	inHouse(t, func(h *house) {
		ada, w := h.enter("aaa", "Ada", meeting.RoleModerator)
		viewer, _ := h.enter("aaa", "Vera", meeting.RoleViewer)
		old := &bus.Entry{Role: meeting.RoleParticipant, Invite: true}
		ask[protocol.OK](h, ada, protocol.RenewLink{}, nil)
		links, _ := events[protocol.GuestLink](ada)
		if len(links) != 1 || links[0].Guests == w.Guests || links[0].Guests == "" {
			t.Errorf("Ada gets %+v, had %q", links, w.Guests)
		}
		if links, _ := events[protocol.GuestLink](viewer); len(links) != 0 {
			t.Errorf("a viewer gets %+v", links)
		}
		stale := h.tab("aaa")
		h.mustRefuse(protocol.CodeBadToken, stale, protocol.Hello{Name: "Cem"}, old)
		h.mustRefuse(protocol.CodeBadToken, h.tab("aaa"), protocol.Peek{}, old)
		if stale.close() != protocol.CloseBadToken {
			t.Errorf("closed with %d", stale.close())
		}
		renewed := &bus.Entry{Role: meeting.RoleParticipant, Invite: true, Link: 1}
		ask[protocol.Welcome](h, h.tab("aaa"), protocol.Hello{Name: "Cem"}, renewed)
		ask[protocol.OK](h, ada, protocol.End{}, nil)
		ask[protocol.Over](h, h.tab("aaa"), protocol.Peek{}, old) // the facts of the end are theirs
	})
}

// TestRefusedAgain: an operation that was refused is refused the same when it is
// asked again, although it would be granted by now.
func TestRefusedAgain(t *testing.T) {
	inHouse(t, func(h *house) {
		ada, w := h.enter("aaa", "Ada", meeting.RoleModerator)
		extend := protocol.Extend{Window: w.Session.EndsAt}
		first := again[protocol.Error](h, ada, "op", extend)
		h.until(51 * time.Minute)
		if second := again[protocol.Error](h, ada, "op-2", protocol.Extend{}); second.Code != protocol.CodeBadRequest {
			t.Errorf("%+v", second)
		}
		line := h.bus.line("aaa")
		line.heard(bus.Asked{Ask: bus.Ask{Conn: ada.conn, Frame: protocol.ClientFrame{ID: "op", Message: extend}.Encode()}})
		synctest.Wait()
		answers := 0
		for _, f := range ada.all() {
			if f.ID == "op" {
				answers++
				if f.Message != first {
					t.Errorf("answered %+v, first %+v", f.Message, first)
				}
			}
		}
		if answers != 2 || first.Code != protocol.CodeNoWindow {
			t.Errorf("%d answers, the first %+v", answers, first)
		}
		again[protocol.OK](h, ada, "another", extend)
		h.news.set(func(n *fakeNews) {
			if len(n.noted) != 2 || n.noted[0].Kind != event.ParticipantRefused || n.noted[0].Who.Op != "op" {
				t.Errorf("the audit was told %+v", n.noted)
			}
		})
	})
}

// TestWaitingRoom: guests come in once a moderator says so, and no session
// begins while they wait.
func TestWaitingRoom(t *testing.T) {
	inHouse(t, func(h *house) {
		guest := &bus.Entry{Role: meeting.RoleParticipant}
		cem, dora := h.tab("aaa"), h.tab("aaa")
		if w := ask[protocol.Waiting](h, cem, protocol.Hello{Name: "Cem"}, guest); !w.Room.WaitingRoom {
			t.Errorf("%+v", w)
		}
		h.pass(10 * time.Minute) // does not count, and Cem, who asks no more, waits no more
		if s := h.store.record("aaa").Session; s != nil {
			t.Fatalf("a session began: %+v", s)
		}
		ada, w := h.enter("aaa", "Ada", meeting.RoleModerator)
		if len(w.Waiting) != 0 {
			t.Errorf("wait: %+v", w.Waiting)
		}
		ask[protocol.Waiting](h, cem, protocol.Hello{Name: "Cem"}, guest)
		ask[protocol.Waiting](h, cem, protocol.Hello{Name: "Cem"}, guest)
		ask[protocol.Waiting](h, dora, protocol.Hello{Name: "Dora"}, guest)
		lists, _ := events[protocol.PeopleWaiting](ada)
		if len(lists) != 2 || len(lists[1].People) != 2 {
			t.Fatalf("Ada is told %+v", lists)
		}
		line := lists[1].People
		h.mustRefuse(protocol.CodeNotFound, ada, protocol.Admit{Waiting: "w_nobody"}, nil)
		ask[protocol.OK](h, ada, protocol.Admit{Waiting: line[0].ID}, nil)
		if a, _ := events[protocol.Admitted](cem); len(a) != 1 {
			t.Errorf("Cem is told %+v", a)
		}
		ask[protocol.Welcome](h, cem, protocol.Hello{Name: "Cem"}, guest)
		h.mustRefuse(protocol.CodeForbidden, cem, protocol.Deny{Waiting: line[1].ID}, nil)
		ask[protocol.OK](h, ada, protocol.Deny{Waiting: line[1].ID}, nil)
		if e, _ := events[protocol.Error](dora); len(e) != 1 || e[0].Code != protocol.CodeDenied || dora.close() != protocol.CloseDenied {
			t.Errorf("Dora is told %+v, closed with %d", e, dora.close())
		}
		// Who was let in once has a place, and needs nobody to come back to it.
		h.gone(cem)
		if p := ask[protocol.Waiting](h, h.tab("aaa"), protocol.Hello{Name: "Cem"}, guest); !p.Room.WaitingRoom {
			t.Errorf("%+v", p)
		}
		late := h.tab("aaa")
		ask[protocol.Waiting](h, late, protocol.Hello{Name: "Eve"}, guest)
		h.lose(late) // whose place in line is held as one inside is
		if lists, _ := events[protocol.PeopleWaiting](ada); len(lists[len(lists)-1].People) != 1 {
			t.Errorf("who hung up still waits: %+v", lists)
		}
		ask[protocol.OK](h, ada, protocol.End{}, nil)
	}, func(r *meeting.Room) { r.WaitingRoom = true })
}

// TestManyRemoved: when no more can be removed, whoever asks is told so, and not
// to wait.
func TestManyRemoved(t *testing.T) {
	inHouse(t, func(h *house) {
		ada, _ := h.enter("aaa", "Ada", meeting.RoleModerator)
		for i := 0; ; i++ {
			c := h.tab("aaa")
			w := ask[protocol.Welcome](h, c, protocol.Hello{}, portalEntry(fmt.Sprint(i), "Bob"))
			if i == 64 {
				e := h.mustRefuse(protocol.CodeManyRemoved, ada, protocol.Remove{Participant: w.You.ID}, nil)
				if !strings.Contains(e.Message, "lock it") {
					t.Errorf("told %q", e.Message)
				}
				return
			}
			ask[protocol.OK](h, ada, protocol.Remove{Participant: w.You.ID}, nil)
		}
	})
}
