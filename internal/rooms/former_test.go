package rooms_test

import (
	"testing"
	"time"

	"overtime/internal/bus"
	"overtime/internal/event"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

// guestEntry is what the guests' link says of everybody.
func guestEntry() *bus.Entry { return &bus.Entry{Role: meeting.RoleParticipant, Invite: true} }

// TestWhoLeftIsNew: whoever left by choice comes in like anybody else, by what
// they came with and through every door; nobody else who went has to.
func TestWhoLeftIsNew(t *testing.T) {
	doors := map[string]func(h *house, ada *tab){
		"open":            func(*house, *tab) {},
		"locked":          func(h *house, ada *tab) { ask[protocol.OK](h, ada, protocol.Lock{Locked: true}, nil) },
		"a new link":      func(h *house, ada *tab) { ask[protocol.OK](h, ada, protocol.RenewLink{}, nil) },
		"with a restart":  func(h *house, _ *tab) { h.restart() },
		"a long time ago": func(h *house, _ *tab) { h.pass(10 * time.Minute) },
	}
	goes := map[string]func(h *house, c *tab){
		"left": func(h *house, c *tab) { ask[protocol.OK](h, c, protocol.Leave{}, nil) },
		"lost": (*house).lose,
	}
	for door, closes := range doors {
		for how, gone := range goes {
			t.Run(how+", "+door, func(t *testing.T) {
				inHouse(t, func(h *house) {
					ada, _ := h.enter("aaa", "Ada", meeting.RoleModerator)
					guest := h.tab("aaa")
					bob := ask[protocol.Welcome](h, guest, protocol.Hello{Name: "Bob"}, guestEntry())
					known, seven := h.joins(knownEntry("t1", meeting.RoleParticipant, "Cem"))
					for _, c := range []*tab{guest, known} {
						gone(h, c)
					}
					closes(h, ada)
					for name, w := range map[string]protocol.Welcome{"a guest": bob, "a known one": seven} {
						c := h.tab("aaa")
						if how == "left" {
							h.mustRefuse(protocol.CodeBadToken, c, protocol.Hello{Name: "Bob"}, h.back(w))
						} else if back := ask[protocol.Welcome](h, c, protocol.Hello{}, h.back(w)); back.You.ID != w.You.ID {
							t.Errorf("%s came back as %+v", name, back.You)
						}
					}
				}, func(r *meeting.Room) { r.Capacity = 5 })
			})
		}
	}
}

// TestWhoLeftComesInAnew: by a new token they are in again, and what they held
// before leads to the place they have now, until they leave that too.
func TestWhoLeftComesInAnew(t *testing.T) {
	inHouse(t, func(h *house) {
		h.enter("aaa", "Ada", meeting.RoleModerator)
		c, first := h.joins(knownEntry("t1", meeting.RoleParticipant, "Cem"))
		ask[protocol.OK](h, c, protocol.Leave{}, nil)
		c, second := h.joins(knownEntry("t2", meeting.RoleParticipant, "Cem"))
		h.gone(c)
		h.pass(time.Minute)
		c = h.tab("aaa")
		third := ask[protocol.Welcome](h, c, protocol.Hello{}, h.back(second))
		if third.You.ID != second.You.ID {
			t.Errorf("came back as %+v, was %+v", third.You, second.You)
		}
		ask[protocol.OK](h, c, protocol.Leave{}, nil)
		for _, w := range []protocol.Welcome{first, second, third} {
			h.mustRefuse(protocol.CodeBadToken, h.tab("aaa"), protocol.Hello{}, h.back(w))
		}
	})
}

// TestManyWhoLeft: however many leave, none of their secrets is good again; what
// is remembered of them is bounded.
func TestManyWhoLeft(t *testing.T) {
	inHouse(t, func(h *house) {
		h.enter("aaa", "Ada", meeting.RoleModerator)
		var secrets []*bus.Entry
		for range 400 {
			c := h.tab("aaa")
			w := ask[protocol.Welcome](h, c, protocol.Hello{Name: "Bob"}, guestEntry())
			ask[protocol.OK](h, c, protocol.Leave{}, nil)
			secrets = append(secrets, h.back(w))
		}
		for _, e := range secrets {
			h.mustRefuse(protocol.CodeBadToken, h.tab("aaa"), protocol.Hello{}, e)
		}
		if r := h.store.who("aaa"); len(r.Former) > 64 || len(r.Left) > 128 {
			t.Errorf("the record remembers %d and %d", len(r.Former), len(r.Left))
		}
		// Who was lost comes back all the same, as long as they are remembered.
		c := h.tab("aaa")
		w := ask[protocol.Welcome](h, c, protocol.Hello{Name: "Cem"}, guestEntry())
		h.gone(c)
		h.pass(time.Minute)
		ask[protocol.Welcome](h, h.tab("aaa"), protocol.Hello{}, h.back(w))
	})
}

// TestRemoveWhoIsGone: who was there lately can be removed, and is kept out, be
// the store away or not.
func TestRemoveWhoIsGone(t *testing.T) {
	goes := map[string]func(h *house, c *tab){
		"left":                         func(h *house, c *tab) { ask[protocol.OK](h, c, protocol.Leave{}, nil) },
		"lost":                         (*house).lose,
		"left and the server restarts": func(h *house, c *tab) { ask[protocol.OK](h, c, protocol.Leave{}, nil); h.restart() },
	}
	for how, gone := range goes {
		t.Run(how, func(t *testing.T) {
			inHouse(t, func(h *house) {
				_, host := h.enter("aaa", "Ada", meeting.RoleModerator)
				bob := h.tab("aaa")
				w := ask[protocol.Welcome](h, bob, protocol.Hello{}, portalEntry("7", "Bob"))
				gone(h, bob)
				ada := h.tab("aaa")
				ask[protocol.Welcome](h, ada, protocol.Hello{}, h.back(host))
				ask[protocol.OK](h, ada, protocol.Remove{Participant: w.You.ID}, nil)
				h.pass(2 * time.Second)
				told := h.news.all()
				last := told[len(told)-1]
				if n := mustRead(t, last.Data); last.Kind != event.ParticipantDenied || last.Who.Name != "Ada" || n.Participant.ID != w.You.ID {
					t.Errorf("the audit is told %+v", last)
				}
				h.mustRefuse(protocol.CodeRemoved, h.tab("aaa"), protocol.Hello{}, h.back(w))
				h.mustRefuse(protocol.CodeRemoved, h.tab("aaa"), protocol.Hello{}, portalEntry("7", "Bob"))
				h.mustRefuse(protocol.CodeNotFound, ada, protocol.Remove{Participant: w.You.ID}, nil)
			})
		})
	}
	t.Run("left while the store is slow", func(t *testing.T) {
		inHouse(t, func(h *house) {
			ada, _ := h.enter("aaa", "Ada", meeting.RoleModerator)
			h.store.set(func(s *fakeStore) { s.delay = time.Second })
			bob := h.tab("aaa")
			w := ask[protocol.Welcome](h, bob, protocol.Hello{}, portalEntry("7", "Bob"))
			ask[protocol.OK](h, bob, protocol.Leave{}, nil)
			h.mustRefuse(protocol.CodeBadToken, h.tab("aaa"), protocol.Hello{}, h.back(w))
			id := h.send(ada, protocol.Remove{Participant: w.You.ID}, nil)
			h.pass(10 * time.Second)
			answered[protocol.OK](h, ada, id)
			h.mustRefuse(protocol.CodeRemoved, h.tab("aaa"), protocol.Hello{}, portalEntry("7", "Bob"))
			h.mustHold("Ada")
		})
	})
}

// TestFormerEnds: a session that begins knows nobody who left the one before.
func TestFormerEnds(t *testing.T) {
	inHouse(t, func(h *house) {
		ada, _ := h.enter("aaa", "Ada", meeting.RoleModerator)
		bob, _ := h.enter("aaa", "Bob", meeting.RoleParticipant)
		ask[protocol.OK](h, bob, protocol.Leave{}, nil)
		h.pass(2 * time.Second)
		if n := len(h.store.who("aaa").Former); n != 1 {
			t.Errorf("%d are remembered", n)
		}
		ask[protocol.OK](h, ada, protocol.End{}, nil)
		h.pass(2 * time.Second)
		if r := h.store.who("aaa"); len(r.Former) != 0 || len(r.Left) != 0 {
			t.Errorf("kept after the end: %+v %q", r.Former, r.Left)
		}
		c, w := h.enter("aaa", "Bob", meeting.RoleParticipant)
		h.gone(c)
		h.pass(time.Minute)
		ask[protocol.Welcome](h, h.tab("aaa"), protocol.Hello{}, h.back(w))
		h.pass(2 * time.Second)
		if r := h.store.who("aaa"); len(r.Former) != 0 {
			t.Errorf("whoever is back is also kept as gone: %+v", r.Former)
		}
	}, func(r *meeting.Room) { r.Reusable = true })
}
