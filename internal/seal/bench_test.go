package seal_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"testing"

	"github.com/nats-io/nats.go/jetstream"

	"overtime/internal/bus"
	"overtime/internal/seal"
)

// BenchmarkCheck is the look at a store at a start; it reports how much it reads
// in a second.
func BenchmarkCheck(b *testing.B) {
	const rooms, size = 5_000, 6_000
	folder := b.TempDir()
	store, err := bus.Open(bus.Config{Folder: folder, Name: "node", Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		b.Fatal(err)
	}
	kv, err := store.JetStream().CreateKeyValue(b.Context(), jetstream.KeyValueConfig{Bucket: "rooms", History: 1})
	if err != nil {
		b.Fatal(err)
	}
	for i := range rooms {
		if _, err := kv.Put(b.Context(), fmt.Sprint("room", i), bytes.Repeat([]byte("x"), size)); err != nil {
			b.Fatal(err)
		}
	}
	store.Close()
	b.SetBytes(rooms * size)
	for b.Loop() {
		found, err := seal.Check(folder)
		if err != nil || found.Err() != nil || len(found.Notes) > 0 {
			b.Fatal(err, found)
		}
	}
}
