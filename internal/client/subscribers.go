package client

import (
	"slices"
	"sync"
	"sync/atomic"
)

// subscribers tells whoever asked of new views, from one goroutine.
type subscribers struct {
	bell chan struct{} // rung when there is a new view or subscriber

	mu   sync.Mutex
	list []*subscriber
}

type subscriber struct {
	f       func(View)
	stopped atomic.Bool
	seen    *View // belongs to the goroutine of run
}

func newSubscribers() *subscribers { return &subscribers{bell: make(chan struct{}, 1)} }

func (n *subscribers) ring() { ring(n.bell) }

func (n *subscribers) add(f func(View)) (stop func()) {
	sub := &subscriber{f: f}
	n.mu.Lock()
	n.list = append(n.list, sub)
	n.mu.Unlock()
	n.ring()
	return func() {
		sub.stopped.Store(true)
		n.mu.Lock()
		defer n.mu.Unlock()
		n.list = slices.DeleteFunc(n.list, func(have *subscriber) bool { return have == sub })
	}
}

func (n *subscribers) all() []*subscriber {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Clone(n.list)
}

// run tells everyone what they have not seen, at each ring, until end. No lock
// is held during a call, so that it may subscribe and stop.
func (n *subscribers) run(latest func() *View, end <-chan struct{}) {
	for {
		select {
		case <-n.bell:
		case <-end:
			return
		}
		for _, sub := range n.all() {
			view := latest()
			if sub.seen != view && !sub.stopped.Load() {
				sub.seen = view
				sub.f(*view)
			}
		}
	}
}
