package portal

import (
	"encoding/json"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"overtime/test/program"
)

// patience bounds every wait for something that a webhook brings.
const patience = time.Minute

// example is the portal of examples/portal, as a process.
type example struct {
	t   *testing.T
	url string
}

// startExample runs it beside a server that tells it what happens, and returns the
// server's URL too. The server must know where webhooks go before the portal is
// there, and the portal where the server is: a relay of ours stands between.
func startExample(t *testing.T) (e *example, server string) {
	t.Helper()
	var portal atomic.Pointer[url.URL]
	relay := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if to := portal.Load(); to != nil {
			httputil.NewSingleHostReverseProxy(to).ServeHTTP(w, r)
			return
		}
		w.WriteHeader(http.StatusServiceUnavailable)
	}))
	t.Cleanup(relay.Close)
	hooks := receiver{url: relay.URL + "/webhooks", secret: "whsec_a2tra2tra2tra2tra2tra2tra2tra2tra2tra2s="}
	server = startServer(t, hooks)

	cmd := exec.Command(program.Example(t), "--addr", "127.0.0.1:0", "--overtime", server, "--api-key", mustFile(t, "key", key))
	cmd.Env = append(os.Environ(), "PORTAL_WEBHOOK_SECRET="+hooks.secret)
	address, _ := program.Run(t, cmd)
	to, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	portal.Store(to)
	return &example{t, address}, server
}

func (e *example) get(path string) string {
	e.t.Helper()
	got, err := http.Get(e.url + path)
	if err != nil {
		e.t.Fatal(err)
	}
	return e.read(got)
}

func (e *example) read(got *http.Response) string {
	e.t.Helper()
	defer got.Body.Close()
	body, err := io.ReadAll(got.Body)
	if err != nil || got.StatusCode != http.StatusOK {
		e.t.Fatalf("answered %d, %v: %s", got.StatusCode, err, body)
	}
	if strings.Contains(string(body), key) {
		e.t.Error("the API key is in a page")
	}
	return string(body)
}

// await looks at a page until it says something.
func (e *example) await(path, says string) {
	e.t.Helper()
	late, look := time.After(patience), time.NewTicker(50*time.Millisecond)
	defer look.Stop()
	for {
		page := e.get(path)
		if strings.Contains(page, says) {
			return
		}
		select {
		case <-late:
			e.t.Fatalf("it never said %q; it says\n%s", says, page)
		case <-look.C:
		}
	}
}

var element = regexp.MustCompile(`<overtime-meeting server="([^"]+)" room="([^"]+)" token="([^"]+)"`)

// enter opens the page of an appointment and comes in with the token in it.
func (e *example) enter(booking, as string) (room string) {
	e.t.Helper()
	found := element.FindStringSubmatch(e.get("/appointments/" + booking + "?as=" + as))
	if found == nil {
		e.t.Fatalf("there is no meeting in the page of the %s", as)
	}
	link := html.UnescapeString(found[1] + "/r/" + found[2] + "#" + found[3])
	visit := exec.Command(program.Server(e.t), "join", link)
	var said program.Log
	visit.Stdout, visit.Stderr = &said, &said
	if err := visit.Start(); err != nil {
		e.t.Fatal(err)
	}
	e.t.Cleanup(func() {
		if err := visit.Wait(); err != nil { // it goes when the meeting ends
			e.t.Errorf("the %s was not let go as they should: %v\n%s", as, err, &said)
		}
	})
	return found[2]
}

// steer is a call of the API as whoever has the key makes it.
func steer(t *testing.T, url, body string) {
	t.Helper()
	r, err := http.NewRequest(http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+key)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Idempotency-Key", "the-only-one") // an extension asks for one; an end does not mind
	got, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer got.Body.Close()
	if text, _ := io.ReadAll(got.Body); got.StatusCode != http.StatusOK {
		t.Fatalf("%s is answered %d: %s", url, got.StatusCode, text)
	}
}

// TestExample: an appointment from its booking to its ledger, by what the portal's
// own server does and is told. What its page does is for test/browser.
func TestExample(t *testing.T) {
	e, server := startExample(t)
	page := e.get("/")
	booking := regexp.MustCompile(`name="booking" value="([a-z2-7]+)"`).FindStringSubmatch(page)
	if booking == nil {
		t.Fatalf("no form in\n%s", page)
	}
	form := url.Values{"booking": booking[1:2], "at": {"15:30"}, "client": {"Asha Rao"}, "subject": {"Follow-up"}, "minutes": {"10"}}
	for range 2 { // a press too many is one booking
		got, err := http.PostForm(e.url+"/bookings", form)
		if err != nil {
			t.Fatal(err)
		}
		if page := e.read(got); strings.Count(page, `data-testid="booking"`) != 1 || !strings.Contains(page, "Nobody has come yet") {
			t.Fatalf("the list is\n%s", page)
		}
	}
	room := e.enter(booking[1], "client")
	if again := e.enter(booking[1], "practitioner"); again != room {
		t.Errorf("they are in the rooms %s and %s", room, again)
	}
	e.await("/", "anyone may extend now") // an appointment of 10 minutes begins so
	steer(t, server+"/api/v1/rooms/"+room+"/extend", `{"minutes": 30, "by": "Reception"}`)
	e.await("/", "Both inside")
	steer(t, server+"/api/v1/rooms/"+room+"/end", `{"reason": "The next patient is waiting.", "by": "Reception"}`)
	e.await("/", "Ended by Reception")

	var told struct {
		REST, Webhook struct {
			Ledger []struct{ Kind string }
		}
		Same bool
	}
	if err := json.Unmarshal([]byte(e.get("/appointments/"+booking[1]+"/outcome")), &told); err != nil {
		t.Fatal(err)
	}
	if n := len(told.REST.Ledger); !told.Same || n < 4 || len(told.Webhook.Ledger) != n {
		t.Errorf("the two ledgers are %+v", told)
	}
	if page := e.get("/appointments/" + booking[1] + "?as=client"); strings.Contains(page, "<overtime-meeting") {
		t.Error("there is a meeting to come into after its end")
	}
}
