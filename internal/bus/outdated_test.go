package bus_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
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
