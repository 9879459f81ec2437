package rooms_test

import (
	"testing"
	"testing/synctest"
	"time"

	"overtime/internal/bus"
	"overtime/internal/control"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
	"overtime/internal/store"
)

// steal has another process claim room "aaa" and change it, of which this
// house's actor knows nothing yet.
func (h *house) steal(change func(*store.Record)) {
	h.store.set(func(s *fakeStore) {
		r := s.records["aaa"]
		r.Epoch, r.Owner, r.Write = r.Epoch+1, store.Owner{Node: "other"}, "stolen"
		change(&r)
		s.records["aaa"] = r
	})
}

// extended is the session of r, extended by a quarter of an hour by somebody.
func extended(t *testing.T, r *store.Record, now time.Time) {
	t.Helper()
	eve := meeting.Actor{Person: meeting.Person{Sub: "eve", Name: "Eve"}, Role: meeting.RoleParticipant}
	s, _, err := r.Session.Extend(r.Room, now, eve, meeting.ExtendRequest{})
	if err != nil {
		t.Fatal(err)
	}
	r.Session = &s
}

// started gives r a session that somebody started.
func started(t *testing.T, r *store.Record, now time.Time) {
	t.Helper()
	s, err := meeting.Start(r.Room, 1, now, meeting.Person{Sub: "eve", Name: "Eve"})
	if err != nil {
		t.Fatal(err)
	}
	r.Session = &s
}

// mustGoOn: nobody answered the request, which goes to the next actor, and the
// one that was asked is gone.
func (h *house) mustGoOn(c *tab, id string) {
	h.t.Helper()
	if c.answer(id) != nil || c.unheard() != 1 {
		h.t.Errorf("answered %+v, %d unheard", c.answer(id), c.unheard())
	}
	if h.bus.line("aaa") != nil {
		h.t.Error("the actor goes on")
	}
}

// TestFencedSaysNothingOfTheEnd: the end that an actor remembers may have been
// moved by whoever has the room now.
func TestFencedSaysNothingOfTheEnd(t *testing.T) {
	guest := &bus.Entry{Role: meeting.RoleParticipant}
	for name, ask := range map[string]func(h *house, ada *tab, end time.Time) (*tab, string){
		"hello": func(h *house, _ *tab, _ time.Time) (*tab, string) {
			c := h.tab("aaa")
			return c, h.send(c, protocol.Hello{Name: "Cem"}, guest)
		},
		"peek": func(h *house, _ *tab, _ time.Time) (*tab, string) {
			c := h.tab("aaa")
			return c, h.send(c, protocol.Peek{}, guest)
		},
		"extend by the new end": func(h *house, ada *tab, end time.Time) (*tab, string) {
			return ada, h.send(ada, protocol.Extend{Window: end.Add(15 * time.Minute)}, nil)
		},
		"extend too late": func(h *house, ada *tab, end time.Time) (*tab, string) {
			return ada, h.send(ada, protocol.Extend{Window: end}, nil)
		},
		"end": func(h *house, ada *tab, _ time.Time) (*tab, string) {
			return ada, h.send(ada, protocol.End{}, nil)
		},
	} {
		t.Run(name, func(t *testing.T) {
			inHouse(t, func(h *house) {
				ada, w := h.enter("aaa", "Ada", meeting.RoleModerator)
				h.until(55 * time.Minute)
				h.steal(func(r *store.Record) { extended(t, r, time.Now()) })
				h.ahead.Store(int64(6 * time.Minute))
				c, id := ask(h, ada, w.Session.EndsAt)
				synctest.Wait()
				h.mustGoOn(c, id)
			})
		})
	}
}

// TestFencedRefusesNoPress: nor does it know which windows there are.
func TestFencedRefusesNoPress(t *testing.T) {
	inHouse(t, func(h *house) {
		ada, w := h.enter("aaa", "Ada", meeting.RoleModerator)
		h.until(55 * time.Minute)
		h.steal(func(r *store.Record) { extended(t, r, time.Now()) })
		id := h.send(ada, protocol.Extend{Window: w.Session.EndsAt.Add(15 * time.Minute)}, nil)
		synctest.Wait()
		h.mustGoOn(ada, id)
	})
}

// TestFencedKnowsNoSession: a session, and a place in it, that an actor has not
// heard of belong to whoever has the room now.
func TestFencedKnowsNoSession(t *testing.T) {
	inHouse(t, func(h *house) {
		peek := h.tab("aaa")
		ask[protocol.RoomState](h, peek, protocol.Peek{}, &bus.Entry{Role: meeting.RoleParticipant})
		h.steal(func(r *store.Record) { started(t, r, h.began) })
		c := h.tab("aaa")
		id := h.send(c, protocol.Hello{}, &bus.Entry{Role: meeting.RoleParticipant, Name: "Eve", Sub: "eve", Participant: "p_eve", Session: 1})
		synctest.Wait()
		h.mustGoOn(c, id)
	})
}

// TestFencedHasNoPortal: what a portal asks goes to whoever has the room now.
func TestFencedHasNoPortal(t *testing.T) {
	inHouse(t, func(h *house) {
		h.command(control.CodeNotStarted, control.Command{Extend: &control.Extend{}})
		h.steal(func(r *store.Record) { started(t, r, h.began) })
		h.bus.line("aaa").heard(bus.Asked{Ask: bus.Ask{Command: []byte(`{"extend":{}}`)}})
		synctest.Wait()
		if got := h.bus.answers; len(got) != 1 || got[0].Kind != bus.KindNobody {
			t.Errorf("answered %+v", got)
		}
	})
}
