package audit_test

import (
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"overtime/internal/audit"
	"overtime/internal/bus"
)

// BenchmarkAppend is what it takes to keep an entry, while as many rooms have one.
func BenchmarkAppend(b *testing.B) {
	for _, rooms := range []int{1, 100} {
		b.Run(fmt.Sprintf("rooms=%d", rooms), func(b *testing.B) {
			nats, err := bus.Open(bus.Config{Folder: b.TempDir(), Name: "node", Logger: slog.New(slog.DiscardHandler)})
			if err != nil {
				b.Fatal(err)
			}
			defer nats.Close()
			l, err := audit.Open(b.Context(), nats.JetStream(), audit.Config{Now: time.Now, Logger: slog.New(slog.DiscardHandler)})
			if err != nil {
				b.Fatal(err)
			}
			defer func() { _ = l.Close(b.Context()) }() // the benchmark is over
			b.ResetTimer()
			var group sync.WaitGroup
			for room := range rooms {
				group.Go(func() {
					for n := room; n < b.N; n += rooms {
						if err := l.Append(b.Context(), numbered(fmt.Sprint("room", room), n)); err != nil {
							b.Error(err)
							return
						}
					}
				})
			}
			group.Wait()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "entries/s")
		})
	}
}
