package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"overtime/internal/event"
	"overtime/internal/groupcommit"
)

// Versions before kept all rooms in one stream, under the same keys. The way to the
// streams of today and the way back are one: every record is copied, then the
// streams that they came from are taken away. Whatever cuts it short, each record
// is in one of the two, and the next attempt goes on. Where a room is in both, its
// newer record counts: so it does even if a version before was started halfway.

const (
	// window is how many records are copied at a time, and windowBytes how many bytes:
	// the last record may go beyond.
	window      = 200
	windowBytes = 1 << 20
	// windowTimeout bounds that. Nobody waits but for the start itself.
	windowTimeout = time.Minute
)

// Streams is where rooms are converted. Nobody else may use them.
type Streams interface {
	JetStream() jetstream.JetStream
	// DropStream takes a stream away for good.
	DropStream(ctx context.Context, name string) error
}

// Convert makes of the rooms of an earlier version those of this one, and says how
// many they are, and to progress how many so far. It does nothing where there are
// none, and may be repeated.
func Convert(ctx context.Context, in Streams, progress func(rooms int)) (rooms int, err error) {
	js := in.JetStream()
	switch _, err := js.Stream(ctx, streamOf(roomsBucket)); {
	case errors.Is(err, jetstream.ErrStreamNotFound):
		return 0, nil
	case err != nil:
		return 0, fmt.Errorf("store: looking for rooms of an earlier version: %w", err)
	}
	to, err := openShards(ctx, js)
	if err != nil {
		return 0, err
	}
	from, err := openOld(ctx, js)
	if err != nil {
		return 0, err
	}
	if rooms, err = move(ctx, js, []*shard{from}, func(key string) *shard { return to[shardOf(key)] }, progress); err != nil {
		return rooms, fmt.Errorf("store: converting the rooms: %w", err)
	}
	return rooms, in.DropStream(ctx, streamOf(roomsBucket))
}

// Revert is the way back: it leaves the rooms as the version before keeps them. It
// may be repeated until it succeeds. The next start of this version converts them
// again.
func Revert(ctx context.Context, in Streams) (rooms int, err error) {
	js := in.JetStream()
	from, err := openShards(ctx, js)
	if err != nil {
		return 0, err
	}
	for _, s := range from {
		if err := s.fold(ctx); err != nil {
			return 0, fmt.Errorf("store: putting people back into the rooms: %w", err)
		}
	}
	// From here on versions before would start. Until all is copied none should.
	if err := in.DropStream(ctx, layoutStream); err != nil {
		return 0, err
	}
	to, err := openOld(ctx, js)
	if err != nil {
		return 0, err
	}
	if rooms, err = move(ctx, js, from[:], func(string) *shard { return to }, func(int) {}); err != nil {
		return rooms, fmt.Errorf("store: putting the rooms back: %w", err)
	}
	for _, s := range from {
		if err := in.DropStream(ctx, streamOf(s.name)); err != nil {
			return rooms, err
		}
	}
	return rooms, nil
}

// fold puts who is in each room of a stream back into its record.
func (s *shard) fold(ctx context.Context) error {
	for at := uint64(0); ; {
		m, err := s.next(ctx, at)
		if errors.Is(err, ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		at = m.Sequence
		if id, is := strings.CutSuffix(keyOf(s.name, m.Subject), attendanceKey("")); is && !isMarker(m) {
			if err := s.foldOne(ctx, id, m.Data); err != nil {
				return err
			}
		}
	}
}

// foldOne changes nothing where it was done before.
func (s *shard) foldOne(ctx context.Context, id string, attendance []byte) error {
	entry, err := get(ctx, s.bucket, id, onceTimeout)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	a, err := decodeAttendance(id, attendance)
	if err != nil {
		return err
	}
	r, err := decode(entry.Value())
	if err != nil || r.Any() || len(a.Outbox) > 0 && slices.ContainsFunc(r.Outbox, func(e event.Event) bool { return e.ID == a.Outbox[0].ID }) {
		return err
	}
	text, err := marshal(stored{r.WithAttendance(a), r.Pages})
	if err != nil {
		return err
	}
	_, err = s.bucket.Update(ctx, id, text, entry.Revision())
	return err
}

// openOld is the stream of versions before.
func openOld(ctx context.Context, js Buckets) (*shard, error) {
	return openShard(ctx, js, roomsBucket, "one record for each room", maxRecord, false)
}

// move copies every key, the one first that was written longest ago.
func move(ctx context.Context, js groupcommit.Publisher, from []*shard, to func(key string) *shard, progress func(moved int)) (moved int, err error) {
	all := listing{shards: from}
	if err := all.begin(ctx); err != nil {
		return 0, err
	}
	for {
		groups, n, bytes := map[*shard][]copied{}, 0, 0
		for ; n < window && bytes < windowBytes; n++ {
			k := all.oldest()
			if k < 0 {
				break
			}
			if c := (copied{all.heads[k], keyOf(from[k].name, all.heads[k].Subject)}); isRecord(c.key) {
				groups[to(c.key)] = append(groups[to(c.key)], c)
				bytes += len(c.Data)
			}
			if err := all.pass(ctx, k); err != nil {
				return moved, err
			}
		}
		if n == 0 {
			return moved, nil
		}
		if err := copyAll(ctx, js, groups); err != nil {
			return moved, err
		}
		moved += n
		progress(moved)
	}
}

// copied is a message that is copied to another stream.
type copied struct {
	*jetstream.RawStreamMsg
	key string
}

func copyAll(ctx context.Context, js groupcommit.Publisher, groups map[*shard][]copied) error {
	var side sync.WaitGroup
	errs := make(chan error, len(groups))
	for to, group := range groups {
		side.Go(func() { errs <- to.take(ctx, js, group) })
	}
	side.Wait()
	close(errs)
	var all []error
	for err := range errs {
		all = append(all, err)
	}
	return errors.Join(all...)
}

// take writes copies. What is there already stays, unless it is older.
func (s *shard) take(ctx context.Context, js groupcommit.Publisher, group []copied) error {
	ctx, cancel := context.WithTimeout(ctx, windowTimeout)
	defer cancel()
	writes := make([]groupcommit.Write, len(group))
	for i, c := range group {
		writes[i] = s.write(c.key, c.Data, 0)
	}
	for i, err := range groupcommit.All(ctx, js, writes) {
		if errors.Is(err, jetstream.ErrKeyRevisionMismatch) || errors.Is(err, jetstream.ErrKeyExists) {
			err = s.replace(ctx, group[i])
		}
		if err != nil {
			return errors.Join(ErrUnavailable, fmt.Errorf("room %s: %w", group[i].key, err))
		}
	}
	return nil
}

// replace writes a copy over what is older.
func (s *shard) replace(ctx context.Context, c copied) error {
	have, err := s.bucket.Get(ctx, c.key)
	if err != nil {
		return err
	}
	if bytes.Equal(have.Value(), c.Data) || !have.Created().Before(c.Time) {
		return nil
	}
	_, err = s.bucket.Update(ctx, c.key, c.Data, have.Revision())
	return err
}
