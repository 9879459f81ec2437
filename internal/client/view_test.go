package client_test

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"overtime/internal/client"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

func TestSubscribe(t *testing.T) {
	bubble(t, func(w *world) {
		w.open()
		var first, second []client.View
		stop := w.session.Subscribe(func(v client.View) { first = append(first, v) })
		w.settle()
		equal(t, "at once", len(first), 1)
		w.session.Subscribe(func(v client.View) { second = append(second, v) })
		w.settle()
		equal(t, "the first again", len(first), 1)
		w.session.Do(client.SetName{Name: "Zoë"})
		w.settle()
		equal(t, "changed", first[len(first)-1].Me.Name, "Zoë")
		n := len(first)
		w.session.Do(client.SetName{Name: "Zoë"}) // changes nothing
		w.settle()
		equal(t, "unchanged", len(first), n)
		stop()
		stop()
		w.session.Do(client.SetName{Name: "Zoe"})
		w.settle()
		equal(t, "after stop", len(first), n)
		equal(t, "the second goes on", second[len(second)-1].Me.Name, "Zoe")
	})
}

func TestSubscribersGetTheNewestInOrder(t *testing.T) {
	bubble(t, func(w *world) {
		w.open()
		hold := make(chan struct{})
		var names []string
		w.session.Subscribe(func(v client.View) {
			if v.Me.Name != "" {
				names = append(names, v.Me.Name)
				<-hold
			}
		})
		for i := range 100 {
			w.session.Do(client.SetName{Name: fmt.Sprint("name ", i)})
			if i == 0 {
				w.settle()
			}
		}
		w.settle()
		close(hold)
		w.settle()
		if !slices.Equal(names, []string{"name 0", "name 99"}) {
			t.Errorf("names %v: views that were overtaken were not left out", names)
		}
	})
}

func TestSubscribersMayCallTheSession(t *testing.T) {
	bubble(t, func(w *world) {
		w.open()
		calls := 0
		stops := make(chan func(), 1) // the first call may come before stop is known
		stops <- w.session.Subscribe(func(client.View) {
			calls++
			w.session.Subscribe(func(client.View) {})()
			(<-stops)()
			w.session.Close()
		})
		w.settle()
		equal(t, "calls", calls, 1)
		<-w.session.Done()
	})
}

func TestClosedSession(t *testing.T) {
	bubble(t, func(w *world) {
		w.enter()
		before := w.view()
		calls := 0
		w.session.Subscribe(func(client.View) { calls++ })
		w.settle()
		w.close()
		w.session.Close()
		w.session.Do(client.SetName{Name: "late"})
		w.session.Do(client.Leave{})
		w.session.Do(client.Extend{Minutes: 15})
		w.settle()
		equal(t, "phase", w.view().Phase, before.Phase)
		equal(t, "calls", calls, 1)
		equal(t, "resume stays", w.tab.stored("overtime.resume.room"), "secret")
	})
}

func TestCloseInTheMiddleOfThings(t *testing.T) {
	for after := range 8 {
		bubble(t, func(w *world) {
			w.server.up, w.server.down = 10*time.Millisecond, 10*time.Millisecond
			w.open()
			w.pass(time.Duration(after) * 5 * time.Millisecond)
			w.session.Do(client.Join{})
			w.pass(time.Duration(after) * 7 * time.Millisecond)
			w.close()
			w.pass(time.Second)
		})
	}
}

func TestViewsAreImmutable(t *testing.T) {
	bubble(t, func(w *world) {
		w.enter()
		before := w.view()
		kept := before.Copy()
		w.server.event(protocol.PersonChanged{Person: person("p_asha", "Asha", protocol.Microphone)})
		w.server.event(protocol.PersonJoined{Person: person("p_ben", "Ben")})
		w.server.event(protocol.SessionExtended{Entry: w.extends("Asha")})
		w.server.event(protocol.PersonLeft{ID: "p_asha"})
		w.settle()
		if !reflect.DeepEqual(before, kept) {
			t.Error("a view changed after it was handed out")
		}
	})
}

func TestTiles(t *testing.T) {
	bubble(t, func(w *world) {
		w.enter()
		self := w.view().Roster.Slots[0]
		equal(t, "self", self, client.Participant{
			ID: "p_me", Name: "Me", Role: meeting.RoleModerator, Self: true, Microphone: true, Camera: true,
		})
		w.server.event(protocol.PersonJoined{Person: person("p_ben", "Ben")})
		w.server.event(protocol.PersonLeft{ID: "p_asha"})
		w.settle()
		v := w.view()
		equal(t, "Asha's slot", v.Roster.Slots[1], client.Participant{Empty: true})
		equal(t, "Ben's slot", v.Roster.Slots[2].Name, "Ben")
		equal(t, "people", v.Roster.Here, 2)
		ben := person("p_ben", "Ben")
		ben.Reconnecting = true
		w.server.event(protocol.PersonChanged{Person: ben})
		w.server.event(protocol.PersonJoined{Person: person("p_cy", "Cy")})
		w.server.event(protocol.PersonLeft{ID: "p_nobody"})
		w.settle()
		v = w.view()
		equal(t, "Cy takes the free one", v.Roster.Slots[1].Name, "Cy")
		equal(t, "Ben", v.Roster.Slots[2].Reconnecting, true)
		me := protocol.Person{ID: "p_me", Name: "Myself", Role: meeting.RoleViewer}
		w.server.event(protocol.PersonChanged{Person: me})
		w.settle()
		equal(t, "my name", w.view().Me.Name, "Myself")
		equal(t, "may extend", w.view().Me.MayExtend(w.view().Room), false)
	})
}

// TestSlotsProperty: whoever comes and goes, nobody who stays changes slots.
func TestSlotsProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var slots client.Slots
		ids := []string{"a", "b", "c", "d", "e", "f", "g", "h"}
		var before []string
		for range rapid.IntRange(1, 30).Draw(t, "steps") {
			people := rapid.SliceOfDistinct(rapid.SampledFrom(ids), rapid.ID).Draw(t, "people")
			people = append(people, "self")
			slots.Seat("self", people)
			now := slots.IDs()
			if now[0] != "self" {
				t.Fatalf("slot 0 is %q's", now[0])
			}
			for _, id := range people {
				was, is := slices.Index(before, id), slices.Index(now, id)
				if is < 0 || was >= 0 && was != is {
					t.Fatalf("%s was in slot %d, is in %d", id, was, is)
				}
			}
			if n := len(slices.DeleteFunc(slices.Clone(now), func(id string) bool { return id == "" })); n != len(people) {
				t.Fatalf("%d slots taken by %d people", n, len(people))
			}
			if len(now) < len(before) {
				t.Fatal("the stage got shorter")
			}
			before = slices.Clone(now)
		}
	})
}

func TestToastsLeaveByThemselves(t *testing.T) {
	bubble(t, func(w *world) {
		w.enter()
		for i := range 7 {
			w.server.event(protocol.PersonJoined{Person: person(fmt.Sprint("p_", i), fmt.Sprint("N", i))})
		}
		w.settle()
		toasts := w.view().News.Toasts
		equal(t, "at once", len(toasts), 5)
		equal(t, "oldest", toasts[0].By, "N2")
		w.session.Do(client.DismissToast{ID: toasts[1].ID})
		w.settle()
		equal(t, "dismissed", len(w.view().News.Toasts), 4)
		w.pass(2 * time.Second)
		w.server.event(protocol.PersonLeft{ID: "p_3"})
		w.pass(2 * time.Second)
		if got := w.toasts(); !slices.Equal(got, []client.ToastKind{client.ToastLeft}) {
			t.Errorf("after four seconds %v", got)
		}
		w.pass(2 * time.Second)
		equal(t, "at last", len(w.view().News.Toasts), 0)
	})
}

func TestCopyGuestsLink(t *testing.T) {
	bubble(t, func(w *world) {
		w.enter()
		equal(t, "link", w.view().Room.Guests, "https://meet.example/r/room#guest")
		w.session.Do(client.CopyGuestsLink{})
		w.settle()
		w.toast(client.ToastCopied)
		if !slices.Equal(w.tab.copied, []string{"https://meet.example/r/room#guest"}) {
			t.Errorf("copied %v", w.tab.copied)
		}
		w.tab.with(func() { w.tab.copyErr = errors.New("not allowed") })
		w.session.Do(client.CopyGuestsLink{})
		w.settle()
		equal(t, "why", w.toast(client.ToastRefused).Trouble.Code, client.TroubleCopy)
	})
}

// TestNoGuestsLink: who came by a token of their own is given none, perhaps after
// having had one as a moderator.
func TestNoGuestsLink(t *testing.T) {
	bubble(t, func(w *world) {
		w.enter()
		w.server.with(func() { w.server.guests = "" })
		w.server.last().end(1006)
		w.pass(10 * time.Second)
		equal(t, "link", w.view().Room.Guests, "")
		w.session.Do(client.CopyGuestsLink{})
		w.settle()
		equal(t, "copied", len(w.tab.copied), 0)
	})
}

func TestSoundBlocked(t *testing.T) {
	bubble(t, func(w *world) {
		w.enter()
		w.tab.with(func() { w.tab.blocked = true })
		w.tab.fire("sound")
		w.settle()
		equal(t, "blocked", w.view().Stage.SoundBlocked, true)
		w.tab.with(func() { w.tab.blocked = false })
		w.tab.fire("sound")
		w.settle()
		equal(t, "free", w.view().Stage.SoundBlocked, false)
	})
}

func TestWhoMay(t *testing.T) {
	for _, c := range []struct {
		role        meeting.Role
		by          meeting.ExtendBy
		extend, end bool
	}{
		{meeting.RoleModerator, meeting.ExtendByAnyone, true, true},
		{meeting.RoleParticipant, meeting.ExtendByAnyone, true, false},
		{meeting.RoleViewer, meeting.ExtendByAnyone, false, false},
		{meeting.RoleModerator, meeting.ExtendByModerators, true, true},
		{meeting.RoleParticipant, meeting.ExtendByModerators, false, false},
	} {
		v := client.View{Me: &client.Me{Role: c.role}, Room: &client.Room{Room: protocol.Room{ExtendBy: c.by}}}
		equal(t, "extend", v.Me.MayExtend(v.Room), c.extend)
		equal(t, "end", v.Me.Moderates(), c.end)
	}
}

func TestErrorsReadWell(t *testing.T) {
	equal(t, "closed", (&client.Closed{Code: 1006, Reason: "lost"}).Error(), "closed: lost")
	equal(t, "device", (client.DeviceBusy).Error(), "device busy")
}
