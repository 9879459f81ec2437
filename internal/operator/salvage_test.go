package operator_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"overtime/internal/config"
	"overtime/internal/datafolder"
	"overtime/internal/meeting"
)

// TestSalvage: a damaged store is opened by nothing but this command, which says
// what it took. What is not damaged it leaves alone.
func TestSalvage(t *testing.T) {
	folder, data := mustFolder(t)
	nats, kept := mustStore(t, folder)
	for _, id := range []string{"first", "fourth"} { // which are kept in one file
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
	open := openStopped
	if said := mustRun(t, &config.Salvage{Folder: in(data)}, open); !strings.Contains(said, "nothing was changed") {
		t.Errorf("says %s", said)
	}
	block, text := mustFind(t, folder.Path("nats/jetstream/$G/streams/KV_rooms_*/msgs/1.blk"), "first")
	mustWrite(t, block, string(bytes.Replace(text, []byte("duration"), []byte("duratiom"), 1)))
	mustFail(t, &config.Backup{Folder: in(data), File: data + ".zip"}, open, block+": ")
	if said := mustRun(t, &config.Salvage{Folder: in(data)}, open); !strings.Contains(said, "whole records of it that were taken: 1") || !strings.Contains(said, "The server can be started.") {
		t.Errorf("says %s", said)
	}
	again, err := datafolder.Open(data)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = again.Close() }) // the test is over
	_, kept = mustStore(t, again)
	if _, err := kept.Load(t.Context(), "fourth"); err != nil {
		t.Error(err)
	}
}

// mustFind is the file of a pattern that a text is in.
func mustFind(t *testing.T, pattern, text string) (path string, content []byte) {
	t.Helper()
	paths, err := filepath.Glob(pattern)
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(content, []byte(text)) {
			return path, content
		}
	}
	t.Fatalf("%q is in none of %v", text, paths)
	return "", nil
}
