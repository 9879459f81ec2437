package meeting

import "time"

// Window is one of the two spans before the scheduled end in which a session
// can be extended.
type Window string

const (
	NoWindow    Window = ""
	FirstWindow Window = "first" // [end-10 min, end-5 min)
	FinalWindow Window = "final" // [end-5 min, end)
)

// Opens is how many minutes before the scheduled end the window opens.
func (w Window) Opens() int {
	switch w {
	case FirstWindow:
		return firstWindow
	case FinalWindow:
		return finalWindow
	}
	return 0
}

// WindowAt is the window that is open at now. Windows are derived from the
// scheduled end and half-open; an ended session has none.
func (s Session) WindowAt(r Room, now time.Time) Window {
	now = Instant(now)
	switch {
	case s.Over(now), now.Before(s.EndsAt.Add(-r.minutes(firstWindow))):
		return NoWindow
	case now.Before(s.EndsAt.Add(-r.minutes(finalWindow))):
		return FirstWindow
	default:
		return FinalWindow
	}
}

// OpensAt is the instant at which the first window of the present scheduled
// end opens; for a short session that lies before its start.
func (s Session) OpensAt(r Room) time.Time { return s.EndsAt.Add(-r.minutes(firstWindow)) }

// Notice is what everyone is told when a window opens, and whoever comes while
// it is open.
type Notice struct {
	Window      Window    `json:"window"`
	EndsAt      time.Time `json:"ends_at"`      // the scheduled end it is about; an answer names it
	MinutesLeft int       `json:"minutes_left"` // rounded up
	// Grantable is the most an extension can be, 0 if the room's latest end
	// leaves no room for one.
	Grantable int `json:"grantable_minutes"`
}

// NoticeAt is the notice of the window that is open at now and that has been
// announced; ok is false if there is none.
func (s Session) NoticeAt(r Room, now time.Time) (n Notice, ok bool) {
	w := s.WindowAt(r, now)
	if w == NoWindow || !s.noticed(w) {
		return Notice{}, false
	}
	return s.notice(r, w, now), true
}

func (s Session) notice(r Room, w Window, now time.Time) Notice {
	return Notice{
		Window:      w,
		EndsAt:      s.EndsAt,
		MinutesLeft: r.minutesUp(s.EndsAt.Sub(Instant(now))),
		Grantable:   s.grantable(r),
	}
}

// grantable is the most minutes an extension of this session can be: the whole
// minutes up to the room's latest end, at most MaxGrant, 0 below MinGrant.
func (s Session) grantable(r Room) int {
	if r.LatestEnd.IsZero() {
		return MaxGrant
	}
	left := int(min(Instant(r.LatestEnd).Sub(s.EndsAt)/r.Minute, MaxGrant))
	if left < MinGrant {
		return 0
	}
	return left
}

// noticed reports whether the opening of w before the present scheduled end is
// in the ledger.
func (s Session) noticed(w Window) bool {
	for i := len(s.Ledger) - 1; i >= 0; i-- {
		e := s.Ledger[i]
		if !e.EndsAt.Equal(s.EndsAt) {
			return false
		}
		if e.Kind == EntryWindowOpened && e.Window == w {
			return true
		}
	}
	return false
}
