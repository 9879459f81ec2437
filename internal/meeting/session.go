package meeting

import (
	"slices"
	"time"
)

// EntryKind names a fact in a session's ledger.
type EntryKind string

const (
	EntryStarted      EntryKind = "started"
	EntryWindowOpened EntryKind = "window_opened"
	EntryExtended     EntryKind = "extended"
	EntryEnded        EntryKind = "ended"
)

// Entry is one fact of a session's ledger, in the order they happened.
type Entry struct {
	Kind EntryKind `json:"kind"`
	At   time.Time `json:"at"`
	By   Person    `json:"by,omitzero"` // nobody for window_opened and an expiry
	// EndsAt is the scheduled end that holds after this entry.
	EndsAt  time.Time `json:"ends_at"`
	Minutes int       `json:"minutes,omitempty"` // extended: the grant; window_opened: minutes left
	Window  Window    `json:"window,omitempty"`  // extended, window_opened
	Reason  Reason    `json:"reason,omitempty"`  // ended
	Text    string    `json:"text,omitempty"`    // ended: what the moderator said about it
}

// Session is one run of a room, from the first admission to its end. It is a
// value: transitions return a changed copy and never write through to the old.
type Session struct {
	Number    int       `json:"number"` // 1 for a room's first
	StartedAt time.Time `json:"started_at"`
	EndsAt    time.Time `json:"ends_at"` // scheduled
	Ending    *Ending   `json:"ending,omitempty"`
	Ledger    []Entry   `json:"ledger"`
}

// Start begins a session of r at the first admission. It is refused with
// CodeTooLate at or after the room's latest end. Here as in every transition r
// is a room that Validate has passed.
func Start(r Room, number int, now time.Time, by Person) (Session, error) {
	now = Instant(now)
	end := now.Add(r.minutes(r.Duration))
	if latest := Instant(r.LatestEnd); !latest.IsZero() {
		if !now.Before(latest) {
			return Session{}, &Refusal{
				Code:    CodeTooLate,
				Message: "this room was booked until a time that has passed; ask for a new meeting",
				EndsAt:  latest,
			}
		}
		if end.After(latest) {
			end = latest
		}
	}
	s := Session{Number: number}
	return s.After(Entry{Kind: EntryStarted, At: now, By: by, EndsAt: end}), nil
}

// Over reports whether the session has ended by now, whether or not its end
// has been recorded yet.
func (s Session) Over(now time.Time) bool {
	return s.Ending != nil || !Instant(now).Before(s.EndsAt)
}

// Advance brings the session to now: it records the opening of a window that
// nobody has been told of, or the expiry at the scheduled end. An opening that
// was missed is recorded only while its window is open. The entries it added
// are returned in order; none means that nothing was due.
func (s Session) Advance(r Room, now time.Time) (Session, []Entry) {
	now = Instant(now)
	if s.Ending != nil {
		return s, nil
	}
	if !now.Before(s.EndsAt) {
		e := Entry{Kind: EntryEnded, At: s.EndsAt, EndsAt: s.EndsAt, Reason: ReasonExpired}
		return s.After(e), []Entry{e}
	}
	w := s.WindowAt(r, now)
	if w == NoWindow || s.noticed(w) {
		return s, nil
	}
	e := Entry{Kind: EntryWindowOpened, At: now, EndsAt: s.EndsAt, Window: w, Minutes: s.notice(r, w, now).MinutesLeft}
	return s.After(e), []Entry{e}
}

// NextWake is when Advance has to be called next: never later than the next
// thing it would record, and later than now unless something is due already.
// ok is false once the session has ended.
func (s Session) NextWake(r Room, now time.Time) (at time.Time, ok bool) {
	if s.Ending != nil {
		return time.Time{}, false
	}
	now = Instant(now)
	if w := s.WindowAt(r, now); w != NoWindow && !s.noticed(w) {
		return now, true
	}
	for _, minutes := range []int{firstWindow, finalWindow} {
		if at := s.EndsAt.Add(-r.minutes(minutes)); at.After(now) {
			return at, true
		}
	}
	return s.EndsAt, true
}

// After is s with one more fact. The ledger is copied, so that s itself keeps its own.
func (s Session) After(e Entry) Session {
	s.Ledger = append(slices.Clip(s.Ledger), e)
	s.EndsAt = e.EndsAt
	switch e.Kind {
	case EntryStarted:
		s.StartedAt = e.At
	case EntryEnded:
		s.Ending = &Ending{Reason: e.Reason, At: e.At, By: e.By, Text: e.Text}
	}
	return s
}

// Extensions are the extensions of the session, oldest first.
func (s Session) Extensions() []Entry {
	var out []Entry
	for _, e := range s.Ledger {
		if e.Kind == EntryExtended {
			out = append(out, e)
		}
	}
	return out
}
