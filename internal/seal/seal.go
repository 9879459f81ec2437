package seal

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

const (
	// sealFile is the seal's name in the folder.
	sealFile   = "seal.json"
	sealFormat = 1
)

// State is what NATS says of a stream.
type State struct {
	Last     uint64 `json:"last"`     // the newest sequence
	Messages uint64 `json:"messages"` // how many there are
}

// sealed is what was in the files of all streams at one moment.
type sealed struct {
	Format  int                     `json:"format"`
	At      time.Time               `json:"at"`
	Streams map[string]sealedStream `json:"streams"`
	// Dropped are streams that were to be taken away. What is left of one that
	// cannot be opened any more is no damage.
	Dropped []string `json:"dropped,omitempty"`
}

type sealedStream struct {
	State
	Meta   meta          `json:"meta"`
	Blocks []sealedBlock `json:"blocks"`
	Index  bool          `json:"index"` // there was an index
}

// sealedBlock is what has to be at the beginning of a block.
type sealedBlock struct {
	Index  int    `json:"index"`
	Bytes  int    `json:"bytes"`
	SHA256 string `json:"sha256"`
	identity
	Newest int64 `json:"newest"` // the time of its newest message, in nanoseconds
}

func (s sealedStream) block(index int) (sealedBlock, bool) {
	for _, b := range s.Blocks {
		if b.Index == index {
			return b, true
		}
	}
	return sealedBlock{}, false
}

// errNoSeal wraps why there is none that can be used.
var errNoSeal = errors.New("no seal")

// readSeal reads the seal of a folder. Its last line is the checksum of the rest.
func readSeal(folder string) (s sealed, err error) {
	text, err := os.ReadFile(filepath.Join(folder, sealFile))
	if errors.Is(err, fs.ErrNotExist) {
		return s, fmt.Errorf("%w: %s is not there", errNoSeal, sealFile)
	}
	if err != nil {
		return s, err
	}
	body, sum, _ := bytes.Cut(text, []byte("\n"))
	if string(sum) != checksum(body)+"\n" || json.Unmarshal(body, &s) != nil || s.Format != sealFormat {
		return sealed{}, fmt.Errorf("%w: %s is not as it was written", errNoSeal, sealFile)
	}
	return s, nil
}

func (s sealed) write(folder string) error {
	body, err := json.Marshal(s)
	if err != nil {
		return err
	}
	return replace(filepath.Join(folder, sealFile), fmt.Appendf(body, "\n%s\n", checksum(body)))
}

func checksum(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// replace writes a file durably: after a loss of power it is the old one or the
// new one.
func replace(path string, text []byte) error {
	next := path + ".new"
	f, err := os.OpenFile(next, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return errors.Join(err, os.Remove(next))
	}
	if err := os.Rename(next, path); err != nil {
		return err
	}
	return syncPath(filepath.Dir(path))
}

// syncPath has a file on the disk, or the names in a folder.
func syncPath(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
