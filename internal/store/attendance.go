package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/nats-io/nats.go/jetstream"

	"overtime/internal/room"
)

// Attendance is who is in a room's running session. It stands beside the record, so
// that a record stays small however many people are in a room.
type Attendance = room.Attendance

const (
	// maxAttendance bounds it, in bytes: 1,100 people with long names.
	maxAttendance = 768 << 10
	// attendanceVersion is written into each.
	attendanceVersion = 1
)

// ErrClaimed is returned to an owner of a room that has a later one.
var ErrClaimed = errors.New("store: the room has another owner")

func attendanceKey(room string) string { return room + ".people" }

// Attendance reads who is in a room, and at which revision that stands; nothing at 0
// if it was never saved.
func (s *Store) Attendance(ctx context.Context, id string) (a Attendance, revision uint64, err error) {
	entry, err := get(ctx, s.of(id).bucket, attendanceKey(id), onceTimeout)
	if errors.Is(err, ErrNotFound) {
		return Attendance{}, 0, nil
	}
	if err != nil {
		return Attendance{}, 0, err
	}
	a, err = decodeAttendance(id, entry.Value())
	return a, entry.Revision(), err
}

func decodeAttendance(id string, text []byte) (a Attendance, err error) {
	if err := json.Unmarshal(text, &a); err != nil {
		return a, fmt.Errorf("%w: who is in room %s: %w", ErrDamaged, id, err)
	}
	if a.Version != attendanceVersion {
		return a, fmt.Errorf("%w: who is in room %s was written by another version of the server (%d)", ErrDamaged, id, a.Version)
	}
	return a, nil
}

// SaveAttendance keeps who is in a room, and gives the revision at which that stands.
// have is the one that was there: if there is another, its owner decides. ErrClaimed if
// that is a later one; what an earlier one wrote is written over. After any other error
// it may be there all the same, and is to be saved again.
func (s *Store) SaveAttendance(ctx context.Context, id string, a Attendance, have uint64) (revision uint64, err error) {
	ctx, cancel := context.WithTimeout(ctx, onceTimeout)
	defer cancel()
	a.Version = attendanceVersion
	text, err := marshal(a)
	switch {
	case err != nil:
		return have, fmt.Errorf("%w, for it cannot be written: who is in room %s: %w", ErrDamaged, id, err)
	case len(text) > maxAttendance:
		return have, ErrTooLarge
	}
	if err := s.intact(ctx); err != nil {
		return have, err
	}
	for {
		revision, err := s.of(id).update(ctx, s.publish, attendanceKey(id), text, have)
		switch {
		case err == nil:
			return revision, nil
		case !errors.Is(err, jetstream.ErrKeyRevisionMismatch) && !errors.Is(err, jetstream.ErrKeyExists):
			return have, errors.Join(ErrUnavailable, err)
		}
		there, at, err := s.Attendance(ctx, id)
		switch {
		case err != nil && !errors.Is(err, ErrDamaged):
			return have, err
		case there.Epoch > a.Epoch:
			return have, ErrClaimed
		}
		have = at
	}
}
