package edge

import (
	"sync"

	"overtime/internal/protocol"
)

// outgoing is one thing to do to a browser: write a frame, close, or both.
type outgoing struct {
	frame []byte
	close protocol.CloseCode
}

// queue holds what waits to be written, bounded in frames and bytes: a browser
// that does not read is let go of, and never holds up anybody else.
type queue struct {
	frames, bytes int // bounds
	ready         chan struct{}

	mu    sync.Mutex // guards what follows
	items []outgoing
	size  int
	last  bool // a close was put, and nothing comes after it
}

func newQueue(frames, bytes int) *queue {
	return &queue{frames: frames, bytes: bytes, ready: make(chan struct{}, 1)}
}

// put adds an item; false if the queue is full. What comes after a close goes
// nowhere.
func (q *queue) put(o outgoing) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.last {
		return true
	}
	if len(q.items) >= q.frames || q.size+len(o.frame) > q.bytes {
		return false
	}
	q.items = append(q.items, o)
	q.size += len(o.frame)
	q.last = o.close != 0
	select {
	case q.ready <- struct{}{}:
	default:
	}
	return true
}

// closing reports whether the connection is to be closed.
func (q *queue) closing() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.last
}

// end lets nothing more in.
func (q *queue) end() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.last = true
}

// take empties the queue. ready is signalled whenever there is something.
func (q *queue) take() []outgoing {
	q.mu.Lock()
	defer q.mu.Unlock()
	items := q.items
	q.items, q.size = nil, 0
	return items
}
