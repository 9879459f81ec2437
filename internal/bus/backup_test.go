package bus_test

import (
	"archive/tar"
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"overtime/internal/bus"
)

func mustSnapshot(t testing.TB, b *bus.Bus) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := b.Snapshot(t.Context(), &out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func mustPut(t testing.TB, kv jetstream.KeyValue, key string, value []byte) uint64 {
	t.Helper()
	revision, err := kv.Put(t.Context(), key, value)
	if err != nil {
		t.Fatal(err)
	}
	return revision
}

// mustHold compares all of a bucket.
func mustHold(t *testing.T, kv jetstream.KeyValue, want map[string]string) {
	t.Helper()
	keys, err := kv.Keys(t.Context())
	if err != nil && !errors.Is(err, jetstream.ErrNoKeysFound) {
		t.Fatal(err)
	}
	if len(keys) != len(want) {
		t.Errorf("%d keys, want %d: %v", len(keys), len(want), keys)
	}
	for key, value := range want {
		if e, err := kv.Get(t.Context(), key); err != nil || string(e.Value()) != value {
			t.Errorf("%s: %v, want %.20q", key, err, value)
		}
	}
}

// mustHoldNothing: no streams, and no files of a restore.
func mustHoldNothing(t *testing.T, b *bus.Bus, folder string) {
	t.Helper()
	names := b.JetStream().StreamNames(t.Context())
	for name := range names.Name() {
		t.Errorf("there is a stream %s", name)
	}
	entries, err := os.ReadDir(folder)
	if err != nil || names.Err() != nil {
		t.Fatal(err, names.Err())
	}
	for _, e := range entries {
		if e.Name() != "jetstream" && e.Name() != "seal.json" {
			t.Errorf("there is a file %s", e.Name())
		}
	}
}

// TestBackup: what is restored is the same, to the revision, and can be worked
// on as if nothing had been.
func TestBackup(t *testing.T) {
	from := mustOpen(t)
	rooms, ledgers := mustBucket(t, from, "rooms"), mustBucket(t, from, "ledgers")
	mustBucket(t, from, "empty")
	gone := mustPut(t, mustBucket(t, from, "purged"), "a", nil)
	stream, err := from.JetStream().Stream(t.Context(), "KV_purged")
	if err == nil {
		err = stream.Purge(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{}
	for i := range 300 {
		key, value := fmt.Sprint("room", i%200), fmt.Sprint("value ", i)
		mustPut(t, rooms, key, []byte(value))
		want[key] = value
	}
	large := strings.Repeat("large ", 80<<10)
	old := mustPut(t, rooms, "large", []byte("small"))
	revision := mustPut(t, rooms, "large", []byte(large))
	want["large"] = large
	if err := rooms.Delete(t.Context(), "room0"); err != nil {
		t.Fatal(err)
	}
	delete(want, "room0")
	last := mustPut(t, rooms, "last", nil)
	if err := rooms.Purge(t.Context(), "last"); err != nil {
		t.Fatal(err)
	}
	mustPut(t, ledgers, "room1.1", []byte("ledger"))
	backup := mustSnapshot(t, from)

	folder := t.TempDir()
	to := openOn(t, folder, &disk{})
	mustBucket(t, to, "rooms") // as a server makes it that has just been started
	if err := to.Restore(t.Context(), bytes.NewReader(backup)); err != nil {
		t.Fatal(err)
	}
	rooms, ledgers = mustBucket(t, to, "rooms"), mustBucket(t, to, "ledgers")
	mustHold(t, rooms, want)
	mustHold(t, ledgers, map[string]string{"room1.1": "ledger"})
	mustHold(t, mustBucket(t, to, "empty"), nil)
	if r := mustPut(t, mustBucket(t, to, "purged"), "b", nil); r != gone+1 {
		t.Errorf("the revision %d after %d", r, gone)
	}
	if _, err := rooms.Update(t.Context(), "large", []byte("late"), old); !errors.Is(err, jetstream.ErrKeyRevisionMismatch) {
		t.Errorf("a change of an old revision: %v", err)
	}
	if _, err := rooms.Create(t.Context(), "room1", nil); err == nil {
		t.Error("a room was made twice")
	}
	next, err := rooms.Update(t.Context(), "large", []byte("new"), revision)
	if err != nil || next <= last+1 {
		t.Errorf("a change of the revision that was kept: %d after %d, %v", next, last, err)
	}
	want["large"] = "new"

	// It is kept as well as anything else, and can be backed up again.
	to.Close()
	again := openOn(t, folder, &disk{})
	mustHold(t, mustBucket(t, again, "rooms"), want)
	third := mustOpen(t)
	if err := third.Restore(t.Context(), bytes.NewReader(mustSnapshot(t, again))); err != nil {
		t.Fatal(err)
	}
	mustHold(t, mustBucket(t, third, "rooms"), want)
}

// TestBackupBeginsWithRooms: what leaves a room's record for another stream must be in
// the backup, also where the rooms' streams were made anew.
func TestBackupBeginsWithRooms(t *testing.T) {
	from := mustOpen(t)
	for _, bucket := range []string{"ledgers", "rooms_1", "hooks", "rooms_0"} {
		mustPut(t, mustBucket(t, from, bucket), "a", nil)
	}
	var order []string
	for _, e := range entries(t, mustSnapshot(t, from)) {
		name, _, part := strings.Cut(strings.TrimPrefix(e.name, "streams/"), "/")
		if part && !slices.Contains(order, name) {
			order = append(order, name)
		}
	}
	if want := []string{"KV_rooms_1", "KV_rooms_0", "KV_ledgers", "KV_hooks"}; !slices.Equal(order, want) {
		t.Errorf("the streams are copied in the order %q, want %q", order, want)
	}
}

// TestRestoreWhileFoldersAreCleaned: what NATS does some time after a stream
// was deleted, it may do at any moment of a restore.
func TestRestoreWhileFoldersAreCleaned(t *testing.T) {
	from, folder := mustOpen(t), t.TempDir()
	mustPut(t, mustBucket(t, from, "rooms"), "a", []byte("value"))
	backup := mustSnapshot(t, from)
	to := openOn(t, folder, &disk{})
	mustBucket(t, to, "rooms")
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		account := filepath.Join(folder, "jetstream", "$G")
		for {
			select {
			case <-stop:
				return
			default:
				os.Remove(filepath.Join(account, "streams")) // no more than the program does: only if it is empty
				os.Remove(account)
			}
		}
	}()
	err := to.Restore(t.Context(), bytes.NewReader(backup))
	close(stop)
	<-stopped
	if err != nil {
		t.Fatal(err)
	}
	mustHold(t, mustBucket(t, to, "rooms"), map[string]string{"a": "value"})
	left, err := os.ReadDir(filepath.Join(folder, "jetstream", "$G", "streams"))
	if err != nil || len(left) != 1 {
		t.Errorf("beside the stream there is something: %v, %v", left, err)
	}
}

// TestBackupOfMuch has more than one part, and many blocks.
func TestBackupOfMuch(t *testing.T) {
	from, to := mustOpen(t), mustOpen(t)
	kv, want := mustBucket(t, from, "rooms"), map[string]string{}
	noise := make([]byte, 300<<10) // which does not compress well
	for i, x := 0, uint32(1); i < len(noise); i++ {
		x = x*1664525 + 1013904223
		noise[i] = byte(x >> 24)
	}
	for i := range 8 {
		key := fmt.Sprint("room", i)
		want[key] = string(noise[i:])
		mustPut(t, kv, key, noise[i:])
	}
	backup := mustSnapshot(t, from)
	if len(backup) < 4*300<<10 {
		t.Errorf("the backup has %d bytes only", len(backup))
	}
	if err := to.Restore(t.Context(), bytes.NewReader(backup)); err != nil {
		t.Fatal(err)
	}
	mustHold(t, mustBucket(t, to, "rooms"), want)
}

// TestBackupWhileWritten: the backup is the state at one moment, although
// every key is written again and again. One writer counts up over all keys, so
// that the state at each moment is known.
func TestBackupWhileWritten(t *testing.T) {
	from, to := mustOpen(t), mustOpen(t)
	kv := mustBucket(t, from, "rooms")
	const keys = 400
	put := func(i int) error {
		_, err := kv.Put(context.Background(), fmt.Sprint("k", i%keys), []byte(strconv.Itoa(i)))
		return err
	}
	for i := range keys {
		if err := put(i); err != nil {
			t.Fatal(err)
		}
	}
	stop, stopped := make(chan struct{}), make(chan int)
	go func() {
		i := keys
		defer func() { stopped <- i }()
		for {
			select {
			case <-stop:
				return
			default:
			}
			if err := put(i); err != nil {
				t.Error(err)
				return
			}
			i++
		}
	}()
	backup := mustSnapshot(t, from)
	close(stop)
	t.Logf("%d writes while the backup was made", <-stopped-keys)
	if err := to.Restore(t.Context(), bytes.NewReader(backup)); err != nil {
		t.Fatal(err)
	}
	kv = mustBucket(t, to, "rooms")
	have, last := map[int]int{}, 0
	for k := range keys {
		e, err := kv.Get(t.Context(), fmt.Sprint("k", k))
		if err != nil {
			t.Errorf("k%d is not in the backup: %v", k, err)
			continue
		}
		if have[k], err = strconv.Atoi(string(e.Value())); err != nil {
			t.Error(err)
		}
		last = max(last, have[k])
	}
	for k, i := range have {
		if want := last - (last-k)%keys; i != want {
			t.Errorf("when %d was written k%d was %d; the backup has %d", last, k, want, i)
		}
	}
}

// entries of a backup, in order.
func entries(t *testing.T, backup []byte) (out []entry) {
	t.Helper()
	in := tar.NewReader(bytes.NewReader(backup))
	for {
		h, err := in.Next()
		if err == io.EOF {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, entry{h.Name, content})
	}
}

type entry struct {
	name    string
	content []byte
}

func pack(t *testing.T, list ...entry) []byte {
	t.Helper()
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	for _, e := range list {
		err := w.WriteHeader(&tar.Header{Name: e.name, Mode: 0o600, Size: int64(len(e.content))})
		if err == nil {
			_, err = w.Write(e.content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestDamagedBackup: of a backup that is not whole nothing is restored.
func TestDamagedBackup(t *testing.T) {
	from := mustOpen(t)
	kv := mustBucket(t, from, "rooms")
	for i := range 20 {
		mustPut(t, kv, fmt.Sprint("room", i), []byte("value"))
	}
	mustBucket(t, from, "ledgers")
	backup := mustSnapshot(t, from)
	whole := entries(t, backup)
	if len(whole) != 4 || pack(t, whole...) == nil {
		t.Fatalf("entries %v", whole)
	}
	rooms, ledgers, list, sum := whole[0], whole[1], whole[2], whole[3]
	folder := t.TempDir()
	to := openOn(t, folder, &disk{})
	for name, text := range map[string][]byte{
		"Nothing":      nil,
		"NoTar":        []byte(strings.Repeat("no tar ", 1000)),
		"OneCut":       backup[:700],
		"NoSum":        pack(t, rooms, ledgers, list),
		"NoManifest":   pack(t, rooms, ledgers, sum),
		"NoPart":       pack(t, ledgers, list, sum),
		"OtherOrder":   pack(t, ledgers, rooms, list, sum),
		"TwiceAPart":   pack(t, rooms, rooms, ledgers, list, sum),
		"Stranger":     pack(t, rooms, ledgers, entry{"stranger", []byte("x")}, list, sum),
		"OutOfFolder":  pack(t, rooms, ledgers, entry{"../../stranger", []byte("x")}, list, sum),
		"OtherContent": pack(t, entry{rooms.name, ledgers.content}, ledgers, list, sum),
		"OtherList":    pack(t, rooms, ledgers, entry{list.name, bytes.Replace(list.content, []byte("KV_rooms"), []byte("KV_roomz"), 1)}, sum),
		"Huge":         pack(t, entry{rooms.name, make([]byte, 1<<20)}),
	} {
		t.Run(name, func(t *testing.T) {
			err := to.Restore(t.Context(), bytes.NewReader(text))
			if !errors.Is(err, bus.ErrDamaged) {
				t.Errorf("restored: %v", err)
			}
			mustHoldNothing(t, to, folder)
		})
	}
	// Wherever it is cut, and wherever a byte of it is another.
	end := bytes.LastIndex(backup, sum.content) + len(sum.content)
	for at := 0; at < end; at += 97 {
		if err := bus.ReadBackup(bytes.NewReader(backup[:at])); !errors.Is(err, bus.ErrDamaged) {
			t.Errorf("cut at %d: %v", at, err)
		}
	}
	for _, e := range whole {
		begin := bytes.Index(backup, e.content)
		for at := begin - 512; at < begin+len(e.content); at += 13 {
			altered := bytes.Clone(backup)
			altered[at] ^= 0x10
			if err := bus.ReadBackup(bytes.NewReader(altered)); !errors.Is(err, bus.ErrDamaged) {
				t.Errorf("%s, byte %d altered: %v", e.name, at-begin, err)
			}
		}
	}
	if err := to.Restore(t.Context(), bytes.NewReader(backup)); err != nil {
		t.Errorf("the whole one: %v", err)
	}
}

// calledOff is a context that ends once so many steps were begun with it.
type calledOff struct {
	context.Context
	left   atomic.Int64
	cancel func()
}

func (c *calledOff) Done() <-chan struct{} {
	if c.left.Add(-1) == 0 {
		c.cancel()
	}
	return c.Context.Done()
}

func sumOf(content []byte) string { return fmt.Sprintf("%x", sha256.Sum256(content)) }

// TestRestoreRefused: nothing that is there is lost, and nothing is left of what
// could not be restored.
func TestRestoreRefused(t *testing.T) {
	from := mustOpen(t)
	first, second := mustBucket(t, from, "first"), mustBucket(t, from, "second")
	mustPut(t, first, "a", []byte("first"))
	for i := range 50 {
		mustPut(t, second, fmt.Sprint("b", i), bytes.Repeat([]byte("x"), 1000))
	}
	backup := mustSnapshot(t, from)

	t.Run("NotEmpty", func(t *testing.T) {
		err := from.Restore(t.Context(), bytes.NewReader(backup))
		if !errors.Is(err, bus.ErrNotEmpty) || !strings.Contains(err.Error(), "KV_first holds 1 record") {
			t.Errorf("restored over what is there: %v", err)
		}
		mustHold(t, first, map[string]string{"a": "first"})
	})
	t.Run("NoRoom", func(t *testing.T) {
		folder := t.TempDir()
		to, err := bus.Open(bus.Config{Folder: folder, Name: "node", Logger: slog.New(slog.DiscardHandler), MaxStore: 20 << 10})
		if err != nil {
			t.Fatal(err)
		}
		defer to.Close()
		if err := to.Restore(t.Context(), bytes.NewReader(backup)); err == nil || !strings.Contains(err.Error(), "nothing was restored") {
			t.Errorf("restored more than may be held: %v", err)
		}
		mustHoldNothing(t, to, folder)
	})
	t.Run("BrokenOff", func(t *testing.T) {
		folder := t.TempDir()
		to := openOn(t, folder, &disk{})
		for steps, since := int64(1), time.Now(); ; steps++ { // wherever it is broken off
			ctx, cancel := context.WithCancel(t.Context())
			c := &calledOff{Context: ctx, cancel: cancel}
			c.left.Store(steps)
			err := to.Restore(c, bytes.NewReader(backup))
			cancel()
			if err == nil {
				t.Logf("it takes %d steps", steps)
				break
			}
			mustHoldNothing(t, to, folder)
			switch {
			case errors.Is(err, context.Canceled):
				since = time.Now()
			case strings.Contains(err.Error(), "nothing was restored") && time.Since(since) < patience:
				steps-- // the server may still be at what the attempt before sent it
			default:
				t.Fatalf("after %d steps: %v", steps, err)
			}
		}
		mustHold(t, mustBucket(t, to, "first"), map[string]string{"a": "first"})
	})
	t.Run("Killed", func(t *testing.T) {
		folder := t.TempDir()
		if err := os.WriteFile(filepath.Join(folder, "restoring"), nil, 0o600); err != nil {
			t.Fatal(err)
		}
		b, err := bus.Open(bus.Config{Folder: folder, Name: "node", Logger: slog.New(slog.DiscardHandler)})
		if err == nil {
			b.Close()
			t.Fatal("opened on half of a backup")
		}
		if !strings.Contains(err.Error(), "remove that folder and restore the backup again") {
			t.Error(err)
		}
	})
	t.Run("OtherFormat", func(t *testing.T) {
		list := entry{"manifest.json", []byte(`{"format":3,"nats_server":"9"}`)}
		newer := pack(t, list, entry{"manifest.json.sha256", fmt.Appendf(nil, "%s  manifest.json\n", sumOf(list.content))})
		if err := bus.ReadBackup(bytes.NewReader(newer)); err == nil || errors.Is(err, bus.ErrDamaged) ||
			!strings.Contains(err.Error(), "restore it with the program that made it (with NATS 9 inside)") {
			t.Errorf("a backup of a later program: %v", err)
		}
	})
}
