package store

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/nats-io/nats.go/jetstream"
)

// Unread are the ids of rooms that could not be read just now.
type Unread []string

func (u Unread) Error() string {
	return fmt.Sprintf("store: %d rooms cannot be read just now; try these again: %s", len(u), strings.Join(u, ", "))
}

// Each calls f with every room, until f says stop or ctx ends. Records that
// cannot be read are passed over; ErrDamaged then says so, after all others,
// with those as Unread that it may be possible to read later.
func (s *Store) Each(ctx context.Context, f func(Versioned) (more bool)) error {
	all := reading{store: s, f: f}
	for _, shard := range s.rooms {
		more, err := all.read(ctx, shard)
		if err != nil || !more {
			return err
		}
	}
	if len(all.unread) > 0 {
		all.damaged = errors.Join(all.damaged, all.unread)
	}
	return all.damaged
}

// reading is one reading of all rooms.
type reading struct {
	store   *Store
	f       func(Versioned) (more bool)
	damaged error
	unread  Unread
}

// read reads one stream; more is false if f said stop.
func (r *reading) read(ctx context.Context, from *shard) (more bool, err error) {
	watch, err := from.bucket.WatchAll(ctx, jetstream.IgnoreDeletes())
	if err != nil {
		return false, errors.Join(ErrUnavailable, err)
	}
	defer func() { _ = watch.Stop() }() // nothing to do about it
	for {
		select {
		case <-ctx.Done():
			return false, errors.Join(ErrUnavailable, ctx.Err())
		case entry := <-watch.Updates():
			if entry == nil { // all that was there has been seen
				return true, nil
			}
			if isRecord(entry.Key()) && !r.one(ctx, entry) {
				return false, nil
			}
		}
	}
}

// one reports whether f wants more after the room of an entry.
func (r *reading) one(ctx context.Context, entry jetstream.KeyValueEntry) (more bool) {
	v, err := r.store.versioned(ctx, entry, attemptTimeout)
	if err == nil {
		return r.f(v)
	}
	if errors.Is(err, ErrUnavailable) {
		r.unread = append(r.unread, entry.Key())
	}
	r.damaged = errors.Join(r.damaged, fmt.Errorf("%w, room %s: %w", ErrDamaged, entry.Key(), err))
	return true
}
