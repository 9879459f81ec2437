// Package notify passes on what happened in rooms: to the audit, all of it, and
// to the portals that webhooks are set up for what is theirs to know.
//
// It is called by rooms, from an outbox (Pass), by api before it answers (Record),
// by both for what nobody waits for (Note), and opened by package node. It must not know how either keeps
// what it is told, nor how it got here.
package notify

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"time"

	"overtime/internal/audit"
	"overtime/internal/event"
	"overtime/internal/webhook"
)

// Streams is what both are kept in; jetstream.JetStream is one.
type Streams interface {
	audit.Streams
	webhook.Streams
}

// Config says who is told.
type Config struct {
	Endpoints []webhook.Endpoint
	// AllowPrivate lets endpoints be on this machine and in private networks.
	AllowPrivate bool
	// MaxQueue is how many bytes may wait for the endpoints; 0 is a GiB.
	MaxQueue int64
	Now      func() time.Time
	Logger   *slog.Logger
}

// Notifier is safe for concurrent use. What the audit holds can be read from it.
type Notifier struct {
	*audit.Log
	hooks    *webhook.Queue
	delivery *webhook.Dispatcher
	optional *optional
}

// Open opens the audit and the queue of webhooks, and begins to deliver what is
// in it.
func Open(ctx context.Context, js Streams, cfg Config) (*Notifier, error) {
	log, err := audit.Open(ctx, js, audit.Config{Now: cfg.Now, Logger: cfg.Logger})
	if err != nil {
		return nil, err
	}
	n := &Notifier{Log: log}
	n.hooks, err = webhook.Open(ctx, js, webhook.Config{
		Endpoints: cfg.Endpoints, AllowPrivate: cfg.AllowPrivate, MaxBytes: cfg.MaxQueue, Dropped: n.dropped, Now: cfg.Now, Logger: cfg.Logger,
	})
	if err != nil {
		return nil, errors.Join(err, log.Close(ctx))
	}
	n.delivery = n.hooks.Dispatch()
	n.optional = startOptional(cfg.Logger)
	return n, nil
}

// Stop ends both. What was not delivered is, after the next start.
func (n *Notifier) Stop(ctx context.Context) error {
	n.optional.stop()
	return errors.Join(n.delivery.Stop(ctx), n.Close(ctx))
}

// Pass returns once the event is safe with both. After an error it is to be
// given again; neither takes it twice.
func (n *Notifier) Pass(ctx context.Context, e event.Event) error {
	if err := n.Append(ctx, audit.FromEvent(e)); err != nil {
		return err
	}
	if e.Whole != nil {
		e.Data, e.Whole = e.Whole, nil
	}
	return n.hooks.Enqueue(ctx, e)
}

// Record is for the audit alone, and returns once it has the event. After an
// error nobody knows whether it has.
func (n *Notifier) Record(ctx context.Context, e event.Event) error {
	return n.Append(ctx, audit.FromEvent(e))
}

// Note is for the audit, and may be dropped. What portals have to ask for goes to
// those who did instead, and to the audit if it says whose doing it was.
func (n *Notifier) Note(e event.Event) {
	if e.Kind.Optional() {
		n.optional.put(e, n.hooks.Enqueue)
	}
	if !e.Kind.Optional() || e.Who != (event.Who{}) {
		n.AppendSoon(audit.FromEvent(e))
	}
}

// Recall takes an event that was noted out of the queue of those portals that have not
// taken it yet.
func (n *Notifier) Recall(e event.Event) { n.optional.put(e, n.hooks.Recall) }

// dropped tells the audit what a portal will never hear.
func (n *Notifier) dropped(e event.Event, endpoint, reason string) {
	data, err := json.Marshal(struct {
		Event    string     `json:"event"`
		Kind     event.Kind `json:"type"`
		Endpoint string     `json:"endpoint"`
		Reason   string     `json:"reason"`
	}{e.ID, e.Kind, endpoint, reason})
	if err != nil {
		return // of strings only
	}
	n.Note(event.Event{Kind: event.WebhookDropped, Room: e.Room, Data: data})
}
