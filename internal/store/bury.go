package store

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/nats-io/nuid"

	"overtime/internal/meeting"
)

// What is over for long is buried: of a room a record stays that says no more
// than that its id was given, for ids are digests of names and links have no end;
// of a ledger nothing does. Keys are marked and not taken out of their stream, so
// that a stream never holds fewer keys than it did.

// Rest is a record as a sweep sees it: without the pages of its ledger, which may
// be gone.
type Rest struct {
	Record
	revision uint64
}

// Over is when the room was over: its session ended and no other comes, or it was
// taken away. Zero: it is not over, or something of it is still to be passed on.
func (r Rest) Over() time.Time {
	switch {
	case len(r.Outbox) > 0:
		return time.Time{}
	case !r.Deleted.IsZero():
		return r.Deleted
	case r.Session == nil || r.Session.Ending == nil || r.Room.Reusable:
		return time.Time{}
	}
	return r.Session.Ending.At
}

// Buried reports whether nothing is left of the room.
func (r Rest) Buried() bool { return !r.Swept.IsZero() }

// begun reports whether the room's burial was begun: no room is without a
// duration. A record that has none for another reason, such as one of a version to
// come, is no reason to take a room away.
func (r Rest) begun() bool { return r.Room.Duration == 0 && !r.Deleted.IsZero() }

// Due reports whether the room is to be buried, if what was over before a time is.
func (r Rest) Due(before time.Time) bool {
	over := r.Over()
	return !r.Buried() && (r.begun() || !over.IsZero() && over.Before(before))
}

// Rests reads up to limit records behind the number after, stream by stream, and in
// each as they are written. What cannot be read is passed over. more says that it
// goes on behind next.
func (s *Store) Rests(ctx context.Context, after uint64, limit int) (rests []Rest, next uint64, more bool, err error) {
	at := cursor(after)
	for range limit {
		if at.shard() >= shards {
			return rests, uint64(at), false, nil
		}
		from := s.rooms[at.shard()]
		m, err := from.next(ctx, at.sequence())
		switch {
		case errors.Is(err, ErrNotFound):
			at = at.nextShard()
			continue
		case err != nil:
			return rests, uint64(at), false, err
		}
		at = at.reached(m.Sequence)
		if r, err := from.decode(m); err == nil {
			rests = append(rests, Rest{r.Record, m.Sequence})
		}
	}
	return rests, uint64(at), at.shard() < shards, nil
}

// cursor is how far a reading of all streams, one after the other, has come: the
// stream in the highest 16 bits, and in the others the sequence there.
type cursor uint64

const sequenceBits = 48

func (c cursor) shard() int                     { return int(c >> sequenceBits) }
func (c cursor) sequence() uint64               { return uint64(c) & (1<<sequenceBits - 1) }
func (c cursor) nextShard() cursor              { return cursor(c.shard()+1) << sequenceBits }
func (c cursor) reached(sequence uint64) cursor { return c&^(1<<sequenceBits-1) | cursor(sequence) }

// Bury leaves of a room that it was there, and nothing of its ledgers. It is done
// in steps, each of which may be the last before a kill: then it is begun, and due,
// and done again. A room that was written meanwhile is left alone: ErrUnchanged.
func (s *Store) Bury(ctx context.Context, r Rest, now time.Time) error {
	left := Record{Epoch: r.Epoch, Events: r.Events, Room: meeting.Room{ID: r.Room.ID}, Deleted: r.Deleted}
	if left.Deleted.IsZero() {
		left.Deleted = now // links lead nowhere, and the name is not given again
	}
	revision := r.revision
	if !r.begun() {
		var err error
		if revision, err = s.leave(ctx, left, revision); err != nil {
			return err
		}
	}
	keys, err := s.ledgerKeys(ctx, r.Room.ID)
	if err != nil {
		return err
	}
	for _, key := range keys {
		if err := forget(ctx, s.ledgers.bucket, key); err != nil {
			return err
		}
	}
	if err := forget(ctx, s.of(r.Room.ID).bucket, attendanceKey(r.Room.ID)); err != nil {
		return err
	}
	left.Swept = now
	_, err = s.leave(ctx, left, revision)
	return err
}

// leave writes what is left of a room.
func (s *Store) leave(ctx context.Context, left Record, revision uint64) (uint64, error) {
	left.Write = nuid.Next()
	text, err := encode(left, 0)
	if err != nil {
		return 0, err
	}
	ctx, cancel := context.WithTimeout(ctx, onceTimeout)
	defer cancel()
	written, err := s.of(left.Room.ID).bucket.Update(ctx, left.Room.ID, text, revision)
	switch {
	case errors.Is(err, jetstream.ErrKeyExists), errors.Is(err, jetstream.ErrKeyRevisionMismatch):
		return 0, ErrUnchanged
	case err != nil:
		return 0, errors.Join(ErrUnavailable, err)
	}
	return written, nil
}

// ledgerKeys are the keys of a room's ledgers and of their pages.
func (s *Store) ledgerKeys(ctx context.Context, room string) ([]string, error) {
	ctx, cancel := context.WithTimeout(ctx, onceTimeout)
	defer cancel()
	info, err := s.ledgers.stream.Info(ctx, jetstream.WithSubjectFilter(subjectOf(ledgersBucket, room+".>")))
	if err != nil {
		return nil, errors.Join(ErrUnavailable, err)
	}
	var keys []string
	for subject := range info.State.Subjects {
		keys = append(keys, keyOf(ledgersBucket, subject))
	}
	return keys, nil
}

// forget takes what is under a key away.
func forget(ctx context.Context, from jetstream.KeyValue, key string) error {
	if _, err := get(ctx, from, key, onceTimeout); errors.Is(err, ErrNotFound) {
		return nil // it is marked
	} else if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, onceTimeout)
	defer cancel()
	if err := from.Purge(ctx, key); err != nil {
		return errors.Join(ErrUnavailable, err)
	}
	return nil
}

// OldLedger is a finished session that was written before a time, or a page of
// one.
type OldLedger struct {
	Room   string
	Number int
	Page   bool
	key    string
}

// OldLedgers reads up to limit messages of the ledgers behind the number after, in
// the order in which they were written, and gives those of before a time, without
// what belongs to the session that its room has now. more says that there may be
// others of before it behind next.
func (s *Store) OldLedgers(ctx context.Context, after uint64, before time.Time, limit int) (old []OldLedger, next uint64, more bool, err error) {
	next = after
	for range limit {
		m, err := s.ledgers.next(ctx, next)
		switch {
		case errors.Is(err, ErrNotFound):
			return old, next, false, nil
		case err != nil:
			return old, next, false, err
		case !m.Time.Before(before):
			return old, next, false, nil
		}
		next = m.Sequence
		l, ok := oldLedger(keyOf(ledgersBucket, m.Subject))
		if !ok || isMarker(m) {
			continue
		}
		switch current, err := s.isCurrent(ctx, l); {
		case err != nil:
			return old, next, false, err
		case !current:
			old = append(old, l)
		}
	}
	return old, next, true, nil
}

// isCurrent reports whether a ledger is of the session that its room has now.
func (s *Store) isCurrent(ctx context.Context, l OldLedger) (bool, error) {
	entry, err := get(ctx, s.of(l.Room).bucket, l.Room, onceTimeout)
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	r, err := decode(entry.Value())
	return err != nil || r.Session != nil && r.Session.Number == l.Number, nil // of what cannot be read it may be
}

// oldLedger reads a key: room.number, or room.number.page.
func oldLedger(key string) (OldLedger, bool) {
	parts := strings.Split(key, ".")
	if len(parts) < 2 || len(parts) > 3 {
		return OldLedger{}, false
	}
	number, err := strconv.Atoi(parts[1])
	return OldLedger{Room: parts[0], Number: number, Page: len(parts) == 3, key: key}, err == nil
}

// Forget takes an old ledger away.
func (s *Store) Forget(ctx context.Context, l OldLedger) error {
	return forget(ctx, s.ledgers.bucket, l.key)
}
