package meeting_test

import (
	"testing"
	"time"

	"overtime/internal/meeting"
)

func TestWindowAtEachBoundary(t *testing.T) {
	const (
		none  = meeting.NoWindow
		first = meeting.FirstWindow
		final = meeting.FinalWindow
	)
	for _, c := range []struct {
		name          string
		minutes       int // of the session
		boundary      int // minutes after its start
		before, after meeting.Window
	}{
		{"first opens", 60, 50, none, first},
		{"final opens", 60, 55, first, final},
		{"final closes at the end", 60, 60, final, none},
		{"10-minute session starts in first", 10, 0, none, first},
		{"8-minute session starts in first", 8, 0, first, first},
		{"5-minute session starts in final", 5, 0, first, final},
		{"1-minute session starts in final", 1, 0, final, final},
	} {
		for _, scale := range []time.Duration{time.Minute, time.Second, time.Millisecond} {
			r := roomOf(t, c.minutes, func(r *meeting.Room) { r.Minute = scale })
			s := started(t, r)
			for _, n := range nudges {
				t.Run(c.name+"/minute of "+scale.String()+"/"+n.name, func(t *testing.T) {
					want := c.after
					if n.before {
						want = c.before
					}
					if scale == time.Millisecond && n.by == time.Millisecond && c.minutes == 1 {
						want = none // that is its end
					}
					now := t0.Add(time.Duration(c.boundary)*scale + n.by)
					if got := s.WindowAt(r, now); got != want {
						t.Fatalf("window %q, want %q", got, want)
					}
				})
			}
		}
	}
}

func TestWindowsFollowTheScheduledEnd(t *testing.T) {
	r := roomOf(t, 60)
	s := extended(t, r, started(t, r), at(50), ben, 10)
	for _, c := range []struct {
		now  time.Time
		want meeting.Window
	}{
		{at(50), meeting.NoWindow},
		{at(60).Add(-time.Millisecond), meeting.NoWindow},
		{at(60), meeting.FirstWindow},
		{at(65), meeting.FinalWindow},
		{at(70), meeting.NoWindow},
	} {
		if got := s.WindowAt(r, c.now); got != c.want {
			t.Errorf("at %v: window %q, want %q", c.now, got, c.want)
		}
	}
	if got := s.OpensAt(r); got != at(60) {
		t.Errorf("opens at %v, want %v", got, at(60))
	}
}

func TestEndedSessionHasNoWindow(t *testing.T) {
	r := roomOf(t, 60)
	s := advanced(t, r, started(t, r), at(52))
	s = ended(t, s, at(53), ada, "")
	if w := s.WindowAt(r, at(52)); w != meeting.NoWindow {
		t.Fatalf("window %q is open after the end", w)
	}
	if n, ok := s.NoticeAt(r, at(52)); ok {
		t.Fatalf("notice %+v after the end", n)
	}
}

func TestNoticeCountsMinutesUp(t *testing.T) {
	r := roomOf(t, 60)
	for _, c := range []struct {
		name   string
		now    time.Time
		window meeting.Window
		left   int
	}{
		{"as first opens", at(50), meeting.FirstWindow, 10},
		{"1 ms later", at(50).Add(time.Millisecond), meeting.FirstWindow, 10},
		{"1 ms before 9 are left", at(51).Add(-time.Millisecond), meeting.FirstWindow, 10},
		{"9 left", at(51), meeting.FirstWindow, 9},
		{"under 1 ms after 9 are left", at(51).Add(time.Millisecond - 1), meeting.FirstWindow, 9},
		{"1 ms before final opens", at(55).Add(-time.Millisecond), meeting.FirstWindow, 6},
		{"as final opens", at(55), meeting.FinalWindow, 5},
		{"1 left", at(59), meeting.FinalWindow, 1},
		{"1 ms left", at(60).Add(-time.Millisecond), meeting.FinalWindow, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := advanced(t, r, started(t, r), c.now)
			n, ok := s.NoticeAt(r, c.now)
			if !ok {
				t.Fatal("no notice while a window is open")
			}
			wantEqual(t, n, meeting.Notice{Window: c.window, EndsAt: at(60), MinutesLeft: c.left, Grantable: 30})
			if e := s.Ledger[len(s.Ledger)-1]; e.Minutes != c.left {
				t.Fatalf("the ledger says %d minutes left, want %d", e.Minutes, c.left)
			}
		})
	}
}

func TestNoticeWaitsForTheAnnouncement(t *testing.T) {
	r := roomOf(t, 60)
	s := started(t, r)
	if n, ok := s.NoticeAt(r, at(50)); ok {
		t.Fatalf("notice %+v before the window was announced", n)
	}
	s = advanced(t, r, s, at(50))
	if n, ok := s.NoticeAt(r, at(50).Add(-time.Millisecond)); ok {
		t.Fatalf("notice %+v before the window", n)
	}
	if _, ok := s.NoticeAt(r, at(54)); !ok {
		t.Fatal("no notice while the announced window is open")
	}
	if n, ok := s.NoticeAt(r, at(55)); ok {
		t.Fatalf("notice %+v of the final window before it was announced", n)
	}
	if n, ok := extended(t, r, s, at(54), ben, 10).NoticeAt(r, at(54)); ok {
		t.Fatalf("notice %+v after an extension has closed the window", n)
	}
}

func TestNoticeSaysWhatIsGrantable(t *testing.T) {
	for _, c := range []struct {
		name   string
		latest time.Time
		want   int
	}{
		{"no latest end", time.Time{}, 30},
		{"the far future", time.Unix(1<<40, 0), 30},
		{"1 ms under 31 minutes", at(91).Add(-time.Millisecond), 30},
		{"30 minutes", at(90), 30},
		{"1 ms under 30 minutes", at(90).Add(-time.Millisecond), 29},
		{"1 ns under 30 minutes", at(90).Add(-1), 29},
		{"10 minutes and a bit", at(70).Add(time.Millisecond), 10},
		{"10 minutes", at(70), 10},
		{"1 ms under 10 minutes", at(70).Add(-time.Millisecond), 0},
		{"1 ns under 10 minutes", at(70).Add(-1), 0},
		{"nothing", at(60), 0},
		{"less than nothing", at(30), 0},
		{"the far past", time.Unix(-1<<35, 0), 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := roomOf(t, 60)
			s := advanced(t, r, started(t, r), at(50))
			r.LatestEnd = c.latest // changed during the session
			n, ok := s.NoticeAt(r, at(50))
			if !ok || n.Grantable != c.want {
				t.Fatalf("notice %+v, want %d grantable", n, c.want)
			}
			if n.EndsAt != at(60) {
				t.Fatalf("the end moved to %v", n.EndsAt)
			}
		})
	}
}
