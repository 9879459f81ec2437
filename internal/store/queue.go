package store

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"sync"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/nats-io/nuid"
)

// A stream syncs each message that it takes, one after the other. While it writes,
// others wait here; if many do, they are written together, as a batch of NATS's,
// which takes one sync for all of them. A batch is written whole or not at all, so
// where one record of it has moved on, each is written by itself.
const (
	// leastBatch is from how many on a batch costs less than they do one by one: it
	// has a folder of its own made, written to and synced before.
	leastBatch = 8
	// mostBatch bounds a batch; NATS takes up to 1,000.
	mostBatch = 200
)

// The headers of NATS's batches.
const (
	headerBatch    = "Nats-Batch-Id"
	headerNumber   = "Nats-Batch-Sequence"
	headerCommit   = "Nats-Batch-Commit"
	headerExpected = "Nats-Expected-Last-Subject-Sequence"
)

// publishing sends messages to streams; jetstream.JetStream is one.
type publishing interface {
	Conn() *nats.Conn
	PublishMsg(ctx context.Context, m *nats.Msg, opts ...jetstream.PublishOpt) (*jetstream.PubAck, error)
}

// write is a record that waits to be written.
type write struct {
	ctx      context.Context // its writer's patience
	key      string
	text     []byte
	revision uint64 // at which the record must still stand
	done     chan outcome
}

// outcome is what came of it.
type outcome struct {
	revision uint64
	err      error
}

// queue is what waits for one stream. It is safe for concurrent use.
type queue struct {
	mu      sync.Mutex // guards what follows
	writing bool
	waiting []*write
}

// joins reports whether w is to be written at once, because nothing is. Whoever
// was told so calls next afterwards.
func (q *queue) joins(w *write) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.writing {
		q.writing = true
		return true
	}
	q.waiting = append(q.waiting, w)
	return false
}

// next is what is to be written now, at most one record of each room; none ends
// the writing.
func (q *queue) next() (group []*write) {
	q.mu.Lock()
	defer q.mu.Unlock()
	keys := map[string]bool{}
	q.waiting = slices.DeleteFunc(q.waiting, func(w *write) bool {
		if len(group) == mostBatch || keys[w.key] {
			return false
		}
		keys[w.key] = true
		group = append(group, w)
		return true
	})
	q.writing = len(group) > 0
	return group
}

// update writes a record if it still stands at a revision, and returns once it is
// on the disk. If ctx ends before, it may be written all the same.
func (s *shard) update(ctx context.Context, to publishing, key string, text []byte, revision uint64) (uint64, error) {
	ctx, cancel := context.WithTimeout(ctx, s.attempt)
	defer cancel()
	w := &write{ctx, key, text, revision, make(chan outcome, 1)}
	if s.queue.joins(w) {
		defer func() {
			if group := s.queue.next(); len(group) > 0 {
				go s.writeOn(to, group)
			}
		}()
		return s.bucket.Update(ctx, key, text, revision)
	}
	select {
	case o := <-w.done:
		return o.revision, o.err
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

// writeOn writes what waits, until nothing does.
func (s *shard) writeOn(to publishing, group []*write) {
	for len(group) > 0 {
		ctx, cancel := context.WithTimeout(context.Background(), s.attempt)
		if len(group) < leastBatch || !s.together(ctx, to, group) {
			s.oneByOne(group)
		}
		cancel()
		group = s.queue.next()
	}
}

// oneByOne writes each by itself; the stream has them queue.
func (s *shard) oneByOne(group []*write) {
	var all sync.WaitGroup
	for _, w := range group {
		all.Go(func() {
			revision, err := s.bucket.Update(w.ctx, w.key, w.text, w.revision)
			w.done <- outcome{revision, err}
		})
	}
	all.Wait()
}

// together writes a group as one batch. It reports false if nothing of it was
// written, because the stream refuses it as a whole.
func (s *shard) together(ctx context.Context, to publishing, group []*write) bool {
	last, err := s.batch(ctx, to, group)
	var refused *jetstream.APIError
	if errors.As(err, &refused) {
		return false
	}
	for i, w := range group {
		if err != nil {
			w.done <- outcome{err: err}
			continue
		}
		w.done <- outcome{revision: last - uint64(len(group)-1-i)}
	}
	return true
}

// batch publishes a group; last is the revision of the last of it.
func (s *shard) batch(ctx context.Context, to publishing, group []*write) (last uint64, err error) {
	id := nuid.Next()
	for i, w := range group {
		m := nats.NewMsg(subjectOf(s.name, w.key))
		m.Data = w.text
		m.Header.Set(headerExpected, strconv.FormatUint(w.revision, 10))
		m.Header.Set(headerBatch, id)
		m.Header.Set(headerNumber, strconv.Itoa(i+1))
		if i < len(group)-1 {
			if err := to.Conn().PublishMsg(m); err != nil {
				return 0, err
			}
			continue
		}
		m.Header.Set(headerCommit, "1")
		ack, err := to.PublishMsg(ctx, m)
		if err != nil {
			return 0, err
		}
		last = ack.Sequence
	}
	return last, nil
}
