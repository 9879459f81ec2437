package client

import "time"

// NewTestSession is a session whose back-off has the given jitter.
func NewTestSession(b Browser, room string, jitter time.Duration) *Session {
	return newSession(b, room, func() time.Duration { return jitter })
}

// Clock is the clock's estimator.
type Clock struct{ c clock }

func (c *Clock) Add(sent, received time.Duration, server time.Time) { c.c.add(sent, received, server) }
func (c *Clock) Wake()                                              { c.c.wake() }

// Now is the server's time at the local time now.
func (c *Clock) Now(now time.Duration) (time.Time, bool) {
	zero, ok := c.c.zero(now)
	return zero.Add(now), ok
}

// Slots are the stage's stable slots.
type Slots struct{ l slots }

func (s *Slots) Seat(self string, people []string) { s.l.seat(self, people) }
func (s *Slots) IDs() []string                     { return s.l.ids }
