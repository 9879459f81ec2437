package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/nats-io/nuid"

	"overtime/internal/clock"
	"overtime/internal/groupcommit"
	"overtime/internal/meeting"
)

var (
	// ErrNotFound is returned for a room that was never made.
	ErrNotFound = errors.New("store: no such room")
	// ErrExists is returned for a room id that is taken.
	ErrExists = errors.New("store: the room exists")
	// ErrUnavailable wraps what keeps the store from answering.
	ErrUnavailable = errors.New("store: unavailable")
	// ErrBroken comes with ErrUnavailable where it is known that nothing can be
	// saved until somebody has seen to the server.
	ErrBroken = errors.New("store: nothing can be saved")
	// ErrUnknown comes with ErrUnavailable where a write was tried and may have
	// been made.
	ErrUnknown = errors.New("store: it is not known whether it was saved")
	// ErrDamaged wraps why a record cannot be read.
	ErrDamaged = errors.New("store: a record cannot be read")
	// ErrTooLarge is returned for a record that can never be kept.
	ErrTooLarge = errors.New("store: the record is too large")
	// ErrUnchanged is returned by a change that finds nothing to do: the record
	// stays as it is and Change returns it without an error.
	ErrUnchanged = errors.New("store: nothing to change")
)

const (
	// maxRecord bounds a room's record, in bytes. What begins something new is
	// refused earlier, so that there is always room for an end.
	maxRecord = 64 << 10
	roomyEnd  = 8 << 10
	// maxLedger bounds a finished session, in bytes: over 800 extensions. A
	// message on the bus may be twice as large.
	maxLedger = 512 << 10
	// attemptTimeout bounds one read or write of those that are tried again; the
	// caller's context bounds all.
	attemptTimeout = time.Second
	// onceTimeout bounds what is tried once: a disk that stood still for a second
	// is no reason to turn somebody away.
	onceTimeout = 5 * time.Second
	// retryPause lets a store that refuses catch its breath.
	retryPause = 50 * time.Millisecond
	// brokenPause is how long a change waits for a broken store to heal, which
	// takes a tenth of it. People learn soon that it does not, and nobody asks
	// again and again in no time.
	brokenPause = 500 * time.Millisecond
)

// Buckets opens streams, and the key-value buckets that are made of them;
// jetstream.JetStream is one.
type Buckets interface {
	CreateOrUpdateStream(ctx context.Context, cfg jetstream.StreamConfig) (jetstream.Stream, error)
	Stream(ctx context.Context, name string) (jetstream.Stream, error)
	KeyValue(ctx context.Context, bucket string) (jetstream.KeyValue, error)
	groupcommit.Publisher
}

// Store is the rooms and ledgers. It is safe for concurrent use.
type Store struct {
	rooms   [shards]*shard
	ledgers *shard
	publish groupcommit.Publisher
	pages   positions // of lists that are being read

	// Broken says why no write can succeed now, nil if one might; without it a
	// change finds out by trying until its context ends. It is set before the
	// store is used.
	Broken func() error
}

// Open makes the streams if need be. ErrOldLayout: the folder is an earlier
// version's.
func Open(ctx context.Context, js Buckets) (*Store, error) {
	rooms, err := openRooms(ctx, js)
	if err != nil {
		return nil, err
	}
	ledgers, err := openShard(ctx, js, ledgersBucket, "finished sessions, as room.number; pages of long ones, as room.number.page", maxLedger, false)
	if err != nil {
		return nil, err
	}
	return &Store{rooms: rooms, ledgers: ledgers, publish: js}, nil
}

// Versioned is a record with the revision it stands at.
type Versioned struct {
	Record
	revision uint64
	pages    int // of its session's ledger, as it is written
}

// Create keeps a new room. ErrExists if the id is taken.
func (s *Store) Create(ctx context.Context, room meeting.Room) error {
	text, err := encode(Record{Room: room, Write: nuid.Next()}, 0)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, onceTimeout)
	defer cancel()
	_, err = s.of(room.ID).bucket.Create(ctx, room.ID, text)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, jetstream.ErrKeyExists), errors.Is(err, jetstream.ErrKeyRevisionMismatch):
		return ErrExists
	default:
		return errors.Join(ErrUnavailable, err)
	}
}

// Load reads a room. ErrNotFound if there is none.
func (s *Store) Load(ctx context.Context, id string) (Versioned, error) {
	return s.load(ctx, id, onceTimeout)
}

// load bounds each of its reads.
func (s *Store) load(ctx context.Context, id string, limit time.Duration) (Versioned, error) {
	entry, err := get(ctx, s.of(id).bucket, id, limit)
	if err != nil {
		return Versioned{}, err
	}
	return s.versioned(ctx, entry, limit)
}

// versioned reads what stands in an entry.
func (s *Store) versioned(ctx context.Context, entry jetstream.KeyValueEntry, limit time.Duration) (Versioned, error) {
	r, err := decode(entry.Value())
	if err != nil {
		return Versioned{}, err
	}
	return s.whole(ctx, r, entry.Revision(), limit)
}

// Change makes the record what change says, by compare-and-set against have.
// If another write came first, the record is read again and change is asked
// again; its error ends the matter and is returned with the record it saw. A
// write whose outcome is unknown is looked for before it is tried again, so
// that it is never made twice; and one that is found is made again as it is, for
// what can be read need not be on the disk. ctx bounds it all; ErrUnavailable
// then, and as soon as the store is known to be broken, with ErrUnknown if the
// last write may be there all the same.
func (s *Store) Change(ctx context.Context, have Versioned, change func(Record) (Record, error)) (Versioned, error) {
	write := nuid.Next()
	if ctx.Err() != nil { // whoever waited too long for their turn
		return have, errors.Join(ErrUnavailable, ctx.Err())
	}
	var at uint64   // where it was found
	var doubt error // ErrUnknown, while a write that was tried may still come to the disk
	for found := false; ; {
		next, err := have.Record, error(nil)
		if !found {
			next, err = change(have.Record)
		}
		switch {
		case errors.Is(err, ErrUnchanged):
			return have, nil
		case err != nil && doubt != nil: // no refusal: the write before may be made yet
			return have, errors.Join(ErrUnavailable, doubt, errors.New(err.Error()))
		case err != nil:
			return have, err
		}
		next.Write = write
		if err := s.intact(ctx); err != nil {
			if found {
				err = errors.Join(ErrUnknown, err)
			}
			return have, err
		}
		written, err := s.write(ctx, have, next)
		if err == nil {
			return written, nil
		}
		if errors.Is(err, ErrTooLarge) || errors.Is(err, ErrDamaged) {
			return have, err // however often it is tried
		}
		was, before, refused := found, have.revision, errors.Is(err, jetstream.ErrKeyRevisionMismatch)
		if have, found, err = s.lookAgain(ctx, have, write, err); err != nil {
			return have, err
		}
		switch {
		case have.revision != before: // the write was compared with that one
			doubt = nil
		case !refused:
			doubt = ErrUnknown
		}
		switch {
		case found:
			at = have.revision
		case was && have.revision > at: // somebody wrote after it, and so it was there before
			return have, nil
		} // or it is gone: it could be read, and never was on the disk
	}
}

// write is one attempt to make the record next.
func (s *Store) write(ctx context.Context, have Versioned, next Record) (Versioned, error) {
	pages := 0
	if sameSession(have.Record, next) {
		var err error
		if pages, err = s.turnPages(ctx, have); err != nil {
			return have, err
		}
	}
	next, text, err := fit(next, have.Record, pages)
	if err != nil {
		return have, err
	}
	revision, err := s.update(ctx, have, text)
	return Versioned{Record: next, revision: revision, pages: pages}, err
}

func sameSession(a, b Record) bool {
	return a.Session != nil && b.Session != nil && a.Session.Number == b.Session.Number
}

// lookAgain reads the record after a write that was refused or whose outcome
// is unknown. found says that the write is there after all. A mismatch is a
// clear no; anything else waits until a read answers.
func (s *Store) lookAgain(ctx context.Context, have Versioned, write string, cause error) (now Versioned, found bool, err error) {
	clear := errors.Is(cause, jetstream.ErrKeyRevisionMismatch)
	if !clear {
		cause = errors.Join(ErrUnknown, cause)
	}
	for {
		wait := retryPause
		if clear {
			wait = 0
		}
		if err := clock.Pause(ctx, wait); err != nil {
			return have, false, errors.Join(ErrUnavailable, cause)
		}
		now, err := s.load(ctx, have.Room.ID, attemptTimeout)
		switch {
		case err == nil:
			return now, now.Write == write, nil
		case errors.Is(err, ErrUnavailable):
			clear = false
			if err := s.intact(ctx); err != nil {
				return have, false, errors.Join(err, cause)
			}
		default:
			return have, false, err
		}
	}
}

// intact waits a little for a store that is broken, and says if it stays so.
func (s *Store) intact(ctx context.Context) error {
	if s.Broken == nil || s.Broken() == nil {
		return nil
	}
	if err := clock.Pause(ctx, brokenPause); err != nil {
		return errors.Join(ErrUnavailable, err)
	}
	if why := s.Broken(); why != nil {
		return errors.Join(ErrUnavailable, fmt.Errorf("%w: %w", ErrBroken, why))
	}
	return nil
}
