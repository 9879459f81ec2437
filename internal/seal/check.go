package seal

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Damage is what is wrong with a file: something that was acknowledged is not
// there, or not as it was.
type Damage struct {
	File string // below NATS's folder
	What string

	stream stream
	block  int // its number, 0 if the file is none
}

// Finding is what a check of all files found.
type Finding struct {
	Damage []Damage
	// Notes are sentences on what is odd and cost nothing.
	Notes []string

	// Bytes is how much was read.
	Bytes int64

	folder string
	seal   sealed
	read   map[string]*progress // of each block, by path
	tails  []tail
	metas  []stream // to be written as the seal has them
	rests  []stream // what there is of streams that were being made or taken away
	odd    []string // files to keep a copy of before NATS opens them
	unsure []string // blocks of which more can be read than was known to be on the disk
}

// tail is the end of a block that was begun and not finished.
type tail struct {
	stream stream
	block  int
	at     int
}

// Check holds the files of all streams in a folder against its seal, and each
// record against its checksum. It only reads. NATS must not run there.
func Check(folder string) (*Finding, error) {
	f := &Finding{folder: folder, read: map[string]*progress{}}
	streams, err := streamsOf(folder)
	if err != nil {
		return nil, err
	}
	f.seal, err = readSeal(folder)
	if err != nil && !errors.Is(err, errNoSeal) {
		return nil, err
	}
	if err != nil && len(streams) > 0 {
		f.odd = append(f.odd, filepath.Join(folder, sealFile))
		f.note("what the store held is not known (%v), so only what is damaged within can be found, and not what may be gone; after an upgrade it has to be so, once", err)
	}
	for name, was := range f.seal.Streams {
		if was.Last > 0 && !slices.ContainsFunc(streams, func(s stream) bool { return s.name == name }) {
			gone := stream{name: name, folder: filepath.Join(folder, filepath.FromSlash(streamsFolder), name)}
			f.damaged(gone, "", "the whole stream is gone")
		}
	}
	for _, s := range streams {
		left, err := f.isRest(s)
		if err != nil {
			return nil, err
		}
		if left {
			f.rests = append(f.rests, s)
			continue
		}
		if err := f.checkStream(s); err != nil {
			return nil, fmt.Errorf("reading the stream %s: %w", s.name, err)
		}
	}
	return f, nil
}

// isRest reports whether a stream was being taken away and cannot be opened any
// more: NATS takes away first what says what it is.
func (f *Finding) isRest(s stream) (bool, error) {
	if !slices.Contains(f.seal.Dropped, s.name) {
		return false, nil
	}
	_, whole, err := s.readMeta()
	return !whole, err
}

func (f *Finding) note(format string, args ...any) {
	f.Notes = append(f.Notes, fmt.Sprintf(format, args...))
}

func (f *Finding) damaged(s stream, file, format string, args ...any) {
	f.Damage = append(f.Damage, Damage{File: strings.TrimSuffix(s.relative(file), "/"), What: fmt.Sprintf(format, args...), stream: s})
}

func (f *Finding) damagedBlock(s stream, index int, format string, args ...any) {
	f.damaged(s, blockName(index), format, args...)
	f.Damage[len(f.Damage)-1].block = index
}

func (f *Finding) checkStream(s stream) error {
	was, known := f.seal.Streams[s.name]
	if err := f.checkMeta(s, was.Meta); err != nil {
		return err
	}
	indices, err := s.blocks()
	if err != nil {
		return err
	}
	found := content{}
	var changed []sealedBlock // what the seal knew in another way
	for i, index := range indices {
		before := len(f.Damage)
		sealed, ok := was.block(index)
		same, err := f.checkBlock(s, index, sealed, i == len(indices)-1, &found)
		if err != nil {
			return err
		}
		if ok && !same && len(f.Damage) == before {
			changed = append(changed, sealed)
		}
	}
	for _, b := range was.Blocks {
		if !slices.Contains(indices, b.Index) && b.Bytes > 0 {
			changed = append(changed, b)
		}
	}
	if len(changed) > 0 {
		if err := f.explain(s, was, indices, changed, &found); err != nil {
			return err
		}
	}
	return f.checkIndex(s, was, known, &found)
}

// checkMeta looks at what the stream is. The seal has a copy.
func (f *Finding) checkMeta(s stream, was meta) error {
	is, whole, err := s.readMeta()
	switch {
	case err != nil || whole:
		return err
	case was.whole(s.name):
		f.metas = append(f.metas, s)
		f.odd = append(f.odd, s.path(metaFile), s.path(metaSumFile))
		f.note("%s, or its checksum beside it, was damaged or gone, and is as it was again", s.relative(metaFile))
	case !s.holds():
		if is.Text != "" { // NATS would leave that as it is, and could not open the stream later
			f.rests = append(f.rests, s)
		}
		f.note("the stream %s was just being made, and is made again", s.name)
	default:
		f.damaged(s, metaFile, "it, or its checksum beside it, is damaged or gone, so that the stream cannot be opened")
	}
	return nil
}

// checkBlock reads a block; same if it begins with what the seal says.
func (f *Finding) checkBlock(s stream, index int, was sealedBlock, last bool, found *content) (same bool, err error) {
	path := s.path(blockName(index))
	text, id, err := readBlock(path)
	if err != nil {
		return false, err
	}
	f.Bytes += int64(len(text))
	sum := sha256.New()
	if len(text) >= was.Bytes {
		_, _ = sum.Write(text[:was.Bytes]) // a hash takes everything
		same = hex.EncodeToString(sum.Sum(nil)) == was.SHA256
	}
	known := 0
	if same {
		known = was.Bytes
	}
	whole, end := true, len(text)
	for _, g := range found.walk(newParser(s.name, index), text, known) {
		if last && g.after == 0 && g.at >= was.Bytes {
			f.tails, end = append(f.tails, tail{s, index, g.at}), g.at
			f.note("%s ended in %d bytes that are no whole record: a write that was never confirmed, as a loss of power leaves it",
				s.relative(blockName(index)), g.length)
			continue
		}
		whole = false
		f.damagedBlock(s, index, "%s", g)
	}
	inPlace := was.identity == id
	if whole && end >= was.Bytes {
		if !same || !inPlace || end > was.Bytes {
			f.unsure = append(f.unsure, path)
		}
		_, _ = sum.Write(text[was.Bytes:end])
		f.read[path] = &progress{identity: id, size: int64(end), bytes: int64(end), sum: sum, newest: found.newest}
	}
	switch {
	case same || !whole || was.SHA256 == "":
	case len(text) < was.Bytes && (inPlace || last):
		f.damagedBlock(s, index, "it ends after %d bytes of the %d there were, behind number %d", len(text), was.Bytes, found.last)
	case inPlace:
		f.damagedBlock(s, index, "it is not what it was, though each record seems whole: a length in it was changed")
	}
	return same, nil
}

func (g gap) String() string {
	text := fmt.Sprintf("%d bytes from %d on are damaged", g.length, g.at)
	switch {
	case g.before == 0 && g.after == 0:
	case g.after == 0:
		text += fmt.Sprintf(", what came after number %d", g.before)
	case g.before+2 == g.after:
		text += fmt.Sprintf(", with what there was of number %d", g.before+1)
	case g.before+1 < g.after:
		text += fmt.Sprintf(", with what there was of the numbers %d to %d", g.before+1, g.after-1)
	}
	if g.subject != "" {
		text += ", of " + g.subject + " it seems"
	}
	return text
}

// explain finds out whether blocks that are gone, or not what they were, can be
// so by NATS's own doing: it removes a block whose messages were all deleted,
// replaced or too old, and writes one anew that is half empty. What was deleted
// one by one left a tombstone.
func (f *Finding) explain(s stream, was sealedStream, have []int, changed []sealedBlock, found *content) error {
	m, _, err := s.readMeta()
	if err != nil {
		return err
	}
	rules := m.limits()
	n, bytes, err := count(s, rules.Subject)
	if err != nil {
		return err
	}
	// What is delivered, or too old, leaves without a word if its block goes with it;
	// unless nobody but the NATS that was sealed can have done it. Where messages are
	// taken out one by one, only the last one of a block leaves without a tombstone.
	// Its block goes, or stays for the tombstones in it.
	expected := was.Messages
	for _, b := range changed {
		if rules.Retention == workQueue && bytes[b.Index] == 0 && expected > 0 {
			expected--
		}
	}
	counts := rules.Age == 0 && (rules.Kept || found.after == 0) || rules.Retention == workQueue && !f.usedSince(s)
	newest := was.Blocks[len(was.Blocks)-1].Index
	for _, b := range changed {
		gone := !slices.Contains(have, b.Index)
		old := rules.Age > 0 && time.Since(time.Unix(0, b.Newest)) > rules.Age
		switch {
		case gone && b.Index == newest && (len(have) == 0 || have[len(have)-1] < newest):
			f.damagedBlock(s, b.Index, "it is gone, with the newest of the %d messages there were; number %d was the last", was.Messages, was.Last)
		case found.last < was.Last:
			f.damagedBlock(s, b.Index, "the newest messages are gone: number %d was the last, and now it is %d", was.Last, found.last)
		case counts && !old && n+found.tombstones < expected:
			f.damagedBlock(s, b.Index, "it is gone or was cut: of %d messages there are %d", was.Messages, n)
		case !gone && b.Index != newest && 3*bytes[b.Index] > 2*b.Bytes:
			// NATS writes anew what is half empty. The rest is for what came while the seal was written.
			f.damagedBlock(s, b.Index, "it was cut: there are %d bytes of messages in it, of %d there were", bytes[b.Index], b.Bytes)
		case gone && rules.Retention != workQueue && rules.Age > 0 && !old:
			f.damagedBlock(s, b.Index, "it is gone, and what was in it was not old enough for that")
		case gone:
			f.note("%s is gone: all that was in it had been replaced, taken out or grown too old, it seems", s.relative(blockName(b.Index)))
		default:
			f.note("%s was written anew since the seal, by NATS it seems", s.relative(blockName(b.Index)))
		}
	}
	return nil
}

// usedSince reports whether another program may have used the store after the
// seal: NATS writes its index when it is stopped.
func (f *Finding) usedSince(s stream) bool {
	info, err := os.Stat(s.path(indexFile))
	return err == nil && info.ModTime().Sub(f.seal.At) > time.Minute
}

// checkIndex looks at NATS's own index, which is made anew where it is missing.
// Without a seal it is what knows how much there was.
func (f *Finding) checkIndex(s stream, was sealedStream, known bool, found *content) error {
	text, err := os.ReadFile(s.path(indexFile))
	if errors.Is(err, fs.ErrNotExist) {
		if was.Index {
			f.note("%s was gone, and is made anew from the blocks", s.relative(indexFile))
		}
		return nil
	}
	if err != nil {
		return err
	}
	state, whole := readIndex(s.name, text)
	if !whole {
		f.odd = append(f.odd, s.path(indexFile))
		f.note("%s was not whole, as a kill can leave it, and is made anew from the blocks", s.relative(indexFile))
		return nil
	}
	if !known && found.last < state.Last {
		f.damaged(s, blocksFolder, "the newest messages are gone: number %d was the last, and now it is %d", state.Last, found.last)
	}
	m, _, _ := s.readMeta()
	if rules := m.limits(); !known && rules.Subject == 1 && rules.Age == 0 {
		n, _, err := count(s, rules.Subject)
		if err != nil {
			return err
		}
		if n+found.tombstones < state.Messages {
			f.damaged(s, blocksFolder, "a block is gone: of %d messages there are %d", state.Messages, n)
		}
	}
	return nil
}

// readIndex reads what NATS's index says of the stream; ok if its checksum is
// right.
func readIndex(stream string, text []byte) (s State, ok bool) {
	if len(text) < 32 {
		return s, false
	}
	body := text[:len(text)-recordSum]
	sum := newSum(stream)
	_, _ = sum.Write(body) // a hash takes everything
	if sum.Sum64() != binary.LittleEndian.Uint64(text[len(body):]) {
		return s, false
	}
	// Two bytes of format, then messages, bytes, the first number and its time, the
	// last number.
	at := 2
	var fields [5]uint64
	for i := range fields {
		n, size := binary.Uvarint(body[at:])
		if size <= 0 {
			return s, false
		}
		fields[i], at = n, at+size
	}
	return State{Messages: fields[0], Last: fields[4]}, true
}
