package operator_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"overtime/internal/config"
	"overtime/internal/datafolder"
	"overtime/internal/operator"
)

// fakeStore keeps its rooms in a file.
type fakeStore struct {
	file string
	fail error
}

// opening opens a fakeStore that fails.
func opening(fail error) operator.Open {
	return func(folder *datafolder.Folder) (operator.Store, error) {
		return fakeStore{folder.Path("rooms"), fail}, nil
	}
}

func (fakeStore) Close() {}

func (s fakeStore) Snapshot(_ context.Context, to io.Writer) error {
	text, err := os.ReadFile(s.file)
	if err != nil {
		return err
	}
	if _, err := to.Write(text); err != nil {
		return err
	}
	return s.fail
}

func (s fakeStore) Restore(_ context.Context, from io.Reader) error {
	text, err := io.ReadAll(from)
	if err != nil {
		return err
	}
	return errors.Join(os.WriteFile(s.file, text, 0o600), s.fail)
}

func (s fakeStore) Revert(context.Context) (int, uint64, error) { return 0, 0, s.fail }

// manyRooms are too many for one packet, and do not get much smaller.
var manyRooms = func() string {
	var b strings.Builder
	for i := range 200_000 {
		b.WriteByte(byte(i * i >> 7))
	}
	return b.String()
}()

// mustFolder is the open data folder of a server.
func mustFolder(t *testing.T) (*datafolder.Folder, string) {
	t.Helper()
	data := filepath.Join(t.TempDir(), "data")
	folder, err := datafolder.Open(data)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = folder.Close() }) // the test may have closed it
	mustWrite(t, folder.Path("rooms"), manyRooms)
	return folder, data
}

// mustRestore restores a file, and wants the rooms and identity of folder.
func mustRestore(t *testing.T, file string, identity datafolder.Identity) {
	t.Helper()
	data := filepath.Join(t.TempDir(), "restored")
	mustRun(t, &config.Restore{Folder: in(data), File: file}, opening(nil))
	again, err := datafolder.Open(data)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close() //nolint:errcheck // the test is over
	text, err := os.ReadFile(again.Path("rooms"))
	if err != nil || string(text) != manyRooms || again.Identity().Node != identity.Node ||
		!bytes.Equal(again.Identity().Tickets[0].Value, identity.Tickets[0].Value) {
		t.Errorf("restored %d bytes of rooms and the node %s, %v", len(text), again.Identity().Node, err)
	}
}

// TestBackupStopped: of a server that does not run, everything comes back.
func TestBackupStopped(t *testing.T) {
	folder, data := mustFolder(t)
	file := filepath.Join(t.TempDir(), "backup.zip")
	mustFail(t, &config.Backup{Folder: in(data), File: file}, opening(nil), "another Overtime is using the data folder")
	if err := folder.Close(); err != nil {
		t.Fatal(err)
	}
	mustRun(t, &config.Backup{Folder: in(data), File: file}, opening(nil))
	if info, err := os.Stat(file); err != nil || info.Mode() != 0o600 {
		t.Errorf("the backup has the mode %v, %v", info.Mode(), err)
	}
	mustRestore(t, file, folder.Identity())
}

// TestBackupRunning: of a server that runs, too.
func TestBackupRunning(t *testing.T) {
	folder, data := mustFolder(t)
	serve(t, data, operator.Server{Folder: folder, Snapshot: fakeStore{file: folder.Path("rooms")}.Snapshot})
	file := filepath.Join(t.TempDir(), "backup.zip")
	mustRun(t, &config.Backup{Folder: in(data), File: file}, nil)
	mustRestore(t, file, folder.Identity())
}

// TestBackupFails: half a backup is none, and none is left.
func TestBackupFails(t *testing.T) {
	fire := errors.New("disk on fire")
	file := filepath.Join(t.TempDir(), "backup.zip")
	t.Run("Stopped", func(t *testing.T) {
		folder, data := mustFolder(t)
		if err := folder.Close(); err != nil {
			t.Fatal(err)
		}
		mustFail(t, &config.Backup{Folder: in(data), File: file}, opening(fire), "disk on fire")
	})
	t.Run("Running", func(t *testing.T) {
		folder, data := mustFolder(t)
		serve(t, data, operator.Server{Folder: folder, Snapshot: fakeStore{folder.Path("rooms"), fire}.Snapshot})
		mustFail(t, &config.Backup{Folder: in(data), File: file}, nil, "the server could not finish the backup")
	})
	t.Run("Older", func(t *testing.T) {
		data := t.TempDir()
		serve(t, data, http.NotFoundHandler())
		mustFail(t, &config.Backup{Folder: in(data), File: file}, nil, "another version")
	})
	t.Run("NoServer", func(t *testing.T) {
		data := t.TempDir()
		mustFail(t, &config.Backup{Folder: in(data), File: file}, opening(nil), "there is no server's data in "+data)
		if entries, err := os.ReadDir(data); err != nil || len(entries) > 0 {
			t.Errorf("looking for one made %v, %v", entries, err)
		}
	})
	if _, err := os.Stat(file); err == nil {
		t.Error("a file is left")
	}
	t.Run("FileIsThere", func(t *testing.T) {
		mustWrite(t, file, "dear")
		mustFail(t, &config.Backup{Folder: in(t.TempDir()), File: file}, opening(nil), "choose another name")
		if text, err := os.ReadFile(file); err != nil || string(text) != "dear" {
			t.Errorf("it is now %q, %v", text, err)
		}
	})
}

// TestRestoreRefuses what would lose something, and leaves nothing behind.
func TestRestoreRefuses(t *testing.T) {
	folder, data := mustFolder(t)
	if err := folder.Close(); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "backup.zip")
	mustRun(t, &config.Backup{Folder: in(data), File: file}, opening(nil))
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	mustFail(t, &config.Restore{Folder: in(data), File: file}, opening(nil), "is not empty")

	empty := filepath.Join(t.TempDir(), "empty")
	broken := filepath.Join(t.TempDir(), "broken.zip")
	damaged := bytes.Clone(whole)
	damaged[len(damaged)/2] ^= 1
	for name, text := range map[string]string{
		"Empty": "", "NoArchive": "hello", "Cut": string(whole[:len(whole)-1]), "Half": string(whole[:len(whole)/2]), "Damaged": string(damaged),
	} {
		t.Run(name, func(t *testing.T) {
			mustWrite(t, broken, text)
			mustFail(t, &config.Restore{Folder: in(empty), File: broken}, opening(nil), "it is not a whole backup")
		})
	}
	mustFail(t, &config.Restore{Folder: in(empty), File: broken + "-none"}, opening(nil), "no such file")
	if _, err := os.Stat(empty); err == nil {
		t.Error("a folder was made")
	}
	mustFail(t, &config.Restore{Folder: in(empty), File: file}, opening(errors.New("disk on fire")), "disk on fire (the backup was made by overtime ")
	if datafolder.Holds(empty) {
		t.Error("half a server is left")
	}
	mustRun(t, &config.Restore{Folder: in(empty), File: file}, opening(nil)) // into what is empty again
}

// TestRotateKeys says what becomes of the links, and needs the server stopped.
func TestRotateKeys(t *testing.T) {
	folder, data := mustFolder(t)
	command := &config.KeysRotate{Folder: in(data)}
	mustFail(t, command, nil, "another Overtime is using the data folder")
	if err := folder.Close(); err != nil {
		t.Fatal(err)
	}
	first := folder.Identity().Tickets[0].ID
	if out := mustRun(t, command, nil); !strings.Contains(out, "What "+first+" signed holds on") || strings.Contains(out, "is gone") {
		t.Errorf("prints %q", out)
	}
	if out := mustRun(t, command, nil); !strings.Contains(out, "The key "+first+" is gone") {
		t.Errorf("prints %q", out)
	}
	mustFail(t, &config.KeysRotate{Folder: in(t.TempDir())}, nil, "there is no server's data")
}
