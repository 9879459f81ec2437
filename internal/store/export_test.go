package store

import "time"

// Recode reads a record and writes it again as if it had no pages.
func Recode(text []byte) ([]byte, error) {
	r, err := decode(text)
	if err != nil {
		return nil, err
	}
	return stored{r.Record, r.Pages}.text()
}

func (s stored) text() ([]byte, error) {
	if s.Pages > 0 {
		return nil, ErrDamaged // the pages are elsewhere
	}
	return encode(s.Record, 0)
}

// BucketOf is where a room is kept.
func BucketOf(room string) string { return shardName(shardOf(room)) }

// Shards is how many buckets there are.
const Shards = shards

// Waiting is how many writes wait for the stream that a room is in.
func (s *Store) Waiting(room string) int { return s.of(room).queue.Waiting() }

// Patient has no write be given up because the machine is busy.
func (s *Store) Patient() {
	for _, shard := range s.rooms {
		shard.queue.Patience = time.Hour
	}
}
