package bus

import (
	"archive/tar"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/klauspost/compress/s2"
	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats-server/v2/server/archive"
)

const (
	// apiTimeout bounds one request to JetStream.
	apiTimeout = 30 * time.Second
	// blockSize is how much is compressed at a time, in bytes. A restore takes a
	// block as one, and JetStream gives up one that takes over 5 s: 64 KiB are
	// some hundred records, each with a sync.
	blockSize = 64 << 10
)

// Snapshot writes a backup of all streams to w, while everything goes on. Each
// stream is as it was at one moment. The moments of the rooms come first, whenever
// their streams were made: what is moved from a room's record to another stream is in
// the backup at least once. Without an error the backup is whole, and
// has all that was acknowledged before it began.
//
// JetStream's own snapshots are not used: of a bucket that is written to, they
// leave out each key that gets a new value meanwhile (docs/adr).
func (b *Bus) Snapshot(ctx context.Context, w io.Writer) error {
	made := time.Now().UTC().Truncate(time.Second)
	out := &backupWriter{tar: tar.NewWriter(w), made: made}
	m := manifest{Format: backupFormat, MadeAt: made, Node: b.keeper.options.ServerName, Server: server.VERSION}
	streams, err := b.keeper.streams(ctx)
	if err != nil {
		return err
	}
	for _, info := range streams {
		kept, err := b.keeper.copyStream(ctx, info, out)
		if err != nil {
			return fmt.Errorf("bus: backing up the stream %s: %w", info.Config.Name, err)
		}
		m.Streams = append(m.Streams, kept)
	}
	return out.finish(m)
}

// roomsPrefix begins the names of the streams of rooms, and of no other.
const roomsPrefix = "KV_rooms"

// streams are all streams, those of rooms before the others, oldest first.
func (k *keeper) streams(ctx context.Context) ([]*server.StreamInfo, error) {
	var all []*server.StreamInfo
	names := k.stream.StreamNames(ctx)
	for name := range names.Name() {
		var info server.JSApiStreamInfoResponse
		if err := k.ask(ctx, server.JSApiStreamInfoT, name, struct{}{}, &info); err != nil {
			return nil, fmt.Errorf("bus: looking at the stream %s: %w", name, err)
		}
		all = append(all, info.StreamInfo)
	}
	if err := names.Err(); err != nil {
		return nil, fmt.Errorf("bus: looking at the streams: %w", err)
	}
	slices.SortFunc(all, func(a, b *server.StreamInfo) int {
		return cmp.Or(later(a)-later(b), a.Created.Compare(b.Created), cmp.Compare(a.Config.Name, b.Config.Name))
	})
	return all, nil
}

// later is 0 for the streams that come first.
func later(s *server.StreamInfo) int {
	if strings.HasPrefix(s.Config.Name, roomsPrefix) {
		return 0
	}
	return 1
}

// ask asks JetStream about a stream.
func (k *keeper) ask(ctx context.Context, subject, stream string, request any, answer interface{ ToError() error }) error {
	text, err := json.Marshal(request)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, apiTimeout)
	defer cancel()
	msg, err := k.conn.RequestWithContext(ctx, fmt.Sprintf(subject, stream), text)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(msg.Data, answer); err != nil {
		return err
	}
	return answer.ToError()
}

// copyStream copies a stream's records in order, until there is none after the
// last. At that moment the copy has the newest value of each key: one that was
// passed by and replaced is further on, and so was met there.
func (k *keeper) copyStream(ctx context.Context, info *server.StreamInfo, out *backupWriter) (keptStream, error) {
	kept := keptStream{Config: info.Config, LastSequence: info.State.LastSeq}
	pieces := &parts{out: out, stream: info.Config.Name}
	packed := s2.NewWriter(pieces, s2.WriterBlockSize(blockSize), s2.WriterConcurrency(1))
	records := recordWriter{archive.NewWriter(packed)}
	if err := records.begin(info.State); err != nil {
		return kept, err
	}
	for next := uint64(1); ; next = kept.LastSequence + 1 {
		msg, err := k.record(ctx, info.Config.Name, next)
		if err != nil {
			return kept, err
		}
		if msg == nil {
			break
		}
		if err := records.add(msg); err != nil {
			return kept, err
		}
		kept.Records++
		if msg.Sequence > info.State.LastSeq {
			kept.Later++
		}
		kept.LastSequence = msg.Sequence
	}
	kept.LastSequence = max(kept.LastSequence, info.State.LastSeq)
	if err := records.end(); err != nil {
		return kept, err
	}
	if err := packed.Close(); err != nil {
		return kept, err
	}
	err := pieces.flush()
	kept.Parts = pieces.done
	return kept, err
}

// record is the first record at seq or after it, nil if there is none. It is
// asked of the stream's leader, who knows of every write.
func (k *keeper) record(ctx context.Context, stream string, seq uint64) (*server.StoredMsg, error) {
	var answer server.JSApiMsgGetResponse
	err := k.ask(ctx, server.JSApiMsgGetT, stream, server.JSApiMsgGetRequest{Seq: seq, NextFor: ">"}, &answer)
	if server.IsNatsErr(err, server.JSNoMessageFoundErr) {
		return nil, nil
	}
	return answer.Message, err
}

// recordWriter writes what JetStream restores a stream from.
type recordWriter struct{ archive *archive.Writer }

// begin says where the stream begins, and how large it is at least.
func (w recordWriter) begin(s server.StreamState) error {
	first := max(s.FirstSeq, 1)
	state := server.StreamState{Msgs: s.Msgs, Bytes: s.Bytes, FirstSeq: first, LastSeq: max(s.LastSeq, first-1)}
	text, err := json.Marshal(state)
	if err != nil {
		return err
	}
	return w.write(&archive.Header{Name: "state.json", PayloadSize: int64(len(text))}, text)
}

func (w recordWriter) add(msg *server.StoredMsg) error {
	return w.write(&archive.Header{
		Name: msg.Subject, Timestamp: msg.Time.UnixNano(), Sequence: msg.Sequence,
		HeaderSize: int64(len(msg.Header)), PayloadSize: int64(len(msg.Data)),
	}, slices.Concat(msg.Header, msg.Data))
}

// end says that the stream is whole: an entry of nothing.
func (w recordWriter) end() error { return w.write(&archive.Header{}, nil) }

func (w recordWriter) write(header *archive.Header, content []byte) error {
	if err := w.archive.WriteHeader(header); err != nil {
		return err
	}
	_, err := w.archive.Write(content)
	return err
}
