package portal

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"overtime/test/program"
)

// TestDamagedStore: the built server does not start on a store of which a bit was
// flipped, says what to do, and starts again when that was done.
func TestDamagedStore(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	var room string
	t.Run("Well", func(t *testing.T) {
		serve(t, "--data", data)
		room, _, _ = strings.Cut(strings.TrimPrefix(said(t, "room", "create", "--data", data, "--minutes", "30"), "id"), "\n")
		room = strings.TrimSpace(room)
	})
	block, text := blockOf(t, data, room)
	damaged := bytes.Replace(text, []byte("duration"), []byte("duratiom"), 1)
	if err := os.WriteFile(block, damaged, 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience) // it would serve
	defer cancel()
	out, err := exec.CommandContext(ctx, program.Server(t), "--addr", "127.0.0.1:0", "--rtc-port", "0", "--data", data).CombinedOutput()
	for _, want := range []string{block + ": ", "of $KV.rooms_", "." + room, "overtime restore", "overtime salvage"} {
		if err == nil || !strings.Contains(string(out), want) {
			t.Errorf("it ended with %v and says nothing of %q:\n%s", err, want, out)
		}
	}
	if now, err := os.ReadFile(block); err != nil || !bytes.Equal(now, damaged) {
		t.Errorf("the file was changed, %v", err)
	}
	said(t, "salvage", "--data", data)
	t.Run("Salvaged", func(t *testing.T) {
		serve(t, "--data", data)
		said(t, "room", "create", "--data", data, "--minutes", "30")
	})
}

// blockOf is the file in which a room is kept.
func blockOf(t *testing.T, data, room string) (path string, text []byte) {
	t.Helper()
	blocks, err := filepath.Glob(filepath.Join(data, "nats", "jetstream", "$G", "streams", "KV_rooms_*", "msgs", "*.blk"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range blocks {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(text, []byte("."+room)) {
			return path, text
		}
	}
	t.Fatalf("%s is in none of %v", room, blocks)
	return "", nil
}
