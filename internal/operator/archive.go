package operator

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
)

// What a backup consists of: a zip file, whose table of contents comes last and
// whose parts carry checksums, so that one that is cut short or damaged is
// noticed.
const (
	identityPart = "identity.json"
	roomsPart    = "rooms"
	// maxIdentity bounds the identity, in bytes.
	maxIdentity = 1 << 20
)

// writeArchive writes a backup whose rooms come from snapshot.
func writeArchive(to io.Writer, identity []byte, snapshot func(to io.Writer) error) error {
	archive := zip.NewWriter(to)
	part, err := archive.Create(identityPart)
	if err != nil {
		return err
	}
	if _, err := part.Write(identity); err != nil {
		return err
	}
	// A snapshot is compressed already.
	if part, err = archive.CreateHeader(&zip.FileHeader{Name: roomsPart, Method: zip.Store}); err != nil {
		return err
	}
	if err := snapshot(part); err != nil {
		return err
	}
	return archive.Close()
}

// archive is a backup that is read. It must be closed.
type archive struct {
	file     *zip.ReadCloser
	identity []byte
}

var errNoArchive = errors.New("it is not a whole backup; give a file that overtime backup wrote to its end")

// openArchive reads every part once, so that what is damaged is noticed before
// anything is made of it.
func openArchive(path string) (*archive, error) {
	file, err := zip.OpenReader(path)
	if errors.Is(err, zip.ErrFormat) {
		err = errNoArchive
	}
	if err != nil {
		return nil, err
	}
	a := &archive{file: file}
	if a.identity, err = a.check(); err != nil {
		_ = file.Close() // it was read only
		return nil, err
	}
	return a, nil
}

func (a *archive) check() (identity []byte, err error) {
	part, err := a.file.Open(identityPart)
	if err != nil {
		return nil, errNoArchive
	}
	if identity, err = io.ReadAll(io.LimitReader(part, maxIdentity)); err != nil {
		return nil, damaged(err)
	}
	rooms, err := a.rooms()
	if err != nil {
		return nil, err
	}
	if _, err := io.Copy(io.Discard, rooms); err != nil {
		return nil, damaged(err)
	}
	return identity, nil
}

func damaged(err error) error { return fmt.Errorf("%w (%w)", errNoArchive, err) }

// rooms is what a snapshot wrote.
func (a *archive) rooms() (io.ReadCloser, error) {
	part, err := a.file.Open(roomsPart)
	if err != nil {
		return nil, errNoArchive
	}
	return part, nil
}

func (a *archive) close() { _ = a.file.Close() } // it was read only
