package sfu

import (
	"slices"
	"sync"
)

// mailbox carries what happened to the room's observers, in order, in a goroutine of its
// own. Putting something in never waits.
type mailbox struct {
	mu     sync.Mutex
	letter chan struct{} // holds one token while there is something to deliver
	queue  []event
	closed bool
}

// event is one call of an observer.
type event struct {
	peer     *Peer // nil: the room's
	seating  *Seating
	state    State
	excess   string // what a browser sends too much of
	speaking []string
}

// kind tells events apart that do not replace each other.
func (e event) kind() string {
	switch {
	case e.peer == nil:
		return "speaking"
	case e.seating != nil:
		return "seating"
	case e.excess != "":
		return "excess"
	}
	return "state"
}

func newMailbox() *mailbox { return &mailbox{letter: make(chan struct{}, 1)} }

// put adds an event. What has not been delivered is replaced by the newer event of its
// kind: nobody wants to know what is no longer so, and the queue is bounded by the peers.
func (m *mailbox) put(e event) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return
	}
	m.queue = slices.DeleteFunc(m.queue, func(o event) bool { return o.peer == e.peer && o.kind() == e.kind() })
	m.queue = append(m.queue, e)
	select {
	case m.letter <- struct{}{}:
	default:
	}
}

// forget drops what was not delivered to a peer, which is closed.
func (m *mailbox) forget(p *Peer) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.queue = slices.DeleteFunc(m.queue, func(o event) bool { return o.peer == p })
}

func (m *mailbox) close() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.closed {
		m.closed, m.queue = true, nil
		close(m.letter)
	}
}

// run delivers until the mailbox is closed. guard runs each delivery.
func (m *mailbox) run(room RoomObserver, guard func(event, func())) {
	for range m.letter {
		for {
			e, ok := m.take()
			if !ok {
				break
			}
			guard(e, func() { e.deliver(room) })
		}
	}
}

func (m *mailbox) take() (event, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.queue) == 0 {
		return event{}, false
	}
	e := m.queue[0]
	m.queue = slices.Delete(m.queue, 0, 1)
	return e, true
}

func (e event) deliver(room RoomObserver) {
	switch {
	case e.peer == nil:
		if room != nil {
			room.Speaking(e.speaking)
		}
	case e.peer.obs == nil:
	case e.seating != nil:
		e.peer.obs.Seated(*e.seating)
	case e.excess != "":
		e.peer.obs.Excess(e.excess)
	default:
		e.peer.obs.Connection(e.state)
	}
}
