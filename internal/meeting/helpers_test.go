package meeting_test

import (
	"encoding/json"
	"errors"
	"reflect"
	"time"

	"overtime/internal/meeting"
)

var (
	// t0 is when the tests' sessions start.
	t0 = time.Date(2026, time.March, 29, 0, 30, 0, 0, time.UTC)

	ada  = meeting.Actor{Person: meeting.Person{Sub: "ada", Name: "Ada"}, Role: meeting.RoleModerator}
	ben  = meeting.Actor{Person: meeting.Person{Sub: "ben", Name: "Ben"}, Role: meeting.RoleParticipant}
	vera = meeting.Actor{Person: meeting.Person{Sub: "vera", Name: "Vera"}, Role: meeting.RoleViewer}
	desk = meeting.Actor{Person: meeting.Person{Sub: "desk", Name: "Front desk"}, Role: meeting.RoleService}
)

// tb is what the helpers need of a test, a fuzz target or a property.
type tb interface {
	Helper()
	Fatalf(format string, args ...any)
}

// at is the instant m minutes after the start of the tests' sessions.
func at(m int) time.Time { return t0.Add(time.Duration(m) * time.Minute) }

// nudges are the distances from a boundary that every boundary is tested at,
// with what is left of them once they are truncated to milliseconds.
var nudges = []struct {
	name   string
	by     time.Duration
	before bool
}{
	{"1 ms before", -time.Millisecond, true},
	{"1 ns before", -1, true},
	{"at it", 0, false},
	{"under 1 ms after", time.Millisecond - 1, false},
	{"1 ms after", time.Millisecond, false},
}

// roomOf is a valid room of the given length, changed by edits.
func roomOf(t tb, minutes int, edits ...func(*meeting.Room)) meeting.Room {
	t.Helper()
	r := meeting.Room{ID: "r", Name: "Weekly", CreatedAt: t0.Add(-time.Hour), Duration: minutes}
	for _, edit := range edits {
		edit(&r)
	}
	r, err := r.Validate()
	if err != nil {
		t.Fatalf("Validate: %v", err)
	}
	return r
}

func latestEnd(end time.Time) func(*meeting.Room) {
	return func(r *meeting.Room) { r.LatestEnd = end }
}

func moderatorsOnly(r *meeting.Room) { r.ExtendBy = meeting.ExtendByModerators }

// started is a session of r that Ada started at t0.
func started(t tb, r meeting.Room) meeting.Session {
	t.Helper()
	s, err := meeting.Start(r, 1, t0, ada.Person)
	if err != nil {
		t.Fatalf("Start: %v", err)
	}
	return s
}

// extended is s after by extended it.
func extended(t tb, r meeting.Room, s meeting.Session, now time.Time, by meeting.Actor, minutes int) meeting.Session {
	t.Helper()
	s, _, err := s.Extend(r, now, by, meeting.ExtendRequest{Minutes: &minutes})
	if err != nil {
		t.Fatalf("Extend at %v: %v", now, err)
	}
	return s
}

// ended is s after by ended it.
func ended(t tb, s meeting.Session, now time.Time, by meeting.Actor, text string) meeting.Session {
	t.Helper()
	s, err := s.End(now, by, text)
	if err != nil {
		t.Fatalf("End at %v: %v", now, err)
	}
	return s
}

// advanced is s after Advance, which has to record exactly one entry.
func advanced(t tb, r meeting.Room, s meeting.Session, now time.Time) meeting.Session {
	t.Helper()
	s, entries := s.Advance(r, now)
	if len(entries) != 1 {
		t.Fatalf("Advance at %v recorded %+v, want one entry", now, entries)
	}
	return s
}

// refusalOf is err as a refusal with the given code.
func refusalOf(t tb, err error, code meeting.Code) *meeting.Refusal {
	t.Helper()
	var refusal *meeting.Refusal
	if !errors.As(err, &refusal) {
		t.Fatalf("got error %v, want a refusal with %s", err, code)
	}
	if refusal.Code != code {
		t.Fatalf("refused with %v, want %s", refusal, code)
	}
	if refusal.Message == "" {
		t.Fatalf("refusal %s says nothing", code)
	}
	return refusal
}

// wantRefusal checks code and facts of a refusal; its wording is left aside.
func wantRefusal(t tb, err error, want meeting.Refusal) {
	t.Helper()
	got := *refusalOf(t, err, want.Code)
	want.Message = got.Message
	wantEqual(t, got, want)
}

func wantEqual[T any](t tb, got, want T) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Fatalf("got  %s\nwant %s", show(got), show(want))
	}
}

func show(v any) []byte {
	out, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return []byte(err.Error())
	}
	return out
}

// clone is a copy of s that shares nothing with it.
func clone(s meeting.Session) meeting.Session {
	s.Ledger = append([]meeting.Entry(nil), s.Ledger...)
	if s.Ending != nil {
		ending := *s.Ending
		s.Ending = &ending
	}
	return s
}

// reread is v after a round trip through JSON.
func reread[T any](v T) (T, error) {
	var out T
	data, err := json.Marshal(v)
	if err == nil {
		err = json.Unmarshal(data, &out)
	}
	return out, err
}
