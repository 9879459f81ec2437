package rooms_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"overtime/internal/event"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

// comeAndGo has so many guests come in and leave, and is what portals are to be
// told of them.
func (h *house) comeAndGo(guests int) (want []string) {
	h.t.Helper()
	for i := range guests {
		name := fmt.Sprint("guest ", i)
		c, _ := h.enter("aaa", name, meeting.RoleParticipant)
		ask[protocol.OK](h, c, protocol.Leave{}, nil)
		want = append(want, "participant.joined "+name, "participant.left "+name)
	}
	return want
}

// attendance is what portals were told of guests.
func (h *house) attendance() (told []string) {
	h.t.Helper()
	for _, e := range h.news.all() {
		if e.Kind != event.ParticipantJoined && e.Kind != event.ParticipantLeft {
			continue
		}
		if n := mustRead(h.t, e.Data); strings.HasPrefix(n.Participant.Name, "guest") {
			told = append(told, string(e.Kind)+" "+n.Participant.Name)
		}
	}
	return told
}

// TestManyComeAndGoInAnOutage: what a record is then owed is more than it may
// hold. It takes it piece by piece, and nothing else waits for that.
func TestManyComeAndGoInAnOutage(t *testing.T) {
	inHouse(t, func(h *house) {
		ada, _ := h.enter("aaa", "Ada", meeting.RoleModerator)
		h.store.set(func(s *fakeStore) { s.down = true })
		want := h.comeAndGo(100)
		h.news.set(func(n *fakeNews) { n.down = true }) // so that the outbox fills
		h.store.set(func(s *fakeStore) { s.down = false })
		h.pass(20 * time.Second)
		ask[protocol.OK](h, ada, protocol.Lock{Locked: true}, nil)
		if n := len(h.store.record("aaa").Outbox); n > 128 {
			t.Errorf("the outbox has %d events", n)
		}
		h.news.set(func(n *fakeNews) { n.down = false })
		h.pass(20 * time.Second)
		if told := h.attendance(); !slices.Equal(told, want) {
			t.Errorf("told %d comings and goings of %d, or others: %q", len(told), len(want), told)
		}
		ask[protocol.OK](h, ada, protocol.End{}, nil)
		h.pass(10 * time.Second)
		if r := h.store.record("aaa"); r.Session.Ending == nil || len(r.Outbox) != 0 {
			t.Errorf("left over: %+v and %+v", r.Session.Ending, r.Outbox)
		}
	}, func(r *meeting.Room) { r.Capacity = 100 })
}

// TestFullOfPeople: however many are in a room, its record stays as small as it was, and
// takes everything.
func TestFullOfPeople(t *testing.T) {
	inHouse(t, func(h *house) {
		ada, _ := h.enter("aaa", "Ada", meeting.RoleModerator)
		h.store.set(func(s *fakeStore) { s.most = 2 << 10 })
		var all []*tab
		for i := range 99 {
			c, _ := h.enter("aaa", fmt.Sprint("guest ", i, strings.Repeat("<", 50)), meeting.RoleParticipant)
			all = append(all, c)
		}
		h.pass(10 * time.Second)
		if kept := len(h.store.who("aaa").Here); kept != 100 {
			t.Fatalf("%d people are saved", kept)
		}
		ask[protocol.OK](h, ada, protocol.Lock{Locked: true}, nil)
		for _, c := range all[:20] {
			ask[protocol.OK](h, c, protocol.Leave{}, nil)
		}
		h.pass(10 * time.Second)
		if n := len(h.store.who("aaa").Here); n != 80 {
			t.Errorf("%d people are saved, and 80 in the room", n)
		}
		if n := len(h.attendance()); n != 99+20 {
			t.Errorf("told of %d comings and goings", n)
		}
	}, func(r *meeting.Room) { r.Capacity = 100 })
}

// TestRemoveUnrecorded: somebody of whom the record cannot be told yet is removed
// all the same, and for good.
func TestRemoveUnrecorded(t *testing.T) {
	inHouse(t, func(h *house) {
		h.news.set(func(n *fakeNews) { n.down = true })
		ada, _ := h.enter("aaa", "Ada", meeting.RoleModerator)
		h.comeAndGo(40) // the outbox is long
		bob := h.tab("aaa")
		w := ask[protocol.Welcome](h, bob, protocol.Hello{}, portalEntry("7", "Bob"))
		if len(h.store.who("aaa").Here) != 1 {
			t.Fatal("the fault does not work")
		}
		ask[protocol.OK](h, ada, protocol.Remove{Participant: w.You.ID}, nil)
		h.mustRefuse(protocol.CodeRemoved, h.tab("aaa"), protocol.Hello{}, portalEntry("7", "Bob"))
		h.news.set(func(n *fakeNews) { n.down = false })
		h.pass(20 * time.Second)
		all := h.news.all()
		if people := h.store.who("aaa").Here; len(people) != 1 || people[0].Name != "Ada" {
			t.Errorf("in the record: %+v", people)
		}
		if last := all[len(all)-1]; last.Kind != event.ParticipantLeft || mustRead(t, last.Data).Reason != "removed" {
			t.Errorf("told at last %+v", last)
		}
	}, func(r *meeting.Room) { r.Capacity = 100 })
}

// TestFailedAdvanceWaits: what fails at once is not tried again at once, and not
// at every turn complained of.
func TestFailedAdvanceWaits(t *testing.T) {
	inHouse(t, func(h *house) {
		ada, _ := h.enter("aaa", "Ada", meeting.RoleModerator)
		h.until(50*time.Minute - time.Millisecond)
		const many = 10_000
		h.store.set(func(s *fakeStore) { s.refuse = many })
		h.pass(10 * time.Second)
		h.store.set(func(s *fakeStore) {
			if tries := many - s.refuse; tries < 10 || tries > 45 {
				t.Errorf("tried %d times in 10 s", tries)
			}
			s.refuse = 0
		})
		h.pass(time.Second)
		if n, _ := events[protocol.WindowOpened](ada); len(n) != 1 {
			t.Errorf("told of %d windows", len(n))
		}
	})
}

// TestOutageAcrossTheEnd: portals and the audit hear of everybody who came and
// went, although the end could not be recorded in time.
func TestOutageAcrossTheEnd(t *testing.T) {
	inHouse(t, func(h *house) {
		ada, _ := h.enter("aaa", "Ada", meeting.RoleModerator)
		h.until(55 * time.Minute)
		h.store.set(func(s *fakeStore) { s.down = true })
		want := h.comeAndGo(100)
		h.enter("aaa", "guest at the end", meeting.RoleParticipant)
		want = append(want, "participant.joined guest at the end")
		h.until(2 * time.Hour)
		if e, _ := events[protocol.SessionEnded](ada); len(e) != 1 {
			t.Fatalf("told of %d ends", len(e))
		}
		h.store.set(func(s *fakeStore) { s.down = false })
		h.pass(time.Minute)
		if told := h.attendance(); !slices.Equal(told, want) {
			t.Errorf("told %d comings and goings of %d, or others: %q", len(told), len(want), told)
		}
		kinds := h.news.kinds()
		if last := kinds[len(kinds)-1]; last != event.SessionEnded {
			t.Errorf("told at last of %s", last)
		}
		if s := h.store.record("aaa").Session; s.Ending == nil || !s.Ending.At.Equal(h.began.Add(time.Hour)) {
			t.Errorf("recorded %+v", s.Ending)
		}
	}, func(r *meeting.Room) { r.Capacity = 100 })
}

// TestEndDoesNotWaitForPortals: an end that cannot be recorded after everything
// else, because nothing is passed on, is recorded before it.
func TestEndDoesNotWaitForPortals(t *testing.T) {
	inHouse(t, func(h *house) {
		h.enter("aaa", "Ada", meeting.RoleModerator)
		h.news.set(func(n *fakeNews) { n.down = true })
		h.comeAndGo(100)
		h.until(time.Hour + 15*time.Second)
		if s := h.store.record("aaa").Session; s.Ending == nil || !s.Ending.At.Equal(h.began.Add(time.Hour)) {
			t.Errorf("recorded %+v", s.Ending)
		}
	}, func(r *meeting.Room) { r.Capacity = 100 })
}

// TestRoleTakenInAnOutage: what portals are still to be told of somebody does not
// bring back the role that a newer token took from them.
func TestRoleTakenInAnOutage(t *testing.T) {
	inHouse(t, func(h *house) {
		h.news.set(func(n *fakeNews) { n.down = true })
		h.enter("aaa", "Ada", meeting.RoleModerator)
		h.comeAndGo(40) // the outbox is long
		h.joins(knownEntry("t1", meeting.RoleModerator, "Bob"))
		_, w := h.joins(knownEntry("t2", meeting.RoleParticipant, "Bob"))
		if len(h.store.who("aaa").Here) != 1 {
			t.Fatal("the fault does not work")
		}
		h.news.set(func(n *fakeNews) { n.down = false })
		h.pass(20 * time.Second)
		var last meeting.Role
		for _, e := range h.news.all() {
			if n := mustRead(t, e.Data); n.Participant != nil && n.Participant.ID == w.You.ID {
				last = n.Participant.Role
			}
		}
		if bob := h.store.who("aaa").Here[1]; last != meeting.RoleParticipant || bob.Role != meeting.RoleParticipant {
			t.Errorf("told of %s at last, and saved as %+v", last, bob)
		}
		h.mustHold("Ada", "Bob")
	}, func(r *meeting.Room) { r.Capacity = 100 })
}

// TestManyChangesWait: while the store is slow no more than so many changes wait for it;
// whoever asks for another one is told at once.
func TestManyChangesWait(t *testing.T) {
	inHouse(t, func(h *house) {
		ada, _ := h.enter("aaa", "Ada", meeting.RoleModerator)
		h.pass(time.Minute)
		h.store.set(func(s *fakeStore) { s.delay = 10 * time.Second })
		var ids []string
		for n := range 600 {
			ids = append(ids, h.send(ada, protocol.Lock{Locked: n%2 == 0}, nil))
		}
		h.pass(time.Millisecond)
		refused := 0
		for _, id := range ids {
			switch m := ada.answer(id).(type) {
			case nil:
			case protocol.Error:
				if refused++; m.Code != protocol.CodeUnavailable {
					t.Errorf("refused with %+v", m)
				}
			default:
				t.Errorf("answered %+v", m)
			}
		}
		if refused != 600-512 {
			t.Errorf("%d are refused at once", refused)
		}
		h.pass(time.Minute)
		for _, id := range ids {
			if ada.answer(id) == nil {
				t.Fatalf("%s has no answer", id)
			}
		}
		h.store.set(func(s *fakeStore) { s.delay = 0 })
		ask[protocol.OK](h, ada, protocol.Lock{Locked: true}, nil)
	})
}
