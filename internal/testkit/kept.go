package testkit

import (
	"context"
	"log/slog"
	"path/filepath"
	"testing"

	"overtime/internal/bus"
	"overtime/internal/store"
)

// Streams is where a server keeps its streams in its data folder.
func Streams(data string) string { return filepath.Join(data, "nats") }

// Kept is what is kept in a folder of streams, while no server has it. The caller
// closes it.
func Kept(t testing.TB, streams string) (kept *store.Store, stop func()) {
	t.Helper()
	b, err := bus.Open(bus.Config{Folder: streams, Name: "node", Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), Patience)
	defer cancel()
	if kept, err = store.Open(ctx, b.JetStream()); err != nil {
		b.Close()
		t.Fatal(err)
	}
	return kept, b.Close
}
