package operator

import (
	"archive/zip"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"overtime/internal/build"
)

// What a backup consists of: a zip file, whose table of contents comes last and
// whose parts carry checksums, so that one that is cut short or damaged is
// noticed.
const (
	identityPart = "identity.json"
	roomsPart    = "rooms"
	// versionPart says what program made the backup, for who has one that this
	// program cannot restore. The first versions wrote none.
	versionPart = "version.json"
	// maxIdentity bounds the identity and the version, in bytes.
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
	if part, err = archive.Create(versionPart); err != nil {
		return err
	}
	if err := json.NewEncoder(part).Encode(build.Read()); err != nil {
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

// maker is the program that made the backup, as far as it says so.
func (a *archive) maker() build.Info {
	made := build.Info{Version: build.Unknown}
	part, err := a.file.Open(versionPart)
	if err != nil {
		return made
	}
	_ = json.NewDecoder(io.LimitReader(part, maxIdentity)).Decode(&made) // it is told, and decides nothing
	return made
}

func (a *archive) close() { _ = a.file.Close() } // it was read only
