package room

import (
	"slices"
	"strings"
	"testing"

	"overtime/internal/client"
	"overtime/internal/meeting"
	"overtime/internal/words"
)

// crowd is calm with one more person, and with two who wait.
func crowd() client.View {
	v := calm()
	away := tile("Ben")
	away.Reconnecting, away.Role, away.Microphone = true, meeting.RoleModerator, true
	v.Roster.Slots = append(v.Roster.Slots, away)
	v.Roster.Waiting = []client.Waiter{{ID: "w1", Name: "Cem"}, {ID: "w2", Name: "Dee"}}
	return v
}

// pressPeople presses the button of the people panel.
func (w *world) pressPeople() {
	w.t.Helper()
	r := w.room.View.Roster
	w.Press("button", words.English().Say("people.button", words.Count("here", inside(r)), words.Count("waiting", len(r.Waiting))))
}

func TestThePanelOpensAndCloses(t *testing.T) {
	w := mount(t, crowd(), at(10))
	if w.Find("person-0") != nil || w.Must("people-open").Has("aria-expanded") {
		t.Error("open before it was pressed")
	}
	w.pressPeople()
	if !w.Must("people-open").Has("aria-expanded") {
		t.Error("the button does not say that it is open")
	}
	w.Must("person-0")
	for _, id := range []string{"time-left", "leave", "end-for-all"} {
		w.Must(id)
	}
	w.pressPeople()
	if w.Find("person-0") != nil {
		t.Error("it stays open")
	}
}

func TestWhoIsListed(t *testing.T) {
	w := mount(t, crowd(), at(10))
	w.pressPeople()
	for id, says := range map[string][]string{
		"person-0":  {"Eli (you)", "Microphone on"},
		"person-1":  {"Asha", "Microphone off", "Camera on"},
		"person-2":  {"Ben", "Reconnecting…"},
		"waiting-0": {"Cem"},
		"waiting-1": {"Dee"},
	} {
		row := w.Must(id)
		for _, want := range says {
			if !strings.Contains(row.Text(), want) {
				t.Errorf("%s: %q is not in %q", id, want, row.Text())
			}
		}
	}
	if w.Must("waiting-1").Attr("data-name") != "Dee" {
		t.Error("the row has not the name")
	}
	v := crowd()
	v.Roster.Slots[2].Reconnecting = false
	v.Roster.Slots[1] = client.Participant{Empty: true}
	w.show(v)
	if w.Find("person-1") != nil || !strings.Contains(w.Must("person-2").Text(), "Moderator") {
		t.Error("Ben's row moved, or does not say that he moderates")
	}
}

func TestWhatAPanelOffersByRole(t *testing.T) {
	moderators := []string{"admit-0", "deny-1", "remove-1", "remove-2", "lock", "renew-link"}
	w := mount(t, crowd(), at(10))
	w.pressPeople()
	for _, id := range append(moderators, "copy-link") {
		w.Must(id)
	}
	if w.Find("remove-0") != nil {
		t.Error("one can remove oneself")
	}
	v := crowd()
	v.Me.Role, v.Roster.Waiting = meeting.RoleParticipant, nil // the server tells moderators only
	w = mount(t, v, at(10))
	w.pressPeople()
	w.Must("copy-link")
	for _, id := range moderators {
		if w.Find(id) != nil {
			t.Errorf("a participant is offered %s", id)
		}
	}
	v.Connection.Link, v.Me.Role, v.Roster.Waiting = client.LinkReconnecting, meeting.RoleModerator, crowd().Roster.Waiting
	w = mount(t, v, at(10))
	w.pressPeople()
	for _, id := range moderators {
		if w.Find(id) != nil {
			t.Errorf("%s is offered while the server is away", id)
		}
	}
}

func TestRemovingAsksOnce(t *testing.T) {
	w := mount(t, crowd(), at(10))
	w.pressPeople()
	w.Press("button", "Remove Asha")
	w.Must("confirm-remove-1")
	if w.Find("confirm-remove-2") != nil || len(w.s.Calls) != 0 {
		t.Errorf("asked about somebody else, or did it: %v", w.s.Calls)
	}
	w.Press("button", "Cancel")
	if w.Find("confirm-remove-1") != nil {
		t.Error("the question stays")
	}
	w.Press("button", "Remove Ben")
	w.Press("button", "Remove")
	if !slices.Equal(w.s.Calls, []string{"Remove ben"}) || w.Find("confirm-remove-2") != nil {
		t.Errorf("got %v", w.s.Calls)
	}
	v := crowd()
	v.Roster.Slots[2].Removing = true
	w.show(v)
	if w.Find("remove-2") != nil || !strings.Contains(w.Must("person-2").Text(), "Removing…") {
		t.Error("it does not show that it is under way")
	}
}

// A slot that somebody else takes does not inherit the question.
func TestAQuestionGoesWithItsPerson(t *testing.T) {
	w := mount(t, crowd(), at(10))
	w.pressPeople()
	w.Press("button", "Remove Ben")
	v := crowd()
	v.Roster.Slots[2] = tile("Fay")
	w.show(v)
	if w.Find("confirm-remove-2") != nil {
		t.Error("Fay is asked about")
	}
	w.show(crowd())
	if w.Find("confirm-remove-2") != nil {
		t.Error("Ben is asked about again")
	}
}

func TestAnswersNameThePerson(t *testing.T) {
	w := mount(t, crowd(), at(10))
	w.pressPeople()
	w.Press("button", "Admit Dee")
	w.Press("button", "Deny Cem")
	if want := []string{"Admit w2", "Deny w1"}; !slices.Equal(w.s.Calls, want) {
		t.Errorf("got %v, want %v", w.s.Calls, want)
	}
	v := crowd()
	v.Roster.Waiting[0].Answering = true
	w.show(v)
	if w.Find("admit-0") != nil || w.Find("deny-0") != nil {
		t.Error("a second answer is offered")
	}
	w.Must("admit-1")
}

func TestLocking(t *testing.T) {
	w := mount(t, crowd(), at(10))
	w.pressPeople()
	if w.Must("lock").Has("aria-checked") || w.Find("locked") != nil {
		t.Error("locked before it was")
	}
	w.MustRole("switch", "Lock the meeting").Press()
	v := crowd()
	v.Room.Locked = true
	w.show(v)
	if !w.Must("lock").Has("aria-checked") || w.Must("locked").Text() != "Locked" {
		t.Error("it does not show")
	}
	w.MustRole("switch", "Lock the meeting").Press()
	if want := []string{"SetLocked true", "SetLocked false"}; !slices.Equal(w.s.Calls, want) {
		t.Errorf("got %v, want %v", w.s.Calls, want)
	}
	v.Room.Locking = true
	w.show(v)
	if w.Find("lock") != nil {
		t.Error("a second press is offered")
	}
}

func TestANewLinkAsksOnce(t *testing.T) {
	w := mount(t, crowd(), at(10))
	w.pressPeople()
	w.Press("button", "New link")
	w.Must("confirm-renew-link")
	if w.Role("button", "New link") != nil {
		t.Error("what asked is offered beside the question")
	}
	w.Press("button", "Cancel")
	if w.Find("confirm-renew-link") != nil || len(w.s.Calls) != 0 {
		t.Errorf("the question stays, or it was done: %v", w.s.Calls)
	}
	w.Press("button", "New link")
	w.Press("button", "Make a new link")
	if !slices.Equal(w.s.Calls, []string{"RenewLink"}) {
		t.Errorf("got %v", w.s.Calls)
	}
	v := crowd()
	v.Room.RenewingLink = true
	w.show(v)
	if w.Find("renew-link") != nil || !strings.Contains(w.Class("people-foot").Text(), "Making it…") {
		t.Error("it does not show that it is under way")
	}
}

func TestEscapeAnswersTheQuestionFirst(t *testing.T) {
	w := mount(t, crowd(), at(10))
	w.pressPeople()
	w.Press("button", "Remove Asha")
	w.Do(w.room, port{w.room}.escape)
	if w.Find("confirm-remove-1") != nil || w.Find("person-1") == nil {
		t.Error("the question stays, or the panel goes with it")
	}
	w.Do(w.room, port{w.room}.escape)
	if w.Find("person-1") != nil {
		t.Error("the panel stays")
	}
}

// What stands beside the stage comes and goes without a picture being made anew.
func TestThePanelLeavesThePicturesAlone(t *testing.T) {
	w := mount(t, crowd(), at(10))
	shown := slices.Clone(w.stage.Calls)
	w.pressPeople()
	w.pressPeople()
	v := crowd()
	v.Roster.Waiting = nil
	w.show(v)
	if !slices.Equal(w.stage.Calls, shown) {
		t.Errorf("got %v, want %v", w.stage.Calls, shown)
	}
}

func TestAKnockIsSeenHeardAndAnswered(t *testing.T) {
	w := mount(t, calm(), at(10))
	w.tab.IsHidden = true
	if w.Find("knock") != nil || w.Find("people-waiting") != nil {
		t.Error("nobody waits")
	}
	v := calm()
	v.Roster.Waiting = crowd().Roster.Waiting[:1]
	w.show(v)
	if !strings.HasPrefix(w.Must("knock").Text(), "Cem wants to come in") || w.Must("people-waiting").Text() != "1" {
		t.Errorf("shows %q", w.Must("knock").Text())
	}
	if w.room.attention.spoken != "Cem wants to come in." || !slices.Equal(w.tab.Notes, []string{"Review: Cem wants to come in"}) {
		t.Errorf("said %q, notified %v", w.room.attention.spoken, w.tab.Notes)
	}
	w.Must("knock-admit")
	w.Must("knock-deny")
	if w.Find("knock-see") != nil {
		t.Error("there is nobody else to see")
	}
	w.room.attention.spoken = ""
	w.show(v) // again
	if w.room.attention.spoken != "" || len(w.tab.Notes) != 1 {
		t.Error("told twice")
	}
	v.Roster.Waiting = crowd().Roster.Waiting
	w.show(v)
	if !strings.HasPrefix(w.Must("knock").Text(), "Cem and Dee want to come in") || w.room.attention.spoken != "Dee wants to come in." {
		t.Errorf("shows %q, says %q", w.Must("knock").Text(), w.room.attention.spoken)
	}
	if w.Find("knock-admit") != nil {
		t.Error("it is not clear who would be admitted")
	}
	w.Must("knock-see")
	w.pressPeople()
	if w.Find("knock") != nil {
		t.Error("told beside the panel that shows it")
	}
}

func TestWhoComesLearnsWhoWaits(t *testing.T) {
	w := mount(t, crowd(), at(10))
	if want := "Cem and Dee want to come in."; w.room.attention.spoken != want {
		t.Errorf("said %q, want %q", w.room.attention.spoken, want)
	}
}

func TestManyWait(t *testing.T) {
	waiting := append(crowd().Roster.Waiting, client.Waiter{ID: "w3", Name: "Ed"})
	if got, want := wanting(nil, waiting), "Cem and 2 others want to come in"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
