package webhook_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"overtime/internal/event"
	"overtime/internal/webhook"
)

// TestGivenUp: an event that is not taken for three days is dropped and
// reported, and with it what waited behind it as long. What is new is tried.
func TestGivenUp(t *testing.T) {
	w, p := start(t)
	waiting, release := block(w)
	p.always(http.StatusInternalServerError)
	w.put("aaa", 1, 3)
	receive(t, waiting)
	w.pass(3*24*time.Hour - time.Minute)
	w.waits(func(ctx context.Context, d time.Duration) error {
		w.pass(time.Minute)
		return ctx.Err()
	})
	release()
	for _, id := range []string{"aaa-1", "aaa-2", "aaa-3"} {
		if d := receive(t, w.dropped); d != (drop{id, p.URL + "/hook", webhook.ReasonGaveUp}) {
			t.Errorf("dropped %+v, want %s", d, id)
		}
	}
	p.mustTake(t, "aaa-1", "aaa-1", "aaa-1") // a minute before, and when it is time
	p.mustHaveNone(t)
	if text := w.log.String(); !strings.Contains(text, "reason=gave_up") || !strings.Contains(text, "event=aaa-3") {
		t.Errorf("logged %s", text)
	}
	w.pass(-3 * 24 * time.Hour)
	p.always(http.StatusOK)
	w.put("aaa", 4, 4)
	p.mustTake(t, "aaa-4")
}

// TestOldIsTriedOnce: after a week's sleep of the server, an event has its try.
func TestOldIsTriedOnce(t *testing.T) {
	b := mustBus(t, t.TempDir())
	defer b.Close()
	p := newPortal(t)
	w := open(t, b.JetStream(), p.line())
	w.put("aaa", 1, 2)
	w.pass(6 * 24 * time.Hour)
	w.deliver()
	p.mustTake(t, "aaa-1", "aaa-2")
	p.mustHaveNone(t)
}

// TestGone: 410 drops the event, and nothing else.
func TestGone(t *testing.T) {
	w, p := start(t)
	p.answers(func(_ http.ResponseWriter, r request) int {
		if r.id == "aaa-1" {
			return http.StatusGone
		}
		return http.StatusOK
	})
	w.put("aaa", 1, 2)
	p.mustTake(t, "aaa-1", "aaa-2")
	if d := receive(t, w.dropped); d != (drop{"aaa-1", p.URL + "/hook", webhook.ReasonGone}) {
		t.Errorf("dropped %+v", d)
	}
}

// TestFull: a queue that is full never keeps an event from those who wait for it
// to be taken.
func TestFull(t *testing.T) {
	b := mustBus(t, t.TempDir())
	defer b.Close()
	p := newPortal(t)
	w := open(t, faulty{JetStream: b.JetStream(), change: func(cfg *jetstream.StreamConfig) { cfg.MaxBytes = 4 << 10 }}, p.line())
	w.put("aaa", 1, 30)
	out := map[string]bool{}
	for len(w.dropped) > 0 {
		d := <-w.dropped
		if d.reason != webhook.ReasonFull || d.endpoint != p.URL+"/hook" {
			t.Errorf("dropped %+v", d)
		}
		out[d.id] = true
	}
	if len(out) < 5 || len(out) > 25 {
		t.Errorf("%d were dropped", len(out))
	}
	w.deliver()
	for n := 1; n <= 30; n++ {
		if id := numbered("aaa", n).ID; !out[id] {
			p.mustTake(t, id)
		}
	}
	w.put("aaa", 31, 31)
	p.mustTake(t, "aaa-31")
	p.mustHaveNone(t)
}

// TestUnfit: an event that can never be queued is reported, and none of the
// caller's trouble.
func TestUnfit(t *testing.T) {
	b := mustBus(t, t.TempDir())
	defer b.Close()
	p := newPortal(t)
	w := open(t, b.JetStream(), p.line())
	w.deliver()
	for what, change := range map[string]func(*event.Event){
		"large":       func(e *event.Event) { e.Data = json.RawMessage(`"` + strings.Repeat("x", 640<<10) + `"`) },
		"no JSON":     func(e *event.Event) { e.Data = json.RawMessage(`{`) },
		"no id":       func(e *event.Event) { e.ID = "" },
		"a header":    func(e *event.Event) { e.ID = "a\r\nb: c" },
		"every room":  func(e *event.Event) { e.Room = ">" },
		"more rooms":  func(e *event.Event) { e.Room = "a.b" },
		"no room":     func(e *event.Event) { e.Room = "" },
		"a long room": func(e *event.Event) { e.Room = strings.Repeat("x", 129) },
	} {
		e := numbered("aaa", 1)
		change(&e)
		if err := w.Enqueue(t.Context(), e); err != nil {
			t.Errorf("%s: %v", what, err)
		}
		if d := receive(t, w.dropped); d != (drop{e.ID, p.URL + "/hook", webhook.ReasonUnfit}) {
			t.Errorf("%s: dropped %+v", what, d)
		}
	}
	w.put("aaa", 1, 1)
	p.mustTake(t, "aaa-1")
}

// TestLargest: the largest event that is taken arrives.
func TestLargest(t *testing.T) {
	w, p := start(t)
	e := numbered("aaa", 1)
	e.Data = json.RawMessage(`"` + strings.Repeat("x", 640<<10-112) + `"`)
	if text, err := json.Marshal(e); err != nil || len(text) > 640<<10 || len(text) < 639<<10 {
		t.Fatalf("%d bytes, %v", len(text), err)
	}
	if err := w.Enqueue(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	if r := p.next(t); r.id != "aaa-1" || len(r.body) < 639<<10 {
		t.Errorf("got %s with %d bytes", r.id, len(r.body))
	}
}

// TestDamaged: what does not decode is dropped, and holds nothing back.
func TestDamaged(t *testing.T) {
	b := mustBus(t, t.TempDir())
	defer b.Close()
	p := newPortal(t)
	w := open(t, b.JetStream(), p.line())
	endpoints, err := webhook.ParseEndpoints(p.line(), true)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.JetStream().Publish(t.Context(), "hook."+endpoints[0].ID+".aaa", []byte("{")); err != nil {
		t.Fatal(err)
	}
	w.put("aaa", 1, 1)
	w.deliver()
	p.mustTake(t, "aaa-1")
	if d := receive(t, w.dropped); d.reason != webhook.ReasonUnfit {
		t.Errorf("dropped %+v", d)
	}
}

// TestAuditAlone: what is not for portals goes nowhere, and without endpoints
// nothing does.
func TestAuditAlone(t *testing.T) {
	b := mustBus(t, t.TempDir())
	defer b.Close()
	p := newPortal(t)
	w := open(t, b.JetStream(), p.line())
	e := numbered("aaa", 1)
	e.Kind = event.RoomCreated
	if err := w.Enqueue(t.Context(), e); err != nil {
		t.Error(err)
	}
	nobody := open(t, b.JetStream(), "")
	nobody.deliver()
	nobody.put("aaa", 2, 2)
	stream, err := b.JetStream().Stream(t.Context(), "HOOKS")
	if err != nil {
		t.Fatal(err)
	}
	if n := stream.CachedInfo().State.LastSeq; n != 0 {
		t.Errorf("%d messages were put in", n)
	}
}

// TestKept: what the queue keeps outlives this version, and says no more of
// people than portals are told.
func TestKept(t *testing.T) {
	b := mustBus(t, t.TempDir())
	defer b.Close()
	w := open(t, b.JetStream(), "https://portal.example.org/hook?key=1 "+secretA)
	e := numbered("aaa", 1)
	e.Who, e.Epoch = event.Who{Sub: "p", Name: "Ada", Address: "192.0.2.1"}, 3
	if err := w.Enqueue(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	stream, err := b.JetStream().Stream(t.Context(), "HOOKS")
	if err != nil {
		t.Fatal(err)
	}
	m, err := stream.GetMsg(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"id":"aaa-1","type":"participant.joined","at":"2026-03-04T09:00:00Z","room":"aaa","data":{"room":"aaa"},"epoch":3}`
	if m.Subject != "hook.5152867e2383a37c.aaa" || string(m.Data) != want {
		t.Errorf("kept as %s %s", m.Subject, m.Data)
	}
}

// TestLeft: what waits for an endpoint that is not in the file any more is told
// of, and kept for when it is again.
func TestLeft(t *testing.T) {
	b := mustBus(t, t.TempDir())
	defer b.Close()
	p, other := newPortal(t), newPortal(t)
	w := open(t, b.JetStream(), p.line())
	w.put("aaa", 1, 1)
	w.put("bbb", 1, 1)

	w = open(t, b.JetStream(), other.line())
	if text := w.log.String(); !strings.Contains(text, "not in the file of endpoints") || !strings.Contains(text, "events=2") {
		t.Errorf("logged %q", text)
	}
	w = open(t, b.JetStream(), p.line()+other.line())
	if text := w.log.String(); text != "" {
		t.Errorf("logged %s", text)
	}
	w.deliver()
	mustTakeEach(t, p, "aaa-1", "bbb-1")
	other.mustHaveNone(t)
}

// mustTakeEach is mustTake in any order.
func mustTakeEach(t *testing.T, p *portal, ids ...string) {
	t.Helper()
	left := map[string]bool{}
	for _, id := range ids {
		left[id] = true
	}
	for range ids {
		id := p.next(t).id
		if !left[id] {
			t.Fatalf("got %s", id)
		}
		delete(left, id)
	}
}

// TestDurable: the stream may not be less durable than the server, which syncs
// every write.
func TestDurable(t *testing.T) {
	b := mustBus(t, t.TempDir())
	defer b.Close()
	open(t, b.JetStream(), "")
	stream, err := b.JetStream().Stream(t.Context(), "HOOKS")
	if err != nil {
		t.Fatal(err)
	}
	c := stream.CachedInfo().Config
	if c.Storage != jetstream.FileStorage || c.PersistMode != jetstream.DefaultPersistMode || c.Discard != jetstream.DiscardNew ||
		c.Retention != jetstream.WorkQueuePolicy || c.Replicas != 1 || c.MaxAge != 7*24*time.Hour || c.Duplicates != 30*time.Minute {
		t.Errorf("kept as %+v", c)
	}
}
