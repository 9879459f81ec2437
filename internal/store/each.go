package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/nats-io/nats.go/jetstream"
	"golang.org/x/sync/errgroup"
)

// Unread are the ids of rooms that could not be read just now.
type Unread []string

func (u Unread) Error() string {
	return fmt.Sprintf("store: %d rooms cannot be read just now; try these again: %s", len(u), strings.Join(u, ", "))
}

// Each calls f with every room, one after the other and in no order, until f says
// stop or ctx ends. Records that cannot be read are passed over; ErrDamaged then says
// so, after all others, with those as Unread that it may be possible to read later.
func (s *Store) Each(ctx context.Context, f func(Versioned) (more bool)) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	all := reading{store: s, f: f, stop: stop}
	var streams errgroup.Group
	for _, shard := range s.rooms {
		streams.Go(func() error { return all.read(ctx, shard) })
	}
	err := streams.Wait()
	switch {
	case all.stopped:
		return nil
	case err != nil:
		return err
	case len(all.unread) > 0:
		all.damaged = errors.Join(all.damaged, all.unread)
	}
	return all.damaged
}

// reading is one reading of all rooms, whose streams are read at the same time.
type reading struct {
	store *Store
	stop  func()

	mu      sync.Mutex // guards what follows, and is held while f runs
	f       func(Versioned) (more bool)
	stopped bool // f said stop
	damaged error
	unread  Unread
}

// read reads one stream.
func (r *reading) read(ctx context.Context, from *shard) error {
	watch, err := from.bucket.Watch(ctx, "*", jetstream.IgnoreDeletes()) // who is in a room has a key of two tokens
	if err != nil {
		return errors.Join(ErrUnavailable, err)
	}
	defer func() { _ = watch.Stop() }() // nothing to do about it
	for {
		select {
		case <-ctx.Done():
			return errors.Join(ErrUnavailable, ctx.Err())
		case entry := <-watch.Updates():
			if entry == nil { // all that was there has been seen
				return nil
			}
			if isRecord(entry.Key()) {
				r.one(ctx, entry)
			}
		}
	}
}

// one has f see the room of an entry.
func (r *reading) one(ctx context.Context, entry jetstream.KeyValueEntry) {
	v, err := r.store.versioned(ctx, entry, attemptTimeout)
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case r.stopped:
	case err == nil:
		if r.stopped = !r.f(v); r.stopped {
			r.stop()
		}
	default:
		if errors.Is(err, ErrUnavailable) {
			r.unread = append(r.unread, entry.Key())
		}
		r.damaged = errors.Join(r.damaged, fmt.Errorf("%w, room %s: %w", ErrDamaged, entry.Key(), err))
	}
}
