package store_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"os/exec"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"overtime/internal/bus"
	"overtime/internal/store"
)

// oldRooms is the bucket of versions before, as they open it.
func oldRooms(ctx context.Context, js jetstream.JetStream) (jetstream.KeyValue, error) {
	return js.CreateOrUpdateKeyValue(ctx, jetstream.KeyValueConfig{
		Bucket: "rooms", Description: "one record for each room", MaxValueSize: most,
		History: 1, Storage: jetstream.FileStorage, Replicas: 1,
	})
}

func mustOldRooms(t *testing.T, js jetstream.JetStream) jetstream.KeyValue {
	t.Helper()
	kv, err := oldRooms(t.Context(), js)
	if err != nil {
		t.Fatal(err)
	}
	return kv
}

// mustHold is what a bucket of before holds.
func mustHold(t *testing.T, kv jetstream.KeyValue, want map[string]string) {
	t.Helper()
	watch, err := kv.WatchAll(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = watch.Stop() }()
	have := map[string]string{}
	for entry := range watch.Updates() {
		if entry == nil {
			break
		}
		have[entry.Key()] = string(entry.Value())
	}
	if !maps.Equal(have, want) {
		t.Errorf("it holds %d records, want %d, or other ones", len(have), len(want))
	}
}

// oldRecord is one that the version before wrote.
func oldRecord(id string, epoch int) string {
	return fmt.Sprintf(`{"v":1,"epoch":%d,"room":{"id":%q,"duration":60},"write":"w%d"}`, epoch, id, epoch)
}

// mustFill has a version before make rooms.
func mustFill(t *testing.T, js jetstream.JetStream, rooms int) map[string]string {
	t.Helper()
	kv, want := mustOldRooms(t, js), map[string]string{}
	for i := range rooms {
		id := fmt.Sprint("room", i)
		want[id] = oldRecord(id, i)
		if _, err := kv.PutString(t.Context(), id, want[id]); err != nil {
			t.Fatal(err)
		}
	}
	return want
}

func mustConvert(t *testing.T, in store.Streams) *store.Store {
	t.Helper()
	if _, err := store.Convert(t.Context(), in, func(int) {}); err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(t.Context(), in.JetStream())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// epochs are those of all rooms.
func epochs(t *testing.T, s *store.Store) map[string]uint64 {
	t.Helper()
	have := map[string]uint64{}
	if err := s.Each(t.Context(), func(v store.Versioned) bool { have[v.Room.ID] = v.Epoch; return true }); err != nil {
		t.Fatal(err)
	}
	return have
}

// TestConvertLarge: large records go a MiB at a time, and not as many as small ones.
func TestConvertLarge(t *testing.T) {
	b := mustBus(t, t.TempDir())
	defer b.Close()
	kv := mustOldRooms(t, b.JetStream())
	for i := range 40 {
		if _, err := kv.Put(t.Context(), fmt.Sprint("room", i), bytes.Repeat([]byte("x"), 60_000)); err != nil {
			t.Fatal(err)
		}
	}
	var progress []int
	if _, err := store.Convert(t.Context(), b, func(n int) { progress = append(progress, n) }); err != nil || !slices.Equal(progress, []int{18, 36, 40}) {
		t.Errorf("converted %v, %v", progress, err)
	}
}

// TestConvert: the rooms of a version before are there, in their order; that version
// does not start on what it could not read; and there is a way back to it.
func TestConvert(t *testing.T) {
	b := mustBus(t, t.TempDir())
	defer b.Close()
	want := mustFill(t, b.JetStream(), 500)
	if _, err := store.Open(t.Context(), b.JetStream()); !errors.Is(err, store.ErrOldLayout) {
		t.Errorf("opened as it is: %v", err)
	}
	var progress []int
	if n, err := store.Convert(t.Context(), b, func(n int) { progress = append(progress, n) }); n != 500 || err != nil || !slices.Equal(progress, []int{200, 400, 500}) {
		t.Fatalf("converted %d rooms, %v: %v", n, progress, err)
	}
	s := mustConvert(t, b)
	if n, err := store.Convert(t.Context(), b, func(int) { t.Error("something was converted again") }); n != 0 || err != nil {
		t.Errorf("again: %d rooms, %v", n, err)
	}
	have := epochs(t, s)
	for i := range 500 {
		if have[fmt.Sprint("room", i)] != uint64(i) {
			t.Fatalf("room %d has epoch %d", i, have[fmt.Sprint("room", i)])
		}
	}
	if _, err := oldRooms(t.Context(), b.JetStream()); err == nil {
		t.Error("a version before would start, and find no rooms")
	}
	asked := 0
	if _, err := s.Change(t.Context(), mustLoad(t, s, "room7"), raise(&asked)); err != nil {
		t.Fatal(err)
	}
	n, err := store.Revert(t.Context(), b)
	if err != nil || n != 500 {
		t.Fatalf("%d rooms went back, %v", n, err)
	}
	entry, err := mustOldRooms(t, b.JetStream()).Get(t.Context(), "room7")
	if err != nil {
		t.Fatal(err)
	}
	want["room7"] = string(entry.Value())
	mustHold(t, mustOldRooms(t, b.JetStream()), want)
	if n, err := store.Revert(t.Context(), b); n != 0 || err != nil {
		t.Errorf("back again: %d, %v", n, err)
	}
	mustHold(t, mustOldRooms(t, b.JetStream()), want)
	if v := mustLoad(t, mustConvert(t, b), "room7"); v.Epoch != 8 {
		t.Errorf("there, back and there again the room has epoch %d", v.Epoch)
	}
}

// cutting is a JetStream in which so many writes are made, and no more; and nothing
// is taken away.
type cutting struct {
	jetstream.JetStream
	left atomic.Int64
}

func cutAfter(js jetstream.JetStream, writes int) *cutting {
	c := &cutting{JetStream: js}
	c.left.Store(int64(writes))
	return c
}

var errCut = errors.New("cut short")

func (c *cutting) PublishMsg(ctx context.Context, m *nats.Msg, o ...jetstream.PublishOpt) (*jetstream.PubAck, error) {
	if c.left.Add(-1) < 0 {
		return nil, errCut
	}
	return c.JetStream.PublishMsg(ctx, m, o...)
}

type cut struct{ js *cutting }

func (c cut) JetStream() jetstream.JetStream                    { return c.js }
func (c cut) DropStream(_ context.Context, stream string) error { return errCut }

// TestConvertIsCutShort: what was copied, and what somebody then did with either
// version, is there at the end; the newer counts.
func TestConvertIsCutShort(t *testing.T) {
	for _, writes := range []int{0, 1, 5, 1000} {
		t.Run(fmt.Sprint(writes), func(t *testing.T) {
			b := mustBus(t, t.TempDir())
			defer b.Close()
			mustFill(t, b.JetStream(), 700)
			if _, err := store.Convert(t.Context(), cut{cutAfter(b.JetStream(), writes)}, func(int) {}); !errors.Is(err, errCut) {
				t.Fatalf("not cut short: %v", err)
			}
			// The version before goes on, and makes a room.
			kv := mustOldRooms(t, b.JetStream())
			for id, epoch := range map[string]int{"room0": 5000, "room699": 5001, "another": 5002} {
				if _, err := kv.PutString(t.Context(), id, oldRecord(id, epoch)); err != nil {
					t.Fatal(err)
				}
			}
			have := epochs(t, mustConvert(t, b))
			if len(have) != 701 || have["room0"] != 5000 || have["room699"] != 5001 || have["another"] != 5002 || have["room350"] != 350 {
				t.Errorf("%d rooms, of epochs %d, %d, %d, %d", len(have), have["room0"], have["room699"], have["another"], have["room350"])
			}
		})
	}
}

// TestRevertIsCutShort: this version starts again on what was half put back.
func TestRevertIsCutShort(t *testing.T) {
	for _, writes := range []int{0, 9, 1000} {
		t.Run(fmt.Sprint(writes), func(t *testing.T) {
			b := mustBus(t, t.TempDir())
			defer b.Close()
			mustFill(t, b.JetStream(), 300)
			s := mustConvert(t, b)
			asked := 0
			if _, err := s.Change(t.Context(), mustLoad(t, s, "room0"), raise(&asked)); err != nil {
				t.Fatal(err)
			}
			half := halfway{b, cutAfter(b.JetStream(), writes)}
			if _, err := store.Revert(t.Context(), half); !errors.Is(err, errCut) {
				t.Fatalf("not cut short: %v", err)
			}
			have := epochs(t, mustConvert(t, b))
			if len(have) != 300 || have["room0"] != 1 || have["room299"] != 299 {
				t.Errorf("%d rooms, of epochs %d and %d", len(have), have["room0"], have["room299"])
			}
		})
	}
}

// halfway takes away what says how rooms are kept, and nothing else.
type halfway struct {
	real *bus.Bus
	js   *cutting
}

func (h halfway) JetStream() jetstream.JetStream { return h.js }

func (h halfway) DropStream(ctx context.Context, stream string) error {
	if stream != "ROOMS" {
		return errCut
	}
	return h.real.DropStream(ctx, stream)
}

// killedFolder names the folder that a process of this test converts.
const killedFolder = "OVERTIME_TEST_CONVERT"

// convertAndDie is what such a process does.
func convertAndDie(folder string) error {
	b, err := bus.Open(bus.Config{Folder: folder, Name: "node", Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	defer b.Close()
	if os.Getenv(killedFolder+"_BACK") == "" {
		_, err = store.Convert(context.Background(), b, func(int) {})
	} else {
		_, err = store.Revert(context.Background(), b)
	}
	return err
}

// TestConvertIsKilled: a process that converts rooms, or puts them back, and is
// killed at any moment loses none, and the next one finishes.
func TestConvertIsKilled(t *testing.T) {
	folder := t.TempDir()
	b := mustBus(t, folder)
	const rooms = 500
	want := mustFill(t, b.JetStream(), rooms)
	b.Close()
	kills := 0
	for _, back := range []string{"", "yes", ""} {
		for delay, done := 20*time.Millisecond, false; !done; delay += delay / 2 {
			ctx, cancel := context.WithTimeout(t.Context(), delay)
			child := exec.CommandContext(ctx, os.Args[0])
			child.Env = append(os.Environ(), killedFolder+"="+folder, killedFolder+"_BACK="+back)
			text, err := child.CombinedOutput()
			switch {
			case err == nil:
				done = true
			case ctx.Err() == nil:
				t.Fatalf("it failed: %v\n%s", err, text)
			default:
				kills++
			}
			cancel()
		}
		b := mustBus(t, folder)
		if back != "" {
			mustHold(t, mustOldRooms(t, b.JetStream()), want)
		} else if s, err := store.Open(t.Context(), b.JetStream()); err != nil {
			t.Error(err)
		} else if have := epochs(t, s); len(have) != rooms || have["room499"] != 499 {
			t.Errorf("%d rooms", len(have))
		}
		b.Close()
	}
	t.Logf("figure: %d kills", kills)
}
