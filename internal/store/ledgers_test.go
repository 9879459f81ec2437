package store_test

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"overtime/internal/meeting"
	"overtime/internal/store"
)

// TestLedger: a finished session is kept once and for good.
func TestLedger(t *testing.T) {
	s, _ := mustStore(t)
	room := mustRoom(t, "aaa")
	session, err := meeting.Start(room, 2, now, meeting.Person{Sub: "p", Name: "Ada"})
	if err != nil {
		t.Fatal(err)
	}
	session, _ = session.Advance(room, now.Add(2*time.Hour))
	if _, err := s.Ledger(t.Context(), "aaa", 2); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("before: %v", err)
	}
	for range 2 {
		if err := s.SaveLedger(t.Context(), "aaa", session); err != nil {
			t.Fatal(err)
		}
	}
	changed := session
	changed.Number, changed.Ending = 2, nil
	if err := s.SaveLedger(t.Context(), "aaa", changed); err != nil {
		t.Errorf("saved again: %v", err)
	}
	if got, err := s.Ledger(t.Context(), "aaa", 2); err != nil || !reflect.DeepEqual(got, session) {
		t.Errorf("read %+v, %v; want %+v", got, err, session)
	}
	if _, err := s.Ledger(t.Context(), "aaa", 1); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("another number: %v", err)
	}
}

// TestDurable: no stream may be less durable than the server, which syncs
// every write, nor be read where a write may not have arrived.
func TestDurable(t *testing.T) {
	b := mustBus(t, t.TempDir())
	defer b.Close()
	if _, err := store.Open(t.Context(), b.JetStream()); err != nil {
		t.Fatal(err)
	}
	names := 0
	list := b.JetStream().ListStreams(t.Context())
	for info := range list.Info() {
		names++
		c := info.Config
		if c.Storage != jetstream.FileStorage || c.PersistMode != jetstream.DefaultPersistMode || c.MaxAge != 0 || c.MaxBytes > 0 || c.AllowDirect {
			t.Errorf("the stream %s is kept as %+v", c.Name, c)
		}
	}
	if list.Err() != nil || names != store.Shards+2 {
		t.Errorf("%d streams, %v", names, list.Err())
	}
}
