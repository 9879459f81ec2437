package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"overtime/internal/meeting"
)

// A record is written at each change, so it has to stay small however often a
// session is extended. Of a ledger that grew long the oldest entries go into
// pages, keys of their own beside the finished ledgers. Only entries that are
// in a committed record go there: a ledger is only ever added to, so whoever
// writes a page writes the same, and a page that is there already is good.
const (
	pageSize = 32 // entries in a page
	keepTail = 32 // entries that stay in the record at least
)

func pageKey(room string, number, page int) string {
	return fmt.Sprintf("%s.%d.%d", room, number, page)
}

// turnPages writes the pages that the record had, as committed, has grown, and
// gives how many its session's ledger has then.
func (s *Store) turnPages(ctx context.Context, have Versioned) (int, error) {
	if have.Session == nil {
		return 0, nil
	}
	ledger, pages := have.Session.Ledger, have.pages
	for ; len(ledger)-(pages+1)*pageSize >= keepTail; pages++ {
		text, err := json.Marshal(ledger[pages*pageSize : (pages+1)*pageSize])
		if err != nil {
			return pages, fmt.Errorf("store: encoding a page of %s: %w", have.Room.ID, err)
		}
		if err := s.keep(ctx, pageKey(have.Room.ID, have.Session.Number, pages), text); err != nil {
			return pages, err
		}
	}
	return pages, nil
}

// whole reads the pages that come before a record's ledger.
func (s *Store) whole(ctx context.Context, r stored, revision uint64, limit time.Duration) (Versioned, error) {
	v := Versioned{Record: r.Record, revision: revision, pages: r.Pages}
	if r.Pages == 0 {
		return v, nil
	}
	var ledger []meeting.Entry
	for page := range r.Pages {
		key := pageKey(r.Room.ID, r.Session.Number, page)
		entry, err := get(ctx, s.ledgers.bucket, key, limit)
		if errors.Is(err, ErrNotFound) {
			return v, fmt.Errorf("store: page %s of a ledger is gone", key)
		}
		if err != nil {
			return v, err
		}
		var entries []meeting.Entry
		if err := json.Unmarshal(entry.Value(), &entries); err != nil {
			return v, fmt.Errorf("store: page %s of a ledger does not decode: %w", key, err)
		}
		ledger = append(ledger, entries...)
	}
	session := *r.Session
	session.Ledger = append(ledger, session.Ledger...)
	v.Session = &session
	return v, nil
}

// keep writes a key of the ledgers for good; one that is there stays.
func (s *Store) keep(ctx context.Context, key string, text []byte) error {
	ctx, cancel := context.WithTimeout(ctx, attemptTimeout)
	defer cancel()
	_, err := s.ledgers.bucket.Create(ctx, key, text)
	if err != nil && !errors.Is(err, jetstream.ErrKeyExists) && !errors.Is(err, jetstream.ErrKeyRevisionMismatch) {
		return errors.Join(ErrUnavailable, err)
	}
	return nil
}

// get reads a key. ErrNotFound if it is not there.
func get(ctx context.Context, bucket jetstream.KeyValue, key string, limit time.Duration) (jetstream.KeyValueEntry, error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	entry, err := bucket.Get(ctx, key)
	switch {
	case errors.Is(err, jetstream.ErrKeyNotFound):
		return nil, ErrNotFound
	case err != nil:
		return nil, errors.Join(ErrUnavailable, err)
	}
	return entry, nil
}
