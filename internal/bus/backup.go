package bus

import (
	"archive/tar"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/nats-io/nats-server/v2/server"
)

// A backup is a tar file. The parts of each stream come first, then a manifest
// that says what belongs to it, then the manifest's checksum; so a file that
// was cut short or altered is known from a whole one before anything of it is
// used. The parts of a stream, one after the other, are what JetStream's own
// backups are made of: records in package archive's format, compressed by S2.
const (
	//
	// Since the second format rooms are kept in several streams, which programs that
	// know the first one only would restore and then not find.
	backupFormat = 2
	oldestFormat = 1
	manifestName = "manifest.json"
	manifestSum  = "manifest.json.sha256" // as sha256sum writes it
	// partSize bounds a part, so that it is held in memory; maxManifest the
	// manifest, enough for some 50 GiB.
	partSize    = 512 << 10
	maxManifest = 16 << 20
)

var (
	// ErrDamaged wraps what is wrong with a backup.
	ErrDamaged = errors.New("the backup is damaged or cut short, and nothing of it was restored; take another copy of it, or an earlier one")
	// ErrNotEmpty is returned where a backup would go over what is there.
	ErrNotEmpty = errors.New("a backup is restored into an empty data folder only; give an empty one, or move away what is there")
)

// manifest says what a backup holds.
type manifest struct {
	Format  int          `json:"format"`
	MadeAt  time.Time    `json:"made_at"`
	Node    string       `json:"node"`
	Server  string       `json:"nats_server"` // its version
	Streams []keptStream `json:"streams"`
}

// keptStream is one stream of a backup.
type keptStream struct {
	Config server.StreamConfig `json:"config"`
	// Records is how many there are, of which the last Later were written while
	// the backup was made and may each replace an earlier one.
	Records      uint64 `json:"records"`
	Later        uint64 `json:"later"`
	LastSequence uint64 `json:"last_sequence"`
	Parts        []part `json:"parts"`
}

// part is one entry of the tar file.
type part struct {
	Name   string `json:"name"`
	Bytes  int    `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// backupWriter writes a backup's entries.
type backupWriter struct {
	tar  *tar.Writer
	made time.Time
}

func (w *backupWriter) entry(name string, content []byte) (part, error) {
	err := w.tar.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: int64(len(content)), ModTime: w.made, Format: tar.FormatPAX})
	if err == nil {
		_, err = w.tar.Write(content)
	}
	if err != nil {
		return part{}, fmt.Errorf("bus: writing a backup: %w", err)
	}
	return part{Name: name, Bytes: len(content), SHA256: sum(content)}, nil
}

// finish writes what makes the backup whole.
func (w *backupWriter) finish(m manifest) error {
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return fmt.Errorf("bus: writing a backup: %w", err)
	}
	if _, err := w.entry(manifestName, text); err != nil {
		return err
	}
	if _, err := w.entry(manifestSum, fmt.Appendf(nil, "%s  %s\n", sum(text), manifestName)); err != nil {
		return err
	}
	if err := w.tar.Close(); err != nil {
		return fmt.Errorf("bus: writing a backup: %w", err)
	}
	return nil
}

func sum(content []byte) string {
	s := sha256.Sum256(content)
	return hex.EncodeToString(s[:])
}

// parts cuts what is written to it into entries of a stream.
type parts struct {
	out    *backupWriter
	stream string
	buf    []byte
	done   []part
}

func (p *parts) Write(text []byte) (n int, err error) {
	for len(text) > 0 {
		take := min(len(text), partSize-len(p.buf))
		p.buf = append(p.buf, text[:take]...)
		text, n = text[take:], n+take
		if len(p.buf) == partSize {
			if err := p.flush(); err != nil {
				return n, err
			}
		}
	}
	return n, nil
}

func (p *parts) flush() error {
	if len(p.buf) == 0 {
		return nil
	}
	done, err := p.out.entry(partName(p.stream, len(p.done)), p.buf)
	if err != nil {
		return err
	}
	p.done, p.buf = append(p.done, done), p.buf[:0]
	return nil
}

func partName(stream string, n int) string { return fmt.Sprintf("streams/%s/%06d", stream, n) }

// readBackup reads a whole backup, has its parts written to spool one after
// the other, and checks that nothing is missing or altered.
func readBackup(r io.Reader, spool io.Writer) (m manifest, err error) {
	in, have := tar.NewReader(r), []part{}
	var text []byte
	for {
		header, err := in.Next()
		if err != nil { // also if it ends here, without its checksum
			return m, damaged(err)
		}
		limit := int64(partSize)
		if header.Name == manifestName {
			limit = maxManifest
		}
		if header.Typeflag != tar.TypeReg || header.Size > limit {
			return m, damaged(fmt.Errorf("%q does not belong there", header.Name))
		}
		content, err := io.ReadAll(in)
		if err != nil {
			return m, damaged(err)
		}
		switch header.Name {
		case manifestName:
			text = content
		case manifestSum:
			if string(content) != fmt.Sprintf("%s  %s\n", sum(text), manifestName) {
				return m, damaged(errors.New("the manifest was altered"))
			}
			return checkManifest(text, have)
		default:
			have = append(have, part{Name: header.Name, Bytes: len(content), SHA256: sum(content)})
			if _, err := spool.Write(content); err != nil {
				return m, fmt.Errorf("bus: putting a backup aside: %w", err)
			}
		}
	}
}

func damaged(err error) error {
	if errors.Is(err, io.EOF) {
		err = errors.New("it ends too soon")
	}
	return fmt.Errorf("%w (%w)", ErrDamaged, err)
}

// checkManifest compares what the manifest names with what is there.
func checkManifest(text []byte, have []part) (m manifest, err error) {
	if err := json.Unmarshal(text, &m); err != nil {
		return m, damaged(err)
	}
	if m.Format < oldestFormat || m.Format > backupFormat {
		return m, fmt.Errorf("the backup is of format %d, and this program reads %d to %d; restore it with the program that made it (with NATS %s inside)",
			m.Format, oldestFormat, backupFormat, m.Server)
	}
	for _, s := range m.Streams {
		for i, p := range s.Parts {
			if len(have) == 0 || p != have[0] || p.Name != partName(s.Config.Name, i) {
				return m, damaged(fmt.Errorf("%s is missing or altered", p.Name))
			}
			have = have[1:]
		}
	}
	if len(have) > 0 {
		return m, damaged(fmt.Errorf("%q does not belong there", have[0].Name))
	}
	return m, nil
}
