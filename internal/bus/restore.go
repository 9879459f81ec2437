package bus

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

const (
	// restoring is a file in the folder while a restore is under way.
	restoring = "restoring"
	// chunkSize is how much of a backup is handed over at a time.
	chunkSize = 16 << 10
)

// Restore puts back what Snapshot wrote, revisions and all. The streams must be
// empty: ErrNotEmpty. Everything of the backup is looked at before anything is
// used: ErrDamaged. It is done before anybody works on the streams. After an
// error nothing is there; a restore that is cut short by the end of the process
// is found at the next start.
func (b *Bus) Restore(ctx context.Context, r io.Reader) (err error) {
	b.keeper.hands.Lock()
	defer b.keeper.hands.Unlock()
	b.keeper.seal.mu.Lock()
	defer b.keeper.seal.mu.Unlock()
	defer b.keeper.seal.update()
	empty, err := b.mustBeEmpty(ctx)
	if err != nil {
		return err
	}
	spool, err := os.CreateTemp(b.folder, "restore-*")
	if err != nil {
		return fmt.Errorf("bus: putting a backup aside: %w", err)
	}
	defer func() { err = errors.Join(err, spool.Close(), os.Remove(spool.Name())) }()
	m, err := readBackup(r, spool)
	if err != nil {
		return err
	}
	if _, err := spool.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("bus: reading a backup: %w", err)
	}
	if err := mark(b.folder); err != nil {
		return err
	}
	release, err := holdFolder(b.folder)
	if err != nil {
		return errors.Join(err, unmark(b.folder))
	}
	defer func() { err = errors.Join(err, release()) }()
	for _, name := range empty { // also those that the backup has not: they may take the place of one that it has
		if err := b.removeStream(ctx, name); err != nil {
			return errors.Join(fmt.Errorf("bus: making room for a backup: %w; nothing was restored", err), b.takeBack(nil))
		}
	}
	for i, s := range m.Streams {
		if err := b.restoreStream(ctx, s, spool); err != nil {
			err = fmt.Errorf("bus: restoring the stream %s: %w; nothing was restored", s.Config.Name, err)
			return errors.Join(err, b.takeBack(m.Streams[:i+1]))
		}
	}
	return unmark(b.folder)
}

// mustBeEmpty gives the streams that are there, none of which ever held anything.
func (b *Bus) mustBeEmpty(ctx context.Context) (empty []string, err error) {
	streams, err := b.keeper.streams(ctx)
	if err != nil {
		return nil, err
	}
	for _, s := range streams {
		if s.State.LastSeq > 0 {
			return nil, fmt.Errorf("%w (the stream %s holds %d records)", ErrNotEmpty, s.Config.Name, s.State.Msgs)
		}
		empty = append(empty, s.Config.Name)
	}
	return empty, nil
}

// restoreStream restores one stream from what spool gives next.
func (b *Bus) restoreStream(ctx context.Context, s keptStream, spool io.Reader) error {
	var begun server.JSApiStreamRestoreResponse
	if err := b.keeper.ask(ctx, server.JSApiStreamRestoreT, s.Config.Name, server.JSApiStreamRestoreRequest{Config: s.Config}, &begun); err != nil {
		return err
	}
	h := handover{conn: b.keeper.conn, subject: begun.DeliverSubject}
	if err := h.all(ctx, io.LimitReader(spool, s.size())); err != nil {
		// Unless it has ended by itself it must not go on once it was taken back.
		return errors.Join(err, h.end(context.Background()))
	}
	return s.check(h.done.StreamInfo)
}

// handover gives the server what is to be restored, in chunks. done is what it says
// once the restore is over, one way or the other.
type handover struct {
	conn    *nats.Conn
	subject string
	done    server.JSApiStreamCreateResponse
}

// all hands over everything of r, and says that it was all.
func (h *handover) all(ctx context.Context, r io.Reader) error {
	for chunk := make([]byte, chunkSize); ; {
		n, err := io.ReadFull(r, chunk)
		if err == io.EOF {
			return h.end(ctx)
		}
		if err != nil && err != io.ErrUnexpectedEOF {
			return err
		}
		if err := h.chunk(ctx, chunk[:n]); err != nil {
			return err
		}
	}
}

// end says that it was all.
func (h *handover) end(ctx context.Context) error { return h.chunk(ctx, nil) }

func (h *handover) chunk(ctx context.Context, chunk []byte) error {
	ctx, cancel := context.WithTimeout(ctx, apiTimeout)
	defer cancel()
	msg, err := h.conn.RequestWithContext(ctx, h.subject, chunk)
	if err != nil || len(msg.Data) == 0 {
		return err
	}
	if err := json.Unmarshal(msg.Data, &h.done); err != nil {
		return err
	}
	return h.done.ToError()
}

// size of the stream's parts, in bytes.
func (s keptStream) size() (n int64) {
	for _, p := range s.Parts {
		n += int64(p.Bytes)
	}
	return n
}

// check compares what was restored with what was kept.
func (s keptStream) check(info *server.StreamInfo) error {
	if info == nil {
		return errors.New("it was not confirmed")
	}
	expires := s.Config.MaxAge > 0 || s.Config.AllowMsgTTL
	have := info.State
	if have.LastSeq != s.LastSequence || have.Msgs > s.Records || !expires && have.Msgs+s.Later < s.Records {
		return fmt.Errorf("%d records up to %d came back, of %d up to %d", have.Msgs, have.LastSeq, s.Records, s.LastSequence)
	}
	return nil
}

// takeBack removes what was restored before an error.
func (b *Bus) takeBack(streams []keptStream) error {
	for _, s := range streams { // also if who asked for the restore has gone
		if err := b.removeStream(context.Background(), s.Config.Name); err != nil {
			return fmt.Errorf("bus: taking back what was restored: %w; remove the folder %s before anything else", err, b.folder)
		}
	}
	return unmark(b.folder)
}

// removeStream removes a stream, if it is there.
func (b *Bus) removeStream(ctx context.Context, name string) error {
	ctx, cancel := context.WithTimeout(ctx, apiTimeout)
	defer cancel()
	if err := b.keeper.stream.DeleteStream(ctx, name); !errors.Is(err, jetstream.ErrStreamNotFound) {
		return err
	}
	return nil
}

// mark notes durably that a restore is under way.
func mark(folder string) error {
	f, err := os.Create(filepath.Join(folder, restoring))
	if err == nil {
		err = errors.Join(f.Sync(), f.Close(), syncFolder(folder))
	}
	if err != nil {
		return fmt.Errorf("bus: noting that a restore begins: %w", err)
	}
	return nil
}

// holdFolder keeps the folder of the streams from being empty until release.
// NATS removes that folder, and the one around it, some time after a stream was
// deleted, if it finds them empty: also between the two steps in which it makes
// them for the stream that is restored next.
func holdFolder(folder string) (release func() error, err error) {
	streams := streamsFolder(folder)
	for range 100 { // what was deleted before may be cleaned up between our own two steps
		if err = os.MkdirAll(streams, 0o750); err == nil {
			var f *os.File
			if f, err = os.CreateTemp(streams, restoring); err == nil {
				return func() error { return os.Remove(f.Name()) }, f.Close()
			}
		}
		if !errors.Is(err, fs.ErrNotExist) {
			break
		}
	}
	return nil, fmt.Errorf("bus: preparing the folder of the streams: %w", err)
}

// streamsFolder is where NATS keeps the streams.
func streamsFolder(folder string) string {
	return filepath.Join(folder, "jetstream", server.DEFAULT_GLOBAL_ACCOUNT, "streams")
}

func unmark(folder string) error {
	if err := errors.Join(os.Remove(filepath.Join(folder, restoring)), syncFolder(folder)); err != nil {
		return fmt.Errorf("bus: noting that a restore is done: %w", err)
	}
	return nil
}

func syncFolder(folder string) error {
	d, err := os.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// mustBeRestored refuses a folder that holds half of a backup.
func mustBeRestored(folder string) error {
	_, err := os.Stat(filepath.Join(folder, restoring))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return fmt.Errorf("restoring a backup into %s was cut short; remove that folder and restore the backup again", folder)
}
