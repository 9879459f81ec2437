package client

import "sync"

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
