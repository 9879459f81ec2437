//go:build !plainput

package store

import "context"

// update writes the record if it still stands at the revision that have was
// read at. Every promise about a room rests on this one comparison.
func (s *Store) update(ctx context.Context, have Versioned, text []byte) (uint64, error) {
	ctx, cancel := context.WithTimeout(ctx, attemptTimeout)
	defer cancel()
	return s.rooms.Update(ctx, have.Room.ID, text, have.revision)
}
