// Package herald passes on what happened in rooms: to the audit, all of it, and
// to the portals that webhooks are set up for what is theirs to know.
//
// It is called by rooms, from an outbox (Pass), by api before it answers (Record),
// by both for what nobody waits for (Note), and opened by package node. It must not know how either keeps
// what it is told, nor how it got here.
package herald

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
	Now          func() time.Time
	Logger       *slog.Logger
}

// Herald is safe for concurrent use. What the audit holds can be read from it.
type Herald struct {
	*audit.Log
	hooks    *webhook.Queue
	delivery *webhook.Dispatcher
}

// Open opens the audit and the queue of webhooks, and begins to deliver what is
// in it.
func Open(ctx context.Context, js Streams, cfg Config) (*Herald, error) {
	log, err := audit.Open(ctx, js, audit.Config{Now: cfg.Now, Logger: cfg.Logger})
	if err != nil {
		return nil, err
	}
	h := &Herald{Log: log}
	h.hooks, err = webhook.Open(ctx, js, webhook.Config{
		Endpoints: cfg.Endpoints, AllowPrivate: cfg.AllowPrivate, Dropped: h.dropped, Now: cfg.Now, Logger: cfg.Logger,
	})
	if err != nil {
		return nil, errors.Join(err, log.Close(ctx))
	}
	h.delivery = h.hooks.Dispatch()
	return h, nil
}

// Stop ends both. What was not delivered is, after the next start.
func (h *Herald) Stop(ctx context.Context) error {
	return errors.Join(h.delivery.Stop(ctx), h.Close(ctx))
}

// Pass returns once the event is safe with both. After an error it is to be
// given again; neither takes it twice.
func (h *Herald) Pass(ctx context.Context, e event.Event) error {
	if err := h.Append(ctx, audit.FromEvent(e)); err != nil {
		return err
	}
	if e.Whole != nil {
		e.Data, e.Whole = e.Whole, nil
	}
	return h.hooks.Enqueue(ctx, e)
}

// Record is for the audit alone, and returns once it has the event. After an
// error nobody knows whether it has.
func (h *Herald) Record(ctx context.Context, e event.Event) error {
	return h.Append(ctx, audit.FromEvent(e))
}

// Note is for the audit alone, and may be dropped.
func (h *Herald) Note(e event.Event) { h.AppendSoon(audit.FromEvent(e)) }

// dropped tells the audit what a portal will never hear.
func (h *Herald) dropped(e event.Event, endpoint, reason string) {
	data, err := json.Marshal(struct {
		Event    string     `json:"event"`
		Kind     event.Kind `json:"type"`
		Endpoint string     `json:"endpoint"`
		Reason   string     `json:"reason"`
	}{e.ID, e.Kind, endpoint, reason})
	if err != nil {
		return // of strings only
	}
	h.Note(event.Event{Kind: event.WebhookDropped, Room: e.Room, Data: data})
}
