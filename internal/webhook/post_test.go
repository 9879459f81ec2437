package webhook_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"overtime/internal/event"
	"overtime/internal/webhook"
)

// TestGoldenRequest: what a portal gets, to the byte. The signatures were made
// with openssl:
//
//	printf %s "aaa-7.1772614812.$body" | openssl dgst -sha256 -mac HMAC -macopt key:$key -binary | base64
//
// with the keys 0123456789abcdef0123456789abcdef and the-second-secret-is-longer-than-32.
func TestGoldenRequest(t *testing.T) {
	b := mustBus(t, t.TempDir())
	defer b.Close()
	p := newPortal(t)
	w := openWith(t, b.JetStream(), p.URL+"/hook?key=1 "+secretA+" "+secretB, func(cfg *webhook.Config) {
		cfg.Now = func() time.Time { return time.Date(2026, 3, 4, 9, 0, 12, 345e6, time.UTC) }
	})
	w.deliver()
	if err := w.Enqueue(t.Context(), event.Event{
		ID: "aaa-7", Kind: event.SessionExtended, At: time.Date(2026, 3, 4, 10, 0, 0, 5e8, time.FixedZone("", 3600)), Room: "aaa",
		Data: json.RawMessage(`{"room":"aaa","extended_minutes":15}`), Who: event.Who{Sub: "p", Address: "192.0.2.1"}, Epoch: 3,
	}); err != nil {
		t.Fatal(err)
	}
	r := p.next(t)
	got := []string{r.Method + " " + r.URL.String(), "Host: " + r.Host}
	for name, values := range r.Header {
		got = append(got, strings.ToLower(name)+": "+strings.Join(values, "|"))
	}
	slices.Sort(got[2:])
	want := []string{
		"POST /hook?key=1",
		"Host: " + strings.TrimPrefix(p.URL, "http://"),
		"content-length: 110",
		"content-type: application/json",
		"user-agent: Overtime",
		"webhook-id: aaa-7",
		"webhook-signature: v1,2yoLNMbmRApeCmTkvCj2darJHrrDacqpLgAevylh3MU= v1,vI0sFVg5HxXxv7TBlNfm2u+0Uucc1NPaeJ/KUCx4I3c=",
		"webhook-timestamp: 1772614812",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if want := `{"type":"session.extended","timestamp":"2026-03-04T09:00:00.500Z","data":{"room":"aaa","extended_minutes":15}}`; r.body != want {
		t.Errorf("got %s\nwant %s", r.body, want)
	}
	if err := w.Enqueue(t.Context(), event.Event{ID: "aaa-8", Kind: event.WindowOpened, Room: "aaa"}); err != nil {
		t.Fatal(err)
	}
	if r, want := p.next(t), `{"type":"window.opened","timestamp":"0001-01-01T00:00:00.000Z","data":{}}`; r.body != want {
		t.Errorf("without data got %s\nwant %s", r.body, want)
	}
}

// TestAttemptsAreSignedAnew: the id stays, the time is each attempt's own.
func TestAttemptsAreSignedAnew(t *testing.T) {
	w, p := start(t)
	p.always(http.StatusInternalServerError)
	w.waits(func(context.Context, time.Duration) error {
		p.always(http.StatusOK)
		w.pass(time.Hour)
		return nil
	})
	w.put("aaa", 1, 1)
	first, second := p.next(t), p.next(t)
	if first.id != second.id || first.body != second.body {
		t.Errorf("the same event came as %s %s and %s %s", first.id, first.body, second.id, second.body)
	}
	var at [2]int64
	for i, r := range []request{first, second} {
		if _, err := fmt.Sscan(r.Header.Get("webhook-timestamp"), &at[i]); err != nil {
			t.Fatal(err)
		}
	}
	if passed := at[1] - at[0]; passed < 3600 || passed > 3600+int64(patience.Seconds()) {
		t.Errorf("at %d and %d", at[0], at[1])
	}
	if first.Header.Get("webhook-signature") == second.Header.Get("webhook-signature") {
		t.Error("signed alike")
	}
}

// TestWaits: how long it is waited after each answer.
func TestWaits(t *testing.T) {
	for _, c := range []struct {
		name   string
		status int
		header string // Retry-After; now+ is a date so long from now
		want   []time.Duration
		exact  bool // no jitter
	}{
		{"more and more", 500, "", []time.Duration{
			time.Second, 5 * time.Second, 30 * time.Second, 2 * time.Minute, 10 * time.Minute, 30 * time.Minute, time.Hour, time.Hour, time.Hour}, false},
		{"not found is no end", 404, "", []time.Duration{time.Second}, false},
		{"nor is a redirection", 308, "", []time.Duration{time.Second}, false},
		{"as asked", 429, "120", []time.Duration{2 * time.Minute, 2 * time.Minute}, true},
		{"as asked when it is down", 503, "120", []time.Duration{2 * time.Minute}, true},
		{"others do not ask", 500, "120", []time.Duration{time.Second}, false},
		{"an hour at most", 429, "86400", []time.Duration{time.Hour}, true},
		{"nor more than fits", 429, "9223372036854775807", []time.Duration{time.Hour}, true},
		{"not less than ever", 429, "0", []time.Duration{time.Second, 5 * time.Second}, false},
		{"nor backwards", 429, "-60", []time.Duration{time.Second}, false},
		{"until a date", 503, "now+", []time.Duration{10 * time.Minute}, false},
		{"nonsense", 503, "soon", []time.Duration{time.Second}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			w, p := start(t)
			p.answers(func(answer http.ResponseWriter, _ request) int {
				header := c.header
				if header == "now+" {
					header = w.now().Add(10 * time.Minute).UTC().Format(http.TimeFormat)
				}
				answer.Header().Set("Retry-After", header)
				return c.status
			})
			waits := make(chan time.Duration)
			w.waits(func(ctx context.Context, d time.Duration) error {
				select {
				case waits <- d:
					return nil
				case <-ctx.Done():
					return ctx.Err()
				}
			})
			w.put("aaa", 1, 1)
			for i, want := range c.want {
				got := receive(t, waits)
				least, most := want*8/10, want*12/10
				if c.exact {
					least, most = want, want
				}
				if got < least || got > most {
					t.Errorf("wait %d: %v, want %v", i, got, want)
				}
			}
		})
	}
}

// TestEachEventBeginsAnew: what the one before it took is no reason to wait.
func TestEachEventBeginsAnew(t *testing.T) {
	w, p := start(t)
	tries := map[string]int{}
	p.answers(func(_ http.ResponseWriter, r request) int {
		if tries[r.id]++; tries[r.id] <= 2 {
			return http.StatusInternalServerError
		}
		return http.StatusOK
	})
	waits := make(chan time.Duration, 10)
	w.waits(func(ctx context.Context, d time.Duration) error {
		waits <- d
		return ctx.Err()
	})
	w.put("aaa", 1, 2)
	for i, want := range []time.Duration{time.Second, 5 * time.Second, time.Second, 5 * time.Second} {
		if got := receive(t, waits); got < want*8/10 || got > want*12/10 {
			t.Errorf("wait %d: %v, want %v", i, got, want)
		}
	}
}

// TestRedirectionsAreNotFollowed: the signed body goes to the endpoint only.
func TestRedirectionsAreNotFollowed(t *testing.T) {
	w, p := start(t)
	elsewhere := newPortal(t)
	statuses := []int{301, 302, 303, 307, 308}
	p.answers(func(answer http.ResponseWriter, _ request) int {
		if len(statuses) == 0 {
			return http.StatusOK
		}
		answer.Header().Set("Location", elsewhere.URL)
		status := statuses[0]
		statuses = statuses[1:]
		return status
	})
	w.put("aaa", 1, 2)
	p.mustTake(t, "aaa-1", "aaa-1", "aaa-1", "aaa-1", "aaa-1", "aaa-1", "aaa-2")
	elsewhere.mustHaveNone(t)
}

// TestEndlessAnswer: an answer is not read to its end.
func TestEndlessAnswer(t *testing.T) {
	w, p := start(t)
	written, asked := 0, make(chan string, 2)
	p.answers(func(answer http.ResponseWriter, r request) int {
		asked <- r.id
		for r.id == "aaa-1" {
			n, err := answer.Write(make([]byte, 64<<10))
			if written += n; err != nil {
				return 0
			}
		}
		return http.StatusOK
	})
	w.put("aaa", 1, 2)
	for _, want := range []string{"aaa-1", "aaa-2"} {
		if id := receive(t, asked); id != want {
			t.Errorf("asked to take %s, want %s", id, want)
		}
		p.next(t) // of either: the first may notice last that it writes to nobody
	}
	p.mustHaveNone(t)
	if written > 32<<20 { // what the connection itself holds is a part of that
		t.Errorf("%d bytes were written", written)
	}
}

// TestNothingSecretIsLogged: neither the secret nor what a URL may hold.
func TestNothingSecretIsLogged(t *testing.T) {
	b := mustBus(t, t.TempDir())
	defer b.Close()
	p := newPortal(t)
	w := open(t, b.JetStream(), p.URL+"/hook?key=verysecret "+secretA)
	w.deliver()
	statuses := []int{500, 410}
	p.answers(func(answer http.ResponseWriter, _ request) int {
		if len(statuses) == 2 {
			p.CloseClientConnections() // package http says so with the whole URL
		}
		status := statuses[0]
		statuses = statuses[1:]
		return status
	})
	w.put("aaa", 1, 1)
	if d := receive(t, w.dropped); d.endpoint != p.URL+"/hook" {
		t.Errorf("reported as %s", d.endpoint)
	}
	text := w.log.String()
	if !strings.Contains(text, "an endpoint fails") || !strings.Contains(text, "was not told") {
		t.Errorf("logged %s", text)
	}
	for _, secret := range []string{"verysecret", secretA, secretA[6:], "0123456789abcdef"} {
		if strings.Contains(text, secret) {
			t.Errorf("%s is in %s", secret, text)
		}
	}
}
