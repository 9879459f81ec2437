//go:build plainput

package store

import "context"

// update writes the record whatever stands there. It exists only so that the
// test of the promise (test/kill) can be shown to fail: no program is built
// with this tag.
func (s *Store) update(ctx context.Context, have Versioned, text []byte) (uint64, error) {
	ctx, cancel := context.WithTimeout(ctx, attemptTimeout)
	defer cancel()
	return s.of(have.Room.ID).bucket.Put(ctx, have.Room.ID, text)
}
