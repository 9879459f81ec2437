package seal

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Where NATS keeps the streams of its only account, below the folder that it is
// given, and what is in the folder of each.
const (
	streamsFolder = "jetstream/$G/streams"
	blocksFolder  = "msgs"
	blockSuffix   = ".blk"
	indexFile     = "msgs/index.db" // made anew from the blocks where it is missing
	metaFile      = "meta.inf"
	metaSumFile   = "meta.sum"
)

// stream is the folder of one stream.
type stream struct {
	name   string
	folder string
}

// streamsOf are the streams in a folder of NATS's. Those that begin with a dot
// are being deleted.
func streamsOf(folder string) ([]stream, error) {
	at := filepath.Join(folder, filepath.FromSlash(streamsFolder))
	entries, err := os.ReadDir(at)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var all []stream
	for _, e := range entries {
		if e.IsDir() && !strings.HasPrefix(e.Name(), ".") {
			all = append(all, stream{e.Name(), filepath.Join(at, e.Name())})
		}
	}
	return all, nil
}

func (s stream) path(name string) string { return filepath.Join(s.folder, filepath.FromSlash(name)) }

// blockName is the name of a block within its stream.
func blockName(index int) string { return blocksFolder + "/" + strconv.Itoa(index) + blockSuffix }

// blocks are the numbers of the stream's blocks, in the order in which they were
// begun.
func (s stream) blocks() ([]int, error) {
	entries, err := os.ReadDir(s.path(blocksFolder))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var all []int
	for _, e := range entries {
		number, ok := strings.CutSuffix(e.Name(), blockSuffix)
		if index, err := strconv.Atoi(number); ok && err == nil {
			all = append(all, index)
		}
	}
	slices.Sort(all)
	return all, nil
}

func (s stream) hasIndex() bool {
	_, err := os.Stat(s.path(indexFile))
	return err == nil
}

// holds reports whether there is anything in the stream's blocks.
func (s stream) holds() bool {
	indices, err := s.blocks()
	if err != nil {
		return true
	}
	return slices.ContainsFunc(indices, func(index int) bool {
		info, err := os.Stat(s.path(blockName(index)))
		return err != nil || info.Size() > 0
	})
}

// meta is what a stream is, and NATS's checksum of it.
type meta struct {
	Text string `json:"text"`
	Sum  string `json:"sum"`
}

// readMeta reads it; ok if it is as it was written.
func (s stream) readMeta() (m meta, ok bool, err error) {
	for name, to := range map[string]*string{metaFile: &m.Text, metaSumFile: &m.Sum} {
		text, err := os.ReadFile(s.path(name))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return m, false, err
		}
		*to = string(text)
	}
	return m, m.whole(s.name), nil
}

// whole reports whether the checksum is right.
func (m meta) whole(stream string) bool {
	sum := newSum(stream)
	_, _ = sum.Write([]byte(m.Text)) // a hash takes everything
	return m.Text != "" && hex.EncodeToString(sum.Sum(nil)) == m.Sum
}

// limits are what NATS does by itself with old messages of a stream.
type limits struct {
	Subject int           `json:"max_msgs_per_subject"`
	Age     time.Duration `json:"max_age"`
	// Retention is workQueue where messages are taken out once they were
	// delivered.
	Retention string `json:"retention"`
	// Kept is set where nobody can take messages out one by one.
	Kept bool `json:"deny_delete"`
}

const workQueue = "workqueue"

func (m meta) limits() (l limits) {
	_ = json.Unmarshal([]byte(m.Text), &l) // its checksum was right
	return l
}

// relative is how a file is named for people.
func (s stream) relative(name string) string {
	return fmt.Sprintf("%s/%s/%s", streamsFolder, s.name, name)
}
