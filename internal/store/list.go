package store

import (
	"context"
	"errors"
	"slices"
	"sync"

	"github.com/nats-io/nats.go/jetstream"
)

// In their streams the records stand in the order in which they were last written.
// Whoever reads them all goes from one to the next: a room that is written
// meanwhile moves to the end, so that it may be met twice and is never missed.

// maxLook is how many records one call looks at, whatever it finds.
const maxLook = 500

// messages is what is needed of a bucket's stream.
type messages interface {
	GetMsg(ctx context.Context, seq uint64, opts ...jetstream.GetMsgOpt) (*jetstream.RawStreamMsg, error)
	Info(ctx context.Context, opts ...jetstream.StreamInfoOpt) (*jetstream.StreamInfo, error)
}

// Rooms reads up to limit rooms that were written after an instant, the one first
// that was written longest ago; more says that it goes on after next. Instants are
// in nanoseconds since 1970; 0 is before all. Rooms that were taken away or cannot
// be read are passed over.
func (s *Store) Rooms(ctx context.Context, after uint64, limit int) (rooms []Versioned, next uint64, more bool, err error) {
	all, err := s.listing(ctx, after)
	if err != nil {
		return nil, after, false, err
	}
	next = after
	for range maxLook {
		k := all.oldest()
		if k < 0 {
			return rooms, next, false, nil
		}
		m := all.heads[k]
		v, err := s.listed(ctx, s.rooms[k], m)
		switch {
		case errors.Is(err, ErrUnavailable):
			return nil, after, false, err
		case err != nil:
		default:
			rooms = slices.DeleteFunc(rooms, func(met Versioned) bool { return met.Room.ID == v.Room.ID }) // it was written meanwhile
			if !v.Deleted.IsZero() {
				break
			}
			if len(rooms) >= limit && written(m) > next { // what was written at one instant is on one page
				s.pages.put(next, all.at)
				return rooms, next, true, nil // so that the last page is known for it
			}
			rooms = append(rooms, v)
		}
		next = max(next, written(m))
		if err := all.pass(ctx, k); err != nil {
			return nil, after, false, err
		}
	}
	s.pages.put(next, all.at)
	return rooms, next, true, nil
}

// written is when a message was.
func written(m *jetstream.RawStreamMsg) uint64 { return uint64(m.Time.UnixNano()) }

// listing reads several streams at once.
type listing struct {
	shards []*shard
	at     []uint64                  // the last message that was passed in each
	heads  []*jetstream.RawStreamMsg // the one behind; nil: there is none
}

// listing is of what was written after an instant.
func (s *Store) listing(ctx context.Context, after uint64) (l *listing, err error) {
	l = &listing{shards: s.rooms[:]}
	if at, known := s.pages.get(after); known {
		l.at = at
		return l, l.begin(ctx)
	}
	l.at = make([]uint64, len(l.shards))
	for k, shard := range l.shards {
		if l.at[k], err = shard.before(ctx, after); err != nil {
			return nil, err
		}
	}
	return l, l.begin(ctx)
}

// begin looks for what is behind at.
func (l *listing) begin(ctx context.Context) error {
	if l.at == nil {
		l.at = make([]uint64, len(l.shards))
	}
	l.heads = make([]*jetstream.RawStreamMsg, len(l.shards))
	for k := range l.shards {
		if err := l.look(ctx, k); err != nil {
			return err
		}
	}
	return nil
}

func (l *listing) look(ctx context.Context, k int) (err error) {
	l.heads[k], err = l.shards[k].next(ctx, l.at[k])
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	return err
}

// pass goes behind the head of a stream.
func (l *listing) pass(ctx context.Context, k int) error {
	l.at[k] = l.heads[k].Sequence
	return l.look(ctx, k)
}

// oldest is the stream whose head was written longest ago, -1 if nothing is left.
func (l *listing) oldest() int {
	k := -1
	for i, m := range l.heads {
		if m != nil && (k < 0 || m.Time.Before(l.heads[k].Time)) {
			k = i
		}
	}
	return k
}

// before is the number of the last message that was written at an instant or
// before.
func (s *shard) before(ctx context.Context, instant uint64) (uint64, error) {
	if instant == 0 {
		return 0, nil
	}
	ctx, cancel := context.WithTimeout(ctx, onceTimeout)
	defer cancel()
	info, err := s.stream.Info(ctx)
	if err != nil {
		return 0, errors.Join(ErrUnavailable, err)
	}
	low, high := uint64(0), info.State.LastSeq // it is at low or after it
	for low < high {
		m, err := s.next(ctx, low+(high-low)/2)
		switch {
		case err != nil && !errors.Is(err, ErrNotFound):
			return 0, err
		case err != nil || written(m) > instant:
			high = low + (high-low)/2
		default:
			low = m.Sequence
		}
	}
	return low, nil
}

// listed is the room of a message.
func (s *Store) listed(ctx context.Context, from *shard, m *jetstream.RawStreamMsg) (Versioned, error) {
	r, err := from.decode(m)
	if err != nil {
		return Versioned{}, err
	}
	return s.whole(ctx, r, m.Sequence, onceTimeout)
}

// decode is the record of a message; ErrNotFound if it is none.
func (s *shard) decode(m *jetstream.RawStreamMsg) (stored, error) {
	if isMarker(m) || !isRecord(keyOf(s.name, m.Subject)) {
		return stored{}, ErrNotFound
	}
	return decode(m.Data)
}

// next is the first message behind a number. ErrNotFound if there is none.
func (s *shard) next(ctx context.Context, after uint64) (*jetstream.RawStreamMsg, error) {
	ctx, cancel := context.WithTimeout(ctx, onceTimeout)
	defer cancel()
	m, err := s.stream.GetMsg(ctx, after+1, jetstream.WithGetMsgSubject(subjectOf(s.name, ">")))
	switch {
	case errors.Is(err, jetstream.ErrMsgNotFound):
		return nil, ErrNotFound
	case err != nil:
		return nil, errors.Join(ErrUnavailable, err)
	}
	return m, nil
}

// isMarker reports whether a message stands for a key that was taken out.
func isMarker(m *jetstream.RawStreamMsg) bool { return m.Header.Get("KV-Operation") != "" }

// mostPages bounds of how many pages it is known where the next begins. Of others it
// is looked for by time.
const mostPages = 256

// positions are where readers of lists have come to. It is safe for concurrent use.
type positions struct {
	mu    sync.Mutex // guards what follows
	known map[uint64][]uint64
}

func (p *positions) get(next uint64) (at []uint64, known bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	at, known = p.known[next]
	return slices.Clone(at), known
}

func (p *positions) put(next uint64, at []uint64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.known == nil || len(p.known) >= mostPages {
		p.known = map[uint64][]uint64{} // all of them can be found again
	}
	p.known[next] = slices.Clone(at)
}
