package webhook_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"go.uber.org/goleak"

	"overtime/internal/bus"
	"overtime/internal/event"
	"overtime/internal/webhook"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience is an upper bound for what takes milliseconds.
const patience = time.Minute

const (
	secretA = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
	secretB = "whsec_dGhlLXNlY29uZC1zZWNyZXQtaXMtbG9uZ2VyLXRoYW4tMzI="
)

// mustBus is the real thing on a folder.
func mustBus(t *testing.T, folder string) *bus.Bus {
	t.Helper()
	b, err := bus.Open(bus.Config{Folder: folder, Name: "node", Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// numbered is the nth event of a room.
func numbered(room string, n int) event.Event {
	return event.Event{
		ID: fmt.Sprintf("%s-%d", room, n), Kind: event.ParticipantJoined, At: time.Date(2026, 3, 4, 9, 0, 0, 0, time.UTC),
		Room: room, Data: json.RawMessage(fmt.Sprintf(`{"room":%q}`, room)),
	}
}

// request is one that a portal got.
type request struct {
	*http.Request
	id, room, body string
	status         int // what it was answered
}

// portal is somebody's server. It takes everything, until answer says otherwise.
type portal struct {
	*httptest.Server
	got chan request

	mu     sync.Mutex // guards what follows
	answer func(w http.ResponseWriter, r request) int
}

func newPortal(t *testing.T) *portal {
	p := &portal{got: make(chan request, 10_000)}
	p.answers(func(http.ResponseWriter, request) int { return http.StatusNoContent })
	p.Server = httptest.NewServer(http.HandlerFunc(p.serve))
	t.Cleanup(p.Close)
	return p
}

// answers changes how the portal answers: with what f writes, and a
// status unless it wrote a body.
func (p *portal) answers(f func(w http.ResponseWriter, r request) int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.answer = f
}

func (p *portal) always(status int) {
	p.answers(func(http.ResponseWriter, request) int { return status })
}

func (p *portal) serve(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	var said struct{ Data struct{ Room string } }
	_ = json.Unmarshal(body, &said)
	got := request{Request: r, id: r.Header.Get("webhook-id"), room: said.Data.Room, body: string(body)}
	p.mu.Lock()
	answer := p.answer
	p.mu.Unlock()
	got.status = answer(w, got)
	p.got <- got
	if got.status != 0 {
		w.WriteHeader(got.status)
	}
}

// line is the endpoint as a file has it.
func (p *portal) line() string { return p.URL + "/hook " + secretA + "\n" }

// next is the next request.
func (p *portal) next(t *testing.T) request {
	t.Helper()
	return receive(t, p.got)
}

// mustTake fails unless the next requests are of these events.
func (p *portal) mustTake(t *testing.T, ids ...string) {
	t.Helper()
	for _, id := range ids {
		if r := p.next(t); r.id != id {
			t.Fatalf("got %s, want %s", r.id, id)
		}
	}
}

// mustHaveNone fails if there was another request.
func (p *portal) mustHaveNone(t *testing.T) {
	t.Helper()
	select {
	case r := <-p.got:
		t.Errorf("got %s as well", r.id)
	default:
	}
}

func receive[T any](t *testing.T, from <-chan T) T {
	t.Helper()
	select {
	case v := <-from:
		return v
	case <-time.After(patience):
		t.Fatal("nothing came")
		panic("unreachable")
	}
}

// drop is what Dropped was told.
type drop struct{ id, endpoint, reason string }

// world is a queue over a real JetStream, with everything that it asks outside.
type world struct {
	*webhook.Queue
	t       *testing.T
	dropped chan drop
	log     *logged

	mu    sync.Mutex // guards what follows
	ahead time.Duration
	wait  func(ctx context.Context, d time.Duration) error
}

// open is a queue on b for the endpoints of a file.
func open(t *testing.T, b webhook.Streams, file string) *world {
	t.Helper()
	return openWith(t, b, file, func(*webhook.Config) {})
}

func openWith(t *testing.T, js webhook.Streams, file string, change func(*webhook.Config)) *world {
	t.Helper()
	endpoints, err := webhook.ParseEndpoints(file, true)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, dropped: make(chan drop, 100), log: &logged{}}
	w.waits(func(ctx context.Context, _ time.Duration) error { return ctx.Err() })
	cfg := webhook.Config{
		Endpoints: endpoints, AllowPrivate: true, Now: w.now,
		Logger:  slog.New(slog.NewTextHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Dropped: func(e event.Event, endpoint, reason string) { w.dropped <- drop{e.ID, endpoint, reason} },
		Wait: func(ctx context.Context, d time.Duration) error {
			w.mu.Lock()
			wait := w.wait
			w.mu.Unlock()
			return wait(ctx, d)
		},
	}
	change(&cfg)
	if w.Queue, err = webhook.Open(t.Context(), js, cfg); err != nil {
		t.Fatal(err)
	}
	return w
}

// waits changes how it is waited before an event is tried again. At first it is
// not waited at all.
func (w *world) waits(f func(ctx context.Context, d time.Duration) error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.wait = f
}

func (w *world) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return time.Now().Add(w.ahead)
}

// pass lets time pass.
func (w *world) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ahead += d
}

func (w *world) put(room string, from, to int) {
	w.t.Helper()
	for n := from; n <= to; n++ {
		if err := w.Enqueue(w.t.Context(), numbered(room, n)); err != nil {
			w.t.Fatal(err)
		}
	}
}

// deliver delivers until the test's end.
func (w *world) deliver() {
	d := w.Dispatch()
	w.t.Cleanup(func() { mustStop(w.t, d) })
}

func mustStop(t *testing.T, d *webhook.Dispatcher) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := d.Stop(ctx); err != nil || ctx.Err() != nil {
		t.Errorf("the stop: %v, %v", err, ctx.Err())
	}
}

// start is a world with one portal, delivering.
func start(t *testing.T) (*world, *portal) {
	t.Helper()
	b := mustBus(t, t.TempDir())
	t.Cleanup(b.Close)
	p := newPortal(t)
	w := open(t, b.JetStream(), p.line())
	w.deliver()
	return w, p
}

// logged is what was logged.
type logged struct {
	mu   sync.Mutex // guards what follows
	text strings.Builder
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// faulty is a real JetStream that publish may stand in front of, and whose
// streams are made as change says.
type faulty struct {
	jetstream.JetStream
	publish func(subject string) error
	change  func(*jetstream.StreamConfig)
	asking  *asking
}

// asking counts who asks a stream at the same time.
type asking struct {
	jetstream.Stream
	now, most atomic.Int32
}

func (a *asking) GetMsg(ctx context.Context, seq uint64, o ...jetstream.GetMsgOpt) (*jetstream.RawStreamMsg, error) {
	now := a.now.Add(1)
	defer a.now.Add(-1)
	for most := a.most.Load(); now > most && !a.most.CompareAndSwap(most, now); most = a.most.Load() {
	}
	return a.Stream.GetMsg(ctx, seq, o...)
}

func (f faulty) PublishMsg(ctx context.Context, m *nats.Msg, o ...jetstream.PublishOpt) (*jetstream.PubAck, error) {
	if f.publish != nil {
		if err := f.publish(m.Subject); err != nil {
			return nil, err
		}
	}
	return f.JetStream.PublishMsg(ctx, m, o...)
}

func (f faulty) CreateOrUpdateStream(ctx context.Context, cfg jetstream.StreamConfig) (jetstream.Stream, error) {
	if f.change != nil {
		f.change(&cfg)
	}
	stream, err := f.JetStream.CreateOrUpdateStream(ctx, cfg)
	if f.asking == nil {
		return stream, err
	}
	f.asking.Stream = stream
	return f.asking, err
}
