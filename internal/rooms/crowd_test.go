package rooms_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"overtime/internal/bus"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

// closes ends a connection as a browser does whose page is closed or reloaded.
func (h *house) closes(c *tab) {
	if line := h.bus.line(c.room); line != nil {
		line.heard(bus.Asked{Ask: bus.Ask{Conn: c.conn, Gone: true, Closed: true}})
	}
	h.bus.mu.Lock()
	c.closed = protocol.CloseGoingAway
	h.bus.mu.Unlock()
	synctest.Wait()
}

// fill has a room with as many people as it takes, the first of whom moderates,
// and in which every place is settled.
func (h *house) fill() (tabs []*tab, welcomes []protocol.Welcome) {
	h.t.Helper()
	for i := range mostPeople {
		role := meeting.RoleParticipant
		if i == 0 {
			role = meeting.RoleModerator
		}
		c, w := h.enter("aaa", fmt.Sprint("Person ", i), role)
		tabs, welcomes = append(tabs, c), append(welcomes, w)
	}
	h.pass(31 * time.Second)
	return tabs, welcomes
}

// TestClosedPage: its place waits for 5 s, in which a reload has it again; it is
// no leaving by choice.
func TestClosedPage(t *testing.T) {
	inHouse(t, func(h *house) {
		ada, _ := h.enter("aaa", "Ada", meeting.RoleModerator)
		bob, w := h.enter("aaa", "Bob", meeting.RoleParticipant)
		h.closes(bob)
		if p, _ := events[protocol.PersonChanged](ada); len(p) != 1 || !p[0].Person.Reconnecting {
			t.Fatalf("told %+v", p)
		}
		h.pass(5*time.Second - time.Millisecond)
		bob = h.tab("aaa")
		if back := ask[protocol.Welcome](h, bob, protocol.Hello{}, h.back(w)); back.You.ID != w.You.ID || back.Media != w.Media {
			t.Errorf("reloaded as %+v with %+v", back.You, back.Media)
		}
		h.closes(bob)
		closed := time.Now()
		h.pass(time.Minute)
		left, at := events[protocol.PersonLeft](ada)
		if len(left) != 1 || left[0] != (protocol.PersonLeft{ID: w.You.ID, Reason: protocol.LeftLost}) || at[0].Sub(closed) > 6*time.Second {
			t.Fatalf("told %+v at %v", left, at)
		}
		back := ask[protocol.Welcome](h, h.tab("aaa"), protocol.Hello{}, h.back(w))
		if back.You.ID != w.You.ID || back.Media.Instance == w.Media.Instance {
			t.Errorf("much later as %+v with %+v, which its browser takes for the old media", back.You, back.Media)
		}
	})
}

// TestGhostMakesRoom: in a full room somebody new takes a place that has no
// connection; whoever had it comes back as long as it would have waited, over
// the capacity.
func TestGhostMakesRoom(t *testing.T) {
	for how, gone := range map[string]func(*house, *tab){"lost": (*house).gone, "closed": (*house).closes} {
		t.Run(how, func(t *testing.T) {
			inHouse(t, func(h *house) {
				tabs, people := h.fill()
				guest := &bus.Entry{Role: meeting.RoleParticipant}
				h.mustRefuse(protocol.CodeRoomFull, h.tab("aaa"), protocol.Hello{Name: "Noor"}, guest)
				gone(h, tabs[2])
				_, noor := h.enter("aaa", "Noor", meeting.RoleParticipant)
				if len(noor.People) != mostPeople {
					t.Errorf("Noor is among %+v", noor.People)
				}
				if left, _ := events[protocol.PersonLeft](tabs[0]); len(left) != 1 || left[0] != (protocol.PersonLeft{ID: people[2].You.ID, Reason: protocol.LeftLost}) {
					t.Errorf("told %+v", left)
				}
				h.pass(4 * time.Second)
				back := ask[protocol.Welcome](h, h.tab("aaa"), protocol.Hello{}, h.back(people[2]))
				if back.You.ID != people[2].You.ID || len(back.People) != mostPeople+1 || back.Media.Instance == people[2].Media.Instance {
					t.Errorf("back as %+v among %d, with %+v", back.You, len(back.People), back.Media)
				}
				// No ghost makes room in a room that is more than full.
				gone(h, tabs[1])
				h.mustRefuse(protocol.CodeRoomFull, h.tab("aaa"), protocol.Hello{Name: "Eve"}, guest)
				if back := ask[protocol.Welcome](h, h.tab("aaa"), protocol.Hello{}, h.back(people[1])); back.You.ID != people[1].You.ID {
					t.Errorf("back as %+v", back.You)
				}
			})
		})
	}
}

// TestDisplacedTooLate: beyond the time that their place would have waited they
// find a full room, like anybody.
func TestDisplacedTooLate(t *testing.T) {
	inHouse(t, func(h *house) {
		tabs, people := h.fill()
		h.gone(tabs[2])
		h.enter("aaa", "Noor", meeting.RoleParticipant)
		h.pass(30 * time.Second)
		h.mustRefuse(protocol.CodeRoomFull, h.tab("aaa"), protocol.Hello{}, h.back(people[2]))
	})
}

// TestDisplacedOverARestart: whoever made room comes back over the capacity also
// to the next process. In its first half minute nobody makes room: everybody is
// on their way back.
func TestDisplacedOverARestart(t *testing.T) {
	inHouse(t, func(h *house) {
		tabs, people := h.fill()
		h.gone(tabs[2])
		_, noor := h.enter("aaa", "Noor", meeting.RoleParticipant)
		h.pass(time.Second)
		h.restart()
		guest := &bus.Entry{Role: meeting.RoleParticipant}
		h.mustRefuse(protocol.CodeRoomFull, h.tab("aaa"), protocol.Hello{Name: "Eve"}, guest)
		for _, w := range append(people, noor) {
			if back := ask[protocol.Welcome](h, h.tab("aaa"), protocol.Hello{}, h.back(w)); back.You.ID != w.You.ID {
				t.Errorf("back as %+v", back.You)
			}
		}
	})
	inHouse(t, func(h *house) {
		h.fill()
		h.restart()
		guest := &bus.Entry{Role: meeting.RoleParticipant}
		h.pass(29 * time.Second)
		h.mustRefuse(protocol.CodeRoomFull, h.tab("aaa"), protocol.Hello{Name: "Eve"}, guest)
	})
}

// TestWhoMakesRoom: a page that was closed before a line that was lost, and of
// those the longest; there are never more than twice as many as a room takes.
func TestWhoMakesRoom(t *testing.T) {
	inHouse(t, func(h *house) {
		tabs, people := h.fill()
		h.gone(tabs[0])
		h.pass(time.Second)
		h.gone(tabs[1])
		h.pass(time.Second)
		h.closes(tabs[2])
		var newer []*tab
		for i := range mostPeople {
			c, w := h.enter("aaa", "Noor", meeting.RoleParticipant)
			newer = append(newer, c)
			there := map[string]bool{}
			for _, p := range w.People {
				there[p.ID] = true
			}
			for j, gone := range []bool{i >= 1, i >= 2, true} { // who went third made room first
				if there[people[j].You.ID] == gone {
					t.Errorf("after %d came, the place of person %d is there: %v", i+1, j, !gone)
				}
			}
		}
		for _, c := range newer {
			h.gone(c)
		}
		h.mustRefuse(protocol.CodeRoomFull, h.tab("aaa"), protocol.Hello{Name: "Eve"}, &bus.Entry{Role: meeting.RoleParticipant})
		for _, w := range people {
			ask[protocol.Welcome](h, h.tab("aaa"), protocol.Hello{}, h.back(w))
		}
		h.pass(2 * time.Second)
		if n := len(h.store.who("aaa").Here); n != 2*mostPeople {
			t.Errorf("%d people are there", n)
		}
	})
}

// TestKnownAgain: whoever closed their tab comes in by the link as who they were,
// though the room is locked by now; nobody else does by what they kept.
func TestKnownAgain(t *testing.T) {
	for _, away := range []time.Duration{time.Second, time.Minute} {
		inHouse(t, func(h *house) {
			ada, host := h.enter("aaa", "Ada", meeting.RoleModerator)
			bob, w := h.enter("aaa", "Bob", meeting.RoleParticipant)
			ask[protocol.OK](h, ada, protocol.Lock{Locked: true}, nil)
			again := func(w protocol.Welcome) *bus.Entry {
				e := guestEntry()
				e.Again = h.back(w)
				return e
			}
			h.mustRefuse(protocol.CodeLocked, h.tab("aaa"), protocol.Hello{Name: "Bob"}, again(w)) // who is there
			h.closes(bob)
			h.pass(away)
			h.mustRefuse(protocol.CodeLocked, h.tab("aaa"), protocol.Hello{Name: "Eve"}, again(w))
			h.mustRefuse(protocol.CodeLocked, h.tab("aaa"), protocol.Hello{Name: "Ada"}, again(host)) // another role
			h.mustRefuse(protocol.CodeLocked, h.tab("aaa"), protocol.Hello{Name: "Bob"}, guestEntry())
			viewer := again(w)
			viewer.Role = meeting.RoleViewer
			h.mustRefuse(protocol.CodeLocked, h.tab("aaa"), protocol.Hello{Name: "Bob"}, viewer)
			known := again(w)
			known.Sub = meeting.UserSub("8")
			h.mustRefuse(protocol.CodeLocked, h.tab("aaa"), protocol.Hello{Name: "Bob"}, known)
			bob = h.tab("aaa")
			if back := ask[protocol.Welcome](h, bob, protocol.Hello{Name: " Bob "}, again(w)); back.You.ID != w.You.ID || back.You.Name != "Bob" {
				t.Errorf("after %v: back as %+v", away, back.You)
			}
			ask[protocol.OK](h, bob, protocol.Leave{}, nil)
			h.mustRefuse(protocol.CodeLocked, h.tab("aaa"), protocol.Hello{Name: "Bob"}, again(w))
		})
	}
}

// TestKnownInAnotherSession: what a browser kept keeps nobody from beginning the
// next session of a room, in the very moment that the one before ends.
func TestKnownInAnotherSession(t *testing.T) {
	inHouse(t, func(h *house) {
		bob, w := h.enter("aaa", "Bob", meeting.RoleParticipant)
		h.closes(bob)
		h.ahead.Store(int64(time.Hour))
		e := guestEntry()
		e.Again = h.back(w)
		bob = h.tab("aaa")
		id := h.send(bob, protocol.Hello{Name: "Bob"}, e)
		h.pass(10 * time.Second)
		if second := answered[protocol.Welcome](h, bob, id); second.Session.Number != 2 || second.You.ID == w.You.ID {
			t.Errorf("%+v in %+v", second.You, second.Session)
		}
	}, func(r *meeting.Room) { r.Reusable = true })
}

// TestPortalsPeopleComeBack: whom a portal knows and who lost their place comes
// back to it by a new token, through no door; who left by choice does not.
func TestPortalsPeopleComeBack(t *testing.T) {
	inHouse(t, func(h *house) {
		ada, _ := h.enter("aaa", "Ada", meeting.RoleModerator)
		bob, token := h.tab("aaa"), knownEntry("t1", meeting.RoleParticipant, "Bob")
		ask[protocol.Waiting](h, bob, protocol.Hello{}, token)
		ask[protocol.OK](h, ada, protocol.Admit{Waiting: line(t, ada)[0].ID}, nil)
		w := ask[protocol.Welcome](h, bob, protocol.Hello{}, token)
		h.lose(bob)
		ask[protocol.OK](h, ada, protocol.Lock{Locked: true}, nil)
		bob, back := h.joins(knownEntry("t2", meeting.RoleParticipant, "Bob"))
		if back.You.ID != w.You.ID {
			t.Errorf("back as %+v, was %+v", back.You, w.You)
		}
		ask[protocol.OK](h, bob, protocol.Leave{}, nil)
		h.mustRefuse(protocol.CodeLocked, h.tab("aaa"), protocol.Hello{}, knownEntry("t3", meeting.RoleParticipant, "Bob"))
	}, waitingRoom)
}
