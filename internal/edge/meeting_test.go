package edge_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"overtime/internal/meeting"
	"overtime/internal/protocol"
	"overtime/internal/store"
	"overtime/internal/testkit"
)

// TestMeeting is one meeting from the first look to the end, through the real
// bus, store, actor and sockets.
func TestMeeting(t *testing.T) {
	w := mustWorld(t)
	w.Room("aaa")
	began := w.Clock.Now()
	moderator, guest := w.Link("aaa", meeting.RoleModerator), w.Link("aaa", meeting.RoleParticipant)

	ada := w.Dial(t, nil)
	state := testkit.Ask[protocol.RoomState](ada, protocol.Peek{Room: "aaa", Token: moderator})
	if state.Session != nil || state.People != 0 || state.Role != meeting.RoleModerator || state.Room.DurationMinutes != 60 {
		t.Errorf("before anybody came: %+v", state)
	}
	welcome := testkit.Ask[protocol.Welcome](ada, protocol.Hello{Room: "aaa", Token: moderator, Name: "Ada"})
	if got, want := welcome.Session.EndsAt, began.Add(time.Hour); !got.Equal(want) {
		t.Errorf("scheduled end %v, want %v", got, want)
	}
	if welcome.Notice != nil || welcome.Media.Instance != "media-1" || !strings.HasPrefix(welcome.Guests, "/r/aaa#") {
		t.Errorf("welcome %+v", welcome)
	}

	bob, second := w.Enter(t, guest, "Bob")
	joined := testkit.Next[protocol.PersonJoined](ada)
	if joined.Person.ID != second.You.ID || len(second.People) != 2 || second.People[0].Name != "Ada" {
		t.Errorf("joined %+v, welcome %+v", joined, second)
	}
	early := testkit.Ask[protocol.Error](bob, protocol.Extend{Window: second.Session.EndsAt})
	if early.Code != protocol.CodeNoWindow || !early.OpensAt.Equal(began.Add(50*time.Minute)) {
		t.Errorf("an extension before the window: %+v", early)
	}

	w.Clock.Set(began.Add(50 * time.Minute))
	for _, b := range []*testkit.Person{ada, bob} {
		n := testkit.Next[protocol.WindowOpened](b).Notice
		want := meeting.Notice{Window: meeting.FirstWindow, EndsAt: began.Add(time.Hour), MinutesLeft: 10, Grantable: 30}
		if n != want {
			t.Errorf("notice %+v, want %+v", n, want)
		}
	}
	end := mustRaceToExtend(t, ada, bob, began.Add(time.Hour))

	w.Clock.Set(end.Add(-30 * time.Minute))
	ended := ada.Send(protocol.End{Reason: "that is all"})
	testkit.Answered[protocol.OK](ada, ended)
	for _, b := range []*testkit.Person{ada, bob} {
		e := testkit.Next[protocol.SessionEnded](b).Session.Ending
		want := protocol.Ending{Reason: meeting.ReasonEndedByModerator, At: w.Clock.Now(), By: "Ada", Text: "that is all"}
		if e == nil || *e != want {
			t.Errorf("ending %+v, want %+v", e, want)
		}
		b.MustClose(protocol.CloseOver)
	}

	late := w.Dial(t, nil)
	over := testkit.Ask[protocol.Over](late, protocol.Hello{Token: guest, Name: "Cem"})
	if over.Session.Ending == nil || over.Session.Ending.By != "Ada" {
		t.Errorf("over %+v", over)
	}
	late.MustClose(protocol.CloseOver)
}

// mustRaceToExtend has both answer the same window at once: one is granted
// the default, the other learns who was first. It returns the new end.
func mustRaceToExtend(t *testing.T, ada, bob *testkit.Person, window time.Time) time.Time {
	t.Helper()
	names := map[*testkit.Person]string{ada: "Ada", bob: "Bob"}
	ids := map[*testkit.Person]string{}
	for b := range names {
		ids[b] = b.Send(protocol.Extend{Window: window})
	}
	end := window.Add(15 * time.Minute)
	winner := ""
	var losers []protocol.Error
	for b, id := range ids {
		switch m := b.Answer(id).(type) {
		case protocol.OK:
			if m.Grant == nil || m.Grant.Minutes != 15 || !m.Grant.EndsAt.Equal(end) {
				t.Errorf("grant %+v", m.Grant)
			}
			winner += names[b]
		case protocol.Error:
			losers = append(losers, m)
		}
	}
	if len(losers) != 1 || losers[0].Code != protocol.CodeAlreadyExtended || losers[0].By != winner ||
		losers[0].Minutes != 15 || !losers[0].EndsAt.Equal(end) {
		t.Errorf("won by %q, the other got %+v", winner, losers)
	}
	for b := range names {
		e := testkit.Next[protocol.SessionExtended](b).Entry
		if e.By != winner || e.Minutes != 15 || !e.EndsAt.Equal(end) || e.Window != meeting.FirstWindow {
			t.Errorf("told %+v", e)
		}
	}
	return end
}

// TestRestart closes everything and opens it again on the same folder.
func TestRestart(t *testing.T) {
	w := mustWorld(t)
	w.Room("aaa")
	began := w.Clock.Now()
	ada, before := w.Enter(t, w.Link("aaa", meeting.RoleModerator), "Ada")
	w.Clock.Set(began.Add(51 * time.Minute))
	testkit.Next[protocol.WindowOpened](ada)
	testkit.Ask[protocol.OK](ada, protocol.Extend{Window: before.Session.EndsAt})
	kept := mustLoad(t, w, "aaa")

	stopped := make(chan struct{})
	go func() { w.Stop(); close(stopped) }()
	testkit.Next[protocol.GoingAway](ada)
	ada.MustClose(protocol.CloseGoingAway)
	<-stopped
	w.Start()

	if now := mustLoad(t, w, "aaa"); !reflect.DeepEqual(now.Session, kept.Session) || now.Epoch <= kept.Epoch {
		t.Errorf("after the restart %+v (epoch %d), before %+v (epoch %d)", now.Session, now.Epoch, kept.Session, kept.Epoch)
	}
	again := w.Dial(t, nil)
	after := testkit.Ask[protocol.Welcome](again, protocol.Hello{Resume: before.Resume})
	if after.You.ID != before.You.ID || after.You.Name != "Ada" || after.You.Role != meeting.RoleModerator {
		t.Errorf("came back as %+v, was %+v", after.You, before.You)
	}
	if want := began.Add(75 * time.Minute); !after.Session.EndsAt.Equal(want) {
		t.Errorf("scheduled end %v, want %v", after.Session.EndsAt, want)
	}
	if len(after.Session.Story) != 3 {
		t.Errorf("story %+v", after.Session.Story)
	}
}

// TestExpiryWhileDown starts a server after the end that it did not see.
func TestExpiryWhileDown(t *testing.T) {
	w := mustWorld(t)
	w.Room("aaa")
	end := w.Clock.Now().Add(time.Hour)
	token := w.Link("aaa", meeting.RoleParticipant)
	ada, welcome := w.Enter(t, token, "Ada")

	if err := ada.CloseNow(); err != nil {
		t.Fatal(err)
	}
	w.Stop()
	w.Clock.Set(end.Add(90 * time.Minute))
	w.Start()

	want := protocol.Ending{Reason: meeting.ReasonExpired, At: end}
	for what, hello := range map[string]protocol.Hello{
		"token": {Token: token, Name: "Ada"}, "place": {Resume: welcome.Resume},
	} {
		b := w.Dial(t, nil)
		over := testkit.Ask[protocol.Over](b, hello)
		if over.Session.Ending == nil || *over.Session.Ending != want {
			t.Errorf("with the %s: %+v, want %+v", what, over.Session.Ending, want)
		}
		b.MustClose(protocol.CloseOver)
	}
	w.Logs.MustSay(t, "session ended")
	if s := mustLoad(t, w, "aaa").Session; s.Ending == nil || !s.Ending.At.Equal(end) || s.Ending.Reason != meeting.ReasonExpired {
		t.Errorf("recorded %+v", s.Ending)
	}
}

func mustLoad(t *testing.T, w *world, room string) store.Versioned {
	t.Helper()
	v, err := w.Store().Load(t.Context(), room)
	if err != nil {
		t.Fatal(err)
	}
	return v
}
