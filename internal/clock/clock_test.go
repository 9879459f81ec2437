package clock_test

import (
	"log/slog"
	"testing"
	"time"

	"overtime/internal/clock"
)

// machine has a wall clock that can be set and drifts, and a boot clock.
type machine struct {
	wall time.Time
	boot time.Duration
	skew float64 // seconds that the wall clock gains in a second
}

func (m *machine) pass(d time.Duration) {
	m.boot += d
	m.wall = m.wall.Add(d + time.Duration(m.skew*float64(d)))
}

func start(t *testing.T) (*machine, *clock.Clock) {
	t.Helper()
	m := &machine{wall: time.Date(2026, 3, 4, 9, 0, 0, 0, time.UTC), boot: 77 * time.Hour}
	return m, clock.New(func() time.Time { return m.wall }, func() time.Duration { return m.boot }, slog.New(slog.DiscardHandler))
}

func TestAnchored(t *testing.T) {
	m, c := start(t)
	if now := c.Now(); !now.Equal(m.wall) || now.Location() != time.UTC {
		t.Errorf("%v, want %v", now, m.wall)
	}
	m.pass(time.Hour)
	if now := c.Now(); !now.Equal(m.wall) {
		t.Errorf("an hour later: %v, want %v", now, m.wall)
	}
}

// A wall clock that is set, by little or much, back or forth, moves nothing.
func TestJumps(t *testing.T) {
	for _, jump := range []time.Duration{time.Hour, -time.Hour, 3 * time.Second, -3 * time.Second, 365 * 24 * time.Hour} {
		m, c := start(t)
		right := m.wall
		for minute := range 120 {
			if minute == 60 {
				m.wall = m.wall.Add(jump)
			}
			for range 240 { // as a room looks at it
				m.pass(250 * time.Millisecond)
				right = right.Add(250 * time.Millisecond)
				if off := c.Now().Sub(right).Abs(); off > 500*time.Millisecond {
					t.Fatalf("after a jump of %v: off by %v", jump, off)
				}
			}
		}
	}
}

// A sleep of the machine counts, and the wall clock that it wakes up with, set
// from its hardware to within a second, changes nothing.
func TestSleep(t *testing.T) {
	m, c := start(t)
	right := m.wall.Add(10 * time.Minute)
	m.pass(10 * time.Minute)
	m.wall = m.wall.Add(-700 * time.Millisecond)
	if off := c.Now().Sub(right).Abs(); off > 700*time.Millisecond {
		t.Errorf("off by %v", off)
	}
}

// A server that runs for months stays with the world.
func TestDrift(t *testing.T) {
	m, c := start(t)
	m.skew = 50e-6
	last := c.Now()
	for range 30 * 24 * 60 {
		m.pass(time.Minute)
		now := c.Now()
		if now.Before(last) {
			t.Fatal("went back")
		}
		last = now
	}
	if off := last.Sub(m.wall).Abs(); off > 10*time.Millisecond {
		t.Errorf("after a month: off by %v", off)
	}
}

// Steps and drift together: steps are not followed, drift is.
func TestStepsDoNotAddUp(t *testing.T) {
	m, c := start(t)
	for i := range 100 {
		m.pass(time.Minute)
		m.wall = m.wall.Add(time.Duration(1-2*(i%2)) * time.Hour)
		c.Now()
	}
	if off := c.Now().Sub(m.wall).Abs(); off > 200*time.Millisecond {
		t.Errorf("off by %v after as many steps back as forth", off)
	}
}

func TestSystem(t *testing.T) {
	c := clock.System(slog.New(slog.DiscardHandler))
	if off := time.Since(c.Now()).Abs(); off > time.Minute {
		t.Errorf("the machine's is off by %v", off)
	}
}

// However slow the wall clock is, no reading is before another.
func TestNeverBack(t *testing.T) {
	m, c := start(t)
	m.skew = -0.1
	before := c.Now()
	for range 100_000 {
		m.pass(100 * time.Microsecond)
		now := c.Now()
		if now.Before(before) {
			t.Fatalf("%v after %v", now, before)
		}
		before = now
	}
}
