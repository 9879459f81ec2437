package store_test

import (
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"overtime/internal/bus"
	"overtime/internal/meeting"
	"overtime/internal/store"
)

// BenchmarkChange is what it takes to save a change of a room, while so many rooms
// are changed at once. A record has the size of one of a meeting of ten.
func BenchmarkChange(b *testing.B) {
	for _, rooms := range []int{1, 10, 100, 1000} {
		b.Run(fmt.Sprintf("rooms=%d", rooms), func(b *testing.B) { benchmarkChange(b, rooms) })
	}
}

func benchmarkChange(b *testing.B, rooms int) {
	nats, err := bus.Open(bus.Config{Folder: b.TempDir(), Name: "node", Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		b.Fatal(err)
	}
	defer nats.Close()
	s, err := store.Open(b.Context(), nats.JetStream())
	if err != nil {
		b.Fatal(err)
	}
	all := make([]store.Versioned, rooms)
	for i := range all {
		room, err := meeting.Room{ID: fmt.Sprint("room", i), CreatedAt: now, Duration: 60}.Validate()
		if err == nil {
			err = s.Create(b.Context(), room)
		}
		if err == nil {
			all[i], err = s.Load(b.Context(), room.ID)
		}
		if err != nil {
			b.Fatal(err)
		}
	}
	var left atomic.Int64
	left.Store(int64(b.N))
	took := make([][]time.Duration, rooms)
	var group sync.WaitGroup
	b.ResetTimer()
	for i := range all {
		group.Go(func() {
			for left.Add(-1) >= 0 {
				begun := time.Now()
				next, err := s.Change(b.Context(), all[i], func(r store.Record) (store.Record, error) {
					r.Epoch++
					return r, nil
				})
				if err != nil {
					b.Error(err)
					return
				}
				all[i] = next
				took[i] = append(took[i], time.Since(begun))
			}
		})
	}
	group.Wait()
	b.StopTimer()
	each := slices.Concat(took...)
	slices.Sort(each)
	b.ReportMetric(float64(len(each))/b.Elapsed().Seconds(), "changes/s")
	b.ReportMetric(each[len(each)/2].Seconds()*1000, "p50-ms")
	b.ReportMetric(each[len(each)*99/100].Seconds()*1000, "p99-ms")
}
