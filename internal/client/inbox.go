package client

import "sync"

// inbox is what waits for a session's loop, in order. It has no bound: who
// puts something in (a component, a reader) never waits for the loop, and the
// loop is quicker than a network.
type inbox struct {
	bell bell // rung when something was put in

	mu    sync.Mutex
	queue []func()
}

func (b *inbox) put(f func()) {
	b.mu.Lock()
	b.queue = append(b.queue, f)
	b.mu.Unlock()
	b.bell.ring()
}

func (b *inbox) take() []func() {
	b.mu.Lock()
	defer b.mu.Unlock()
	taken := b.queue
	b.queue = nil
	return taken
}

// bell holds one ring.
type bell chan struct{}

func newBell() bell { return make(bell, 1) }

func (b bell) ring() {
	select {
	case b <- struct{}{}:
	default:
	}
}
