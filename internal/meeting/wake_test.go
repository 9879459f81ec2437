package meeting_test

import (
	"testing"
	"time"

	"overtime/internal/meeting"
	"pgregory.net/rapid"
)

// A session that is advanced at its wakes only has the ledger of one that is
// advanced in every millisecond. The room's minutes are short enough to try
// each of them.
func TestPropertyWakesMissNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := roomOf(t, rapid.IntRange(1, 40).Draw(t, "duration"), func(r *meeting.Room) {
			r.Minute = time.Duration(rapid.IntRange(1, 5).Draw(t, "minute")) * time.Millisecond
		})
		// When somebody presses, in milliseconds; how much they ask for.
		presses := rapid.MapOfN(rapid.IntRange(0, 500), rapid.IntRange(10, 30), 0, 40).Draw(t, "presses")
		wantEqual(t, atWakes(t, r, presses).Ledger, atEachMillisecond(t, r, presses).Ledger)
	})
}

func atEachMillisecond(t tb, r meeting.Room, presses map[int]int) meeting.Session {
	t.Helper()
	s := started(t, r)
	for ms := 0; s.Ending == nil; ms++ {
		now := t0.Add(time.Duration(ms) * time.Millisecond)
		s, _ = s.Advance(r, now)
		if minutes, ok := presses[ms]; ok {
			s, _, _ = s.Extend(r, now, ben, asks(minutes)) // or a refusal
		}
	}
	return s
}

func atWakes(t tb, r meeting.Room, presses map[int]int) meeting.Session {
	t.Helper()
	s, now := started(t, r), t0
	for {
		s, _ = s.Advance(r, now)
		if minutes, ok := presses[int(now.Sub(t0).Milliseconds())]; ok {
			s, _, _ = s.Extend(r, now, ben, asks(minutes))
		}
		wake, ok := s.NextWake(r, now)
		if !ok {
			return s
		}
		if !wake.After(now) {
			t.Fatalf("at %v it wakes at %v", now, wake)
		}
		for ms := range presses {
			if press := t0.Add(time.Duration(ms) * time.Millisecond); press.After(now) && press.Before(wake) {
				wake = press
			}
		}
		now = wake
	}
}

// FuzzExtend asks for an extension of any room at any time.
func FuzzExtend(f *testing.F) {
	f.Add(60, int64(time.Minute), int64(0), int64(50*time.Minute), int64(60*time.Minute), 15, true, "participant", "")
	f.Add(60, int64(time.Minute), int64(70*time.Minute), int64(59*time.Minute), int64(0), 30, true, "moderator", "moderators")
	f.Fuzz(func(t *testing.T, duration int, minute, latest, now, named int64, minutes int, asked bool, role, by string) {
		r := meeting.Room{Duration: duration, Minute: time.Duration(minute), ExtendBy: meeting.ExtendBy(by)}
		r, err := r.Validate()
		if err != nil {
			wantRefusal(t, err, meeting.Refusal{Code: meeting.CodeBadRequest})
			return
		}
		s := started(t, r)
		if latest != 0 {
			r.LatestEnd = t0.Add(time.Duration(latest))
		}
		var req meeting.ExtendRequest
		if named != 0 {
			req.Answers = t0.Add(time.Duration(named))
		}
		if asked {
			req.Minutes = &minutes
		}
		actor := meeting.Actor{Person: ben.Person, Role: meeting.Role(role)}
		before := clone(s)
		got, grant, err := s.Extend(r, t0.Add(time.Duration(now)), actor, req)
		wantEqual(t, s, before)
		if err != nil {
			wantEqual(t, got, before)
			return
		}
		end := before.EndsAt.Add(time.Duration(grant.Minutes) * r.Minute)
		switch {
		case grant.Minutes < meeting.MinGrant || grant.Minutes > meeting.MaxGrant:
			t.Fatalf("granted %d minutes", grant.Minutes)
		case asked && grant.Minutes > minutes:
			t.Fatalf("granted %d minutes of %d", grant.Minutes, minutes)
		case grant.EndsAt != end || got.EndsAt != end:
			t.Fatalf("%d minutes end at %v and %v, want %v", grant.Minutes, grant.EndsAt, got.EndsAt, end)
		case latest != 0 && end.After(r.LatestEnd):
			t.Fatalf("ends at %v, after %v", end, r.LatestEnd)
		}
		wantReplay(t, got)
	})
}
