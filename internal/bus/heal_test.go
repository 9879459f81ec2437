package bus_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"overtime/internal/bus"
)

// mustBecome waits until f says nothing any more.
func mustBecome(t *testing.T, what string, f func() error) {
	t.Helper()
	late := time.After(patience)
	ticks := time.NewTicker(10 * time.Millisecond)
	defer ticks.Stop()
	for {
		err := f()
		if err == nil {
			return
		}
		select {
		case <-ticks.C:
		case <-late:
			t.Fatalf("%s: %v", what, err)
		}
	}
}

// disk is one that can be full, and counts how often it was asked.
type disk struct {
	full  atomic.Bool
	asked atomic.Int64
}

func (d *disk) look(string) (bus.Disk, error) {
	d.asked.Add(1)
	if d.full.Load() {
		return bus.Disk{Total: 1 << 40}, nil
	}
	return bus.Disk{Free: 1 << 40, Total: 1 << 40}, nil
}

// openOn opens a bus on a folder and a disk.
func openOn(t *testing.T, folder string, d *disk) *bus.Bus {
	t.Helper()
	b, err := bus.Open(bus.Config{Folder: folder, Name: "node", Logger: slog.New(slog.DiscardHandler), Disk: d.look})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	b.Watch()
	return b
}

func mustBucket(t testing.TB, b *bus.Bus, name string) jetstream.KeyValue {
	t.Helper()
	kv, err := b.JetStream().CreateOrUpdateKeyValue(t.Context(), jetstream.KeyValueConfig{Bucket: name, History: 1})
	if err != nil {
		t.Fatal(err)
	}
	return kv
}

// TestHeal: a store that stopped is started anew once the disk has room again,
// and the handles of before go on working. Test folder test/disk has it with a
// disk that is really full.
func TestHeal(t *testing.T) {
	var d disk
	b := openOn(t, t.TempDir(), &d)
	kv := mustBucket(t, b, "rooms")
	revision, err := kv.PutString(t.Context(), "aaa", "kept")
	if err != nil {
		t.Fatal(err)
	}
	d.full.Store(true)
	before := b.Server()
	if err := before.DisableJetStream(); err != nil { // as a disk does that may not be written
		t.Fatal(err)
	}
	mustBecome(t, "it does not say that nothing can be saved", func() error {
		if err := b.Broken(); err == nil || !strings.Contains(err.Error(), "the store is not well") {
			return fmt.Errorf("says %w", err)
		}
		return nil
	})
	if b.Healthy() == nil {
		t.Error("ready for new meetings")
	}
	asked := d.asked.Load() // by who heals only, as long as there is trouble
	mustBecome(t, "nobody looks whether there is room again", func() error {
		if n := d.asked.Load() - asked; n < 2 {
			return fmt.Errorf("looked %d times", n)
		}
		return nil
	})
	if b.Server() != before {
		t.Error("started anew on a full disk")
	}
	d.full.Store(false)
	mustBecome(t, "not healed", b.Healthy)
	if b.Server() == before || b.Broken() != nil {
		t.Errorf("the same server is well again, or not: %v", b.Broken())
	}
	if _, err := kv.Update(t.Context(), "aaa", []byte("new"), revision); err != nil {
		t.Errorf("a change of what was kept: %v", err)
	}
	if _, err := kv.Update(t.Context(), "aaa", []byte("late"), revision); !errors.Is(err, jetstream.ErrKeyRevisionMismatch) {
		t.Errorf("a change of what is gone: %v", err)
	}
}

// TestHealTriesAgain: a store that cannot be started is tried again until it
// can be; messages go on without one.
func TestHealTriesAgain(t *testing.T) {
	folder := t.TempDir()
	b := openOn(t, folder, &disk{})
	kv := mustBucket(t, b, "rooms")
	if _, err := kv.PutString(t.Context(), "aaa", "kept"); err != nil {
		t.Fatal(err)
	}
	streams, aside := filepath.Join(folder, "jetstream"), filepath.Join(folder, "aside")
	if err := errors.Join(os.Rename(streams, aside), os.WriteFile(streams, nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	if err := b.Restart(); err == nil {
		t.Fatal("started on a file")
	}
	if err := b.Look(); err == nil || !strings.Contains(err.Error(), "the store cannot be started") {
		t.Errorf("says %v", err)
	}
	began := time.Now()
	if _, err := kv.PutString(t.Context(), "aaa", "lost"); err == nil {
		t.Error("saved without a store")
	}
	t.Logf("a write without a store fails after %v", time.Since(began))
	w := mustEdgeConn(t, b, "c1")
	if err := w.Ask("aaa", "1", bus.Ask{}); err != nil {
		t.Error(err)
	}
	if d := mustNext(t, w); d.Kind != bus.KindNobody {
		t.Errorf("heard %+v", d)
	}
	if err := errors.Join(os.Remove(streams), os.Rename(aside, streams)); err != nil {
		t.Fatal(err)
	}
	mustBecome(t, "not healed", b.Healthy)
	if e, err := kv.Get(t.Context(), "aaa"); err != nil || string(e.Value()) != "kept" {
		t.Errorf("read %v, %v", e, err)
	}
}

// TestFalseAlarm: what looks like trouble for a moment starts nothing anew, and
// what stays does so at its pace.
func TestFalseAlarm(t *testing.T) {
	folder := t.TempDir()
	b := openOn(t, folder, &disk{})
	mustBucket(t, b, "rooms")
	look := b.HealByHand()
	ghost := filepath.Join(folder, "jetstream", "$G", "streams", "ghost") // as if it was being made
	appear := func() {
		t.Helper()
		if err := os.Mkdir(ghost, 0o700); err != nil {
			t.Fatal(err)
		}
		if b.Look() == nil {
			t.Fatal("a stream that is not there does not show")
		}
	}
	now, first := time.Date(2026, 3, 4, 9, 0, 0, 0, time.UTC), b.Server()
	for range 3 {
		appear()
		look(now)
		if err := os.Remove(ghost); err != nil {
			t.Fatal(err)
		}
		look(now)
	}
	if b.Server() != first {
		t.Error("started anew for a moment's trouble")
	}
	appear()
	look(now)
	var times []int
	for s := range 10 { // it stays: no start helps
		before := b.Server()
		look(now.Add(time.Duration(s) * time.Second))
		if b.Server() != before {
			times = append(times, s)
		}
	}
	if !slices.Equal(times, []int{0, 1, 3, 7}) {
		t.Errorf("started anew at the seconds %v", times)
	}
}

// TestRestartLosesNothing: while the store is started anew, again and again,
// every message arrives, and every acknowledged write is kept.
func TestRestartLosesNothing(t *testing.T) {
	b := mustOpen(t)
	kv := mustBucket(t, b, "rooms")
	line := mustRoomConn(t, b, "aaa", func(bus.Asked) {})
	defer line.Close()
	w := mustEdgeConn(t, b, "c1")
	if err := w.Follow("aaa"); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	sent, heard, acked := make(chan uint64, 1), make(chan uint64, 1), make(chan map[string]uint64, 1)
	room := make(chan struct{}, 500) // bounds what is on its way
	go func() {
		seq := uint64(0)
		for ctx.Err() == nil {
			room <- struct{}{}
			seq++
			line.Publish(bus.Delivery{Kind: bus.KindEvent, Epoch: 1, Seq: seq})
		}
		line.Publish(bus.Delivery{Kind: bus.KindPush})
		sent <- seq
	}()
	go func() {
		seq := uint64(0)
		defer func() { heard <- seq }()
		for {
			d, ok := w.Next(nil)
			if !ok || d.Kind == bus.KindPush {
				return
			}
			if d.Seq != seq+1 {
				t.Errorf("event %d after %d", d.Seq, seq)
			}
			seq = d.Seq
			<-room
		}
	}()
	go func() {
		kept := map[string]uint64{}
		for i := 0; ctx.Err() == nil; i++ {
			key := fmt.Sprint("k", i%50)
			try, cancel := context.WithTimeout(context.Background(), time.Second)
			revision, err := kv.Update(try, key, fmt.Append(nil, i), kept[key])
			cancel()
			if err == nil {
				kept[key] = revision
				continue
			}
			// The outcome is unknown.
			if e, err := kv.Get(context.Background(), key); err == nil {
				kept[key] = e.Revision()
			}
		}
		acked <- kept
	}()
	const times = 5
	for range times {
		if err := b.Restart(); err != nil {
			t.Fatal(err)
		}
	}
	stop()
	if s, h := <-sent, <-heard; s != h || s == 0 {
		t.Errorf("%d events were sent and %d heard", s, h)
	} else {
		t.Logf("%d events in order over %d restarts", s, times)
	}
	for key, revision := range <-acked {
		if e, err := kv.Get(t.Context(), key); err != nil || e.Revision() < revision {
			t.Errorf("%s was acknowledged at %d; read %v, %v", key, revision, e, err)
		}
	}
}

// TestPace: attempts are spaced, up to a minute, and a new trouble is met at
// once.
func TestPace(t *testing.T) {
	var p bus.Pace
	now := time.Date(2026, 3, 4, 9, 0, 0, 0, time.UTC)
	for _, wait := range []time.Duration{1, 2, 4, 8, 16, 32, 60, 60} {
		if !p.Due(now) {
			t.Fatalf("not due at %v", now)
		}
		p.Tried(now)
		now = now.Add(wait * time.Second)
		if p.Due(now.Add(-time.Millisecond)) {
			t.Errorf("due before %v", wait*time.Second)
		}
	}
	p.Tried(now)
	p.Well(now)
	p.Well(now.Add(59 * time.Second))
	if p.Due(now.Add(59 * time.Second)) {
		t.Error("forgotten too soon")
	}
	p.Well(now.Add(time.Minute))
	if now = now.Add(time.Minute); !p.Due(now) {
		t.Error("not forgotten after a minute")
	}
	p.Tried(now)
	if !p.Due(now.Add(time.Second)) {
		t.Error("a new trouble waits like the old one")
	}
}
