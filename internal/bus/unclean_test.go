package bus_test

import (
	"bytes"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"overtime/internal/bus"
)

const roomsBlock = "jetstream/$G/streams/KV_rooms/msgs/1.blk"

// TestUncleanEnd: what a kill or a loss of power leaves is a normal start, with
// the write that was never confirmed cut off anywhere. A copy of its end is kept.
func TestUncleanEnd(t *testing.T) {
	origin := t.TempDir()
	b := mustOpenAt(t, origin, slog.DiscardHandler)
	kv := mustBucket(t, b, "rooms")
	mustPut(t, kv, "first", []byte("kept"))
	b.Seal()
	sealed := len(filesOf(t, origin)[roomsBlock])
	mustPut(t, kv, "second", []byte("not confirmed"))
	files := filesOf(t, origin)
	b.Close()
	whole := files[roomsBlock]
	for at := sealed; at <= len(whole); at++ {
		folder, want := t.TempDir(), map[string]string{"first": "kept"}
		if at == len(whole) {
			want["second"] = "not confirmed"
		}
		files[roomsBlock] = whole[:at]
		mustPutFiles(t, folder, files)
		var log bytes.Buffer
		again := mustOpenAt(t, folder, slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelWarn}))
		mustHold(t, mustBucket(t, again, "rooms"), want)
		again.Close()
		torn := at > sealed && at < len(whole)
		if torn != strings.Contains(log.String(), "a write that was never confirmed") {
			t.Errorf("cut %d bytes behind the seal: the log says\n%s", at-sealed, &log)
		}
		if kept := slices.Contains(mustKept(t, folder), whole[sealed:at]); torn != kept {
			t.Errorf("cut %d bytes behind the seal: a copy of the end is kept: %v", at-sealed, kept)
		}
	}
}

// flip flips a bit of the first record of a block, in place.
func flip(t *testing.T, path string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	text[bytes.Index(text, []byte("kept"))] ^= 4
	if err := overwrite(path, text); err != nil {
		t.Fatal(err)
	}
}

// TestHealingCutsNothing: a store that is started anew in place is looked at like
// one at the start.
func TestHealingCutsNothing(t *testing.T) {
	folder := t.TempDir()
	b := mustOpenAt(t, folder, slog.DiscardHandler)
	kv := mustBucket(t, b, "rooms")
	for _, key := range []string{"first", "second", "third"} {
		mustPut(t, kv, key, []byte("kept"))
	}
	b.Seal()
	flip(t, filepath.Join(folder, roomsBlock))
	before := filesOf(t, folder)[roomsBlock]
	err := b.Restart()
	if err == nil || !strings.Contains(err.Error(), roomsBlock) || !strings.Contains(err.Error(), "of $KV.rooms.first") {
		t.Errorf("started anew on a damaged file: %v", err)
	}
	if err := b.Look(); err == nil || !strings.Contains(err.Error(), "KV_rooms/msgs/1.blk") || !strings.Contains(err.Error(), "overtime restore") ||
		strings.Contains(err.Error(), folder) || strings.Contains(err.Error(), "$KV") { // anybody may ask
		t.Errorf("not ready, because of %v", err)
	}
	if filesOf(t, folder)[roomsBlock] != before {
		t.Error("the file was changed")
	}
	flip := []byte(strings.Replace(before, "oept", "kept", 1)) // as it was
	if err := errors.Join(overwrite(filepath.Join(folder, roomsBlock), flip), b.Restart()); err != nil {
		t.Fatal(err)
	}
	mustHold(t, kv, map[string]string{"first": "kept", "second": "kept", "third": "kept"})
}

// TestSalvage takes what is whole, and keeps what is not.
func TestSalvage(t *testing.T) {
	folder := t.TempDir()
	b := mustOpenAt(t, folder, slog.DiscardHandler)
	kv := mustBucket(t, b, "rooms")
	for _, key := range []string{"first", "second", "third"} {
		mustPut(t, kv, key, []byte("kept"))
	}
	b.Close()
	flip(t, filepath.Join(folder, roomsBlock))
	damaged := filesOf(t, folder)[roomsBlock]
	_, err := bus.Open(bus.Config{Folder: folder, Name: "node", Logger: slog.New(slog.DiscardHandler)})
	var broken interface{ Salvage() ([]string, error) }
	if !errors.As(err, &broken) {
		t.Fatalf("opened: %v", err)
	}
	done, err := broken.Salvage()
	if err != nil || len(done) != 2 || !strings.Contains(done[0], roomsBlock) || !strings.Contains(done[0], "whole records of it that were taken: 2") {
		t.Fatalf("it did %q, %v", done, err)
	}
	mustHold(t, mustBucket(t, mustOpenAt(t, folder, slog.DiscardHandler), "rooms"), map[string]string{"second": "kept", "third": "kept"})
	if !slices.Contains(mustKept(t, folder), damaged) {
		t.Error("there is no copy of the damaged file")
	}
}

// mustKept are the copies that were kept.
func mustKept(t *testing.T, folder string) (kept []string) {
	t.Helper()
	for name, text := range filesOf(t, folder) {
		if strings.HasPrefix(name, "aside"+string(filepath.Separator)) {
			kept = append(kept, text)
		}
	}
	return kept
}
