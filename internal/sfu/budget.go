package sfu

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// What a publisher may send under one source, all layers and everything sent again
// included. The page asks its browser for at most 2.35 Mbit/s of camera in three
// layers and 3 of screen; a browser probes for a moment with twice its goal, and sends
// what waited for a stalled line all at once. Sound is 32 to 128 kbit/s with headers.
const (
	soundRate   = 200_000 / 8   // bytes a second
	pictureRate = 6_000_000 / 8 // bytes a second
	// burstTime is how much of a budget may come at once.
	burstTime = 2 * time.Second
	// tolerated is for how many seconds a browser may send more than it may. A second
	// in which it does not makes up for one in which it did.
	tolerated = 10
)

// newBudget is what may be sent under a source.
func newBudget(s Source) *rate.Limiter {
	perSecond := pictureRate
	if s.audio() {
		perSecond = soundRate
	}
	return rate.NewLimiter(rate.Limit(perSecond), int(burstTime.Seconds())*perSecond)
}

// excess counts the packets of one connection that were dropped because the browser
// may not send them, and says when it has gone on for too long.
type excess struct {
	mu      sync.Mutex // leaf
	what    string     // of the last that was dropped
	packets int        // dropped, in all
	now     int        // dropped since the last tick
	seconds int        // with something dropped, less those without
}

// note counts packets that were dropped.
func (e *excess) note(what string, packets int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.what = what
	e.now += packets
	e.packets += packets
}

// tick looks at the last second. enough is true once it was too many.
func (e *excess) tick() (what string, packets int, enough bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	switch {
	case e.now > 0:
		e.seconds++
	case e.seconds > 0:
		e.seconds--
	}
	e.now = 0
	return e.what, e.packets, e.seconds >= tolerated
}

// end makes the next tick say that it was too much.
func (e *excess) end(what string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.what, e.now, e.seconds = what, 1, tolerated
}
