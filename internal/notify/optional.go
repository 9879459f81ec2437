package notify

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"overtime/internal/event"
)

const (
	// mostOptional bounds the events that wait to be put into the queue of webhooks.
	mostOptional = 1000
	// optionalTimeout bounds the putting of one.
	optionalTimeout = 10 * time.Second
)

// optional puts events into the queue of webhooks that nobody waits for, and takes them
// out again. What comes faster than the disk takes it is dropped.
type optional struct {
	log     *slog.Logger
	events  chan queued
	dropped atomic.Int64 // since it was last said
	stop    func()       // ends it once the event that is under way is put
}

// queued is an event, and what is to be done with it.
type queued struct {
	event event.Event
	do    func(context.Context, event.Event) error
}

func startOptional(log *slog.Logger) *optional {
	o := &optional{log: log, events: make(chan queued, mostOptional)}
	ctx, cancel := context.WithCancel(context.Background())
	var group sync.WaitGroup
	group.Go(func() { o.run(ctx) })
	o.stop = func() { cancel(); group.Wait() }
	return o
}

func (o *optional) put(e event.Event, do func(context.Context, event.Event) error) {
	select {
	case o.events <- queued{e, do}:
	default:
		o.dropped.Add(1)
	}
}

func (o *optional) run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case q := <-o.events:
			o.pass(q)
		}
	}
}

func (o *optional) pass(q queued) {
	ctx, cancel := context.WithTimeout(context.Background(), optionalTimeout)
	defer cancel()
	if err := q.do(ctx, q.event); err != nil {
		o.dropped.Add(1)
		o.log.Debug("notify: portals are not told of an event that they asked for", "event", q.event.ID, "error", err)
	}
	if n := o.dropped.Swap(0); n > 0 {
		o.log.Warn("notify: portals were not told of events that they asked for", "events", n)
	}
}
