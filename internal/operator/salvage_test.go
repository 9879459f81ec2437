package operator_test

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"overtime/internal/config"
	"overtime/internal/datafolder"
	"overtime/internal/meeting"
	"overtime/internal/operator"
)

// TestSalvage: a damaged store is opened by nothing but this command, which says
// what it took. What is not damaged it leaves alone.
func TestSalvage(t *testing.T) {
	folder, data := mustFolder(t)
	nats, kept := mustStore(t, folder)
	for _, id := range []string{"first", "second"} {
		room, err := meeting.Room{ID: id, Duration: 60}.Validate()
		if err == nil {
			err = kept.Create(t.Context(), room)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	nats.Close()
	if err := folder.Close(); err != nil {
		t.Fatal(err)
	}
	open := func(f *datafolder.Folder) (operator.Store, error) { return openBus(f) }
	if said := mustRun(t, &config.Salvage{Folder: in(data)}, open); !strings.Contains(said, "nothing was changed") {
		t.Errorf("says %s", said)
	}
	block := folder.Path("nats/jetstream/$G/streams/KV_rooms/msgs/1.blk")
	text, err := os.ReadFile(block)
	if err != nil {
		t.Fatal(err)
	}
	mustWrite(t, block, string(bytes.Replace(text, []byte("duration"), []byte("duratiom"), 1)))
	mustFail(t, &config.Backup{Folder: in(data), File: data + ".zip"}, open, "KV_rooms/msgs/1.blk: ")
	if said := mustRun(t, &config.Salvage{Folder: in(data)}, open); !strings.Contains(said, "whole records of it that were taken: 1") || !strings.Contains(said, "The server can be started.") {
		t.Errorf("says %s", said)
	}
	again, err := datafolder.Open(data)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = again.Close() }) // the test is over
	_, kept = mustStore(t, again)
	if _, err := kept.Load(t.Context(), "second"); err != nil {
		t.Error(err)
	}
}
