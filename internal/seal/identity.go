package seal

import (
	"io"
	"io/fs"
	"os"
	"syscall"
)

// identity tells files apart that had the same name one after the other: NATS
// appends to a block in place, and writes one anew under another name first. The
// number of a file that is gone is soon given to another, so its birth counts as
// well, where the file system knows it.
type identity struct {
	Inode uint64 `json:"inode"`
	Born  int64  `json:"born,omitempty"` // in nanoseconds; 0: not known
}

func inode(info fs.FileInfo) uint64 {
	if s, ok := info.Sys().(*syscall.Stat_t); ok {
		return s.Ino
	}
	return 0
}

// identify says which file it is that is open.
func identify(f *os.File, info fs.FileInfo) identity {
	return identity{inode(info), born(f)}
}

// readBlock reads a block, and says which file it is.
func readBlock(path string) (text []byte, id identity, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, id, err
	}
	defer f.Close() //nolint:errcheck // it is only read
	info, err := f.Stat()
	if err != nil {
		return nil, id, err
	}
	text = make([]byte, info.Size())
	_, err = io.ReadFull(f, text)
	return text, identify(f, info), err
}
