package meeting_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"overtime/internal/meeting"
)

func TestEndAtEachBoundary(t *testing.T) {
	over := overBy(meeting.Ending{Reason: meeting.ReasonExpired, At: at(60)}, at(60))
	r := roomOf(t, 60)
	for _, n := range nudges {
		t.Run(n.name, func(t *testing.T) {
			s := started(t, r)
			got, err := s.End(at(60).Add(n.by), ada, "time to go")
			if !n.before {
				wantRefusal(t, err, over)
				wantEqual(t, got, s)
				return
			}
			if err != nil {
				t.Fatalf("refused: %v", err)
			}
			last := at(60).Add(-time.Millisecond)
			wantEqual(t, got, meeting.Session{
				Number: 1, StartedAt: t0, EndsAt: at(60),
				Ending: &meeting.Ending{
					Reason: meeting.ReasonEndedByModerator, At: last, By: ada.Person, Text: "time to go",
				},
				Ledger: append(clone(s).Ledger, meeting.Entry{
					Kind: meeting.EntryEnded, At: last, By: ada.Person, EndsAt: at(60),
					Reason: meeting.ReasonEndedByModerator, Text: "time to go",
				}),
			})
		})
	}
}

func TestEndByRole(t *testing.T) {
	r := roomOf(t, 60)
	for _, c := range []struct {
		name string
		by   meeting.Actor
		want meeting.Reason // empty: refused
	}{
		{"moderator", ada, meeting.ReasonEndedByModerator},
		{"portal", desk, meeting.ReasonEndedByAPI},
		{"participant", ben, ""},
		{"viewer", vera, ""},
		{"unknown role", meeting.Actor{Role: "owner"}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := started(t, r)
			got, err := s.End(at(20), c.by, "")
			if c.want == "" {
				wantRefusal(t, err, meeting.Refusal{Code: meeting.CodeForbidden})
				wantEqual(t, got, s)
				return
			}
			if err != nil {
				t.Fatalf("refused: %v", err)
			}
			wantEqual(t, got.Ending, &meeting.Ending{Reason: c.want, At: at(20), By: c.by.Person})
		})
	}
}

func TestEndText(t *testing.T) {
	r := roomOf(t, 60)
	for _, c := range []struct {
		name, text, want string
		ok               bool
	}{
		{"none", "", "", true},
		{"200 characters", strings.Repeat("é", 200), strings.Repeat("é", 200), true},
		{"201 characters", strings.Repeat("é", 201), "", false},
		{"200 once it is trimmed", " " + strings.Repeat("é", 200) + "\n", strings.Repeat("é", 200), true},
		{"cleaned", "good\u202e\nbye", "good bye", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := started(t, r)
			got, err := s.End(at(20), ada, c.text)
			if !c.ok {
				wantRefusal(t, err, meeting.Refusal{Code: meeting.CodeBadRequest})
				wantEqual(t, got, s)
				return
			}
			if err != nil {
				t.Fatalf("refused: %v", err)
			}
			if got.Ending.Text != c.want {
				t.Fatalf("text %q, want %q", got.Ending.Text, c.want)
			}
		})
	}
}

func TestEndChecksInOrder(t *testing.T) {
	r := roomOf(t, 60)
	tooLong := strings.Repeat("x", 201)
	s := ended(t, started(t, r), at(20), desk, "closing")
	ending := meeting.Ending{Reason: meeting.ReasonEndedByAPI, At: at(20), By: desk.Person, Text: "closing"}
	t.Run("over", func(t *testing.T) {
		got, err := s.End(at(10), vera, tooLong)
		wantRefusal(t, err, overBy(ending, at(60)))
		wantEqual(t, got, s)
	})
	t.Run("role", func(t *testing.T) {
		_, err := started(t, r).End(at(10), vera, tooLong)
		wantRefusal(t, err, meeting.Refusal{Code: meeting.CodeForbidden})
	})
}

func TestOver(t *testing.T) {
	r := roomOf(t, 60)
	s := started(t, r)
	for _, n := range nudges {
		if got := s.Over(at(60).Add(n.by)); got == n.before {
			t.Errorf("%s: over is %v", n.name, got)
		}
	}
	if s = ended(t, s, at(20), ada, ""); !s.Over(at(10)) {
		t.Error("an ended session is not over when the clock goes back")
	}
}

func TestTransitionsOfOneSessionShareNothing(t *testing.T) {
	r := roomOf(t, 60)
	s := started(t, r)
	for _, now := range []time.Time{at(50), at(55), at(60)} { // longer and longer ledgers
		one := ended(t, s, at(40), ada, "one")
		before, copied := clone(s), clone(one)
		two := ended(t, s, at(41), desk, "two")
		next, _ := s.Advance(r, now)
		wantEqual(t, s, before)
		wantEqual(t, one, copied)
		wantEqual(t, two.Ending.Text, "two")
		s = next
	}
}

func TestRefusalSharesNothingWithTheSession(t *testing.T) {
	r := roomOf(t, 60)
	s := ended(t, started(t, r), at(20), ada, "done")
	before := clone(s)
	_, err := s.End(at(21), ada, "")
	refusalOf(t, err, meeting.CodeOver).Ending.Text = "changed"
	wantEqual(t, s, before)
}

func TestRefusalIsAnErrorWithItsCode(t *testing.T) {
	var err error = &meeting.Refusal{Code: meeting.CodeOver, Message: "the meeting is over"}
	if got, want := err.Error(), "over: the meeting is over"; got != want {
		t.Fatalf("got %q, want %q", got, want)
	}
	var refusal *meeting.Refusal
	if !errors.As(err, &refusal) {
		t.Fatal("a refusal is not found as one")
	}
}
