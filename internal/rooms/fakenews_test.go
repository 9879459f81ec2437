package rooms_test

import (
	"context"
	"sync"

	"overtime/internal/event"
	"overtime/internal/store"
)

// fakeNews keeps what it is told.
type fakeNews struct {
	mu     sync.Mutex // guards what follows
	passed []event.Event
	noted  []event.Event
	// recalled are the ids of what was.
	recalled []string
	down     bool // nothing can be passed on
	forget   int  // so many are taken, and then not acknowledged
}

func (n *fakeNews) Pass(_ context.Context, e event.Event) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.down {
		return store.ErrUnavailable
	}
	n.passed = append(n.passed, e)
	if n.forget > 0 {
		n.forget--
		return store.ErrUnavailable
	}
	return nil
}

func (n *fakeNews) Note(e event.Event) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.noted = append(n.noted, e)
}

func (n *fakeNews) Recall(e event.Event) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.recalled = append(n.recalled, e.ID)
}

func (n *fakeNews) set(f func(n *fakeNews)) {
	n.mu.Lock()
	defer n.mu.Unlock()
	f(n)
}

// kinds are what was passed on, each event once, in order.
func (n *fakeNews) kinds() (kinds []event.Kind) {
	for _, e := range n.all() {
		kinds = append(kinds, e.Kind)
	}
	return kinds
}

// all are the events that were passed on, each once, in order.
func (n *fakeNews) all() (all []event.Event) {
	n.mu.Lock()
	defer n.mu.Unlock()
	seen := map[string]bool{}
	for _, e := range n.passed {
		if !seen[e.ID] {
			all = append(all, e)
		}
		seen[e.ID] = true
	}
	return all
}
