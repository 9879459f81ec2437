package groupcommit

import (
	"context"
	"slices"
	"sync"
	"time"
)

// Write is a message that is to be on the disk.
type Write struct {
	// Key is its subject's: of two writes with one key the second waits for the first.
	Key string
	// Batched is how it is published with others, Alone publishes it by itself; both
	// with what is expected of the stream.
	Batched Message
	Alone   func(ctx context.Context) (sequence uint64, err error)
}

// Queue is what waits for one stream. A stream syncs each message that it takes, one
// after the other. While it writes, others wait here; if many do, they are written
// together. It is safe for concurrent use.
type Queue struct {
	// Patience bounds the writing of a batch. It is set before the queue is used.
	Patience time.Duration

	mu      sync.Mutex // guards what follows
	writing bool
	waiting []*waiter
}

// waiter is a write with its writer.
type waiter struct {
	Write
	ctx  context.Context // its writer's patience
	done chan outcome    // takes one
}

// outcome is what came of it.
type outcome struct {
	sequence uint64
	err      error
}

// Do returns once w is on the disk. If ctx ends before, it may be written all the
// same, unless it still waits: then it is not.
func (q *Queue) Do(ctx context.Context, to Publisher, w Write) (sequence uint64, err error) {
	one := &waiter{w, ctx, make(chan outcome, 1)}
	if q.joins(one) {
		defer func() {
			if group := q.next(); len(group) > 0 {
				go q.writeOn(to, group)
			}
		}()
		return w.Alone(ctx)
	}
	select {
	case o := <-one.done:
		return o.sequence, o.err
	case <-ctx.Done():
		q.leave(one)
		return 0, ctx.Err()
	}
}

// leave takes out what its writer does not wait for any more.
func (q *Queue) leave(w *waiter) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.waiting = slices.DeleteFunc(q.waiting, func(o *waiter) bool { return o == w })
}

// Waiting is how many writes wait.
func (q *Queue) Waiting() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.waiting)
}

// joins reports whether w is to be written at once, because nothing is. Whoever
// was told so calls next afterwards.
func (q *Queue) joins(w *waiter) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.writing {
		q.writing = true
		return true
	}
	q.waiting = append(q.waiting, w)
	return false
}

// next is what is to be written now, at most one of each key; none ends the writing.
func (q *Queue) next() (group []*waiter) {
	q.mu.Lock()
	defer q.mu.Unlock()
	keys := map[string]bool{}
	q.waiting = slices.DeleteFunc(q.waiting, func(w *waiter) bool {
		if w.ctx.Err() != nil { // its writer was or will be told that it is not written
			return true
		}
		if len(group) == mostBatch || keys[w.Key] {
			return false
		}
		keys[w.Key] = true
		group = append(group, w)
		return true
	})
	q.writing = len(group) > 0
	return group
}

// writeOn writes what waits, until nothing does.
func (q *Queue) writeOn(to Publisher, group []*waiter) {
	for len(group) > 0 {
		ctx, cancel := context.WithTimeout(context.Background(), q.Patience)
		writeAll(ctx, to, group)
		cancel()
		group = q.next()
	}
}
