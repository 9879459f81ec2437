package seal_test

import (
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"overtime/internal/bus"
	"overtime/internal/seal"
)

// TestSettleMakesSure: what is read beyond the seal, as after a kill, is synced before
// anybody goes by it; what the seal has is not synced again.
func TestSettleMakesSure(t *testing.T) {
	folder := t.TempDir()
	block, sealed := filepath.Join(folder, "jetstream/$G/streams/KV_rooms/msgs/1.blk"), filepath.Join(folder, "seal.json")
	put(t, folder, "first")
	old := mustRead(t, sealed)
	if err := settleUnsyncable(t, folder, block); err != nil {
		t.Errorf("after a stop: %v", err)
	}
	put(t, folder, "second")
	newest := mustRead(t, sealed)
	mustReplace(t, sealed, old)
	if err := settleUnsyncable(t, folder, block); !errors.Is(err, syscall.EINVAL) || !strings.Contains(err.Error(), block) {
		t.Errorf("written behind the seal: %v", err)
	}
	mustReplace(t, sealed, newest)
	mustReplace(t, block, mustRead(t, block))
	if err := settleUnsyncable(t, folder, block); !errors.Is(err, syscall.EINVAL) {
		t.Errorf("copied: %v", err)
	}
}

// TestSettleTakesAway: a stream that a kill left half made goes, with its blocks.
func TestSettleTakesAway(t *testing.T) {
	folder := t.TempDir()
	put(t, folder, "first")
	half := filepath.Join(folder, "jetstream/$G/streams/KV_half")
	if err := errors.Join(os.MkdirAll(filepath.Join(half, "msgs"), 0o700), os.WriteFile(filepath.Join(half, "meta.inf"), []byte("{"), 0o600),
		os.WriteFile(filepath.Join(half, "msgs/1.blk"), nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	found, err := seal.Check(folder)
	if err == nil {
		err = errors.Join(found.Err(), found.Settle(time.Now()))
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(half); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("it is there: %v", err)
	}
}

// put runs a store on a folder that takes one message.
func put(t *testing.T, folder, key string) {
	t.Helper()
	b, err := bus.Open(bus.Config{Folder: folder, Name: "node", Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	kv, err := b.JetStream().CreateOrUpdateKeyValue(t.Context(), jetstream.KeyValueConfig{Bucket: "rooms"})
	if err == nil {
		_, err = kv.Put(t.Context(), key, []byte("kept"))
	}
	if err != nil {
		t.Fatal(err)
	}
}

func mustRead(t *testing.T, path string) []byte {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// mustReplace makes it another file.
func mustReplace(t *testing.T, path string, text []byte) {
	t.Helper()
	if err := errors.Join(os.WriteFile(path+".new", text, 0o600), os.Rename(path+".new", path)); err != nil {
		t.Fatal(err)
	}
}

// settleUnsyncable checks a folder, and settles it while a sync of the block fails.
func settleUnsyncable(t *testing.T, folder, block string) error {
	t.Helper()
	found, err := seal.Check(folder)
	if err == nil {
		err = found.Err()
	}
	if err == nil {
		err = errors.Join(os.Rename(block, block+".real"), os.Symlink(os.DevNull, block))
	}
	if err != nil {
		t.Fatal(err)
	}
	settled := found.Settle(time.Now())
	if err := os.Rename(block+".real", block); err != nil {
		t.Fatal(err)
	}
	return settled
}
