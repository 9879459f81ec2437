package rooms_test

import (
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"overtime/internal/clock"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

// machine is what the clock of a node stands on: timers run on the bubble's
// time, the wall clock may be set, and both are behind after a sleep.
type machine struct {
	began       time.Time
	set, asleep atomic.Int64 // of time.Duration
}

func (m *machine) wall() time.Time {
	return time.Now().Add(time.Duration(m.set.Load() + m.asleep.Load()))
}
func (m *machine) boot() time.Duration {
	return time.Since(m.began) + time.Duration(m.asleep.Load())
}

// onMachine runs a house whose node has that clock.
func onMachine(t *testing.T, f func(h *house, m *machine)) {
	t.Helper()
	inHouse(t, func(h *house) {
		m := &machine{began: time.Now()}
		h.host.Close()
		h.now = clock.New(m.wall, m.boot, slog.New(slog.DiscardHandler)).Now
		h.start()
		f(h, m)
	})
}

// TestClockIsSet (T7): whatever somebody sets the machine's clock to, windows
// open and the session ends half a second late at most, and never early.
func TestClockIsSet(t *testing.T) {
	for _, jump := range []time.Duration{time.Hour, -time.Hour, 3 * time.Second, -3 * time.Second} {
		t.Run(jump.String(), func(t *testing.T) {
			onMachine(t, func(h *house, m *machine) {
				ada, _ := h.enter("aaa", "Ada", meeting.RoleModerator)
				h.until(30 * time.Minute)
				m.set.Store(int64(jump))
				h.until(2 * time.Hour)
				opened, at := events[protocol.WindowOpened](ada)
				ended, end := events[protocol.SessionEnded](ada)
				if len(opened) != 2 || len(ended) != 1 {
					t.Fatalf("told %+v and %+v", opened, ended)
				}
				for i, want := range []time.Duration{50 * time.Minute, 55 * time.Minute, time.Hour} {
					late := append(at, end...)[i].Sub(h.began) - want
					if late < -50*time.Millisecond || late > 500*time.Millisecond {
						t.Errorf("event %d came %v after its time", i, late)
					}
				}
			})
		})
	}
}

// TestSleepOfTheMachine (T7): a session that should have ended in the meantime
// ends when the machine wakes, and at its scheduled end; one that should not
// goes on with less time left.
func TestSleepOfTheMachine(t *testing.T) {
	onMachine(t, func(h *house, m *machine) {
		ada, w := h.enter("aaa", "Ada", meeting.RoleModerator)
		h.until(30 * time.Minute)
		m.asleep.Store(int64(10 * time.Minute))
		h.until(40*time.Minute + 500*time.Millisecond)
		if opened, _ := events[protocol.WindowOpened](ada); len(opened) != 1 || opened[0].Notice.MinutesLeft != 10 {
			t.Errorf("after ten minutes of sleep: %+v", opened)
		}
		m.asleep.Add(int64(10 * time.Minute))
		woke := time.Now()
		h.pass(500 * time.Millisecond)
		ended, at := events[protocol.SessionEnded](ada)
		if len(ended) != 1 || !ended[0].Session.Ending.At.Equal(w.Session.EndsAt) || ended[0].Session.Ending.Reason != meeting.ReasonExpired {
			t.Fatalf("ended %+v", ended)
		}
		if late := at[0].Sub(woke); late > 500*time.Millisecond {
			t.Errorf("ended %v after the machine woke", late)
		}
	})
}
