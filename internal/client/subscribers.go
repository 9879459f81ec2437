package client

import (
	"slices"
	"sync"
	"sync/atomic"
)

// subscribers tells whoever asked of new views, from one goroutine.
type subscribers struct {
	bell // rung when there is a new view or subscriber

	mu   sync.Mutex
	list []*subscriber
}

type subscriber struct {
	f       func(View)
	stopped atomic.Bool
	seen    *View // belongs to the goroutine of run
}

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

// run tells everyone what they have not seen, at each ring, until end. No lock
// is held during a call, so that it may subscribe and stop.
func (n *subscribers) run(latest func() *View, end <-chan struct{}) {
	for {
		select {
		case <-n.bell:
		case <-end:
			return
		}
		n.mu.Lock()
		all := slices.Clone(n.list)
		n.mu.Unlock()
		for _, sub := range all {
			view := latest()
			if sub.seen != view && !sub.stopped.Load() {
				sub.seen = view
				sub.f(*view)
			}
		}
	}
}
