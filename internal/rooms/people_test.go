package rooms_test

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"overtime/internal/bus"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

// TestHold: a place waits half a minute for its connection.
func TestHold(t *testing.T) {
	inHouse(t, func(h *house) {
		ada, _ := h.enter("aaa", "Ada", meeting.RoleModerator)
		bob, w := h.enter("aaa", "Bob", meeting.RoleParticipant)
		h.gone(bob)
		if p, _ := events[protocol.PersonChanged](ada); len(p) != 1 || !p[0].Person.Reconnecting || p[0].Person.ID != w.You.ID {
			t.Fatalf("told %+v", p)
		}
		h.pass(30*time.Second - time.Millisecond)
		again := h.tab("aaa")
		back := ask[protocol.Welcome](h, again, protocol.Hello{Resume: w.Resume, Sending: []protocol.Source{protocol.Camera}}, h.back(w))
		if back.You.ID != w.You.ID || back.You.Name != "Bob" || back.You.Reconnecting || !slices.Equal(back.You.Sending, []protocol.Source{protocol.Camera}) {
			t.Errorf("came back as %+v", back.You)
		}
		h.gone(again)
		lost := time.Now()
		h.pass(time.Hour)
		left, at := events[protocol.PersonLeft](ada)
		if len(left) != 1 || left[0] != (protocol.PersonLeft{ID: w.You.ID, Reason: protocol.LeftLost}) {
			t.Fatalf("told %+v", left)
		}
		if waited := at[0].Sub(lost); waited < 30*time.Second || waited > 31*time.Second {
			t.Errorf("waited %v", waited)
		}
		if j, _ := events[protocol.PersonJoined](ada); len(j) != 1 {
			t.Errorf("joined %+v", j)
		}
	})
}

// TestBackAfterLost: the secret of a place that was given up makes it anew,
// with the same id.
func TestBackAfterLost(t *testing.T) {
	inHouse(t, func(h *house) {
		h.enter("aaa", "Ada", meeting.RoleModerator)
		bob, w := h.enter("aaa", "Bob", meeting.RoleParticipant)
		h.gone(bob)
		h.pass(time.Minute)
		back := ask[protocol.Welcome](h, h.tab("aaa"), protocol.Hello{}, h.back(w))
		if back.You.ID != w.You.ID || len(back.People) != 2 {
			t.Errorf("came back as %+v among %+v", back.You, back.People)
		}
	})
}

// TestLeave answers, closes and frees the seat.
func TestLeave(t *testing.T) {
	inHouse(t, func(h *house) {
		ada, _ := h.enter("aaa", "Ada", meeting.RoleModerator)
		bob, w := h.enter("aaa", "Bob", meeting.RoleParticipant)
		ask[protocol.OK](h, bob, protocol.Leave{}, nil)
		if bob.close() != protocol.CloseNormal || h.media.seats() != 1 {
			t.Errorf("closed %d, %d seats", bob.close(), h.media.seats())
		}
		if left, _ := events[protocol.PersonLeft](ada); len(left) != 1 || left[0] != (protocol.PersonLeft{ID: w.You.ID, Reason: protocol.LeftByChoice}) {
			t.Errorf("told %+v", left)
		}
		h.gone(bob)
		if left, _ := events[protocol.PersonLeft](ada); len(left) != 1 {
			t.Errorf("told twice: %+v", left)
		}
	})
}

// TestReplaced: a fixed sub has one place, and its newer connection has it.
// What the newer token says of name and role holds.
func TestReplaced(t *testing.T) {
	inHouse(t, func(h *house) {
		ada, _ := h.enter("aaa", "Ada", meeting.RoleModerator)
		old := h.tab("aaa")
		first := ask[protocol.Welcome](h, old, protocol.Hello{}, &bus.Entry{Role: meeting.RoleParticipant, Sub: "user-7", Name: "Bob"})
		now := h.tab("aaa")
		second := ask[protocol.Welcome](h, now, protocol.Hello{}, &bus.Entry{Role: meeting.RoleModerator, Sub: "user-7", Name: "Robert"})
		if second.You.ID != first.You.ID || len(second.People) != 2 || second.You.Role != meeting.RoleModerator || second.You.Name != "Robert" {
			t.Errorf("came in as %+v among %+v", second.You, second.People)
		}
		told, _ := events[protocol.Error](old)
		if len(told) != 1 || told[0].Code != protocol.CodeReplaced || old.close() != protocol.CloseReplaced {
			t.Errorf("the older was told %+v and closed with %d", told, old.close())
		}
		h.gone(old)
		if p, _ := events[protocol.PersonChanged](ada); len(p) != 1 || p[0].Person.Reconnecting {
			t.Errorf("told %+v", p)
		}
		// The place of a secret whose sub has come in anew is that sub's.
		h.gone(now)
		h.pass(time.Minute)
		third := ask[protocol.Welcome](h, h.tab("aaa"), protocol.Hello{}, &bus.Entry{Role: meeting.RoleParticipant, Sub: "user-7", Name: "Bob"})
		fourth := ask[protocol.Welcome](h, h.tab("aaa"), protocol.Hello{}, h.back(second))
		if fourth.You.ID != third.You.ID || len(fourth.People) != 2 {
			t.Errorf("user-7 is there twice: %+v", fourth.People)
		}
	})
}

// TestInvitation: every holder of a link is somebody new.
func TestInvitation(t *testing.T) {
	inHouse(t, func(h *house) {
		_, a := h.enter("aaa", "Sam", meeting.RoleParticipant)
		_, b := h.enter("aaa", "Sam", meeting.RoleParticipant)
		if a.You.ID == b.You.ID || len(b.People) != 2 {
			t.Errorf("%+v and %+v", a.You, b.You)
		}
		by := h.store.record("aaa").Session.Ledger[0].By
		if by.Sub != a.You.ID || by.Name != "Sam" {
			t.Errorf("started by %+v, who is %s", by, a.You.ID)
		}
	})
}

// TestStartRace: two hellos at once begin one session.
func TestStartRace(t *testing.T) {
	inHouse(t, func(h *house) {
		h.store.set(func(s *fakeStore) { s.delay = time.Second })
		ada, bob := h.tab("aaa"), h.tab("aaa")
		e := &bus.Entry{Role: meeting.RoleParticipant}
		first, second := h.send(ada, protocol.Hello{Name: "Ada"}, e), h.send(bob, protocol.Hello{Name: "Bob"}, e)
		h.pass(10 * time.Second)
		a, b := answered[protocol.Welcome](h, ada, first), answered[protocol.Welcome](h, bob, second)
		if a.Session.Number != 1 || !a.Session.StartedAt.Equal(b.Session.StartedAt) || len(b.People) != 2 {
			t.Errorf("%+v and %+v", a.Session, b.Session)
		}
	})
}

// TestGoneBeforeWelcome: whoever leaves while their hello waits takes no place.
func TestGoneBeforeWelcome(t *testing.T) {
	inHouse(t, func(h *house) {
		h.store.set(func(s *fakeStore) { s.delay = time.Second })
		ghost := h.tab("aaa")
		h.send(ghost, protocol.Hello{Name: "Ghost"}, &bus.Entry{Role: meeting.RoleParticipant})
		h.gone(ghost)
		h.pass(5 * time.Second)
		if _, w := h.enter("aaa", "Ada", meeting.RoleModerator); len(w.People) != 1 {
			t.Errorf("people %+v", w.People)
		}
	})
}

// TestReusable: a room that is used again begins its next session at the next
// hello; the one before is recorded, even if both fall on one instant.
func TestReusable(t *testing.T) {
	inHouse(t, func(h *house) {
		_, w := h.enter("aaa", "Ada", meeting.RoleModerator)
		h.until(time.Hour - time.Millisecond)
		h.store.set(func(s *fakeStore) { s.delay = time.Second })
		<-time.After(time.Millisecond) // the expiry and the hello are due together
		bob := h.tab("aaa")
		id := h.send(bob, protocol.Hello{Name: "Bob"}, &bus.Entry{Role: meeting.RoleParticipant})
		h.pass(10 * time.Second)
		second := answered[protocol.Welcome](h, bob, id)
		if second.Session.Number != 2 || len(second.People) != 1 || !second.Session.EndsAt.Equal(h.began.Add(2*time.Hour)) {
			t.Errorf("second session %+v with %+v", second.Session, second.People)
		}
		l, kept := h.store.ledger("aaa.1")
		if !kept || l.Ending == nil || l.Ending.Reason != meeting.ReasonExpired || !l.Ending.At.Equal(h.began.Add(time.Hour)) {
			t.Errorf("the first one's ledger: %v, %+v", kept, l.Ending)
		}
		old := ask[protocol.Error](h, h.tab("aaa"), protocol.Hello{}, h.back(w))
		if old.Code != protocol.CodeBadToken {
			t.Errorf("a place of the first session: %+v", old)
		}
	}, func(r *meeting.Room) { r.Reusable = true })
}

// TestPeople: what somebody sends, says and gets seated reaches whom it should.
func TestPeople(t *testing.T) {
	inHouse(t, func(h *house) {
		ada, _ := h.enter("aaa", "Ada", meeting.RoleModerator)
		bob, w := h.enter("aaa", "Bob", meeting.RoleParticipant)
		all := []protocol.Source{protocol.Camera, "toaster", protocol.Microphone, protocol.Camera}
		ask[protocol.OK](h, bob, protocol.Sending{Sources: all}, nil)
		ask[protocol.OK](h, bob, protocol.Show{Pictures: []protocol.Picture{{Participant: "p"}}}, nil)
		p, _ := events[protocol.PersonChanged](ada)
		if len(p) != 1 || !slices.Equal(p[0].Person.Sending, []protocol.Source{protocol.Microphone, protocol.Camera}) {
			t.Errorf("told %+v", p)
		}
		h.media.speak([]string{w.You.ID})
		h.media.observer(w.You.ID).Seated(protocol.Seating{Audio: []protocol.Seat{{Mid: "4"}}})
		h.media.observer(w.You.ID).Lost()
		synctest.Wait()
		if s, _ := events[protocol.Speaking](ada); len(s) != 1 || s[0].IDs[0] != w.You.ID {
			t.Errorf("speaking %+v", s)
		}
		mine, _ := events[protocol.Seating](bob)
		theirs, _ := events[protocol.Seating](ada)
		lost, _ := events[protocol.MediaLost](bob)
		if len(mine) != 1 || len(theirs) != 0 || len(lost) != 1 {
			t.Errorf("seating %+v and %+v, lost %d", mine, theirs, len(lost))
		}
		if ok := ask[protocol.OK](h, bob, protocol.Offer{SDP: "v=0"}, nil); ok.SDP != "answer to v=0" {
			t.Errorf("answer %+v", ok)
		}
		h.mustRefuse(protocol.CodeBadOffer, bob, protocol.Offer{SDP: "bad"}, nil)
		h.mustRefuse(protocol.CodeInternal, bob, protocol.Offer{SDP: "panic"}, nil)
		h.mustRefuse(protocol.CodeNotJoined, h.tab("aaa"), protocol.Offer{SDP: "v=0"}, nil)
	})
}
