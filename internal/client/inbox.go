package client

import (
	"sync"
	"time"
)

// inbox is what waits for a session's loop, in order. It has no bound: who
// puts something in (a component, a reader) never waits for the loop, and the
// loop is quicker than a network.
type inbox struct {
	bell chan struct{} // rung when something was put in; holds one ring

	mu    sync.Mutex
	queue []func()
}

func newInbox() *inbox { return &inbox{bell: make(chan struct{}, 1)} }

func (b *inbox) put(f func()) {
	b.mu.Lock()
	b.queue = append(b.queue, f)
	b.mu.Unlock()
	ring(b.bell)
}

func (b *inbox) take() []func() {
	b.mu.Lock()
	defer b.mu.Unlock()
	taken := b.queue
	b.queue = nil
	return taken
}

// ring rings a bell that holds one ring.
func ring(bell chan struct{}) {
	select {
	case bell <- struct{}{}:
	default:
	}
}

// alarm is a timer of the loop. It belongs to the loop alone: once set anew or
// unset, a firing that already waits in the inbox does nothing.
type alarm struct {
	gen   uint64
	timer *time.Timer // nil: not set
}

// waits reports whether the alarm is set and has not gone off.
func (a *alarm) waits() bool { return a.timer != nil }

// set has the loop run f after d, instead of what a was set to before.
func (s *Session) set(a *alarm, d time.Duration, f func()) {
	s.unset(a)
	gen := a.gen
	s.alarms[a] = struct{}{}
	a.timer = time.AfterFunc(d, func() {
		s.post(func() {
			if a.gen == gen {
				s.unset(a)
				f()
			}
		})
	})
}

func (s *Session) unset(a *alarm) {
	a.gen++
	if a.timer == nil {
		return
	}
	a.timer.Stop()
	a.timer = nil
	delete(s.alarms, a)
}
