package operator_test

import (
	"log/slog"
	"path/filepath"
	"testing"

	"overtime/internal/bus"
	"overtime/internal/config"
	"overtime/internal/datafolder"
	"overtime/internal/meeting"
	"overtime/internal/node"
	"overtime/internal/operator"
	"overtime/internal/store"
)

// openBus opens the store that the server has, as its main does.
func openBus(folder *datafolder.Folder) (*bus.Bus, error) {
	return bus.Open(bus.Config{Folder: folder.Path("nats"), Name: folder.Identity().Node, Logger: slog.New(slog.DiscardHandler)})
}

// openStopped is that for commands.
func openStopped(folder *datafolder.Folder) (operator.Store, error) {
	return node.OpenStopped(folder, slog.New(slog.DiscardHandler))
}

// mustStore is the store of an open folder, which is closed with the test.
func mustStore(t *testing.T, folder *datafolder.Folder) (*bus.Bus, *store.Store) {
	t.Helper()
	nats, err := openBus(folder)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(nats.Close)
	kept, err := store.Open(t.Context(), nats.JetStream())
	if err != nil {
		t.Fatal(err)
	}
	return nats, kept
}

// TestRoomsComeBack: a room of a running server is in its backup, and in the
// server that is made of that.
func TestRoomsComeBack(t *testing.T) {
	folder, data := mustFolder(t)
	nats, kept := mustStore(t, folder)
	room, err := meeting.Room{ID: "abc", Name: "Review", Duration: 60}.Validate()
	if err != nil {
		t.Fatal(err)
	}
	if err := kept.Create(t.Context(), room); err != nil {
		t.Fatal(err)
	}
	serve(t, data, operator.Server{Folder: folder, Snapshot: nats.Snapshot})
	file := filepath.Join(t.TempDir(), "backup.zip")
	mustRun(t, &config.Backup{Folder: in(data), File: file}, nil)

	moved := filepath.Join(t.TempDir(), "moved")
	mustRun(t, &config.Restore{Folder: in(moved), File: file}, openStopped)
	again, err := datafolder.Open(moved)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = again.Close() }) // the test is over
	_, kept = mustStore(t, again)
	if got, err := kept.Load(t.Context(), "abc"); err != nil || got.Room != room {
		t.Errorf("came back as %+v, %v", got.Room, err)
	}
}
