package api_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"overtime/internal/api"
	"overtime/internal/auth"
	"overtime/internal/control"
	"overtime/internal/event"
	"overtime/internal/meeting"
	"overtime/internal/store"
)

var now = time.Date(2026, 3, 4, 9, 0, 0, 123e6, time.UTC)

// memory keeps rooms and ledgers, or fails as Fail says. It is safe for
// concurrent use.
type memory struct {
	mu      sync.Mutex // guards what follows
	records map[string]store.Record
	ledgers map[string]map[int]meeting.Session
	Fail    error
	// Absent, if not nil, is called before a room is found not to be there.
	Absent func()
}

func (m *memory) Create(_ context.Context, r meeting.Room) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.Fail != nil {
		return m.Fail
	}
	if _, there := m.records[r.ID]; there {
		return store.ErrExists
	}
	m.records[r.ID] = store.Record{Room: r}
	return nil
}

func (m *memory) Load(_ context.Context, id string) (store.Versioned, error) {
	m.mu.Lock()
	rec, there := m.records[id]
	m.mu.Unlock()
	switch {
	case m.Fail != nil:
		return store.Versioned{}, m.Fail
	case strings.ContainsAny(id, ".*>/ \x00") || len(id) > 64:
		return store.Versioned{}, fmt.Errorf("%q is no key of a store", id)
	case !there:
		if m.Absent != nil {
			m.Absent()
		}
		return store.Versioned{}, store.ErrNotFound
	}
	return store.Versioned{Record: rec}, nil
}

// Rooms takes a room's place among all for the number at which it was written.
func (m *memory) Rooms(_ context.Context, after uint64, limit int) (page []store.Versioned, next uint64, more bool, err error) {
	all := m.rooms()
	next = min(after, uint64(len(all)))
	for _, r := range all[next:] {
		if len(page) == limit {
			return page, next, true, m.Fail
		}
		v, _ := m.Load(context.Background(), r.ID)
		page, next = append(page, v), next+1
	}
	return page, next, false, m.Fail
}

func (m *memory) Ledger(_ context.Context, room string, number int) (meeting.Session, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	s, there := m.ledgers[room][number]
	switch {
	case m.Fail != nil:
		return s, m.Fail
	case !there:
		return s, store.ErrNotFound
	}
	return s, nil
}

// rooms are all rooms that were made, in the order of their ids.
func (m *memory) rooms() (all []meeting.Room) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, r := range m.records {
		all = append(all, r.Room)
	}
	slices.SortFunc(all, func(a, b meeting.Room) int { return strings.Compare(a.ID, b.ID) })
	return all
}

func (m *memory) set(rec store.Record) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.records[rec.Room.ID] = rec
}

// actors note what they are asked, but for the address it came from, and answer
// as CallFn says.
type actors struct {
	CallFn func(room string, c control.Command) (control.Answer, error)
	rooms  []string
	asked  []control.Command
}

func (a *actors) Call(_ context.Context, room string, command []byte) ([]byte, error) {
	var c control.Command
	if err := json.Unmarshal(command, &c); err != nil {
		return nil, err
	}
	if c.Address != "192.0.2.1/32" {
		return nil, fmt.Errorf("asked from %q", c.Address)
	}
	c.Address = ""
	a.rooms, a.asked = append(a.rooms, room), append(a.asked, c)
	answer, err := a.CallFn(room, c)
	if err != nil {
		return nil, err
	}
	return json.Marshal(answer)
}

// noted keeps what the audit is told, or has nothing recorded, as Fail says.
type noted struct {
	Fail error
	mu   sync.Mutex // guards what follows
	all  []event.Event
}

// Record keeps one id once, as the audit does.
func (n *noted) Record(_ context.Context, e event.Event) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	known := func(o event.Event) bool { return e.ID != "" && o.ID == e.ID }
	if n.Fail == nil && !slices.ContainsFunc(n.all, known) {
		n.all = append(n.all, e)
	}
	return n.Fail
}

func (n *noted) Note(e event.Event) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.all = append(n.all, e)
}

// of are the events of a kind.
func (n *noted) of(kind event.Kind) (all []event.Event) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, e := range n.all {
		if e.Kind == kind {
			all = append(all, e)
		}
	}
	return all
}

// The key of the portal, and what it sends.
const (
	secret = "correct-horse-battery-staple-0123"
	bearer = "Bearer portal:" + secret
)

// site is the API with what it stands on.
type site struct {
	t       *testing.T
	now     time.Time
	memory  *memory
	actors  *actors
	noted   *noted
	tickets *auth.Keyring
	handler http.Handler
	// key is sent with every request; empty sends none.
	key string
}

func mustSite(t *testing.T, how ...func(*api.Config)) *site {
	t.Helper()
	tickets, err := auth.NewKeyring(auth.Key{ID: "k", Secret: []byte(strings.Repeat("secret", 6))})
	if err != nil {
		t.Fatal(err)
	}
	keys, err := auth.ParseAPIKeys("portal:" + secret + "\nother:another-" + secret)
	if err != nil {
		t.Fatal(err)
	}
	s := &site{
		t: t, now: now, actors: &actors{}, noted: &noted{}, tickets: tickets,
		memory: &memory{records: map[string]store.Record{}, ledgers: map[string]map[int]meeting.Session{}},
	}
	tickets.Now = func() time.Time { return s.now }
	cfg := api.Config{
		Store: s.memory, Rooms: s.actors, Links: tickets, Keys: keys, News: s.noted, Open: true,
		Now: tickets.Now, Logger: slog.New(slog.DiscardHandler), Minute: time.Second,
	}
	for _, f := range how {
		f(&cfg)
	}
	s.handler = api.New(cfg)
	return s
}

// mustPortal is a site that is asked with a key.
func mustPortal(t *testing.T, how ...func(*api.Config)) *site {
	t.Helper()
	s := mustSite(t, how...)
	s.key = bearer
	return s
}

// request is one that carries the site's key. Headers come in pairs.
func (s *site) request(method, path, body string, headers ...string) *http.Request {
	r := httptest.NewRequestWithContext(s.t.Context(), method, "http://meet.example"+path, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if s.key != "" {
		r.Header.Set("Authorization", s.key)
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return r
}

// ask makes a request; the answer must be a JSON object, or nothing at all.
func (s *site) ask(method, path, body string, headers ...string) (*http.Response, map[string]any) {
	s.t.Helper()
	return s.send(s.request(method, path, body, headers...))
}

func (s *site) send(r *http.Request) (*http.Response, map[string]any) {
	s.t.Helper()
	method, path := r.Method, r.URL.Path
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	text, err := io.ReadAll(w.Result().Body)
	if err != nil {
		s.t.Fatal(err)
	}
	if keep := w.Header().Get("Cache-Control"); keep != "no-store" {
		s.t.Errorf("%s %s may be kept: %q", method, path, keep)
	}
	out := map[string]any{}
	if w.Code == http.StatusNoContent && len(text) == 0 {
		return w.Result(), out
	}
	if err := json.Unmarshal(text, &out); err != nil {
		s.t.Fatalf("%s %s answered %d %q, which is no JSON object", method, path, w.Code, text)
	}
	return w.Result(), out
}

// must asks for what must be done.
func (s *site) must(status int, method, path, body string, headers ...string) map[string]any {
	s.t.Helper()
	r, out := s.ask(method, path, body, headers...)
	if r.StatusCode != status {
		s.t.Fatalf("%s %s answered %d %v, want %d", method, path, r.StatusCode, out, status)
	}
	return out
}

// mustProblem wants a problem with a status and code, and a detail that says
// something.
func (s *site) mustProblem(status int, code, method, path, body string, headers ...string) map[string]any {
	s.t.Helper()
	return s.mustProblemOf(status, code, s.request(method, path, body, headers...))
}

func (s *site) mustProblemOf(status int, code string, asked *http.Request) map[string]any {
	s.t.Helper()
	method, path := asked.Method, asked.URL.Path
	r, p := s.send(asked)
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "application/problem+json" {
		s.t.Errorf("the content type is %q", r.Header.Get("Content-Type"))
	}
	if r.StatusCode != status || p["code"] != code || p["status"] != float64(status) || p["title"] != http.StatusText(status) {
		s.t.Errorf("%s %s answered %d %v, want %d with the code %s", method, path, r.StatusCode, p, status, code)
	}
	if detail, _ := p["detail"].(string); len(detail) < 10 {
		s.t.Errorf("the detail is %q", detail)
	}
	later := r.Header.Get("Retry-After") != ""
	if want := status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable; later != want {
		s.t.Errorf("%d comes with Retry-After %q", status, r.Header.Get("Retry-After"))
	}
	return p
}

// as is v in the form in which JSON is compared.
func as[T any](t *testing.T, v any) (out T) {
	t.Helper()
	text, err := json.Marshal(v)
	if err == nil {
		err = json.Unmarshal(text, &out)
	}
	if err != nil {
		t.Fatal(err)
	}
	return out
}

const rooms = "/api/v1/rooms"
