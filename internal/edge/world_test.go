package edge_test

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"overtime/internal/auth"
	"overtime/internal/bus"
	"overtime/internal/edge"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
	"overtime/internal/rooms"
	"overtime/internal/store"
	"overtime/internal/throttle"
)

// patience is how long a test waits for what must happen; nothing passes or
// fails by how fast it comes.
const patience = time.Minute

// clock is a clock that moves only when it is told to.
type clock struct {
	mu sync.Mutex // guards t
	t  time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = t
}

// world is a whole server but for pages and media, on a data folder and a
// clock that outlive a restart.
type world struct {
	t      *testing.T
	folder string
	clock  *clock
	keys   *auth.Keyring
	logs   *logs

	// limits, origins and from are read by start.
	limits  throttle.Limits
	origins []string
	from    func(*http.Request) throttle.Neighbour
	// network is set to change how the server's connections behave, media to
	// have others than fakeMedia.
	network func(net.Conn)
	media   rooms.Media

	bus   *bus.Bus
	store *store.Store
	host  *rooms.Host
	edge  *edge.Edge
	http  *httptest.Server
}

// newWorld is a world that is not started.
func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{
		t: t, folder: t.TempDir(), limits: throttle.Default, logs: newLogs(), media: fakeMedia{},
		clock: &clock{t: time.Date(2026, 3, 4, 9, 0, 0, 0, time.UTC)},
	}
	keys, err := auth.NewKeyring(auth.Key{ID: "k1", Secret: []byte(strings.Repeat("secret", 6))})
	if err != nil {
		t.Fatal(err)
	}
	keys.Now = w.clock.Now
	w.keys = keys
	t.Cleanup(w.stop)
	return w
}

// mustWorld is a started world with the default limits.
func mustWorld(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	w.start()
	return w
}

func (w *world) start() {
	w.t.Helper()
	log := slog.New(w.logs)
	var err error
	if w.bus, err = bus.Open(bus.Config{Folder: w.folder, Name: "node", Logger: log}); err != nil {
		w.t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(w.t.Context(), patience)
	defer cancel()
	if w.store, err = store.Open(ctx, w.bus.JetStream()); err != nil {
		w.t.Fatal(err)
	}
	w.startHost()
	w.edge = edge.New(edge.Config{Bus: w.bus, Secrets: w.keys, Limits: w.limits, Origins: w.origins, From: w.from, Logger: log})
	w.http = httptest.NewUnstartedServer(w.edge)
	w.http.Config.ConnState = func(c net.Conn, s http.ConnState) {
		if s == http.StateNew && w.network != nil {
			w.network(c)
		}
	}
	w.http.Start()
}

// startHost starts the rooms, as start does, or again after a test stopped them.
func (w *world) startHost() {
	w.t.Helper()
	var err error
	w.host, err = rooms.Start(w.t.Context(), rooms.Config{
		Node: "node", Bus: rooms.OverBus(w.bus), Store: w.store, Secrets: w.keys, Media: w.media,
		Logger: slog.New(w.logs), Now: w.clock.Now,
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// stop takes everything down, as a server that is told to stop does.
func (w *world) stop() {
	if w.edge != nil {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if !w.edge.Drain(ctx, time.Millisecond) {
			w.t.Error("some browsers did not take their leave")
		}
	}
	if w.http != nil {
		w.http.Close()
	}
	if w.host != nil {
		w.host.Close()
	}
	if w.bus != nil {
		w.bus.Close()
	}
	w.edge, w.http, w.host, w.bus = nil, nil, nil, nil
}

// mustRoom makes a room of an hour, changed by each of how.
func (w *world) mustRoom(id string, how ...func(*meeting.Room)) meeting.Room {
	w.t.Helper()
	room := meeting.Room{ID: id, Name: "Room " + id, CreatedAt: w.clock.Now(), Duration: 60}
	for _, f := range how {
		f(&room)
	}
	room, err := room.Validate()
	if err != nil {
		w.t.Fatal(err)
	}
	if err := w.store.Create(w.t.Context(), room); err != nil {
		w.t.Fatal(err)
	}
	return room
}

// link is the token of a room's link for a role: anybody's, as often as wanted.
func (w *world) link(room string, role meeting.Role) string {
	w.t.Helper()
	path, err := w.keys.Invitation(meeting.Room{ID: room, CreatedAt: w.clock.Now()}, role)
	if err != nil {
		w.t.Fatal(err)
	}
	_, token, _ := strings.Cut(path, "#")
	return token
}

// logs keeps what was logged, so that a test can wait for it.
type logs struct {
	slog.Handler
	mu    sync.Mutex // guards lines and more
	lines []string
	more  chan struct{} // closed and replaced at each line
}

func newLogs() *logs {
	return &logs{
		Handler: slog.NewTextHandler(io.Discard, &slog.HandlerOptions{Level: slog.LevelDebug}),
		more:    make(chan struct{}),
	}
}

func (l *logs) Handle(_ context.Context, r slog.Record) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lines = append(l.lines, r.Message)
	close(l.more)
	l.more = make(chan struct{})
	return nil
}

func (l *logs) WithAttrs([]slog.Attr) slog.Handler { return l }

// says reports whether a line that contains text was logged.
func (l *logs) says(text string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.ContainsFunc(l.lines, func(line string) bool { return strings.Contains(line, text) })
}

// mustSay waits until a line that contains text was logged.
func (l *logs) mustSay(t *testing.T, text string) {
	t.Helper()
	late := time.After(patience)
	for {
		l.mu.Lock()
		more := l.more
		l.mu.Unlock()
		if l.says(text) {
			return
		}
		select {
		case <-more:
		case <-late:
			t.Fatalf("nothing logged that says %q", text)
		}
	}
}

// fakeMedia answers offers without any media.
type fakeMedia struct{}

func (fakeMedia) Instance() string          { return "media-1" }
func (fakeMedia) Seats() (audio, video int) { return 5, 9 }
func (fakeMedia) NewRoom(func([]string)) rooms.MediaRoom {
	return fakeMediaRoom{}
}

type fakeMediaRoom struct{}

func (fakeMediaRoom) Join(string, rooms.MediaObserver) rooms.MediaPeer { return fakePeer{} }
func (fakeMediaRoom) Close()                                           {}

type fakePeer struct{}

func (fakePeer) Answer(_ context.Context, o protocol.Offer) (string, error) {
	return "answer to " + o.SDP, nil
}
func (fakePeer) Sending([]protocol.Source) {}
func (fakePeer) Show([]protocol.Picture)   {}
func (fakePeer) Close()                    {}
