package store_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"go.uber.org/goleak"

	"overtime/internal/bus"
	"overtime/internal/meeting"
	"overtime/internal/store"
)

func TestMain(m *testing.M) {
	if folder := os.Getenv(killedFolder); folder != "" {
		if err := convertAndDie(folder); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	goleak.VerifyTestMain(m)
}

var now = time.Date(2026, 3, 4, 9, 0, 0, 0, time.UTC)

// mustBus is the real thing on a folder.
func mustBus(t *testing.T, folder string) *bus.Bus {
	t.Helper()
	b, err := bus.Open(bus.Config{Folder: folder, Name: "node", Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// faulty is a real JetStream whose buckets can be made to fail.
type faulty struct {
	jetstream.JetStream
	faults *faults
}

// faults say what goes wrong. Each func replaces an operation; nil is the real
// one, which it gets.
type faults struct {
	mu     sync.Mutex // guards what follows
	create func(real func() (uint64, error)) (uint64, error)
	update func(real func() (uint64, error)) (uint64, error)
	get    func(real func() (jetstream.KeyValueEntry, error)) (jetstream.KeyValueEntry, error)
	purge  func(real func() error) error
}

func (f *faults) set(change func(f *faults)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change(f)
}

func (f faulty) KeyValue(ctx context.Context, bucket string) (jetstream.KeyValue, error) {
	kv, err := f.JetStream.KeyValue(ctx, bucket)
	return faultyBucket{kv, f.faults}, err
}

type faultyBucket struct {
	jetstream.KeyValue
	faults *faults
}

func (b faultyBucket) Create(ctx context.Context, key string, value []byte, o ...jetstream.KVCreateOpt) (uint64, error) {
	b.faults.mu.Lock()
	f := b.faults.create
	b.faults.mu.Unlock()
	real := func() (uint64, error) { return b.KeyValue.Create(ctx, key, value, o...) }
	if f == nil {
		return real()
	}
	return f(real)
}

func (b faultyBucket) Update(ctx context.Context, key string, value []byte, revision uint64) (uint64, error) {
	b.faults.mu.Lock()
	f := b.faults.update
	b.faults.mu.Unlock()
	real := func() (uint64, error) { // which may land after its caller gave up
		return b.KeyValue.Update(context.WithoutCancel(ctx), key, value, revision)
	}
	if f == nil {
		return real()
	}
	return f(real)
}

func (b faultyBucket) Get(ctx context.Context, key string) (jetstream.KeyValueEntry, error) {
	b.faults.mu.Lock()
	f := b.faults.get
	b.faults.mu.Unlock()
	real := func() (jetstream.KeyValueEntry, error) { return b.KeyValue.Get(ctx, key) }
	if f == nil {
		return real()
	}
	return f(real)
}

func (b faultyBucket) Purge(ctx context.Context, key string, o ...jetstream.KVDeleteOpt) error {
	b.faults.mu.Lock()
	f := b.faults.purge
	b.faults.mu.Unlock()
	real := func() error { return b.KeyValue.Purge(ctx, key, o...) }
	if f == nil {
		return real()
	}
	return f(real)
}

// mustStore is a store over a real JetStream, with its faults.
func mustStore(t *testing.T) (*store.Store, *faults) {
	t.Helper()
	b := mustBus(t, t.TempDir())
	t.Cleanup(b.Close)
	f := &faults{}
	s, err := store.Open(t.Context(), faulty{b.JetStream(), f})
	if err != nil {
		t.Fatal(err)
	}
	return s, f
}

func mustRoom(t *testing.T, id string) meeting.Room {
	t.Helper()
	r, err := meeting.Room{ID: id, Name: "Room " + id, CreatedAt: now, Duration: 60}.Validate()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// mustCreate makes a room and reads it.
func mustCreate(t *testing.T, s *store.Store, id string) store.Versioned {
	t.Helper()
	if err := s.Create(t.Context(), mustRoom(t, id)); err != nil {
		t.Fatal(err)
	}
	return mustLoad(t, s, id)
}

func mustLoad(t *testing.T, s *store.Store, id string) store.Versioned {
	t.Helper()
	v, err := s.Load(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// raise is a change that counts the epoch up, and how often it was asked.
func raise(asked *int) func(store.Record) (store.Record, error) {
	return func(r store.Record) (store.Record, error) {
		*asked++
		r.Epoch++
		return r, nil
	}
}
