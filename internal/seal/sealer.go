package seal

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"maps"
	"os"
	"reflect"
	"time"
)

// Sealer keeps the seal of a folder up to date while NATS writes there. It is for
// one goroutine at a time.
type Sealer struct {
	folder string
	blocks map[string]*progress // by path
	last   map[string]sealedStream
}

// progress is how far a block was read. Blocks grow at their end, so that each
// byte is read once.
type progress struct {
	identity
	size  int64 // of the file, when it was looked at
	bytes int64 // of whole records at its beginning
	sum   hash.Hash
	// newest is the time of the newest message in them.
	newest int64
}

// Sealer is for the folder that was checked. It need not read again what the check
// has read.
func (f *Finding) Sealer() *Sealer { return &Sealer{folder: f.folder, blocks: f.read} }

// Update writes the seal, if something changed. It makes sure first that what the
// seal will say is on the disk: a seal is never ahead of a loss of power. states
// is asked after the files were read, so that what came meanwhile is in them.
func (s *Sealer) Update(now time.Time, states func() (map[string]State, error)) error {
	streams, err := streamsOf(s.folder)
	if err != nil {
		return err
	}
	next, seen := map[string]sealedStream{}, map[string]*progress{}
	for _, st := range streams {
		one, err := s.stream(st, seen)
		if err != nil {
			return fmt.Errorf("sealing the stream %s: %w", st.name, err)
		}
		next[st.name] = one
	}
	s.blocks = seen
	have, err := states()
	if err != nil {
		return err
	}
	maps.DeleteFunc(next, func(name string, one sealedStream) bool {
		_, known := have[name]
		return !known // it is being made, or deleted
	})
	for name, one := range next {
		one.State = have[name]
		next[name] = one
	}
	if reflect.DeepEqual(next, s.last) {
		return nil
	}
	if err := (sealed{Format: sealFormat, At: now.UTC(), Streams: next}).write(s.folder); err != nil {
		return fmt.Errorf("writing the seal: %w", err)
	}
	s.last = next
	return nil
}

// Forget takes a stream out of the seal, which is about to be taken away. Whatever
// comes of that, the next check does not miss it. The next Update knows it again if
// it is still there.
func (s *Sealer) Forget(now time.Time, stream string) error {
	if s.last == nil {
		return errors.New("there is no seal yet")
	}
	next := maps.Clone(s.last)
	delete(next, stream)
	if err := (sealed{Format: sealFormat, At: now.UTC(), Streams: next, Dropped: []string{stream}}).write(s.folder); err != nil {
		return fmt.Errorf("writing the seal: %w", err)
	}
	s.last = next
	return nil
}

// Stopped completes the seal when NATS was stopped, which has written its indices
// then.
func (s *Sealer) Stopped(now time.Time) error {
	if s.last == nil {
		return nil // nothing was sealed, so that there is nothing to complete
	}
	streams, err := streamsOf(s.folder)
	if err != nil {
		return err
	}
	for _, st := range streams {
		one, ok := s.last[st.name]
		if ok {
			one.Index = st.hasIndex()
			s.last[st.name] = one
		}
	}
	return sealed{Format: sealFormat, At: now.UTC(), Streams: s.last}.write(s.folder)
}

func (s *Sealer) stream(st stream, seen map[string]*progress) (one sealedStream, err error) {
	whole := false
	if one.Meta, whole, err = st.readMeta(); err != nil || !whole {
		return one, err // it is being written; the next time it is there
	}
	indices, err := st.blocks()
	if err != nil {
		return one, err
	}
	begun := false // a block that was not there before
	for _, index := range indices {
		path := st.path(blockName(index))
		had := s.blocks[path]
		if had == nil {
			had, begun = &progress{}, true
		}
		if err := had.advance(path, newParser(st.name, index)); os.IsNotExist(err) {
			continue // nothing is left of it
		} else if err != nil {
			return one, err
		}
		seen[path] = had
		one.Blocks = append(one.Blocks, sealedBlock{
			Index: index, Bytes: int(had.bytes), SHA256: hex.EncodeToString(had.sum.Sum(nil)), identity: had.identity, Newest: had.newest,
		})
	}
	if begun { // its name has to outlive a loss of power as well
		if err := syncPath(st.path(blocksFolder)); err != nil {
			return one, err
		}
	}
	one.Index = st.hasIndex()
	return one, nil
}

// advance reads the whole records that came to a block.
func (b *progress) advance(path string, p parser) error {
	if info, err := os.Stat(path); err != nil || b.sum != nil && b.Inode == inode(info) && b.size == info.Size() {
		return err // as it was, mostly
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close() //nolint:errcheck // it is only read
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if id := identify(f, info); b.sum == nil || b.identity != id || info.Size() < b.size {
		*b = progress{identity: id, sum: sha256.New()}
	}
	if err := f.Sync(); err != nil {
		return err
	}
	text, err := io.ReadAll(io.NewSectionReader(f, b.bytes, info.Size()-b.bytes))
	if err != nil {
		return err
	}
	end := 0
	for {
		r, ok := p.read(text[end:])
		if !ok {
			break
		}
		end += r.length
		b.newest = max(b.newest, r.time)
	}
	_, _ = b.sum.Write(text[:end]) // a hash takes everything
	b.bytes, b.size = b.bytes+int64(end), info.Size()
	return nil
}
