package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
)

const (
	testKey    = "portal:correct-horse-battery-staple-0123"
	testSecret = "whsec_a2tra2tra2tra2tra2tra2tra2tra2tra2tra2s="
)

// fakeOvertime answers as docs/api.md says, as far as a portal asks.
type fakeOvertime struct {
	*httptest.Server
	mu      sync.Mutex
	rooms   map[string]string // by external_id
	tokens  []map[string]any  // what was asked for
	ended   bool
	trouble []int    // statuses that the next calls are answered with
	asked   []string // methods and paths
}

func startFake(t *testing.T) *fakeOvertime {
	f := &fakeOvertime{rooms: map[string]string{}}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /api/v1/rooms", f.makeRoom)
	mux.HandleFunc("POST /api/v1/rooms/{id}/tokens", f.makeToken)
	mux.HandleFunc("GET /api/v1/rooms/{id}/session", f.readSession)
	f.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.asked = append(f.asked, r.Method+" "+r.URL.Path)
		if r.Header.Get("Authorization") != "Bearer "+testKey {
			refuse(w, http.StatusUnauthorized, "unauthorized", "show a key")
			return
		}
		if len(f.trouble) > 0 {
			status := f.trouble[0]
			f.trouble = f.trouble[1:]
			w.Header().Set("Retry-After", "0")
			refuse(w, status, "unavailable", "it cannot be done now")
			return
		}
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(f.Close)
	return f
}

func refuse(w http.ResponseWriter, status int, code, detail string) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	fmt.Fprintf(w, `{"status": %d, "code": %q, "detail": %q}`, status, code, detail)
}

func (f *fakeOvertime) makeRoom(w http.ResponseWriter, r *http.Request) {
	var wish struct {
		ExternalID string `json:"external_id"`
	}
	if err := json.NewDecoder(r.Body).Decode(&wish); err != nil || r.Header.Get("Content-Type") != "application/json" {
		refuse(w, http.StatusBadRequest, "bad_request", "that is no JSON")
		return
	}
	id, there := f.rooms[wish.ExternalID]
	if !there {
		id = fmt.Sprint("room", len(f.rooms)+1)
		f.rooms[wish.ExternalID] = id
		w.WriteHeader(http.StatusCreated)
	}
	fmt.Fprintf(w, `{"id": %q}`, id)
}

func (f *fakeOvertime) makeToken(w http.ResponseWriter, r *http.Request) {
	if f.ended {
		refuse(w, http.StatusGone, "over", "the session has ended")
		return
	}
	var wish map[string]any
	if err := json.NewDecoder(r.Body).Decode(&wish); err != nil {
		refuse(w, http.StatusBadRequest, "bad_request", "that is no JSON")
		return
	}
	f.tokens = append(f.tokens, wish)
	token := fmt.Sprint("token-", len(f.tokens))
	w.WriteHeader(http.StatusCreated)
	fmt.Fprintf(w, `{"token": %q, "url": "%s/r/%s#%s"}`, token, f.URL, r.PathValue("id"), token)
}

const testLedger = `[
	{"kind": "started", "at": "2026-03-04T14:00:00Z", "ends_at": "2026-03-04T14:15:00Z", "by": {"name": "Asha Rao"}},
	{"kind": "ended", "at": "2026-03-04T14:15:00Z", "ends_at": "2026-03-04T14:15:00Z", "reason": "expired"}
]`

func (f *fakeOvertime) readSession(w http.ResponseWriter, _ *http.Request) {
	if !f.ended {
		refuse(w, http.StatusNotFound, "not_started", "no session has begun")
		return
	}
	fmt.Fprintf(w, `{"number": 1, "started_at": "2026-03-04T14:00:00Z", "ends_at": "2026-03-04T14:15:00Z",
		"ending": {"reason": "expired", "ended_at": "2026-03-04T14:15:00Z"}, "ledger": %s, "later": "more"}`, testLedger)
}

// world is a portal with a fake Overtime behind it.
type world struct {
	t      *testing.T
	fake   *fakeOvertime
	site   *site
	server *httptest.Server
	log    *strings.Builder
}

func startWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, fake: startFake(t), log: &strings.Builder{}}
	site, err := newSite(settings{overtime: w.fake.URL, key: testKey, secret: testSecret}, w.log)
	if err != nil {
		t.Fatal(err)
	}
	w.site = site
	w.server = httptest.NewServer(site.handler())
	t.Cleanup(w.server.Close)
	return w
}

// answer is what came of a request.
type answer struct {
	status int
	header http.Header
	body   string
}

func (w *world) do(r *http.Request) answer {
	w.t.Helper()
	got, err := w.server.Client().Do(r)
	if err != nil {
		w.t.Fatal(err)
	}
	defer got.Body.Close()
	body, err := io.ReadAll(got.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return answer{got.StatusCode, got.Header, string(body)}
}

func (w *world) request(method, path, body string) *http.Request {
	w.t.Helper()
	r, err := http.NewRequest(method, w.server.URL+path, strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

func (w *world) get(path string) answer {
	w.t.Helper()
	return w.do(w.request(http.MethodGet, path, ""))
}

// form is a booking as a browser sends it.
func form(id string) url.Values {
	return url.Values{"booking": {id}, "at": {"15:30"}, "client": {"Asha Rao"}, "subject": {"Follow-up"}, "minutes": {"15"}}
}

func (w *world) book(form url.Values) answer {
	w.t.Helper()
	r := w.request(http.MethodPost, "/bookings", form.Encode())
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return w.do(r)
}

// attribute is the value of an attribute in a page.
func attribute(t *testing.T, page, element, name string) string {
	t.Helper()
	found := regexp.MustCompile(`<` + element + `\b[^>]* ` + name + `="([^"]*)"`).FindStringSubmatch(page)
	if found == nil {
		t.Fatalf("no %s with %s in\n%s", element, name, page)
	}
	return found[1]
}
