package bus_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"overtime/internal/bus"
)

// block is as small as NATS lets a stream's blocks be, so that a few records
// make several.
const block = 32_000

// damageStreams are streams of each kind that there is.
func damageStreams() []jetstream.StreamConfig {
	return []jetstream.StreamConfig{
		{Name: "KV_rooms", Subjects: []string{"$KV.rooms.>"}, MaxMsgsPerSubject: 1, AllowDirect: true, AllowRollup: true, DenyDelete: true},
		{Name: "KV_ledgers", Subjects: []string{"$KV.ledgers.>"}, MaxMsgsPerSubject: 1, AllowDirect: true, AllowRollup: true, DenyDelete: true},
		{Name: "AUDIT", Subjects: []string{"audit.*"}, DenyDelete: true, DenyPurge: true, MaxAge: 90 * 24 * time.Hour},
		{Name: "HOOKS", Subjects: []string{"hook.*"}, Retention: jetstream.WorkQueuePolicy, MaxAge: 7 * 24 * time.Hour},
		{Name: "CHAT", Subjects: []string{"chat.>"}},
	}
}

// fill makes the streams, of several blocks each, some of whose records are
// replaced or taken out.
func fill(t *testing.T, b *bus.Bus) {
	t.Helper()
	for _, cfg := range damageStreams() {
		cfg.Storage, cfg.MaxBytes, cfg.Discard = jetstream.FileStorage, 4*block-1000, jetstream.DiscardNew
		stream, err := b.JetStream().CreateStream(t.Context(), cfg)
		if err != nil {
			t.Fatal(err)
		}
		prefix := strings.TrimRight(cfg.Subjects[0], "*>")
		for i := range 60 {
			subject := fmt.Sprintf("%sabcdefgh%02d", prefix, i%40) // so that some are replaced, where one is kept of each
			if _, err := b.JetStream().Publish(t.Context(), subject, fmt.Appendf(nil, `{"n":%d,"text":%q}`, i, strings.Repeat("x", 1400))); err != nil {
				t.Fatal(err)
			}
		}
		for _, seq := range []uint64{2, 30} {
			if err := stream.DeleteMsg(t.Context(), seq); cfg.Retention == jetstream.WorkQueuePolicy && err != nil {
				t.Fatal(err)
			}
			if err := stream.SecureDeleteMsg(t.Context(), seq+1); !cfg.DenyDelete && err != nil {
				t.Fatal(err)
			}
		}
	}
}

// holding is every record of every stream.
func holding(t *testing.T, b *bus.Bus) map[string]string {
	t.Helper()
	all := map[string]string{}
	names := b.JetStream().StreamNames(t.Context())
	for name := range names.Name() {
		stream, err := b.JetStream().Stream(t.Context(), name)
		if err != nil {
			t.Fatal(err)
		}
		for seq := uint64(1); seq <= stream.CachedInfo().State.LastSeq; seq++ {
			if m, err := stream.GetMsg(t.Context(), seq); err == nil {
				all[fmt.Sprint(name, " ", seq)] = m.Subject + " " + string(m.Data)
			} else if !errors.Is(err, jetstream.ErrMsgNotFound) {
				all[fmt.Sprint(name, " ", seq)] = err.Error()
			}
		}
	}
	if names.Err() != nil {
		t.Fatal(names.Err())
	}
	return all
}

// filesOf are all files below a folder, with what is in them.
func filesOf(t *testing.T, folder string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(folder, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		name, _ := filepath.Rel(folder, path)
		all[name] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// harm flips a bit of a file, deletes it or cuts it, and says what it did.
func harm(t *testing.T, folder, file string, random *rand.Rand) string {
	t.Helper()
	path := filepath.Join(folder, file)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	kind := random.IntN(4) // flips are half of them
	if len(text) == 0 {
		kind = 2
	}
	what := ""
	switch kind {
	case 0, 1:
		at := random.IntN(len(text))
		text[at] ^= 1 << random.IntN(8)
		what, err = fmt.Sprintf("%s: a bit of byte %d flipped", file, at), overwrite(path, text)
	case 2:
		what, err = file+": deleted", os.Remove(path)
	case 3:
		at := random.IntN(len(text))
		what, err = fmt.Sprintf("%s: cut to %d of %d", file, at, len(text)), os.Truncate(path, int64(at))
	}
	if err != nil {
		t.Fatal(err)
	}
	return what
}

// overwrite writes a file in place, as a disk that fails does.
func overwrite(path string, text []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	return errors.Join(err, f.Close())
}

// TestDamage harms one file after the other, chosen at random over all streams, of
// a store that was stopped well and of one that was killed: it is never opened as
// if nothing had been, and nothing of it is gone that was not gone before.
func TestDamage(t *testing.T) {
	seed := rand.Uint64()
	random := rand.New(rand.NewPCG(seed, 0))
	t.Logf("the seed is %d", seed)
	origin := t.TempDir()
	b := mustOpenAt(t, origin, slog.DiscardHandler)
	fill(t, b)
	want := holding(t, b)
	b.Seal()
	at := time.Now()
	killed := filesOf(t, origin)
	b.Close()
	stopped := filesOf(t, origin)
	for i := range 60 {
		from := killed
		if i%2 == 0 {
			from = stopped
		}
		folder := filepath.Join(t.TempDir(), "nats")
		mustPutFiles(t, folder, from)
		file := anyFile(from, random)
		what := harm(t, folder, file, random)
		mustDate(t, folder, at)
		mustNotice(t, folder, file, what, want)
	}
}

// TestCutBetweenRecords cuts each block of what was copied elsewhere before its last
// record, so that all that is left of it is whole.
func TestCutBetweenRecords(t *testing.T) {
	origin := t.TempDir()
	b := mustOpenAt(t, origin, slog.DiscardHandler)
	fill(t, b)
	want := holding(t, b)
	b.Close()
	at, stopped := time.Now(), filesOf(t, origin)
	for file, text := range stopped {
		if filepath.Ext(file) != ".blk" || len(text) == 0 {
			continue
		}
		last := 0
		for at := 0; at < len(text); at += int(binary.LittleEndian.Uint32([]byte(text[at:])) &^ (1 << 31)) {
			last = at
		}
		folder := filepath.Join(t.TempDir(), "nats")
		mustPutFiles(t, folder, stopped)
		if err := os.Truncate(filepath.Join(folder, file), int64(last)); err != nil {
			t.Fatal(err)
		}
		mustDate(t, folder, at)
		mustNotice(t, folder, file, fmt.Sprintf("%s: cut to %d of %d", file, last, len(text)), want)
	}
}

// anyFile is a file of a stream, each stream and each kind of file as often as
// the others.
func anyFile(files map[string]string, random *rand.Rand) string {
	by := map[string][]string{}
	for name := range files {
		parts := strings.Split(name, string(filepath.Separator))
		at := parts[0]
		if len(parts) > 3 {
			at = parts[3] + filepath.Ext(name)
			if filepath.Ext(name) == ".blk" && random.IntN(3) > 0 {
				at += " again" // they hold everything
			}
		}
		by[at] = append(by[at], name)
	}
	kinds := slices.Sorted(func(yield func(string) bool) {
		for k := range by {
			if !yield(k) {
				return
			}
		}
	})
	of := by[kinds[random.IntN(len(kinds))]]
	slices.Sort(of)
	return of[random.IntN(len(of))]
}

// mustNotice opens what was harmed. Either it is not opened, the error names the
// file, and nothing was touched; or everything is there, and the log names it.
func mustNotice(t *testing.T, folder, file, what string, want map[string]string) {
	t.Helper()
	harmed := filesOf(t, folder)
	var log bytes.Buffer
	b, err := bus.Open(bus.Config{Folder: folder, Name: "node", Logger: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelWarn}))})
	// What the checksum of a stream's description says is said of the description.
	named := strings.TrimSuffix(strings.TrimSuffix(file, "meta.sum"), "meta.inf")
	if err != nil {
		if !strings.Contains(err.Error(), named) || !strings.Contains(err.Error(), "overtime restore") {
			t.Errorf("%s: not opened, but it says %v", what, err)
		}
		for name, text := range filesOf(t, folder) {
			if harmed[name] != text {
				t.Errorf("%s: not opened, but %s was changed", what, name)
			}
		}
		return
	}
	defer b.Close()
	if have := holding(t, b); !mapsEqual(have, want) {
		t.Errorf("%s: opened without %s; the log:\n%s", what, missing(have, want), &log)
	}
	if !strings.Contains(log.String(), named) {
		t.Errorf("%s: opened as if nothing had been; the log:\n%s", what, &log)
	}
}

func mapsEqual(a, b map[string]string) bool { return len(a) == len(b) && missing(a, b) == "" }

// missing names what is not there as it was.
func missing(have, want map[string]string) string {
	var all []string
	for k, v := range want {
		if have[k] != v {
			all = append(all, k)
		}
	}
	slices.Sort(all)
	return strings.Join(all, ", ")
}

func mustOpenAt(t *testing.T, folder string, log slog.Handler) *bus.Bus {
	t.Helper()
	b, err := bus.Open(bus.Config{Folder: folder, Name: "node", Logger: slog.New(log)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	return b
}

func mustPutFiles(t *testing.T, folder string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		path := filepath.Join(folder, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(text), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
}

// mustDate gives all files of a folder the time at which they were last written. The
// seal looks at that: another program that used the store since would explain much.
func mustDate(t *testing.T, folder string, at time.Time) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, _ fs.DirEntry, err error) error {
		return errors.Join(err, os.Chtimes(path, at, at))
	})
	if err != nil {
		t.Fatal(err)
	}
}
