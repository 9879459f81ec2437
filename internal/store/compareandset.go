//go:build !plainput

package store

import "context"

// update writes the record if it still stands at the revision that have was
// read at. Every promise about a room rests on this one comparison.
func (s *Store) update(ctx context.Context, have Versioned, text []byte) (uint64, error) {
	return s.of(have.Room.ID).update(ctx, s.publish, have.Room.ID, text, have.revision)
}
