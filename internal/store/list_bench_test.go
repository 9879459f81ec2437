package store_test

import (
	"fmt"
	"log/slog"
	"testing"

	"overtime/internal/bus"
	"overtime/internal/meeting"
	"overtime/internal/store"
)

// BenchmarkRooms is a page of 50 from the middle of 10,000 rooms.
func BenchmarkRooms(b *testing.B) {
	nats, err := bus.Open(bus.Config{Folder: b.TempDir(), Name: "node", Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		b.Fatal(err)
	}
	defer nats.Close()
	s, err := store.Open(b.Context(), nats.JetStream())
	if err != nil {
		b.Fatal(err)
	}
	for i := range 10_000 {
		room, err := meeting.Room{ID: fmt.Sprint("room", i), CreatedAt: now, Duration: 60}.Validate()
		if err == nil {
			err = s.Create(b.Context(), room)
		}
		if err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		if rooms, _, more, err := s.Rooms(b.Context(), 5_000, 50); err != nil || len(rooms) != 50 || !more {
			b.Fatal(len(rooms), more, err)
		}
	}
}
