package rooms_test

import (
	"testing"
	"time"

	"overtime/internal/bus"
	"overtime/internal/event"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

// knownEntry is a token of its own for somebody whom a portal knows.
func knownEntry(ticket string, role meeting.Role, name string) *bus.Entry {
	return &bus.Entry{Role: role, Name: name, Sub: meeting.UserSub("7"), Ticket: ticket, Address: "192.0.2.7/32"}
}

// joins comes in with a token of somebody whom a portal knows.
func (h *house) joins(e *bus.Entry) (*tab, protocol.Welcome) {
	h.t.Helper()
	c := h.tab("aaa")
	return c, ask[protocol.Welcome](h, c, protocol.Hello{}, e)
}

// TestNewerTokenIsKept: the role and the name that a newer token gave are in the
// record, so that a restart, the portal and the audit know no others.
func TestNewerTokenIsKept(t *testing.T) {
	inHouse(t, func(h *house) {
		h.enter("aaa", "Ada", meeting.RoleModerator)
		_, first := h.joins(knownEntry("t1", meeting.RoleModerator, "Bob"))
		_, second := h.joins(knownEntry("t2", meeting.RoleParticipant, "Robert"))
		if second.You.ID != first.You.ID || second.You.Role != meeting.RoleParticipant || second.You.Name != "Robert" {
			t.Fatalf("came in as %+v, before %+v", second.You, first.You)
		}
		h.pass(2 * time.Second)
		place := h.store.who("aaa").Here[1]
		if place.Role != meeting.RoleParticipant || place.Name != "Robert" || place.Ticket != "t2" || place.ID != first.You.ID {
			t.Errorf("in the record: %+v", place)
		}
		told := h.news.all()
		changed := told[len(told)-1]
		if changed.Kind != event.ParticipantChanged {
			t.Fatalf("the audit is told of %v", h.news.kinds())
		}
		n := mustRead(t, changed.Data)
		if changed.Who.Ticket != "t2" || changed.Who.Address != "192.0.2.7/32" ||
			n.Participant.Role != meeting.RoleParticipant || n.Was.Role != meeting.RoleModerator || n.Was.Name != "Bob" {
			t.Errorf("the audit is told %+v: %s", changed, changed.Data)
		}
		for what, w := range map[string]protocol.Welcome{"newer": second, "older": first} {
			h.restart()
			if back := ask[protocol.Welcome](h, h.tab("aaa"), protocol.Hello{}, h.back(w)); back.You.Role != meeting.RoleParticipant || back.You.Name != "Robert" {
				t.Errorf("with the %s secret: back as %+v", what, back.You)
			}
		}
		h.restart()
		h.pass(time.Minute) // nobody comes back
		all := h.news.all()
		if n := mustRead(t, all[len(all)-1].Data); len(all) != 6 || n.Participant.Name == "Robert" && n.Participant.Role != meeting.RoleParticipant {
			t.Errorf("told in the end of %+v, after %d events", n.Participant, len(all))
		}
		for _, e := range all[4:] {
			if n := mustRead(t, e.Data); e.Kind != event.ParticipantLeft || n.Participant.Name == "Bob" {
				t.Errorf("told %s of %+v", e.Kind, n.Participant)
			}
		}
	})
}

// TestTakenBack: a secret of an older token gives nobody back what a newer one
// took, also after its place was given up.
func TestTakenBack(t *testing.T) {
	inHouse(t, func(h *house) {
		h.enter("aaa", "Ada", meeting.RoleModerator)
		bob, first := h.joins(knownEntry("t1", meeting.RoleModerator, "Bob"))
		h.lose(bob)
		bob, _ = h.joins(knownEntry("t2", meeting.RoleParticipant, "Bob"))
		h.lose(bob)
		for round := range 2 {
			bob = h.tab("aaa")
			back := ask[protocol.Welcome](h, bob, protocol.Hello{}, h.back(first))
			if back.You.Role != meeting.RoleParticipant {
				t.Errorf("round %d: back as %+v", round, back.You)
			}
			h.mustRefuse(protocol.CodeForbidden, bob, protocol.Lock{Locked: true}, nil)
			h.lose(bob)
			h.restart()
		}
		// What a token gives again holds again, and only in this session.
		_, again := h.joins(knownEntry("t3", meeting.RoleModerator, "Bob"))
		if again.You.Role != meeting.RoleModerator {
			t.Errorf("came in as %+v", again.You)
		}
		ada := h.tab("aaa")
		ask[protocol.Welcome](h, ada, protocol.Hello{Name: "Ada"}, &bus.Entry{Role: meeting.RoleModerator})
		ask[protocol.OK](h, ada, protocol.End{}, nil)
		if r := h.store.record("aaa"); len(r.Held) != 0 {
			t.Errorf("kept after the end: %+v", r.Held)
		}
		h.joins(knownEntry("t4", meeting.RoleParticipant, "Bob"))
		h.pass(2 * time.Second)
		if role, known := h.store.roleOf("aaa", meeting.UserSub("7")); !known || role != meeting.RoleParticipant {
			t.Errorf("in the next session: %s, known %v", role, known)
		}
	}, func(r *meeting.Room) { r.Reusable = true })
}

// TestTakenBackIsSaved before its holder comes in: no crash gives it back. What
// gives or takes nothing waits for nobody.
func TestTakenBackIsSaved(t *testing.T) {
	inHouse(t, func(h *house) {
		h.enter("aaa", "Ada", meeting.RoleModerator)
		old, first := h.joins(knownEntry("t1", meeting.RoleModerator, "Bob"))
		h.store.set(func(s *fakeStore) { s.broken = true })
		h.joins(knownEntry("t2", meeting.RoleModerator, "Bobby"))
		h.pass(10 * time.Second)
		c := h.tab("aaa")
		id := h.send(c, protocol.Hello{}, knownEntry("t3", meeting.RoleParticipant, "Bob"))
		h.pass(10 * time.Second)
		if e := answered[protocol.Error](h, c, id); e.Code != protocol.CodeUnavailable {
			t.Errorf("refused with %+v", e)
		}
		h.store.set(func(s *fakeStore) { s.broken, s.delay = false, time.Second })
		id = h.send(c, protocol.Hello{}, knownEntry("t3", meeting.RoleParticipant, "Bob"))
		h.gone(c) // before it is saved; the place it was for has the role all the same
		h.pass(10 * time.Second)
		if p := h.store.who("aaa").Here[1]; c.answer(id) != nil || p.Role != meeting.RoleParticipant || p.Ticket != "t3" {
			t.Errorf("answered %+v, saved %+v", c.answer(id), p)
		}
		if old.close() != protocol.CloseReplaced {
			t.Errorf("the first tab was closed with %d", old.close())
		}
		back := ask[protocol.Welcome](h, h.tab("aaa"), protocol.Hello{}, h.back(first))
		if back.You.Role != meeting.RoleParticipant {
			t.Errorf("back as %+v", back.You)
		}
	})
}

// TestRolesBeyondMemory: of more people than are remembered, nobody comes back
// to a place that was given up by a secret that may be older than their token.
func TestRolesBeyondMemory(t *testing.T) {
	inHouse(t, func(h *house) {
		h.enter("aaa", "Ada", meeting.RoleModerator)
		var secrets []*bus.Entry
		for i := range 257 {
			e := knownEntry("t", meeting.RoleParticipant, "Bob")
			e.Sub += string(rune('A' + i))
			c, w := h.joins(e)
			h.gone(c)
			h.pass(6 * time.Second)
			secrets = append(secrets, h.back(w))
		}
		h.pass(time.Minute)
		h.mustRefuse(protocol.CodeBadToken, h.tab("aaa"), protocol.Hello{}, secrets[0])
		ask[protocol.Welcome](h, h.tab("aaa"), protocol.Hello{}, secrets[256])
		_, guest := h.enter("aaa", "Cem", meeting.RoleParticipant)
		if guest.You.Role != meeting.RoleParticipant {
			t.Errorf("a guest is %+v", guest.You)
		}
	}, func(r *meeting.Room) { r.Capacity = 20 })
}
