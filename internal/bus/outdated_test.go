package bus_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"overtime/internal/bus"
)

// goOn has what a server does happen: keys get new values or are marked as gone,
// events are delivered, the audit grows.
func goOn(t *testing.T, b *bus.Bus, random *rand.Rand, times int) {
	t.Helper()
	js := b.JetStream()
	hooks, err := js.Stream(t.Context(), "HOOKS")
	if err != nil {
		t.Fatal(err)
	}
	for range times {
		key := fmt.Sprintf("abcdefgh%02d", random.IntN(40))
		text := fmt.Appendf(nil, `{"text":%q}`, strings.Repeat("y", 200+random.IntN(1200)))
		info, err := hooks.Info(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		what := random.IntN(5)
		if what == 3 && info.State.Msgs > 70 { // it would be full
			what = 4
		}
		switch what {
		case 0:
			_, err = js.Publish(t.Context(), "$KV.rooms."+key, text)
		case 1:
			bucket, none := js.KeyValue(t.Context(), "ledgers")
			if err = none; err == nil {
				err = bucket.Purge(t.Context(), key)
			}
		case 2:
			_, err = js.Publish(t.Context(), "audit."+key, text)
		case 3:
			_, err = js.Publish(t.Context(), "hook."+key, text)
		case 4:
			if info.State.Msgs > 0 {
				err = hooks.DeleteMsg(t.Context(), info.State.FirstSeq)
			}
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// TestOutdatedSeal: whatever a server did between the last seal and a kill is no
// damage, and neither is what a version without seals did meanwhile.
func TestOutdatedSeal(t *testing.T) {
	seed := rand.Uint64()
	random := rand.New(rand.NewPCG(seed, 0))
	t.Logf("the seed is %d", seed)
	origin := t.TempDir()
	b := mustOpenAt(t, origin, slog.DiscardHandler)
	fill(t, b)
	unbounded := damageStreams()[2] // the audit only grows
	unbounded.Storage, unbounded.MaxBytes, unbounded.Discard = jetstream.FileStorage, -1, jetstream.DiscardNew
	if _, err := b.JetStream().UpdateStream(t.Context(), unbounded); err != nil {
		t.Fatal(err)
	}
	for round := range 6 {
		b.StopSealing()
		b.Seal()
		outdated := filesOf(t, origin)["seal.json"]
		goOn(t, b, random, 1+random.IntN(150))
		want := holding(t, b)
		killed := filesOf(t, origin)
		killed["seal.json"] = outdated
		folder := t.TempDir()
		mustPutFiles(t, folder, killed)
		mustBeWhole(t, fmt.Sprint("killed in round ", round), folder, want)

		b.Close()
		used := filesOf(t, origin)
		used["seal.json"] = outdated
		folder = t.TempDir()
		mustPutFiles(t, folder, used)
		for name := range used {
			if strings.HasSuffix(name, "index.db") { // as if it had been used for an hour
				if err := os.Chtimes(filepath.Join(folder, name), time.Time{}, time.Now().Add(time.Hour)); err != nil {
					t.Fatal(err)
				}
			}
		}
		mustBeWhole(t, fmt.Sprint("used by another in round ", round), folder, want)
		b = mustOpenAt(t, origin, slog.DiscardHandler)
	}
}

// TestWrittenAnew: a block that NATS wrote anew since the seal, because most of it
// had been replaced, is no damage, whatever file it is now.
func TestWrittenAnew(t *testing.T) {
	origin := t.TempDir()
	b := mustOpenAt(t, origin, slog.DiscardHandler)
	cfg := damageStreams()[0]
	cfg.Storage = jetstream.FileStorage
	if _, err := b.JetStream().CreateStream(t.Context(), cfg); err != nil {
		t.Fatal(err)
	}
	put := func(from, to int) {
		for i := from; i < to; i++ {
			text := bytes.Repeat([]byte("x"), 60_000)
			if _, err := b.JetStream().Publish(t.Context(), fmt.Sprint("$KV.rooms.key", i), text); err != nil {
				t.Fatal(err)
			}
		}
	}
	put(0, 150) // more than a block
	b.StopSealing()
	b.Seal()
	sealed := filesOf(t, origin)
	put(1, 45) // all but the oldest: from its beginning nothing is written anew
	want, killed := holding(t, b), filesOf(t, origin)
	b.Close()
	if first := "jetstream/$G/streams/KV_rooms/msgs/1.blk"; len(killed[first]) == 0 || len(killed[first]) > len(sealed[first])/2 {
		t.Fatalf("of the first block %d bytes of %d are left: it was not written anew", len(killed[first]), len(sealed[first]))
	}
	killed["seal.json"] = sealed["seal.json"]
	for what, given := range map[string]bool{"another file": false, "a file with the same number": true} {
		folder := t.TempDir()
		mustPutFiles(t, folder, killed)
		if given {
			giveInodesAgain(t, folder)
		}
		mustBeWhole(t, what, folder, want)
	}
}

// giveInodesAgain has each block the inode that it had when it was sealed: a file
// system gives the numbers of removed files again, and NATS writes blocks anew.
func giveInodesAgain(t *testing.T, folder string) {
	t.Helper()
	path := filepath.Join(folder, "seal.json")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	body, _, _ := bytes.Cut(text, []byte("\n"))
	var seal struct {
		Format  int             `json:"format"`
		At      json.RawMessage `json:"at"`
		Streams map[string]struct {
			Last     uint64           `json:"last"`
			Messages uint64           `json:"messages"`
			Meta     json.RawMessage  `json:"meta"`
			Blocks   []map[string]any `json:"blocks"`
			Index    bool             `json:"index"`
		} `json:"streams"`
	}
	numbers := json.NewDecoder(bytes.NewReader(body))
	numbers.UseNumber()
	if err := numbers.Decode(&seal); err != nil {
		t.Fatal(err)
	}
	for name, stream := range seal.Streams {
		for _, b := range stream.Blocks {
			info, err := os.Stat(filepath.Join(folder, "jetstream/$G/streams", name, "msgs", fmt.Sprint(b["index"], ".blk")))
			if err == nil {
				b["inode"] = info.Sys().(*syscall.Stat_t).Ino
			}
		}
	}
	if body, err = json.Marshal(seal); err != nil {
		t.Fatal(err)
	}
	mustPutFiles(t, folder, map[string]string{"seal.json": fmt.Sprintf("%s\n%x\n", body, sha256.Sum256(body))})
}

func mustBeWhole(t *testing.T, what, folder string, want map[string]string) {
	t.Helper()
	var log bytes.Buffer
	b, err := bus.Open(bus.Config{Folder: folder, Name: "node", Logger: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelWarn}))})
	if err != nil {
		t.Errorf("%s: %v", what, err)
		return
	}
	defer b.Close()
	if have := holding(t, b); !mapsEqual(have, want) {
		t.Errorf("%s: without %s", what, missing(have, want))
	}
}
