package disk_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"overtime/internal/api"
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
const patience = 30 * time.Second

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

// world is a whole server but for pages and media.
type world struct {
	t     *testing.T
	clock *clock
	bus   *bus.Bus
	store *store.Store
	http  *httptest.Server

	// What was acknowledged, and so has to be kept.
	rooms      []string
	extensions map[string][]time.Time // of each room, the ends they moved to
}

// mustWorld starts a world that keeps its data as cfg says.
func mustWorld(t *testing.T, cfg bus.Config) *world {
	t.Helper()
	w := &world{
		t: t, clock: &clock{t: time.Date(2026, 3, 4, 9, 0, 0, 0, time.UTC)}, extensions: map[string][]time.Time{},
	}
	keys, err := auth.NewKeyring(auth.Key{ID: "k1", Secret: []byte(strings.Repeat("secret", 6))})
	if err != nil {
		t.Fatal(err)
	}
	keys.Now = w.clock.Now
	log := slog.New(slog.DiscardHandler)
	cfg.Name, cfg.Logger = "node", log
	w.bus, w.store = mustKept(t, cfg)
	w.store.Broken = w.bus.Broken
	host, err := rooms.Start(t.Context(), rooms.Config{
		Node: "node", Bus: rooms.OverBus(w.bus), Store: w.store, Secrets: keys, Media: fakeMedia{}, Logger: log, Now: w.clock.Now,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(host.Close)
	limits := throttle.Default
	limits.Create.Burst, limits.CreateAll.Burst = 1<<20, 1<<20
	limits.Socket.Extends.Burst = 1 << 20 // what is tested here is not how often one may ask
	limits.Socket.Ping = time.Hour        // nor who reads: Bob does so now and then
	browsers := edge.New(edge.Config{Bus: w.bus, Secrets: keys, Limits: limits, Logger: log})
	mux := http.NewServeMux()
	mux.Handle("/ws", browsers)
	mux.Handle("/api/", api.New(api.Config{Open: true,
		Store: w.store, Links: keys, Minute: time.Minute, Now: w.clock.Now, Logger: log, Limits: limits,
		Ready: func(context.Context) error { return w.bus.Healthy() },
	}))
	w.http = httptest.NewServer(mux)
	t.Cleanup(w.http.Close)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if !browsers.Drain(ctx, time.Millisecond) {
			t.Error("some browsers did not take their leave")
		}
	})
	return w
}

// mustKept opens what is kept in a folder.
func mustKept(t *testing.T, cfg bus.Config) (*bus.Bus, *store.Store) {
	t.Helper()
	b, err := bus.Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	s, err := store.Open(ctx, b.JetStream())
	if err != nil {
		t.Fatal(err)
	}
	b.Watch()
	return b, s
}

// made is the API's answer to a new room, or why there is none.
type made struct {
	ID    string `json:"id"`
	Links struct {
		Moderator string `json:"moderator"`
		Guest     string `json:"guest"`
	} `json:"links"`
	Code protocol.Code `json:"code"`
}

// post asks the API for a room, and notes the one it confirms.
func (w *world) post() (status int, m made) {
	w.t.Helper()
	r, err := http.Post(w.http.URL+"/api/v1/rooms", "application/json", strings.NewReader(`{"duration_minutes":60}`))
	if err != nil {
		w.t.Fatal(err)
	}
	err = json.NewDecoder(r.Body).Decode(&m)
	if err := r.Body.Close(); err != nil {
		w.t.Fatal(err)
	}
	if err != nil {
		w.t.Fatal(err)
	}
	if r.StatusCode == http.StatusCreated {
		w.rooms = append(w.rooms, m.ID)
	}
	return r.StatusCode, m
}

func (w *world) mustPost() made {
	w.t.Helper()
	status, m := w.post()
	if status != http.StatusCreated {
		w.t.Fatalf("no room was made: %d %+v", status, m)
	}
	return m
}

// stuff makes rooms, past the API, until the store takes no more.
func (w *world) stuff() {
	w.t.Helper()
	for range 100_000 {
		room, err := meeting.Room{ID: fmt.Sprintf("filler%d", len(w.rooms)), Name: strings.Repeat("x", 100), CreatedAt: w.clock.Now(), Duration: 60}.Validate()
		if err != nil {
			w.t.Fatal(err)
		}
		if w.store.Create(w.t.Context(), room) != nil {
			return
		}
		w.rooms = append(w.rooms, room.ID)
	}
	w.t.Fatal("the store is never full")
}

// mustHave reads everything that was acknowledged from a folder as it is, by
// another server: nothing is missing, and nothing was granted beside.
func (w *world) mustHave(folder string) {
	w.t.Helper()
	_, kept := mustKept(w.t, bus.Config{Folder: asKilled(w.t, folder), Name: "node", Logger: slog.New(slog.DiscardHandler)})
	acked, missing := 0, 0
	for _, id := range w.rooms {
		acked++
		v, err := kept.Load(w.t.Context(), id)
		if err != nil {
			missing++
			w.t.Errorf("the room %s was confirmed, and is not there: %v", id, err)
			continue
		}
		if v.Session == nil {
			continue
		}
		var ends []time.Time
		for _, e := range v.Session.Extensions() {
			ends = append(ends, e.EndsAt)
		}
		if acked += len(w.extensions[id]); !slices.EqualFunc(ends, w.extensions[id], time.Time.Equal) {
			w.t.Errorf("extensions to %v were confirmed, and to %v are kept", w.extensions[id], ends)
		}
	}
	w.t.Logf("a copy as a kill would leave it: %d rooms and extensions were confirmed, %d rooms are missing", acked, missing)
}

// mustBecome waits until f says nothing any more, and tells how long it took.
func (w *world) mustBecome(what string, f func() error) time.Duration {
	w.t.Helper()
	began, late := time.Now(), time.After(patience)
	ticks := time.NewTicker(10 * time.Millisecond)
	defer ticks.Stop()
	for {
		err := f()
		if err == nil {
			return time.Since(began)
		}
		select {
		case <-ticks.C:
		case <-late:
			w.t.Fatalf("%s: %v", what, err)
		}
	}
}

// fakeMedia answers offers without any media.
type fakeMedia struct{}

func (fakeMedia) Instance() string                       { return "media-1" }
func (fakeMedia) Seats() (audio, video int)              { return 5, 9 }
func (fakeMedia) NewRoom(func([]string)) rooms.MediaRoom { return fakeMediaRoom{} }

type fakeMediaRoom struct{}

func (fakeMediaRoom) Join(string, rooms.MediaObserver) rooms.MediaPeer { return fakePeer{} }
func (fakeMediaRoom) Close()                                           {}

type fakePeer struct{}

func (fakePeer) Answer(_ context.Context, o protocol.Offer) (string, error) { return o.SDP, nil }
func (fakePeer) Sending([]protocol.Source)                                  {}
func (fakePeer) Show([]protocol.Picture)                                    {}
func (fakePeer) Close()                                                     {}
