package api_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"overtime/internal/api"
	"overtime/internal/auth"
	"overtime/internal/bus"
	"overtime/internal/event"
	"overtime/internal/notify"
	"overtime/internal/protocol"
	actor "overtime/internal/rooms"
	"overtime/internal/store"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience bounds every wait; nothing takes so long.
const patience = 30 * time.Second

// world is the API over real rooms, a real bus and a real store, on a clock that
// only moves when it is told to.
type world struct {
	t       *testing.T
	bus     *bus.Bus
	store   *store.Store
	tickets *auth.Keyring
	news    *bulletin
	handler http.Handler // the API, at url as well
	url     string
	conns   int

	mu  sync.Mutex // guards what follows
	now time.Time
}

func mustWorld(t *testing.T, began time.Time, how ...func(*api.Config)) *world {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	w := &world{t: t, now: began, news: &bulletin{}}
	var err error
	must := func() {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	w.tickets, err = auth.NewKeyring(auth.Key{ID: "k", Secret: []byte(strings.Repeat("secret", 6))})
	must()
	w.tickets.Now = w.clock
	keys, err := auth.ParseAPIKeys("portal:" + secret)
	must()
	w.bus, err = bus.Open(bus.Config{Folder: t.TempDir(), Name: "node", Logger: log})
	must()
	t.Cleanup(w.bus.Close)
	w.store, err = store.Open(t.Context(), w.bus.JetStream())
	must()
	w.news.Notifier, err = notify.Open(t.Context(), w.bus.JetStream(), notify.Config{Now: w.clock, Logger: log})
	must()
	t.Cleanup(func() {
		if err := w.news.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	})
	host, err := actor.Start(t.Context(), actor.Config{
		Node: "node", Bus: actor.OverBus(w.bus), Store: w.store, Secrets: w.tickets, Media: silence{}, News: w.news, Logger: log, Now: w.clock,
	})
	must()
	t.Cleanup(host.Close)
	cfg := api.Config{
		Store: w.store, Rooms: w.bus, Links: w.tickets, Keys: keys, News: w.news, Audit: w.news,
		PublicURL: "https://meet.example", Now: w.clock, Logger: log,
	}
	for _, f := range how {
		f(&cfg)
	}
	w.handler = api.New(cfg)
	server := httptest.NewServer(w.handler)
	t.Cleanup(server.Close)
	w.url = server.URL
	return w
}

func (w *world) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

// pass lets time pass, and then what is due in a room happen.
func (w *world) pass(d time.Duration, room string) {
	w.t.Helper()
	w.mu.Lock()
	w.now = w.now.Add(d)
	w.mu.Unlock()
	w.until("what is due in "+room, func() bool {
		v, err := w.store.Load(w.t.Context(), room)
		if err != nil || v.Session == nil {
			return err == nil
		}
		_, due := v.Session.Advance(v.Room, w.clock())
		return len(due) == 0
	})
}

// until waits for something to become true.
func (w *world) until(what string, is func() bool) {
	w.t.Helper()
	late := time.After(patience)
	for again := time.NewTicker(5 * time.Millisecond); !is(); {
		select {
		case <-again.C:
		case <-late:
			w.t.Fatalf("%s did not happen", what)
		}
	}
}

// join lets the holder of a token in, as an edge does.
func (w *world) join(token string) {
	w.t.Helper()
	ticket, refused := w.tryJoin(token)
	if refused != nil {
		w.t.Fatalf("answered %s", refused)
	}
	w.until("the place of "+ticket.Name, func() bool { return w.hasPlace(ticket) })
}

// tryJoin is the same for somebody who may be refused, or have to wait.
func (w *world) tryJoin(token string) (ticket auth.Ticket, refused []byte) {
	w.t.Helper()
	ticket, err := w.tickets.CheckTicket(token)
	if err != nil {
		w.t.Fatal(err)
	}
	w.conns++
	wire, err := w.bus.NewEdgeConn(fmt.Sprintf("c%d", w.conns))
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(wire.Close)
	frame := protocol.ClientFrame{ID: "r", Message: protocol.Hello{Token: token}}.Encode()
	entry := &bus.Entry{Role: ticket.Role, Name: ticket.Name, Sub: ticket.Sub, Ticket: ticket.ID}
	late, cancel := context.WithTimeout(w.t.Context(), patience)
	defer cancel()
	for {
		if err := wire.Ask(ticket.Room, "r", bus.Ask{Frame: frame, Entry: entry}); err != nil {
			w.t.Fatal(err)
		}
		d, ok := wire.Next(late.Done())
		switch {
		case !ok:
			w.t.Fatal("nobody answered")
		case d.Kind == bus.KindWelcome:
			return ticket, nil
		case d.Kind != bus.KindNobody:
			return ticket, d.Frame
		}
		if err := w.bus.OpenRoom(ticket.Room); err != nil {
			w.t.Fatal(err)
		}
	}
}

func (w *world) hasPlace(ticket auth.Ticket) bool {
	v, err := w.store.Load(w.t.Context(), ticket.Room)
	for _, p := range v.People {
		if p.Ticket == ticket.ID {
			return true
		}
	}
	return err != nil
}

// bulletin keeps what portals are told, beside a real notifier.
type bulletin struct {
	*notify.Notifier
	mu     sync.Mutex // guards what follows
	passed map[event.Kind][]event.Event
}

func (b *bulletin) Pass(ctx context.Context, e event.Event) error {
	if err := b.Notifier.Pass(ctx, e); err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.passed == nil {
		b.passed = map[event.Kind][]event.Event{}
	}
	b.passed[e.Kind] = append(b.passed[e.Kind], e)
	return nil
}

// body is what a webhook with the first event of a kind carries.
func (b *bulletin) body(kind event.Kind) (text []byte, there bool) {
	all := b.bodies(kind)
	if len(all) == 0 {
		return nil, false
	}
	return all[0], true
}

// bodies are what webhooks of a kind carry, those of the oldest events first.
func (b *bulletin) bodies(kind event.Kind) (all [][]byte) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, e := range b.passed[kind] {
		if e.Whole != nil {
			e.Data = e.Whole
		}
		text, err := json.Marshal(struct {
			Type      event.Kind      `json:"type"`
			Timestamp string          `json:"timestamp"`
			Data      json.RawMessage `json:"data"`
		}{e.Kind, e.At.Format("2006-01-02T15:04:05.000Z"), e.Data})
		if err != nil {
			panic(err) // the data was JSON
		}
		all = append(all, text)
	}
	return all
}

// silence is media without any.
type silence struct{}

func (silence) Instance() string                                       { return "media" }
func (silence) Seats() (audio, video int)                              { return 1, 1 }
func (silence) NewRoom(func([]string)) actor.MediaRoom                 { return silence{} }
func (silence) Join(string, actor.MediaObserver) actor.MediaPeer       { return silence{} }
func (silence) Answer(context.Context, protocol.Offer) (string, error) { return "", nil }
func (silence) Sending([]protocol.Source)                              {}
func (silence) Show([]protocol.Picture)                                {}
func (silence) Close()                                                 {}
