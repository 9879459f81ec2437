package groupcommit

import (
	"context"
	"errors"
	"strconv"
	"sync"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/nats-io/nuid"
)

// Many messages are written together as a batch of NATS's, which takes one sync for
// all of them. It is written whole or not at all; so where one of it is refused, each
// is written by itself.
const (
	// leastBatch is from how many on a batch costs less than they do one by one: it
	// has a folder of its own made, written to and synced before. Measured with a sync
	// of 2 ms (docs/adr/0026).
	leastBatch = 8
	// mostBatch bounds a batch; NATS takes up to 1,000.
	mostBatch = 200
)

// The headers of NATS's batches, and the one that a compare-and-set goes by.
const (
	headerBatch    = "Nats-Batch-Id"
	headerNumber   = "Nats-Batch-Sequence"
	headerCommit   = "Nats-Batch-Commit"
	headerExpected = "Nats-Expected-Last-Subject-Sequence"
)

// Publisher sends messages to streams; jetstream.JetStream is one.
type Publisher interface {
	Conn() *nats.Conn
	PublishMsg(ctx context.Context, m *nats.Msg, opts ...jetstream.PublishOpt) (*jetstream.PubAck, error)
}

// Message is one of a batch.
type Message struct {
	Subject  string
	Data     []byte
	Expected uint64 // the last sequence of the subject
	ID       string // by which the stream knows it if it comes again; may be empty
}

// All writes a group and says what came of each. No two of it may have one key.
func All(ctx context.Context, to Publisher, group []Write) (errs []error) {
	all := make([]*waiter, len(group))
	for i, w := range group {
		all[i] = &waiter{w, ctx, make(chan outcome, 1)}
	}
	for len(all) > 0 {
		now := all[:min(len(all), mostBatch)]
		all = all[len(now):]
		writeAll(ctx, to, now)
		for _, w := range now {
			errs = append(errs, (<-w.done).err)
		}
	}
	return errs
}

func writeAll(ctx context.Context, to Publisher, group []*waiter) {
	if len(group) < leastBatch || !together(ctx, to, group) {
		oneByOne(group)
	}
}

// oneByOne writes each by itself; the stream has them queue.
func oneByOne(group []*waiter) {
	var all sync.WaitGroup
	for _, w := range group {
		all.Go(func() {
			sequence, err := w.Alone(w.ctx)
			w.done <- outcome{sequence, err}
		})
	}
	all.Wait()
}

// together writes a group as one batch. It reports false if nothing of it was
// written, because the stream refuses it as a whole.
func together(ctx context.Context, to Publisher, group []*waiter) bool {
	last, err := batch(ctx, to, group)
	var refused *jetstream.APIError
	if errors.As(err, &refused) {
		return false
	}
	for i, w := range group {
		if err != nil {
			w.done <- outcome{err: err}
			continue
		}
		w.done <- outcome{sequence: last - uint64(len(group)-1-i)}
	}
	return true
}

// batch publishes a group; last is the sequence of the last of it.
func batch(ctx context.Context, to Publisher, group []*waiter) (last uint64, err error) {
	id := nuid.Next()
	for i, w := range group {
		m := nats.NewMsg(w.Batched.Subject)
		m.Data = w.Batched.Data
		m.Header.Set(headerExpected, strconv.FormatUint(w.Batched.Expected, 10))
		if w.Batched.ID != "" {
			m.Header.Set(nats.MsgIdHdr, w.Batched.ID)
		}
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
