package edge

import (
	"sync"
	"sync/atomic"

	"overtime/internal/protocol"
)

// outgoing is one thing to do to a browser: write a frame, close, or both.
type outgoing struct {
	frame []byte
	close protocol.CloseCode
}

// pool is what all browsers of a node together hold of something, in bytes, and how much
// that may be. Beyond it whoever holds more than a share gets no more; beyond twice as
// much nobody who holds anything does.
type pool struct {
	bytes atomic.Int64
	most  int64
}

// full reports whether there is no room for a browser that would then hold so much.
func (u *pool) full(held, more int) bool {
	all := u.bytes.Load()
	return all > u.most && held+more > share || all > 2*u.most && held > 0
}

// share is what a browser may have waiting while there is too much for all of them: a
// snapshot of a large room, for whoever has just come.
const share = 64 << 10

// queue holds what waits to be written, bounded in frames and bytes: a browser
// that does not read is let go of, and never holds up anybody else.
type queue struct {
	frames, bytes int   // bounds
	all           *pool // of what waits to be written
	ready         chan struct{}

	mu    sync.Mutex // guards what follows
	items []outgoing
	size  int
	held  int  // bytes that were put and not written, those in the writer's hands as well
	last  bool // a close was put, and nothing comes after it
}

func newQueue(frames, bytes int, all *pool) *queue {
	return &queue{frames: frames, bytes: bytes, all: all, ready: make(chan struct{}, 1)}
}

// put adds an item; false if the queue is full. What comes after a close goes
// nowhere.
func (q *queue) put(o outgoing) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.last {
		return true
	}
	size := len(o.frame)
	if len(q.items) >= q.frames || q.size+size > q.bytes || q.all.full(q.held, size) {
		return false
	}
	q.items = append(q.items, o)
	q.size += size
	q.hold(size)
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

// hold counts bytes in, or out if there are fewer. Called with the lock held.
func (q *queue) hold(bytes int) {
	q.held += bytes
	q.all.bytes.Add(int64(bytes))
}

// written notes that a frame is out of the writer's hands.
func (q *queue) written(frame []byte) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.hold(-len(frame))
}

// release gives up what was not written: nobody writes any more.
func (q *queue) release() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.last, q.items, q.size = true, nil, 0
	q.hold(-q.held)
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
