package meeting_test

import (
	"testing"
	"time"

	"overtime/internal/meeting"
	"pgregory.net/rapid"
)

// machine lives through one session with a clock that also goes back, and
// holds every transition against what the rules promise.
type machine struct {
	room     meeting.Room
	s        meeting.Session
	now      time.Time
	answered map[time.Time]meeting.Entry // extensions, under the end they answered
	olds     []kept
}

// kept is a session as it was handed out, and a copy from then.
type kept struct{ handed, copied meeting.Session }

func TestPropertySession(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := newMachine(t)
		t.Repeat(map[string]func(*rapid.T){
			"":           m.check,
			"clock":      m.moveClock,
			"advance":    m.advance,
			"wake":       m.wake,
			"extend":     m.extend,
			"end":        m.end,
			"latest end": m.changeLatestEnd,
		})
	})
}

func newMachine(t *rapid.T) *machine {
	m := &machine{now: t0, answered: map[time.Time]meeting.Entry{}}
	m.room = roomOf(t, rapid.IntRange(1, 100).Draw(t, "duration"), func(r *meeting.Room) {
		r.Minute = rapid.SampledFrom([]time.Duration{
			time.Millisecond, 7 * time.Millisecond, time.Second, time.Minute, time.Hour,
		}).Draw(t, "minute")
		r.DefaultExtension = rapid.IntRange(meeting.MinGrant, meeting.MaxGrant).Draw(t, "default")
		r.ExtendBy = rapid.SampledFrom([]meeting.ExtendBy{
			meeting.ExtendByAnyone, meeting.ExtendByModerators,
		}).Draw(t, "extend by")
	})
	m.s = started(t, m.room)
	return m
}

func (m *machine) minutes(n int) time.Duration { return time.Duration(n) * m.room.Minute }

// check holds after whatever happened.
func (m *machine) check(t *rapid.T) {
	for _, old := range m.olds {
		wantEqual(t, old.handed, old.copied)
	}
	wantReplay(t, m.s)
	type told struct {
		end    time.Time
		window meeting.Window
	}
	notices := map[told]bool{}
	for i, e := range m.s.Ledger {
		switch e.Kind {
		case meeting.EntryWindowOpened:
			if key := (told{e.EndsAt, e.Window}); notices[key] {
				t.Fatalf("window %q before %v was announced twice", e.Window, e.EndsAt)
			} else {
				notices[key] = true
			}
		case meeting.EntryExtended:
			if e.EndsAt != m.s.Ledger[i-1].EndsAt.Add(m.minutes(e.Minutes)) {
				t.Fatalf("%d minutes moved the end from %v to %v", e.Minutes, m.s.Ledger[i-1].EndsAt, e.EndsAt)
			}
		}
	}
	if len(m.s.Extensions()) != len(m.answered) {
		t.Fatalf("%d extensions of %d ends", len(m.s.Extensions()), len(m.answered))
	}
}

// becomes takes the session over to next, which may only add to it, and which
// stays what it is when the old one is asked for another successor.
func (m *machine) becomes(t *rapid.T, next meeting.Session) {
	if m.s.Ending != nil {
		wantEqual(t, next, m.s)
	}
	if next.EndsAt.Before(m.s.EndsAt) {
		t.Fatalf("the end moved back from %v to %v", m.s.EndsAt, next.EndsAt)
	}
	if len(next.Ledger) < len(m.s.Ledger) {
		t.Fatalf("the ledger lost entries")
	}
	wantEqual(t, next.Ledger[:len(m.s.Ledger)], m.s.Ledger)
	m.olds = append(m.olds, kept{m.s, clone(m.s)}, kept{next, clone(next)})
	_, _ = m.s.End(t0, desk, "instead") // refused once it is over
	m.s = next
}

// moveClock goes anywhere, with a liking for boundaries.
func (m *machine) moveClock(t *rapid.T) {
	switch rapid.SampledFrom([]string{"on", "back", "to a boundary"}).Draw(t, "move") {
	case "on":
		m.now = m.now.Add(time.Duration(rapid.Int64Range(0, int64(m.minutes(12))).Draw(t, "on")))
	case "back":
		m.now = m.now.Add(-time.Duration(rapid.Int64Range(0, int64(m.minutes(60))).Draw(t, "back")))
	default:
		boundary := m.s.EndsAt.Add(-m.minutes(rapid.SampledFrom([]int{10, 5, 0}).Draw(t, "boundary")))
		m.now = boundary.Add(rapid.SampledFrom(nudges).Draw(t, "nudge").by)
	}
}

func (m *machine) advance(t *rapid.T) {
	now := meeting.Instant(m.now)
	next, entries := m.s.Advance(m.room, m.now)
	wantEqual(t, next.Ledger, append(clone(m.s).Ledger, entries...))
	for _, e := range entries {
		switch {
		case e.Kind == meeting.EntryEnded && (e.At != m.s.EndsAt || now.Before(e.At)):
			t.Fatalf("expiry recorded at %v for %v, at %v", e.At, m.s.EndsAt, now)
		case e.Kind == meeting.EntryWindowOpened && e.Window != m.s.WindowAt(m.room, now):
			t.Fatalf("announced %q while %q is open", e.Window, m.s.WindowAt(m.room, now))
		}
	}
	m.becomes(t, next)
	if again, entries := m.s.Advance(m.room, m.now); len(entries) > 0 {
		t.Fatalf("advanced twice at one instant: %s", show(again))
	}
	wake, ok := m.s.NextWake(m.room, m.now)
	switch {
	case ok != (m.s.Ending == nil):
		t.Fatalf("next wake %v, %v; ending %v", wake, ok, m.s.Ending)
	case !ok:
		return
	case !wake.After(now):
		t.Fatalf("nothing is due at %v, yet it wakes at %v", now, wake)
	}
	between := now.Add(time.Duration(rapid.Int64Range(0, int64(wake.Sub(now))-1).Draw(t, "between")))
	if _, entries := m.s.Advance(m.room, between); len(entries) > 0 {
		t.Fatalf("%+v was due at %v, before the next wake %v", entries, between, wake)
	}
}

func (m *machine) wake(t *rapid.T) {
	if wake, ok := m.s.NextWake(m.room, m.now); ok {
		m.now = wake
	}
	m.advance(t)
}

func (m *machine) changeLatestEnd(t *rapid.T) {
	before := m.s.EndsAt
	m.room.LatestEnd = time.Time{}
	if rapid.Bool().Draw(t, "bounded") {
		m.room.LatestEnd = before.Add(time.Duration(
			rapid.Int64Range(-int64(m.minutes(20)), int64(m.minutes(40))).Draw(t, "room left")))
	}
}

func (m *machine) end(t *rapid.T) {
	if rapid.IntRange(0, 9).Draw(t, "really") > 0 {
		t.Skip("most meetings go on")
	}
	by := rapid.SampledFrom([]meeting.Actor{ada, ben, vera, desk}).Draw(t, "by")
	next, err := m.s.End(m.now, by, rapid.String().Draw(t, "text"))
	if err != nil {
		wantEqual(t, next, m.s)
	}
	m.becomes(t, next)
}

func (m *machine) extend(t *rapid.T) {
	by := rapid.SampledFrom([]meeting.Actor{ben, ada, desk, vera}).Draw(t, "by")
	var req meeting.ExtendRequest
	if rapid.Bool().Draw(t, "asks") {
		minutes := rapid.OneOf(rapid.IntRange(10, 30), rapid.IntRange(0, 40), rapid.Int()).Draw(t, "minutes")
		req.Minutes = &minutes
	}
	switch rapid.SampledFrom([]string{"nothing", "the end", "an entry's end", "any instant"}).Draw(t, "names") {
	case "the end":
		req.Answers = m.s.EndsAt
	case "an entry's end":
		req.Answers = rapid.SampledFrom(m.s.Ledger).Draw(t, "entry").EndsAt
	case "any instant":
		req.Answers = t0.Add(time.Duration(rapid.Int64Range(0, int64(m.minutes(200))).Draw(t, "instant")))
	}
	next, grant, err := m.s.Extend(m.room, m.now, by, req)
	code, minutes := m.expect(by, req)
	if code != "" {
		refusal := refusalOf(t, err, code)
		wantEqual(t, next, m.s)
		wantEqual(t, grant, meeting.Grant{})
		if refusal.Code == meeting.CodeAlreadyExtended {
			e := m.answered[meeting.Instant(req.Answers)]
			wantRefusal(t, err, meeting.Refusal{Code: code, By: e.By, Minutes: e.Minutes, EndsAt: m.s.EndsAt})
		}
		return
	}
	if err != nil {
		t.Fatalf("refused: %v", err)
	}
	end := m.s.EndsAt.Add(m.minutes(minutes))
	wantEqual(t, grant, meeting.Grant{Minutes: minutes, EndsAt: end})
	if minutes < 10 || minutes > 30 || (!m.room.LatestEnd.IsZero() && end.After(m.room.LatestEnd)) {
		t.Fatalf("granted %d minutes until %v, latest end %v", minutes, end, m.room.LatestEnd)
	}
	if w := next.WindowAt(m.room, m.now); w != meeting.NoWindow {
		t.Fatalf("window %q is open after an extension", w)
	}
	m.answered[m.s.EndsAt] = next.Ledger[len(next.Ledger)-1]
	m.becomes(t, next)
}

// expect says once more, in other words, what an extension gets.
func (m *machine) expect(by meeting.Actor, req meeting.ExtendRequest) (meeting.Code, int) {
	left := m.s.EndsAt.Sub(meeting.Instant(m.now))
	if m.s.Ending != nil || left <= 0 {
		return meeting.CodeOver, 0
	}
	if by == vera || by == ben && m.room.ExtendBy == meeting.ExtendByModerators {
		return meeting.CodeForbidden, 0
	}
	if named := meeting.Instant(req.Answers); !named.IsZero() && named != m.s.EndsAt {
		if _, ok := m.answered[named]; ok {
			return meeting.CodeAlreadyExtended, 0
		}
		return meeting.CodeBadRequest, 0
	}
	if left > m.minutes(10) {
		return meeting.CodeNoWindow, 0
	}
	minutes := m.room.DefaultExtension
	if req.Minutes != nil {
		minutes = *req.Minutes
	}
	if minutes < 10 || minutes > 30 {
		return meeting.CodeBadMinutes, 0
	}
	if latest := meeting.Instant(m.room.LatestEnd); !latest.IsZero() {
		for ; m.s.EndsAt.Add(m.minutes(minutes)).After(latest); minutes-- {
			if minutes == 10 {
				return meeting.CodeNoTimeLeft, 0
			}
		}
	}
	return "", minutes
}
