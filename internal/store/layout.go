package store

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"

	"github.com/nats-io/nats.go/jetstream"

	"overtime/internal/groupcommit"
)

// The rooms are kept in several streams, by a hash of their ids: streams write
// side by side, and what is one of them's trouble is not all rooms'. In a stream a
// room's record has the room's id as its key. Keys with a dot in them are for what
// is kept of a room beside its record, which is who is in it; whoever reads records
// passes them over.

const (
	// shards is how many streams there are. It is part of the format.
	shards = 8
	// roomyHeaders is how much larger than a record a message may be, in bytes.
	roomyHeaders = 4 << 10

	roomsBucket   = "rooms" // of versions before; also what the new ones begin with
	ledgersBucket = "ledgers"
	// layoutStream holds nothing. It takes the subjects that versions before keep
	// their rooms under, so that none of them starts on a folder in which it would
	// find no rooms.
	layoutStream = "ROOMS"
)

// shardOf is which stream a room is in.
func shardOf(room string) int {
	h := fnv.New32a()
	_, _ = h.Write([]byte(room)) // a hash takes everything
	return int(h.Sum32() % shards)
}

// shard is one of the streams.
type shard struct {
	name   string // of its bucket
	bucket jetstream.KeyValue
	stream messages
	// queue has many rooms' writes share one sync; its patience bounds each: it is
	// attemptTimeout.
	queue groupcommit.Queue
}

// update writes a record if it still stands at a revision, and returns once it is
// on the disk. If ctx ends before, it may be written all the same.
func (s *shard) update(ctx context.Context, to groupcommit.Publisher, key string, text []byte, revision uint64) (uint64, error) {
	ctx, cancel := context.WithTimeout(ctx, s.queue.Patience)
	defer cancel()
	return s.queue.Do(ctx, to, s.write(key, text, revision))
}

func (s *shard) write(key string, text []byte, revision uint64) groupcommit.Write {
	return groupcommit.Write{
		Key:     key,
		Batched: groupcommit.Message{Subject: subjectOf(s.name, key), Data: text, Expected: revision},
		Alone:   func(ctx context.Context) (uint64, error) { return s.bucket.Update(ctx, key, text, revision) },
	}
}

func shardName(number int) string { return fmt.Sprintf("%s_%d", roomsBucket, number) }

// streamOf is the stream that a bucket is made of.
func streamOf(bucket string) string { return "KV_" + bucket }

// subjectOf is the subject of a key.
func subjectOf(bucket, key string) string { return "$KV." + bucket + "." + key }

// keyOf is the reverse.
func keyOf(bucket, subject string) string { return strings.TrimPrefix(subject, subjectOf(bucket, "")) }

// isRecord reports whether a key is a room's, and not of something beside it.
func isRecord(key string) bool { return !strings.Contains(key, ".") }

// ErrOldLayout is returned for a folder whose rooms are kept as versions before
// kept them; see Convert.
var ErrOldLayout = errors.New("store: the rooms are kept as an earlier version kept them, and are to be converted first")

// openRooms opens the streams of the rooms, and makes those that are missing.
func openRooms(ctx context.Context, js Buckets) (rooms [shards]*shard, err error) {
	switch _, err := js.Stream(ctx, streamOf(roomsBucket)); {
	case err == nil:
		return rooms, ErrOldLayout
	case !errors.Is(err, jetstream.ErrStreamNotFound):
		return rooms, fmt.Errorf("store: opening the rooms: %w", err)
	}
	if rooms, err = openShards(ctx, js); err != nil {
		return rooms, err
	}
	_, err = openStream(ctx, js, jetstream.StreamConfig{
		Name: layoutStream, Description: "nothing; rooms are kept in " + shardName(0) + " to " + shardName(shards-1),
		Subjects: []string{subjectOf(roomsBucket, ">")}, Storage: jetstream.FileStorage, Replicas: 1,
	})
	if err != nil {
		return rooms, fmt.Errorf("store: noting how the rooms are kept: %w", err)
	}
	return rooms, nil
}

func openShards(ctx context.Context, js Buckets) (rooms [shards]*shard, err error) {
	for i := range rooms {
		rooms[i], err = openShard(ctx, js, shardName(i), "one record for each room whose id has this number as its hash, and who is in it", maxAttendance, true)
		if err != nil {
			return rooms, err
		}
	}
	return rooms, nil
}

// openShard makes a bucket, if need be, of which no read is older than what was
// acknowledged before it: each is answered by who decides about writes.
// nats.go's buckets can be read from any copy.
func openShard(ctx context.Context, js Buckets, bucket, description string, most int, batches bool) (*shard, error) {
	s := &shard{name: bucket, queue: groupcommit.Queue{Patience: attemptTimeout}}
	stream, err := openStream(ctx, js, jetstream.StreamConfig{
		Name: streamOf(bucket), Description: description, Subjects: []string{subjectOf(bucket, ">")},
		MaxMsgsPerSubject: 1, MaxMsgSize: int32(most + roomyHeaders), Discard: jetstream.DiscardNew,
		AllowRollup: true, DenyDelete: true, AllowDirect: false, AllowAtomicPublish: batches,
		Storage: jetstream.FileStorage, Replicas: 1,
	})
	if err != nil {
		return nil, fmt.Errorf("store: opening the %s: %w", bucket, err)
	}
	if s.bucket, err = js.KeyValue(ctx, bucket); err != nil {
		return nil, fmt.Errorf("store: opening the %s: %w", bucket, err)
	}
	s.stream = stream
	return s, nil
}

// openStream opens a stream as it is to be. One that is so already is left alone:
// NATS writes down anew what a stream is in two steps, and after a kill between them
// it could not be opened.
func openStream(ctx context.Context, js Buckets, want jetstream.StreamConfig) (jetstream.Stream, error) {
	stream, err := js.Stream(ctx, want.Name)
	if err == nil && isSo(stream.CachedInfo().Config, want) {
		return stream, nil
	}
	if err != nil && !errors.Is(err, jetstream.ErrStreamNotFound) {
		return nil, err
	}
	return js.CreateOrUpdateStream(ctx, want)
}

// isSo compares what is set above; NATS fills in the rest.
func isSo(have, want jetstream.StreamConfig) bool {
	return have.Description == want.Description && slices.Equal(have.Subjects, want.Subjects) &&
		max(0, have.MaxMsgsPerSubject) == want.MaxMsgsPerSubject && max(0, have.MaxMsgSize) == want.MaxMsgSize && have.Discard == want.Discard &&
		have.AllowRollup == want.AllowRollup && have.DenyDelete == want.DenyDelete && have.AllowDirect == want.AllowDirect &&
		have.AllowAtomicPublish == want.AllowAtomicPublish && have.Storage == want.Storage && have.Replicas == want.Replicas
}

// of is the stream that a room is in.
func (s *Store) of(room string) *shard { return s.rooms[shardOf(room)] }
