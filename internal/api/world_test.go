package api_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"overtime/internal/api"
	"overtime/internal/auth"
	"overtime/internal/config"
	"overtime/internal/event"
	"overtime/internal/protocol"
	"overtime/internal/testkit"
	"overtime/internal/throttle"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience bounds every wait; nothing takes so long.
const patience = testkit.Patience

// world is the API of a whole server, and a portal that is told what happens.
type world struct {
	*testkit.Server
	t       *testing.T
	news    *portal
	handler http.Handler    // the API
	url     string          // of the server
	newest  *testkit.Person // who came in last
}

// mustWorld is a world whose clock begins at began. With how, the handler is an API
// over the parts of the server, which how replaces.
func mustWorld(t *testing.T, began time.Time, how ...func(*api.Config)) *world {
	t.Helper()
	w := &world{Server: testkit.New(t, "--public-url", "https://meet.example", "--webhook-private"), t: t, news: newPortal(t)}
	w.Clock.Set(began)
	w.Config.Flags.APIKeyLines = config.Secrets{Text: "portal:" + secret}
	w.Config.Flags.WebhookLines = config.Secrets{Text: w.news.URL + " whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=" + optionalKinds()}
	limits := &w.Config.Limits // what is tested is not how often one may ask
	often := throttle.Rate{PerSecond: 1e6, Burst: 1e6}
	limits.Joins, limits.Known, limits.HTTP.Each, limits.HTTP.All = often, 1e6, 1e6, 1e6
	w.Start()
	w.handler, w.url = w.API, w.URL()
	if len(how) > 0 {
		keys, err := auth.ParseAPIKeys("portal:" + secret)
		if err != nil {
			t.Fatal(err)
		}
		cfg := api.Config{
			Store: w.Store(), Rooms: w.Bus(), Links: w.Secrets(), Keys: keys, News: w.News(), Audit: w.News(), Chats: w.Chats(),
			PublicURL: "https://meet.example", Now: w.Clock.Now, Logger: w.Config.Logger,
		}
		for _, f := range how {
			f(&cfg)
		}
		w.handler = api.New(cfg)
	}
	return w
}

// pass lets time pass, and then what is due in a room happen.
func (w *world) pass(d time.Duration, room string) {
	w.t.Helper()
	w.Clock.Pass(d)
	w.until("what is due in "+room, func() bool {
		v, err := w.Store().Load(w.t.Context(), room)
		if err != nil || v.Session == nil {
			return err == nil
		}
		_, due := v.Session.Advance(v.Room, w.Clock.Now())
		return len(due) == 0
	})
}

// until waits for something to become true.
func (w *world) until(what string, is func() bool) {
	w.t.Helper()
	testkit.Until(w.t, what, func() error {
		if is() {
			return nil
		}
		return fmt.Errorf("it did not happen")
	})
}

// join lets the holder of a token in, who stays.
func (w *world) join(token string) {
	w.t.Helper()
	if m := w.tryJoin(token); m != nil {
		w.t.Fatalf("answered %+v", m)
	}
}

// optionalKinds are what a portal asks for that wants to be told of everything.
func optionalKinds() (words string) {
	for _, kind := range event.Optional() {
		words += " " + string(kind)
	}
	return words
}

// busy has whoever came in last write, raise a hand and share a screen.
func (w *world) busy() {
	w.t.Helper()
	for _, m := range []protocol.ClientMessage{
		protocol.SendChat{Text: "a"}, protocol.SendChat{Text: "b"},
		protocol.SetAttribute{Name: protocol.AttributeHand, Value: protocol.HandUp}, protocol.SetAttribute{Name: protocol.AttributeHand},
		protocol.Sending{Sources: []protocol.Source{protocol.Screen}}, protocol.Sending{Sources: []protocol.Source{}},
	} {
		w.newest.Send(m)
	}
}

// tryJoin is the same for somebody who may be refused, or have to wait.
func (w *world) tryJoin(token string) (refused protocol.ServerMessage) {
	w.t.Helper()
	p := w.Dial(w.t, nil)
	m := p.Answer(p.Send(protocol.Hello{Token: token}))
	p.Listen()
	w.newest = p
	if _, in := m.(protocol.Welcome); in {
		return nil
	}
	return m
}

// portal is where webhooks go.
type portal struct {
	*httptest.Server
	mu   sync.Mutex // guards what follows
	told map[event.Kind][][]byte
}

func newPortal(t *testing.T) *portal {
	t.Helper()
	p := &portal{told: map[event.Kind][][]byte{}}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, err := io.ReadAll(r.Body)
		var about struct{ Type event.Kind }
		if err != nil || json.Unmarshal(text, &about) != nil {
			t.Errorf("a webhook brought %q, %v", text, err)
		}
		p.mu.Lock()
		defer p.mu.Unlock()
		p.told[about.Type] = append(p.told[about.Type], text)
	}))
	t.Cleanup(p.Close)
	return p
}

// body is what the first webhook of a kind carries.
func (p *portal) body(kind event.Kind) (text []byte, there bool) {
	all := p.bodies(kind)
	if len(all) == 0 {
		return nil, false
	}
	return all[0], true
}

// bodies are what webhooks of a kind carry, the oldest first.
func (p *portal) bodies(kind event.Kind) [][]byte {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.told[kind])
}
