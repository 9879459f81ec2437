package client

import (
	"fmt"
	"reflect"
	"time"

	"overtime/internal/protocol"
)

// NewTestSession is a session whose back-off has the given jitter. Each of its
// Views is checked; what is wrong with one is told to fault, from its loop.
func NewTestSession(b Browser, room string, jitter time.Duration, fault func(string)) *Session {
	var last, kept View
	return newSession(b, room, func() time.Duration { return jitter }, func(v *views, next View) {
		anew := *v
		anew.shown = shown{}
		if from := anew.view(); !reflect.DeepEqual(from, next) {
			fault(fmt.Sprintf("a part changed without a new pointer:\n%s", difference(next, from)))
		}
		if !reflect.DeepEqual(last, kept) {
			fault(fmt.Sprintf("a view changed after it was handed out:\n%s", difference(kept, last)))
		}
		last, kept = next, next.Copy()
	})
}

// difference shows the parts in which two Views differ.
func difference(a, b View) (out string) {
	x, y := reflect.ValueOf(a), reflect.ValueOf(b)
	for i := range x.NumField() {
		if p, q := x.Field(i), y.Field(i); !reflect.DeepEqual(p.Interface(), q.Interface()) {
			if p.Kind() == reflect.Pointer && !p.IsNil() && !q.IsNil() {
				p, q = p.Elem(), q.Elem()
			}
			out += fmt.Sprintf("%s: %+v\nand now: %+v\n", x.Type().Field(i).Name, p, q)
		}
	}
	return out
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
type Slots struct{ ids []string }

func (s *Slots) Seat(self string, people []string) { s.ids = seated(s.ids, self, people) }
func (s *Slots) IDs() []string                     { return s.ids }

// Still is a session whose loop does not run: the test is its goroutine.
type Still struct{ s *Session }

// NewStill is a session that has been let in.
func NewStill(b Browser, w protocol.Welcome) *Still {
	s := assembled(b, "room", randomJitter)
	s.entry.ticket = readTicket(b, "room")
	s.welcome(protocol.ServerFrame{Epoch: 1, Seq: 1}, w)
	s.publish()
	return &Still{s}
}

// Receive takes in a frame over a connection, and publishes what came of it.
func (s *Still) Receive(f protocol.ServerFrame) {
	s.s.link.joined = true
	s.s.received(f)
	s.s.publish()
}

func (s *Still) View() View { return s.s.View() }

// Close ends its alarms.
func (s *Still) Close() { s.s.loop.close() }
