package notify_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"overtime/internal/audit"
	"overtime/internal/bus"
	"overtime/internal/event"
	"overtime/internal/notify"
	"overtime/internal/webhook"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience is how long a test waits for what must happen.
const patience = 30 * time.Second

// mustOpen is a notifier on a new folder that tells a portal at url.
func mustOpen(t *testing.T, url string) *notify.Notifier {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	b, err := bus.Open(bus.Config{Folder: t.TempDir(), Name: "node", Logger: log})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	endpoints, err := webhook.ParseEndpoints(url+" whsec_"+strings.Repeat("MTIz", 12), true)
	if err != nil {
		t.Fatal(err)
	}
	h, err := notify.Open(t.Context(), b.JetStream(), notify.Config{Endpoints: endpoints, AllowPrivate: true, Now: time.Now, Logger: log})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := h.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return h
}

// TestPass: portals get a session's end with its ledger, the audit without it,
// and each of them once, however often it is passed on. What is not for portals
// they are not told.
func TestPass(t *testing.T) {
	bodies := make(chan string, 10)
	portal := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		bodies <- r.Header.Get("webhook-id") + " " + string(body)
	}))
	defer portal.Close()
	h := mustOpen(t, portal.URL)
	for _, e := range []event.Event{
		{ID: "aaa-1", Kind: event.RoomChanged, Room: "aaa", Data: []byte(`{"locked":true}`)},
		{ID: "aaa-2", Kind: event.SessionEnded, Room: "aaa", Data: []byte(`{"reason":"expired"}`), Whole: []byte(`{"reason":"expired","ledger":[]}`)},
		{ID: "aaa-2", Kind: event.SessionEnded, Room: "aaa", Data: []byte(`{"reason":"expired"}`), Whole: []byte(`{"reason":"expired","ledger":[]}`)},
		{ID: "aaa-3", Kind: event.ParticipantJoined, Room: "aaa", Data: []byte(`{}`), Who: event.Who{Address: "192.0.2.7"}},
	} {
		if err := h.Pass(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
	for _, want := range []string{`"data":{"reason":"expired","ledger":[]}`, `"type":"participant.joined"`} {
		select {
		case body := <-bodies:
			if !strings.Contains(body, want) || strings.Contains(body, "192.0.2.7") {
				t.Errorf("the portal was told %s, want %s", body, want)
			}
		case <-time.After(patience):
			t.Fatalf("the portal was not told %s", want)
		}
	}
	entries, more, err := h.Read(t.Context(), 0, "aaa", 10)
	if err != nil || more || len(entries) != 3 {
		t.Fatalf("the audit has %+v, %v, %v", entries, more, err)
	}
	if string(entries[1].Data) != `{"reason":"expired"}` || entries[2].Who.Address != "192.0.2.7" {
		t.Errorf("the audit has %+v", entries)
	}
	if whole, err := h.Verify(t.Context()); whole.Entries != 3 || err != nil {
		t.Errorf("checked %+v: %v", whole, err)
	}
}

// TestOptional: what a portal asks for by name it is told, the others are not, and the
// audit has of it what one did about another.
func TestOptional(t *testing.T) {
	bodies := make(chan string, 10)
	portal := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		bodies <- r.URL.Path + " " + string(body)
	}))
	defer portal.Close()
	secret := " whsec_" + strings.Repeat("MTIz", 12)
	h := mustOpen(t, portal.URL+"/asks"+secret+" chat.message participant.hand_lowered\n"+portal.URL+"/does-not")
	who := event.Who{Sub: "u-1", Name: "Ada"}
	for _, e := range []event.Event{
		{ID: "aaa-chat-1-1", Kind: event.ChatMessage, Room: "aaa", Data: []byte(`{"chat":{"text":"secret"}}`)},
		{ID: "aaa-hand-1", Kind: event.HandRaised, Room: "aaa", Data: []byte(`{}`)},
		{ID: "aaa-hand-2", Kind: event.HandLowered, Room: "aaa", Data: []byte(`{}`), Who: who},
	} {
		h.Note(e)
	}
	for _, want := range []string{`/asks {"type":"chat.message"`, `/asks {"type":"participant.hand_lowered"`} {
		select {
		case body := <-bodies:
			if !strings.HasPrefix(body, want) || strings.Contains(body, "Ada") {
				t.Errorf("a portal was told %s, want %s", body, want)
			}
		case <-time.After(patience):
			t.Fatalf("no portal was told %s", want)
		}
	}
	if err := h.Pass(t.Context(), event.Event{ID: "aaa-1", Kind: event.SessionStarted, Room: "aaa", Data: []byte(`{}`)}); err != nil {
		t.Fatal(err)
	}
	told := []string{<-bodies, <-bodies}
	slices.Sort(told)
	if !strings.HasPrefix(told[0], `/asks {"type":"session.started"`) || !strings.HasPrefix(told[1], `/does-not {"type":"session.started"`) {
		t.Errorf("then they were told %q", told)
	}
	if err := h.Close(t.Context()); err != nil { // what was noted is written
		t.Fatal(err)
	}
	entries, _, err := h.Read(t.Context(), 0, "aaa", 10)
	kinds := map[event.Kind]string{}
	for _, e := range entries {
		kinds[e.Kind] = e.Who.Name
	}
	if want := map[event.Kind]string{event.HandLowered: "Ada", event.SessionStarted: ""}; err != nil || !maps.Equal(kinds, want) {
		t.Errorf("the audit has %v, %v", kinds, err)
	}
}

// TestRecord: what is recorded is in the audit at once, however much is refused
// meanwhile; portals are not told, and whoever cannot wait is told so.
func TestRecord(t *testing.T) {
	h := mustOpen(t, "http://127.0.0.1:9/")
	for range 2000 {
		h.Note(event.Event{Kind: event.APIRefused})
	}
	made := event.Event{Kind: event.TokenMade, Room: "aaa", Who: event.Who{Key: "portal"}}
	if err := h.Record(t.Context(), made); err != nil {
		t.Fatal(err)
	}
	entries, _, err := h.Read(t.Context(), 0, "aaa", 10)
	if err != nil || len(entries) != 1 || entries[0].Who.Key != "portal" || entries[0].Outcome != audit.Granted {
		t.Errorf("the audit has %+v, %v", entries, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := h.Record(ctx, made); !errors.Is(err, audit.ErrUnavailable) {
		t.Errorf("says %v", err)
	}
}

// TestDropped: what a portal will never hear is in the audit.
func TestDropped(t *testing.T) {
	portal := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusGone) }))
	defer portal.Close()
	h := mustOpen(t, portal.URL)
	if err := h.Pass(t.Context(), event.Event{ID: "aaa-1", Kind: event.SessionStarted, Room: "aaa", Data: []byte(`{}`)}); err != nil {
		t.Fatal(err)
	}
	late := time.After(patience)
	for {
		entries, _, err := h.Read(t.Context(), 1, "aaa", 10)
		if err != nil {
			t.Fatal(err)
		}
		if len(entries) == 1 {
			if e := entries[0]; e.Kind != event.WebhookDropped || !strings.Contains(string(e.Data), `"event":"aaa-1"`) {
				t.Errorf("the audit has %+v", e)
			}
			return
		}
		select {
		case <-late:
			t.Fatal("the audit was not told")
		case <-time.After(10 * time.Millisecond):
		}
	}
}
