package bus_test

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"testing"

	"overtime/internal/bus"
)

// many is how many rooms a busy server keeps, each of some 1.5 KB.
const many = 10_000

func mustOpenWithMany(b *testing.B) *bus.Bus {
	b.Helper()
	from := mustOpenIn(b, b.TempDir())
	kv := mustBucket(b, from, "rooms")
	for i := range many {
		mustPut(b, kv, fmt.Sprint("room", i), bytes.Repeat(fmt.Append(nil, i, " "), 300))
	}
	return from
}

func mustOpenIn(b *testing.B, folder string) *bus.Bus {
	b.Helper()
	out, err := bus.Open(bus.Config{Folder: folder, Name: "node", Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(out.Close)
	return out
}

func BenchmarkSnapshot(b *testing.B) {
	from := mustOpenWithMany(b)
	for b.Loop() {
		if err := from.Snapshot(b.Context(), io.Discard); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(many*float64(b.N)/b.Elapsed().Seconds(), "records/s")
}

func BenchmarkRestore(b *testing.B) {
	backup := mustSnapshot(b, mustOpenWithMany(b))
	for b.Loop() {
		b.StopTimer()
		to := mustOpenIn(b, b.TempDir())
		b.StartTimer()
		if err := to.Restore(b.Context(), bytes.NewReader(backup)); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(many*float64(b.N)/b.Elapsed().Seconds(), "records/s")
	b.ReportMetric(float64(len(backup)), "bytes")
}
