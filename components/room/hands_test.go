package room

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"overtime/internal/client"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

func TestRaisingAHand(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := crowd()
		w := mount(t, v, at(10))
		if w.Must("raise-hand").Has("aria-pressed") || w.Must("participant-0").Has("data-hand") {
			t.Error("raised before it was")
		}
		w.Press("button", "Raise hand")
		v.Roster.Raising = true
		w.show(v)
		w.isBusy("Raise hand")
		v.Roster.Raising = false
		v.Roster.Slots[0].Hand, v.Roster.Slots[1].Hand = 2, 1
		w.show(v)
		if !w.Must("raise-hand").Has("aria-pressed") || w.Must("participant-0").Attr("data-hand") != "2" || w.Must("participant-1").Attr("data-hand") != "1" {
			t.Errorf("the hands are not shown:\n%s", w.HTML())
		}
		if label := w.Must("participant-1").Attr("aria-label"); label != "Asha, muted, raised hand, number 1" {
			t.Errorf("the tile is called %q", label)
		}
		w.gather()
		if w.room.attention.spoken != "Asha raised a hand." {
			t.Errorf("said %q", w.room.attention.spoken)
		}
		w.Press("button", "Raise hand")
		if want := []string{"RaiseHand true", "RaiseHand false"}; !slices.Equal(w.s.Calls, want) {
			t.Errorf("got %v, want %v", w.s.Calls, want)
		}
	})
}

func TestModeratorsLowerHands(t *testing.T) {
	v := crowd()
	v.Roster.Slots[1].Hand, v.Roster.Slots[0].Hand = 1, 2
	w := mount(t, v, at(10))
	w.pressPeople()
	if w.Find("lower-0") != nil {
		t.Error("one's own hand is lowered by another button")
	}
	w.Press("button", "Lower the hand of Asha")
	w.Press("button", "Lower all hands")
	if want := []string{"LowerHand asha", "LowerHands"}; !slices.Equal(w.s.Calls, want) {
		t.Errorf("got %v, want %v", w.s.Calls, want)
	}
	v.Me.Role = meeting.RoleParticipant
	w.show(v)
	if w.Find("lower-1") != nil || w.Find("lower-hands") != nil || !strings.Contains(w.Must("person-1").Text(), "Raised hand, number 1") {
		t.Error("a participant lowers another's hand, or does not see it")
	}
	v.Me.Role = meeting.RoleModerator
	v.Roster.Slots[1].Hand, v.Roster.Slots[0].Hand = 0, 0
	w.show(v)
	if w.Find("lower-hands") != nil {
		t.Error("there is no hand to lower")
	}
}

func TestReactions(t *testing.T) {
	v := crowd()
	w := mount(t, v, at(10))
	if w.Find("react-clap") != nil {
		t.Error("open before it was pressed")
	}
	w.Press("button", "React")
	for _, name := range []string{"Applause", "Heart", "Laughter", "Wow", "Thumbs up", "Hooray"} {
		w.Press("button", name)
	}
	want := []string{"React clap", "React heart", "React laugh", "React wow", "React thumbs_up", "React party"}
	if !slices.Equal(w.s.Calls, want) {
		t.Errorf("got %v, want %v", w.s.Calls, want)
	}
	w.Do(w.room, port{w.room}.escape)
	if w.Find("react-clap") != nil {
		t.Error("Escape leaves them open")
	}
	v.Reactions = &client.Reactions{Shown: []client.Reaction{
		{Participant: "asha", Name: protocol.ReactionClap, Count: 3}, {Participant: "ben", Name: protocol.ReactionClap, Count: 1},
		{Participant: "ben", Name: protocol.ReactionHeart, Count: 1}}}
	w.show(v)
	if got := w.Must("reaction-clap"); got.Text() != "4" || got.Attr("data-count") != "4" {
		t.Errorf("gathered %q", got.Text())
	}
	if got := w.Must("reaction-heart").Text(); got != "" {
		t.Errorf("one is counted: %q", got)
	}
	if got := w.Must("participant-1").Text(); !strings.Contains(got, "3") {
		t.Errorf("Asha's tile shows %q", got)
	}
}

// gather lets the time pass in which what is told is gathered.
func (w *world) gather() {
	<-time.After(gatherFor)
	synctest.Wait()
	w.Settle()
}

// TestMuchAtOnceIsToldTogether: hands and messages that come one by one are read out
// together, and the same again is read again.
func TestMuchAtOnceIsToldTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := chatting()
		v.Roster = crowd().Roster
		v.Roster.Waiting = nil
		w := mount(t, v, at(10))
		happens := func(hands ...int) {
			for _, slot := range hands {
				v = v.Copy()
				v.Roster.Slots[slot].Hand = 1
				v.Chat.Messages = append(v.Chat.Messages, said(len(v.Chat.Messages)+1, "Asha", "Well", 6))
				w.show(v)
			}
		}
		happens(1, 2)
		if w.room.attention.spoken != "" {
			t.Errorf("said at once: %q", w.room.attention.spoken)
		}
		w.gather()
		first := w.room.attention.spoken
		if want := "2 people raised a hand. 2 new messages."; first != want {
			t.Errorf("said %q, want %q", first, want)
		}
		v = v.Copy()
		v.Roster.Slots[1].Hand, v.Roster.Slots[2].Hand = 0, 0
		w.show(v)
		happens(1, 2)
		w.gather()
		if again := w.room.attention.spoken; again == first || strings.TrimSpace(again) != first {
			t.Errorf("the same again: said %q after %q", again, first)
		}
	})
}

// TestReactionsAreToldGathered, and not one by one.
func TestReactionsAreToldGathered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := crowd()
		v.Roster.Waiting = nil
		w := mount(t, v, at(10))
		for n := 1; n <= 3; n++ {
			v.Reactions = &client.Reactions{Shown: []client.Reaction{{Participant: "asha", Name: protocol.ReactionClap, Count: n}}}
			w.show(v)
		}
		if w.room.attention.spoken != "" {
			t.Errorf("said at once: %q", w.room.attention.spoken)
		}
		w.gather()
		if want := "Applause, 3."; w.room.attention.spoken != want {
			t.Errorf("said %q, want %q", w.room.attention.spoken, want)
		}
	})
}
