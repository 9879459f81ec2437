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

// optional puts events into the queue of webhooks that nobody waits for. What comes
// faster than the disk takes it is dropped.
type optional struct {
	enqueue func(context.Context, event.Event) error
	log     *slog.Logger
	events  chan event.Event
	dropped atomic.Int64 // since it was last said
	stop    func()       // ends it once the event that is under way is put
}

func startOptional(enqueue func(context.Context, event.Event) error, log *slog.Logger) *optional {
	o := &optional{enqueue: enqueue, log: log, events: make(chan event.Event, mostOptional)}
	ctx, cancel := context.WithCancel(context.Background())
	var group sync.WaitGroup
	group.Go(func() { o.run(ctx) })
	o.stop = func() { cancel(); group.Wait() }
	return o
}

func (o *optional) put(e event.Event) {
	select {
	case o.events <- e:
	default:
		o.dropped.Add(1)
	}
}

func (o *optional) run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case e := <-o.events:
			o.pass(e)
		}
	}
}

func (o *optional) pass(e event.Event) {
	ctx, cancel := context.WithTimeout(context.Background(), optionalTimeout)
	defer cancel()
	if err := o.enqueue(ctx, e); err != nil {
		o.dropped.Add(1)
		o.log.Debug("notify: portals are not told of an event that they asked for", "event", e.ID, "error", err)
	}
	if n := o.dropped.Swap(0); n > 0 {
		o.log.Warn("notify: portals were not told of events that they asked for", "events", n)
	}
}
