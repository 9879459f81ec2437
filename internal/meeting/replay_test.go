package meeting_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"overtime/internal/meeting"
)

// fullSession has a ledger with every kind of entry.
func fullSession(t tb) meeting.Session {
	t.Helper()
	r := roomOf(t, 60)
	s := advanced(t, r, started(t, r), at(50))
	s = advanced(t, r, s, at(55))
	s = extended(t, r, s, at(56), ben, 10)
	s = advanced(t, r, s, at(60))
	s = extended(t, r, s, at(61), ada, 30)
	return ended(t, s, at(80), ada, "see you")
}

func TestReplayRebuildsTheSession(t *testing.T) {
	r := roomOf(t, 60)
	for _, c := range []struct {
		name string
		s    meeting.Session
	}{
		{"just started", started(t, r)},
		{"running", extended(t, r, started(t, r), at(50), ben, 12)},
		{"expired", advanced(t, r, started(t, r), at(99))},
		{"ended by a moderator", fullSession(t)},
		{"ended by the portal", ended(t, started(t, r), at(5), desk, "")},
	} {
		t.Run(c.name, func(t *testing.T) {
			wantReplay(t, c.s)
		})
	}
}

// wantReplay checks that the ledger of s makes s again, also once it has been
// stored.
func wantReplay(t tb, s meeting.Session) {
	t.Helper()
	stored, err := reread(s.Ledger)
	if err != nil {
		t.Fatalf("store the ledger: %v", err)
	}
	for _, ledger := range [][]meeting.Entry{s.Ledger, stored} {
		got, err := meeting.Replay(s.Number, ledger)
		if err != nil {
			t.Fatalf("Replay: %v\n%s", err, show(ledger))
		}
		wantEqual(t, got, s)
	}
	whole, err := reread(s)
	if err != nil {
		t.Fatalf("store the session: %v", err)
	}
	wantEqual(t, whole, s)
}

func TestReplayCopiesTheLedger(t *testing.T) {
	ledger := clone(fullSession(t)).Ledger
	s, err := meeting.Replay(1, ledger)
	if err != nil {
		t.Fatalf("Replay: %v", err)
	}
	ledger[0].By.Name = "changed"
	wantEqual(t, s, fullSession(t))
}

func TestReplayRefuses(t *testing.T) {
	// The positions of the entries in fullSession.
	const start, first, final, byBen, again, byAda, end = 0, 1, 2, 3, 4, 5, 6
	edit := func(i int, change func(*meeting.Entry)) func([]meeting.Entry) []meeting.Entry {
		return func(ledger []meeting.Entry) []meeting.Entry {
			change(&ledger[i])
			return ledger
		}
	}
	expire := func(e *meeting.Entry) {
		*e = meeting.Entry{Kind: meeting.EntryEnded, At: at(100), EndsAt: at(100), Reason: meeting.ReasonExpired}
	}
	move := func(minutes int, to time.Duration) func(*meeting.Entry) {
		return func(e *meeting.Entry) { e.Minutes, e.EndsAt = minutes, at(70).Add(to) }
	}
	for _, c := range []struct {
		name   string
		change func([]meeting.Entry) []meeting.Entry
	}{
		{"nothing", func([]meeting.Entry) []meeting.Entry { return nil }},
		{"no start", func(l []meeting.Entry) []meeting.Entry { return l[1:] }},
		{"two starts", func(l []meeting.Entry) []meeting.Entry { return append(l[:1], l[0]) }},
		{"something after the end", func(l []meeting.Entry) []meeting.Entry { return append(l, l[end]) }},
		{"an unknown kind", edit(first, func(e *meeting.Entry) { e.Kind = "paused" })},
		{"no kind", edit(first, func(e *meeting.Entry) { e.Kind = "" })},
		{"an instant under a millisecond", edit(first, func(e *meeting.Entry) { e.At = e.At.Add(1) })},
		{"an end under a millisecond", edit(start, func(e *meeting.Entry) { e.EndsAt = e.EndsAt.Add(1) })},
		{"another zone", edit(first, func(e *meeting.Entry) { e.At = e.At.In(time.FixedZone("", 0)) })},

		{"an end at the start", edit(start, func(e *meeting.Entry) { e.EndsAt = e.At })},
		{"an end before the start", edit(start, func(e *meeting.Entry) { e.At = at(61) })},
		{"a start with minutes", edit(start, func(e *meeting.Entry) { e.Minutes = 10 })},
		{"a start with a reason", edit(start, func(e *meeting.Entry) { e.Reason = meeting.ReasonExpired })},

		{"an opening that moves the end", edit(first, func(e *meeting.Entry) { e.EndsAt = at(61) })},
		{"an opening of no window", edit(first, func(e *meeting.Entry) { e.Window = "" })},
		{"an opening of an unknown window", edit(first, func(e *meeting.Entry) { e.Window = "third" })},
		{"an opening with 0 minutes left", edit(first, func(e *meeting.Entry) { e.Minutes = 0 })},
		{"an opening with 11 minutes left", edit(first, func(e *meeting.Entry) { e.Minutes = 11 })},
		{"an opening at the end", edit(first, func(e *meeting.Entry) { e.At = at(60) })},
		{"an opening by somebody", edit(first, func(e *meeting.Entry) { e.By = ada.Person })},
		{"an opening twice", edit(final, func(e *meeting.Entry) { e.Window = meeting.FirstWindow })},

		{"an extension of 9", edit(byBen, move(9, -time.Minute))},
		{"an extension of 31", edit(byBen, move(31, 21*time.Minute))},
		{"an extension back", edit(byBen, move(10, -20*time.Minute))},
		{"an extension by nothing", edit(byBen, move(10, -10*time.Minute))},
		{"an extension by no whole minutes", edit(byBen, move(10, time.Millisecond))},
		{"an extension by minutes of no whole milliseconds", edit(byBen, move(10, 5*time.Millisecond))},
		{"an extension by minutes over an hour", edit(byBen, move(10, 600*time.Minute))},
		{"an extension in no window", edit(byBen, func(e *meeting.Entry) { e.Window = "" })},
		{"an extension at the end", edit(byBen, func(e *meeting.Entry) { e.At = at(60) })},
		{"an extension with a text", edit(byBen, func(e *meeting.Entry) { e.Text = "more" })},

		{"an end that moves the end", edit(end, func(e *meeting.Entry) { e.EndsAt = at(101) })},
		{"an end for no reason", edit(end, func(e *meeting.Entry) { e.Reason = "" })},
		{"an end for an unknown reason", edit(end, func(e *meeting.Entry) { e.Reason = "bored" })},
		{"an end with minutes", edit(end, func(e *meeting.Entry) { e.Minutes = 1 })},
		{"an end with a long text", edit(end, func(e *meeting.Entry) { e.Text = strings.Repeat("é", 201) })},
		{"an end with a text on two lines", edit(end, func(e *meeting.Entry) { e.Text = "a\nb" })},
		{"an end by a moderator at the scheduled end", edit(end, func(e *meeting.Entry) { e.At = at(100) })},
		{"an expiry before the scheduled end", edit(end, func(e *meeting.Entry) { expire(e); e.At = at(99) })},
		{"an expiry after the scheduled end", edit(end, func(e *meeting.Entry) { expire(e); e.At = at(101) })},
		{"an expiry by somebody", edit(end, func(e *meeting.Entry) { expire(e); e.By = ada.Person })},
		{"an expiry with a text", edit(end, func(e *meeting.Entry) { expire(e); e.Text = "bye" })},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, err := meeting.Replay(1, c.change(clone(fullSession(t)).Ledger))
			wantRefusal(t, err, meeting.Refusal{Code: meeting.CodeBadRequest})
			wantEqual(t, s, meeting.Session{})
		})
	}

	t.Run("and none of the ledgers that were changed for it", func(t *testing.T) {
		for _, change := range []func([]meeting.Entry) []meeting.Entry{
			func(l []meeting.Entry) []meeting.Entry { return l },
			edit(end, expire),
			edit(again, func(e *meeting.Entry) { e.At = at(40) }), // a clock that went back
			edit(byAda, func(e *meeting.Entry) { e.At = at(40) }),
			func(l []meeting.Entry) []meeting.Entry { return l[:end] },
		} {
			if _, err := meeting.Replay(1, change(clone(fullSession(t)).Ledger)); err != nil {
				t.Fatalf("Replay: %v", err)
			}
		}
	})
}

// FuzzReplay takes a stored ledger.
func FuzzReplay(f *testing.F) {
	full, err := json.Marshal(fullSession(f).Ledger)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(full)
	f.Fuzz(func(t *testing.T, data []byte) {
		var ledger []meeting.Entry
		if json.Unmarshal(data, &ledger) != nil {
			return
		}
		s, err := meeting.Replay(7, ledger)
		if err != nil {
			wantRefusal(t, err, meeting.Refusal{Code: meeting.CodeBadRequest})
			return
		}
		wantEqual(t, s.Ledger, ledger)
		wantReplay(t, s)
		once, twice := mustEncode(t, s.Ledger), mustEncode(t, func() []meeting.Entry {
			again, _ := reread(s.Ledger)
			return again
		}())
		if !bytes.Equal(once, twice) {
			t.Fatalf("encodes as %s, then as %s", once, twice)
		}
		// Whatever was accepted is a session that the rules can go on with.
		r := roomOf(t, 60)
		now := s.EndsAt.Add(-time.Millisecond)
		for range 4 {
			s, _ = s.Advance(r, now)
			now, _ = s.NextWake(r, now)
		}
		if s.Ending == nil {
			t.Fatalf("does not come to its end:\n%s", show(s))
		}
		wantReplay(t, s)
	})
}

func mustEncode(t *testing.T, v any) []byte {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatalf("encode: %v", err)
	}
	return data
}
