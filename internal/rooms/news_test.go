package rooms_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"overtime/internal/control"
	"overtime/internal/event"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

// told is what these tests read of an event's data.
type told struct {
	RoomID      string          `json:"room_id"`
	Session     int             `json:"session"`
	Participant *toldPerson     `json:"participant"`
	Was         *toldPerson     `json:"was"`
	By          *control.Person `json:"by"`
	Reason      string          `json:"reason"`
	Extended    int             `json:"extended_minutes"`
	Left        int             `json:"minutes_left"`
	EndsAt      time.Time       `json:"ends_at"`
	Ledger      []control.Entry `json:"ledger"`
}

type toldPerson struct {
	ID, Name string
	Role     meeting.Role
	UserRef  string `json:"user_ref"`
}

func mustRead(t *testing.T, text []byte) (n told) {
	t.Helper()
	if err := json.Unmarshal(text, &n); err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return n
}

// mustCount wants the events numbered from one, without a gap.
func mustCount(t *testing.T, all []event.Event) {
	t.Helper()
	if err := counted(all); err != nil {
		t.Error(err)
	}
}

// counted: the record's events are numbered without a gap, and so are comings and
// goings.
func counted(all []event.Event) error {
	numbers := map[bool]int{}
	for _, e := range all {
		number, behind := strings.CutPrefix(e.ID, "aaa-p")
		if !behind {
			number = strings.TrimPrefix(e.ID, "aaa-")
		}
		if numbers[behind]++; number != fmt.Sprint(numbers[behind]) || e.Room != "aaa" || e.At.IsZero() {
			return fmt.Errorf("event %d of its kind is %+v", numbers[behind], e)
		}
	}
	return nil
}

// TestNews is what portals are told of one meeting.
func TestNews(t *testing.T) {
	inHouse(t, func(h *house) {
		_, w := h.enter("aaa", "Ada", meeting.RoleModerator)
		bob := h.tab("aaa")
		ask[protocol.Welcome](h, bob, protocol.Hello{}, portalEntry("7", "Bob"))
		h.until(50 * time.Minute)
		ask[protocol.OK](h, bob, protocol.Extend{Window: w.Session.EndsAt}, nil)
		ask[protocol.OK](h, bob, protocol.Leave{}, nil)
		h.until(2 * time.Hour)
		want := []event.Kind{
			event.SessionStarted, event.ParticipantJoined, event.ParticipantJoined, event.WindowOpened, event.SessionExtended,
			event.ParticipantLeft, event.WindowOpened, event.WindowOpened, event.SessionEnded,
		}
		all := h.news.all()
		if kinds := h.news.kinds(); !slices.Equal(kinds, want) {
			t.Fatalf("told of %v, want %v", kinds, want)
		}
		mustCount(t, all)
		if n := mustRead(t, all[2].Data); n.Participant == nil || n.Participant.UserRef != "7" || n.Participant.Name != "Bob" || n.Session != 1 {
			t.Errorf("Bob joined: %s", all[2].Data)
		}
		if n := mustRead(t, all[3].Data); n.Left != 10 || !n.EndsAt.Equal(w.Session.EndsAt) {
			t.Errorf("a window: %s", all[3].Data)
		}
		if n := mustRead(t, all[4].Data); n.Extended != 15 || n.By == nil || n.By.UserRef != "7" || !n.EndsAt.Equal(w.Session.EndsAt.Add(15*time.Minute)) {
			t.Errorf("an extension: %s", all[4].Data)
		}
		if n := mustRead(t, all[5].Data); n.Reason != "left" || n.Participant.Name != "Bob" {
			t.Errorf("Bob left: %s", all[5].Data)
		}
		end := all[8]
		if n := mustRead(t, end.Data); n.Reason != "expired" || n.Ledger != nil {
			t.Errorf("the end: %s", end.Data)
		}
		if n := mustRead(t, end.Whole); len(n.Ledger) != 6 || n.Ledger[5].Reason != meeting.ReasonExpired {
			t.Errorf("the end with its ledger: %s", end.Whole)
		}
		rec := h.store.record("aaa")
		if len(rec.Outbox) != 0 || rec.Events != 6 || len(h.store.who("aaa").Here) != 0 {
			t.Errorf("left in the record: %+v, %d, %+v", rec.Outbox, rec.Events, h.store.who("aaa").Here)
		}
		if _, kept := h.store.ledger("aaa.1"); !kept {
			t.Error("the ledger is not kept")
		}
	})
}

// TestNewsWait: what cannot be passed on is kept, over a restart too, and told
// in order; what may have been told is told again.
func TestNewsWait(t *testing.T) {
	inHouse(t, func(h *house) {
		h.news.set(func(n *fakeNews) { n.down = true })
		ada, w := h.enter("aaa", "Ada", meeting.RoleModerator)
		h.until(50 * time.Minute)
		ask[protocol.OK](h, ada, protocol.Extend{Window: w.Session.EndsAt}, nil)
		if kinds := h.news.kinds(); len(kinds) != 0 {
			t.Fatalf("told %v", kinds)
		}
		h.restart()
		h.news.set(func(n *fakeNews) { n.down, n.forget = false, 2 })
		h.pass(10 * time.Second)
		want := []event.Kind{event.SessionStarted, event.ParticipantJoined, event.WindowOpened, event.SessionExtended}
		if kinds := h.news.kinds(); !slices.Equal(kinds, want) {
			t.Errorf("told of %v, want %v", kinds, want)
		}
		mustCount(t, h.news.all())
		if n := len(h.news.passed); n != len(want)+2 {
			t.Errorf("told %d times of %d events, of which two were not acknowledged", n, len(want))
		}
	})
}

// TestNewsOfTheEndOutliveARestart: a crash just after the end loses neither the
// ledger nor the news, and a room whose next session has begun tells both.
func TestNewsOfTheEndOutliveARestart(t *testing.T) {
	inHouse(t, func(h *house) {
		h.news.set(func(n *fakeNews) { n.down = true })
		ada, _ := h.enter("aaa", "Ada", meeting.RoleModerator)
		ask[protocol.OK](h, ada, protocol.End{}, nil)
		h.enter("aaa", "Bob", meeting.RoleModerator) // the next session
		h.restart()
		h.news.set(func(n *fakeNews) { n.down = false })
		h.pass(10 * time.Second)
		all := h.news.all()
		want := []event.Kind{
			event.SessionStarted, event.ParticipantJoined, event.SessionEnded, event.SessionStarted, event.ParticipantJoined,
		}
		if kinds := h.news.kinds(); !slices.Equal(kinds, want) {
			t.Fatalf("told of %v, want %v", kinds, want)
		}
		mustCount(t, all)
		if n := mustRead(t, all[2].Whole); n.Session != 1 || len(n.Ledger) != 2 {
			t.Errorf("the end: %s", all[2].Whole)
		}
	}, func(r *meeting.Room) { r.Reusable = true })
}

// TestAttendanceWhileTheStoreIsAway: people come and go all the same, and the
// record says so afterwards, in order.
func TestAttendanceWhileTheStoreIsAway(t *testing.T) {
	inHouse(t, func(h *house) {
		h.enter("aaa", "Ada", meeting.RoleModerator)
		h.store.set(func(s *fakeStore) { s.down = true })
		bob, _ := h.enter("aaa", "Bob", meeting.RoleParticipant)
		h.enter("aaa", "Cem", meeting.RoleParticipant)
		ask[protocol.OK](h, bob, protocol.Leave{}, nil)
		h.pass(time.Minute)
		if n := len(h.store.who("aaa").Here); n != 1 {
			t.Fatalf("%d are in the record of a store that is away", n)
		}
		h.store.set(func(s *fakeStore) { s.down = false })
		h.pass(time.Minute)
		people := h.store.who("aaa").Here
		if len(people) != 2 || people[0].Name != "Ada" || people[1].Name != "Cem" {
			t.Errorf("in the record: %+v", people)
		}
		var names []string
		for _, e := range h.news.all()[1:] {
			names = append(names, string(e.Kind)+" "+mustRead(t, e.Data).Participant.Name)
		}
		want := []string{"participant.joined Ada", "participant.joined Bob", "participant.joined Cem", "participant.left Bob"}
		if !slices.Equal(names, want) {
			t.Errorf("told %q, want %q", names, want)
		}
	})
}

// TestPlacesOutliveARestart: others see who has not come back yet, and after
// half a minute that they are gone.
func TestPlacesOutliveARestart(t *testing.T) {
	inHouse(t, func(h *house) {
		_, ada := h.enter("aaa", "Ada", meeting.RoleModerator)
		_, bob := h.enter("aaa", "Bob", meeting.RoleParticipant)
		h.restart()
		tab := h.tab("aaa")
		back := ask[protocol.Welcome](h, tab, protocol.Hello{}, h.back(ada))
		if len(back.People) != 2 || back.People[0].Reconnecting || !back.People[1].Reconnecting || back.People[1].ID != bob.You.ID {
			t.Errorf("after the restart: %+v", back.People)
		}
		if j, _ := events[protocol.PersonJoined](tab); len(j) != 0 {
			t.Errorf("joined again: %+v", j)
		}
		h.pass(31 * time.Second)
		left, _ := events[protocol.PersonLeft](tab)
		if len(left) != 1 || left[0] != (protocol.PersonLeft{ID: bob.You.ID, Reason: protocol.LeftLost}) {
			t.Errorf("left: %+v", left)
		}
		kinds := h.news.kinds()
		if last := kinds[len(kinds)-1]; last != event.ParticipantLeft || len(kinds) != 4 {
			t.Errorf("told of %v", kinds)
		}
	})
}
