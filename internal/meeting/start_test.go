package meeting_test

import (
	"testing"
	"time"

	"overtime/internal/meeting"
)

func TestStartLastsTheRoomsDuration(t *testing.T) {
	for _, c := range []struct {
		name    string
		minutes int
		minute  time.Duration
		end     time.Time
	}{
		{"a minute", 1, 0, at(1)},
		{"an hour", 60, 0, at(60)},
		{"a day", 1440, 0, at(1440)},
		{"an hour of seconds", 60, time.Second, at(1)},
		{"a day of the longest minutes", 1440, time.Hour, t0.Add(60 * 24 * time.Hour)},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := roomOf(t, c.minutes, func(r *meeting.Room) { r.Minute = c.minute })
			got, err := meeting.Start(r, 3, t0.Add(999*time.Microsecond).Local(), ada.Person)
			if err != nil {
				t.Fatalf("Start: %v", err)
			}
			wantEqual(t, got, meeting.Session{
				Number: 3, StartedAt: t0, EndsAt: c.end,
				Ledger: []meeting.Entry{{Kind: meeting.EntryStarted, At: t0, By: ada.Person, EndsAt: c.end}},
			})
		})
	}
}

func TestStartEndsNoLaterThanLatestEnd(t *testing.T) {
	for _, n := range nudges {
		t.Run(n.name, func(t *testing.T) {
			latest := at(60).Add(n.by)
			want := at(60)
			if n.before {
				want = at(60).Add(-time.Millisecond)
			}
			if s := started(t, roomOf(t, 60, latestEnd(latest))); s.EndsAt != want {
				t.Fatalf("ends at %v, want %v", s.EndsAt, want)
			}
		})
	}
}

func TestStartAroundLatestEnd(t *testing.T) {
	latest := at(60)
	r := roomOf(t, 30, latestEnd(latest))
	for _, n := range nudges {
		t.Run(n.name, func(t *testing.T) {
			s, err := meeting.Start(r, 1, latest.Add(n.by), ben.Person)
			if n.before {
				if err != nil {
					t.Fatalf("refused: %v", err)
				}
				if want := latest.Add(-time.Millisecond); s.StartedAt != want || s.EndsAt != latest {
					t.Fatalf("runs from %v to %v, want %v to %v", s.StartedAt, s.EndsAt, want, latest)
				}
				return
			}
			wantRefusal(t, err, meeting.Refusal{Code: meeting.CodeTooLate, EndsAt: latest})
			wantEqual(t, s, meeting.Session{})
		})
	}
}

// A latest end that was set without validating the room again is an instant
// all the same.
func TestStartTruncatesLatestEnd(t *testing.T) {
	r := roomOf(t, 60)
	r.LatestEnd = at(60).Add(-1)
	s := started(t, r)
	if want := at(60).Add(-time.Millisecond); s.EndsAt != want {
		t.Fatalf("ends at %v, want %v", s.EndsAt, want)
	}
	_, err := meeting.Start(r, 1, at(60).Add(-1), ben.Person)
	wantRefusal(t, err, meeting.Refusal{Code: meeting.CodeTooLate, EndsAt: at(60).Add(-time.Millisecond)})
}
