package seal

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// asideFolder is where copies are kept, below NATS's folder; each time has a
// folder of its own.
const asideFolder = "aside"

// aside keeps copies in one folder, which is made when it is needed.
type aside struct {
	root string // NATS's folder
	to   string
}

func newAside(root string, now time.Time) *aside {
	return &aside{root: root, to: filepath.Join(root, asideFolder, now.UTC().Format("20060102T150405.000Z"))}
}

// keep keeps a copy of a file from a byte on, as it is the first time. What is not
// there need not be kept.
func (a *aside) keep(path string, from int) error {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	inside, err := filepath.Rel(a.root, path)
	if err != nil {
		return err
	}
	copied := filepath.Join(a.to, inside)
	if from > 0 {
		copied += fmt.Sprintf(".from-%d", from)
	}
	if _, err := os.Stat(copied); err == nil {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(copied), 0o700); err != nil {
		return err
	}
	return replace(copied, text[from:])
}

// Settle makes ready for NATS what has no damage: it keeps a copy of what NATS
// will throw away, puts back what the seal has a copy of, and has on the disk what
// was read: who finds a write goes by that, and so does the next seal.
func (f *Finding) Settle(now time.Time) error {
	kept := newAside(f.folder, now)
	for _, path := range f.odd {
		if err := kept.keep(path, 0); err != nil {
			return fmt.Errorf("keeping a copy of %s: %w", path, err)
		}
	}
	for _, t := range f.tails {
		if err := kept.keep(t.stream.path(blockName(t.block)), t.at); err != nil {
			return fmt.Errorf("keeping the end of %s: %w", t.stream.relative(blockName(t.block)), err)
		}
	}
	for _, s := range f.metas {
		was := f.seal.Streams[s.name].Meta
		if err := errors.Join(replace(s.path(metaFile), []byte(was.Text)), replace(s.path(metaSumFile), []byte(was.Sum))); err != nil {
			return fmt.Errorf("putting %s back: %w", s.relative(metaFile), err)
		}
	}
	for _, path := range f.unsure {
		if err := errors.Join(syncPath(path), syncPath(filepath.Dir(path))); err != nil {
			return fmt.Errorf("making sure of %s: %w", path, err)
		}
	}
	for _, s := range f.rests {
		if err := os.RemoveAll(s.folder); err != nil {
			return fmt.Errorf("taking away what there is of the stream %s: %w", s.name, err)
		}
	}
	return nil
}

// Err is nil if nothing is damaged.
func (f *Finding) Err() error {
	if len(f.Damage) == 0 {
		return nil
	}
	return &DamagedError{f}
}

// DamagedError says what of the store is damaged. Nothing was changed.
type DamagedError struct{ finding *Finding }

// most is how many damages are told one by one.
const most = 5

func (e *DamagedError) Error() string {
	var b strings.Builder
	b.WriteString("the store is damaged, and was left as it is: ")
	for i, d := range e.finding.Damage {
		if i == most {
			fmt.Fprintf(&b, "; and %d more", len(e.finding.Damage)-most)
			break
		}
		if i > 0 {
			b.WriteString("; ")
		}
		fmt.Fprintf(&b, "%s: %s", filepath.Join(e.finding.folder, filepath.FromSlash(d.File)), d.What)
	}
	b.WriteString(". Restore a backup into an empty data folder (overtime restore); without one, overtime salvage takes what is whole and keeps copies of the damaged files")
	return b.String()
}

// Brief is the same for anybody: without where the files are, and whose records.
func (e *DamagedError) Brief() string {
	first := e.finding.Damage[0].File
	return fmt.Sprintf("the store is damaged, and was left as it is: %s first; the server's log says what is missing. Restore a backup into an empty data folder (overtime restore)",
		strings.TrimPrefix(first, streamsFolder+"/"))
}

// Salvage makes of the damaged files what can be opened: it keeps a copy of each,
// then takes the whole records of a block and leaves out the rest. What it did is
// returned in sentences. NATS must not run there.
func (e *DamagedError) Salvage() (done []string, err error) {
	f, kept := e.finding, newAside(e.finding.folder, time.Now())
	if err := kept.keep(filepath.Join(f.folder, sealFile), 0); err != nil {
		return nil, err
	}
	for _, d := range f.Damage {
		did, err := d.salvage(kept)
		if err != nil {
			return done, fmt.Errorf("salvaging %s: %w", d.File, err)
		}
		done = append(done, fmt.Sprintf("%s: %s; %s", d.File, d.What, did))
	}
	// Last: what is left is what there is, from now on.
	if err := os.Remove(filepath.Join(f.folder, sealFile)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return done, err
	}
	return append(done, "copies of the damaged files are in "+kept.to), syncPath(f.folder)
}

func (d Damage) salvage(kept *aside) (did string, err error) {
	if err := kept.keep(d.stream.path(indexFile), 0); err != nil {
		return "", err
	}
	if err := os.Remove(d.stream.path(indexFile)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	switch {
	case d.block > 0:
		return d.salvageBlock(kept)
	case strings.HasSuffix(d.File, metaFile):
		return "nothing of this stream can be opened, and it begins anew", d.move(kept)
	default:
		return "nothing is left of it to take", nil
	}
}

// salvageBlock writes a block anew from its whole records.
func (d Damage) salvageBlock(kept *aside) (did string, err error) {
	path := d.stream.path(blockName(d.block))
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return "nothing is left of it to take", nil
	}
	if err == nil {
		err = kept.keep(path, 0)
	}
	if err != nil {
		return "", err
	}
	var whole []byte
	records := 0
	newParser(d.stream.name, d.block).walk(text, func(at int, r record) {
		whole = append(whole, text[at:at+r.length]...)
		records++
	})
	return fmt.Sprintf("whole records of it that were taken: %d", records), replace(path, whole)
}

// move puts the whole stream aside.
func (d Damage) move(kept *aside) error {
	to := filepath.Join(kept.to, filepath.FromSlash(streamsFolder))
	if err := os.MkdirAll(to, 0o700); err != nil {
		return err
	}
	return os.Rename(d.stream.folder, filepath.Join(to, d.stream.name+".whole"))
}
