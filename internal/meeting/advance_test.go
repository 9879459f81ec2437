package meeting_test

import (
	"testing"
	"time"

	"overtime/internal/meeting"
)

func opening(now, end time.Time, w meeting.Window, left int) meeting.Entry {
	return meeting.Entry{Kind: meeting.EntryWindowOpened, At: now, EndsAt: end, Window: w, Minutes: left}
}

func TestAdvanceAtEachBoundary(t *testing.T) {
	const ms = time.Millisecond
	first := func(now time.Time, left int) *meeting.Entry {
		e := opening(now, at(60), meeting.FirstWindow, left)
		return &e
	}
	final := func(now time.Time, left int) *meeting.Entry {
		e := opening(now, at(60), meeting.FinalWindow, left)
		return &e
	}
	expiry := &meeting.Entry{
		Kind: meeting.EntryEnded, At: at(60), EndsAt: at(60), Reason: meeting.ReasonExpired,
	}
	for _, c := range []struct {
		name string
		now  time.Time
		want *meeting.Entry
	}{
		{"nothing before the start", at(-1), nil},
		{"nothing at the start", at(0), nil},
		{"nothing 1 ms before first", at(50).Add(-ms), nil},
		{"nothing 1 ns before first", at(50).Add(-1), nil},
		{"first as it opens", at(50), first(at(50), 10)},
		{"first under 1 ms after it opens", at(50).Add(ms - 1), first(at(50), 10)},
		{"first 1 ms after it opened", at(50).Add(ms), first(at(50).Add(ms), 10)},
		{"first 1 ms before final", at(55).Add(-ms), first(at(55).Add(-ms), 6)},
		{"final alone as it opens", at(55), final(at(55), 5)},
		{"final 1 ms after it opened", at(55).Add(ms), final(at(55).Add(ms), 5)},
		{"final 1 ms before the end", at(60).Add(-ms), final(at(60).Add(-ms), 1)},
		{"final 1 ns before the end", at(60).Add(-1), final(at(60).Add(-ms), 1)},
		{"expiry at the end", at(60), expiry},
		{"expiry at the end though 1 ms late", at(60).Add(ms), expiry},
		{"expiry at the end though a day late", at(60 + 1440), expiry},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := roomOf(t, 60)
			s := started(t, r)
			got, entries := s.Advance(r, c.now)
			if c.want == nil {
				if len(entries) != 0 {
					t.Fatalf("recorded %+v", entries)
				}
				wantEqual(t, got, s)
				return
			}
			wantEqual(t, entries, []meeting.Entry{*c.want})
			wantEqual(t, got.Ledger, append(clone(s).Ledger, *c.want))
			if again, entries := got.Advance(r, c.now); len(entries) != 0 {
				t.Fatalf("recorded %+v a second time: %s", entries, show(again))
			}
		})
	}
}

func TestAdvanceRecordsTheExpiry(t *testing.T) {
	r := roomOf(t, 60)
	s := advanced(t, r, started(t, r), at(75))
	wantEqual(t, s.Ending, &meeting.Ending{Reason: meeting.ReasonExpired, At: at(60)})
	if s.EndsAt != at(60) {
		t.Fatalf("the scheduled end moved to %v", s.EndsAt)
	}
}

func TestAdvanceAnnouncesShortSessionsAtTheirStart(t *testing.T) {
	for _, c := range []struct {
		minutes int
		window  meeting.Window
	}{
		{1, meeting.FinalWindow},
		{5, meeting.FinalWindow},
		{6, meeting.FirstWindow},
		{10, meeting.FirstWindow},
		{11, meeting.NoWindow},
	} {
		r := roomOf(t, c.minutes)
		s, entries := started(t, r).Advance(r, t0)
		if c.window == meeting.NoWindow {
			if len(entries) != 0 {
				t.Errorf("%d minutes: recorded %+v at the start", c.minutes, entries)
			}
			continue
		}
		wantEqual(t, entries, []meeting.Entry{opening(t0, at(c.minutes), c.window, c.minutes)})
		if n, ok := s.NoticeAt(r, t0); !ok || n.MinutesLeft != c.minutes {
			t.Errorf("%d minutes: notice %+v, %v", c.minutes, n, ok)
		}
	}
}

func TestAdvanceAnnouncesEachEndAnew(t *testing.T) {
	r := roomOf(t, 60)
	s := advanced(t, r, started(t, r), at(50))
	s = advanced(t, r, s, at(55))
	s = extended(t, r, s, at(56), ben, 10)
	s = advanced(t, r, s, at(60))
	wantEqual(t, s.Ledger[len(s.Ledger)-1], opening(at(60), at(70), meeting.FirstWindow, 10))
	s = advanced(t, r, s, at(65))
	wantEqual(t, s.Ledger[len(s.Ledger)-1], opening(at(65), at(70), meeting.FinalWindow, 5))
}

func TestAdvanceDoesNotRepeatAWindowWhenTheClockGoesBack(t *testing.T) {
	r := roomOf(t, 60)
	s := advanced(t, r, started(t, r), at(50))
	s = advanced(t, r, s, at(55))
	for _, now := range []time.Time{at(52), at(40), at(50), at(57), at(55)} {
		if _, entries := s.Advance(r, now); len(entries) != 0 {
			t.Fatalf("at %v: recorded %+v a second time", now, entries)
		}
	}
}

func TestAdvanceLeavesAnEndedSessionAlone(t *testing.T) {
	r := roomOf(t, 60)
	s := ended(t, started(t, r), at(20), ada, "enough")
	for _, now := range []time.Time{at(10), at(20), at(50), at(60), at(90)} {
		got, entries := s.Advance(r, now)
		if len(entries) != 0 {
			t.Fatalf("at %v: recorded %+v after the end", now, entries)
		}
		wantEqual(t, got, s)
	}
}

func TestNextWake(t *testing.T) {
	r := roomOf(t, 60)
	fresh := started(t, r)
	told := advanced(t, r, fresh, at(50))
	toldTwice := advanced(t, r, told, at(55))
	const ms = time.Millisecond
	for _, c := range []struct {
		name string
		s    meeting.Session
		now  time.Time
		want time.Time
	}{
		{"first from the start", fresh, t0, at(50)},
		{"first from before the start", fresh, at(-90), at(50)},
		{"first 1 ms before it opens", fresh, at(50).Add(-ms), at(50)},
		{"first 1 ns before it opens", fresh, at(50).Add(-1), at(50)},
		{"now as first opens", fresh, at(50), at(50)},
		{"now for a first that was missed", fresh, at(53), at(53)},
		{"now for a final that was missed", fresh, at(58), at(58)},
		{"final once first was announced", told, at(50), at(55)},
		{"final 1 ms before it opens", told, at(55).Add(-ms), at(55)},
		{"now as final opens", told, at(55), at(55)},
		{"the end once final was announced", toldTwice, at(55), at(60)},
		{"the end 1 ms before it", toldTwice, at(60).Add(-ms), at(60)},
		{"the end when it is past", toldTwice, at(61), at(60)},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, ok := c.s.NextWake(r, c.now)
			if !ok || got != c.want {
				t.Fatalf("wakes at %v, %v; want %v", got, ok, c.want)
			}
		})
	}
	t.Run("never once the session has ended", func(t *testing.T) {
		if got, ok := ended(t, fresh, at(1), ada, "").NextWake(r, at(1)); ok || !got.IsZero() {
			t.Fatalf("wakes at %v, %v after the end", got, ok)
		}
	})
}
