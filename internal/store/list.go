package store

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/nats-io/nats.go/jetstream"
)

// The records stand in their stream in the order in which they were last written.
// Whoever reads them all goes by that number, from one to the next: a room that is
// written meanwhile moves to the end, so that it may be met twice and is never
// missed.

// maxLook is how many records one call looks at, whatever it finds.
const maxLook = 500

// messages is what is needed of a bucket's stream.
type messages interface {
	GetMsg(ctx context.Context, seq uint64, opts ...jetstream.GetMsgOpt) (*jetstream.RawStreamMsg, error)
	Info(ctx context.Context, opts ...jetstream.StreamInfoOpt) (*jetstream.StreamInfo, error)
}

// Rooms reads up to limit rooms that were written behind the number after, the one
// first that was written longest ago; more says that it goes on behind next. Rooms
// that were taken away or cannot be read are passed over.
func (s *Store) Rooms(ctx context.Context, after uint64, limit int) (rooms []Versioned, next uint64, more bool, err error) {
	next = after
	for range maxLook {
		m, err := nextIn(ctx, s.roomStream, roomsBucket, next)
		switch {
		case errors.Is(err, ErrNotFound):
			return rooms, next, false, nil
		case err != nil:
			return nil, after, false, err
		}
		v, err := s.listed(ctx, m)
		switch {
		case errors.Is(err, ErrUnavailable):
			return nil, after, false, err
		case err != nil:
		default:
			rooms = slices.DeleteFunc(rooms, func(met Versioned) bool { return met.Room.ID == v.Room.ID }) // it was written meanwhile
			if !v.Deleted.IsZero() {
				break
			}
			if len(rooms) == limit {
				return rooms, next, true, nil // so that the last page is known for it
			}
			rooms = append(rooms, v)
		}
		next = m.Sequence
	}
	return rooms, next, true, nil
}

// listed is the room of a message.
func (s *Store) listed(ctx context.Context, m *jetstream.RawStreamMsg) (Versioned, error) {
	if isMarker(m) {
		return Versioned{}, ErrNotFound
	}
	r, err := decode(m.Data)
	if err != nil {
		return Versioned{}, err
	}
	return s.whole(ctx, r, m.Sequence, onceTimeout)
}

// nextIn is the first message of a bucket behind a number. ErrNotFound if there is
// none.
func nextIn(ctx context.Context, stream messages, bucket string, after uint64) (*jetstream.RawStreamMsg, error) {
	ctx, cancel := context.WithTimeout(ctx, onceTimeout)
	defer cancel()
	m, err := stream.GetMsg(ctx, after+1, jetstream.WithGetMsgSubject(subjectOf(bucket, ">")))
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

func subjectOf(bucket, key string) string { return "$KV." + bucket + "." + key }

// keyOf is the reverse.
func keyOf(bucket, subject string) string { return strings.TrimPrefix(subject, subjectOf(bucket, "")) }
