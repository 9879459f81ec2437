package meeting

import (
	"time"
	"unicode/utf8"
)

// Replay rebuilds a session from its ledger. A ledger that no session could
// have written is refused with CodeBadRequest. The product has no use for it: it
// is the judge that the tests of rooms, store and kills hold ledgers against.
func Replay(number int, ledger []Entry) (Session, error) {
	if len(ledger) == 0 {
		return Session{}, refuse(CodeBadRequest, "a ledger begins with the session's start")
	}
	s := Session{Number: number}
	for i, e := range ledger {
		if fault := s.fault(i, e); fault != "" {
			return Session{}, refuse(CodeBadRequest, fault)
		}
		s = s.After(e)
	}
	return s, nil
}

// fault is why e cannot stand at position i, after the ledger so far; empty if
// it can. The instants of entries may go back, as clocks do, but not past an
// end. The room is not known here, so neither is the length of its minute.
func (s Session) fault(i int, e Entry) string {
	switch {
	case (e.Kind == EntryStarted) != (i == 0):
		return "a ledger begins with one start"
	case s.Ending != nil:
		return "nothing follows the end in a ledger"
	case !exact(e.At) || !exact(e.EndsAt):
		return "an instant is UTC in whole milliseconds"
	case i > 0 && e.Kind != EntryExtended && e.EndsAt != s.EndsAt:
		return "only an extension moves the end"
	}
	switch e.Kind {
	case EntryStarted:
		return faultOfStart(e)
	case EntryWindowOpened:
		return s.faultOfOpening(e)
	case EntryExtended:
		return s.faultOfExtension(e)
	case EntryEnded:
		return s.faultOfEnd(e)
	default:
		return "unknown kind of ledger entry"
	}
}

func faultOfStart(e Entry) string {
	switch {
	case e != Entry{Kind: e.Kind, At: e.At, By: e.By, EndsAt: e.EndsAt}:
		return "a start says when, who and until when, and nothing else"
	case !e.At.Before(e.EndsAt):
		return "a session ends after its start"
	}
	return ""
}

func (s Session) faultOfOpening(e Entry) string {
	switch {
	case e != Entry{Kind: e.Kind, At: e.At, EndsAt: e.EndsAt, Minutes: e.Minutes, Window: e.Window}:
		return "an opening says when, which window and the minutes left, and nothing else"
	case !e.Window.names():
		return "an opening names its window"
	case e.Minutes < 1 || e.Minutes > firstWindow:
		return "an opening leaves 1 to 10 minutes"
	case !e.At.Before(s.EndsAt):
		return "a window opens before the end"
	case s.noticed(e.Window):
		return "a window opens once for each end"
	}
	return ""
}

func (s Session) faultOfExtension(e Entry) string {
	switch {
	case e != Entry{Kind: e.Kind, At: e.At, By: e.By, EndsAt: e.EndsAt, Minutes: e.Minutes, Window: e.Window}:
		return "an extension says when, who, how much and in which window, and nothing else"
	case !e.Window.names():
		return "an extension names its window"
	case e.Minutes < MinGrant || e.Minutes > MaxGrant || !wholeMinutes(e.EndsAt.Sub(s.EndsAt), e.Minutes):
		return "an extension moves the end forward by 10 to 30 minutes"
	case !e.At.Before(s.EndsAt):
		return "an extension comes before the end"
	}
	return ""
}

func (s Session) faultOfEnd(e Entry) string {
	switch {
	case e != Entry{Kind: e.Kind, At: e.At, By: e.By, EndsAt: e.EndsAt, Reason: e.Reason, Text: e.Text}:
		return "an end says when, who and why, and nothing else"
	case e.Text != Clean(e.Text) || utf8.RuneCountInString(e.Text) > MaxEndReason:
		return "the text about an end is one line of up to 200 characters"
	}
	switch e.Reason {
	case ReasonExpired:
		if e.At != s.EndsAt || e.By != (Person{}) || e.Text != "" {
			return "a session expires at its scheduled end, by nobody"
		}
	case ReasonEndedByModerator, ReasonEndedByAPI:
		if !e.At.Before(s.EndsAt) {
			return "somebody ends a session before it expires"
		}
	default:
		return "unknown reason of an end"
	}
	return ""
}

// wholeMinutes reports whether d is n minutes of some room.
func wholeMinutes(d time.Duration, n int) bool {
	minute := d / time.Duration(n)
	return validMinute(minute) && minute*time.Duration(n) == d
}

// exact reports whether t is an Instant, its zone included.
func exact(t time.Time) bool { return t == Instant(t) }

// names reports whether w is a window and not the lack of one.
func (w Window) names() bool { return w == FirstWindow || w == FinalWindow }
