package main

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
)

const id1 = "aaaabbbbccccdddd"

func TestBookingTwiceIsOnce(t *testing.T) {
	w := startWorld(t)
	page := w.get("/")
	id := attribute(t, page.body, "input", `type="hidden" name="booking" value`)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if got := w.book(form(id)); got.status != http.StatusOK { // after the redirect
				t.Errorf("answered %d: %s", got.status, got.body)
			}
		})
	}
	all.Wait()
	if len(w.fake.rooms) != 1 || w.fake.rooms[id] == "" {
		t.Errorf("the rooms are %v, for booking %s", w.fake.rooms, id)
	}
	if n := strings.Count(w.get("/").body, `data-testid="booking"`); n != 1 {
		t.Errorf("%d bookings are listed", n)
	}
}

func TestBookingAfterTrouble(t *testing.T) {
	w := startWorld(t)
	w.fake.trouble = []int{503, 504, 503}
	got := w.book(form(id1))
	if got.status != http.StatusBadGateway || !strings.Contains(got.body, "book again in a moment") {
		t.Errorf("answered %d: %s", got.status, got.body)
	}
	if again := attribute(t, got.body, "input", `type="hidden" name="booking" value`); again != id1 {
		t.Errorf("the form is now of booking %s", again)
	}
	w.fake.trouble = []int{503, 504} // and the third time it goes
	if got := w.book(form(id1)); got.status != http.StatusOK || !strings.Contains(got.body, "Nobody has come yet") {
		t.Errorf("answered %d: %s", got.status, got.body)
	}
}

func TestBookingThatCannotBe(t *testing.T) {
	w := startWorld(t)
	w.book(form(id1))
	for name, c := range map[string]struct {
		field, value string
		status       int
		says         string
	}{
		"NoName":       {"client", " ", 422, "write who comes"},
		"LongName":     {"client", strings.Repeat("ä", 65), 422, "write who comes"},
		"NoSubject":    {"subject", "", 422, "write what it is about"},
		"NoTime":       {"at", "soon", 422, "write the time"},
		"NoLength":     {"minutes", "x", 422, "choose one of the lengths"},
		"OtherLength":  {"minutes", "17", 422, "choose one of the lengths"},
		"OwnID":        {"booking", "../x", 422, "not one of ours"},
		"OtherBooking": {"client", "Bo Chen", 409, "another booking of that id"},
	} {
		t.Run(name, func(t *testing.T) {
			f := form(id1)
			f.Set(c.field, c.value)
			if got := w.book(f); got.status != c.status || !strings.Contains(got.body, c.says) {
				t.Errorf("answered %d: %s", got.status, got.body)
			}
		})
	}
	if n := len(w.fake.rooms); n != 1 {
		t.Errorf("there are %d rooms", n)
	}
}

func TestNoOtherSiteBooks(t *testing.T) {
	w := startWorld(t)
	r := w.request(http.MethodPost, "/bookings", form(id1).Encode())
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	if got := w.do(r); got.status != http.StatusForbidden || len(w.fake.rooms) != 0 {
		t.Errorf("answered %d", got.status)
	}
}

func TestEachComesInAsThemselves(t *testing.T) {
	w := startWorld(t)
	w.book(form(id1))
	for _, c := range []struct{ as, name, ref, role string }{
		{"practitioner", "Dr Maya Lind", "practitioner-1", "moderator"},
		{"client", "Asha Rao", "client-" + id1, "participant"},
		{"client", "Asha Rao", "client-" + id1, "participant"}, // once more, by a token of its own
	} {
		page := w.get("/appointments/" + id1 + "?as=" + c.as)
		wish := w.fake.tokens[len(w.fake.tokens)-1]
		if wish["name"] != c.name || wish["user_ref"] != c.ref || wish["role"] != c.role {
			t.Errorf("the token of the %s was asked for by %v", c.as, wish)
		}
		if attribute(t, page.body, "overtime-meeting", "room") != "room1" ||
			attribute(t, page.body, "overtime-meeting", "server") != w.fake.URL ||
			attribute(t, page.body, "script", "src") != "/assets/appointment.js" {
			t.Errorf("the page is\n%s", page.body)
		}
		if got, want := attribute(t, page.body, "overtime-meeting", "token"), "token-"+string(rune('0'+len(w.fake.tokens))); got != want {
			t.Errorf("the token in the page is %s, not %s", got, want)
		}
		if ends := strings.Contains(page.body, `id="end"`); ends != (c.role == "moderator") {
			t.Errorf("the %s may end: %t", c.as, ends)
		}
	}
	for _, as := range []string{"", "?as=moderator", "?as=Asha"} {
		if got := w.get("/appointments/" + id1 + as); got.status != http.StatusForbidden || len(w.fake.tokens) != 3 {
			t.Errorf("%q is answered %d", as, got.status)
		}
	}
	if got := w.get("/appointments/" + newBookingID() + "?as=client"); got.status != http.StatusNotFound {
		t.Errorf("an appointment that is not there is answered %d", got.status)
	}
}

// TestPages: nothing that a browser gets has the key or the secret, and all of it
// comes with our policy.
func TestPages(t *testing.T) {
	w := startWorld(t)
	w.book(form(id1))
	key := strings.Split(testKey, ":")[1]
	for _, path := range []string{
		"/", "/appointments/" + id1 + "?as=client", "/appointments/" + id1 + "?as=practitioner", "/appointments/" + id1 + "/outcome",
		"/appointments/x", "/nowhere", "/assets/portal.css", "/assets/appointment.js", "/assets/outcome.js", "/assets/words.js", "/assets/list.js", "/assets/mark.svg",
	} {
		got := w.get(path)
		if strings.Contains(got.body, key) || strings.Contains(got.body, testSecret[6:]) {
			t.Errorf("%s has a secret in it", path)
		}
		if got.header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s may be kept", path)
		}
		want := "default-src 'none'; script-src 'self' " + w.fake.URL + "; frame-src " + w.fake.URL + "; connect-src 'self' " + w.fake.URL +
			"; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
		if policy := got.header.Get("Content-Security-Policy"); policy != want {
			t.Errorf("%s has the policy %s", path, policy)
		}
		for _, forbidden := range []string{"<style", " style=", " onclick=", "<script>"} {
			if strings.Contains(got.body, forbidden) {
				t.Errorf("%s has %s in it", path, forbidden)
			}
		}
		for _, host := range regexp.MustCompile(`https?://[^/"`+"`"+`$ ]+`).FindAllString(got.body, -1) {
			if host != w.fake.URL && host != "http://www.w3.org" { // the name of what an SVG is
				t.Errorf("%s has %s in it", path, host)
			}
		}
	}
	if strings.Contains(w.log.String(), key) {
		t.Errorf("the log has the key in it: %s", w.log)
	}
}

func TestTextIsText(t *testing.T) {
	w := startWorld(t)
	f := form(id1)
	f.Set("client", `<b>"Bo"</b>`)
	f.Set("subject", `<script>alert(1)</script>`)
	w.book(f)
	for _, path := range []string{"/", "/appointments/" + id1 + "?as=client"} {
		if got := w.get(path); strings.Contains(got.body, "<b>") || strings.Contains(got.body, "<script>alert") {
			t.Errorf("%s has\n%s", path, got.body)
		}
	}
}

func TestAppointmentWhileOvertimeIsAway(t *testing.T) {
	w := startWorld(t)
	w.book(form(id1))
	w.fake.Close()
	got := w.get("/appointments/" + id1 + "?as=client")
	if got.status != http.StatusBadGateway || !strings.Contains(got.body, "no answer from Overtime") || strings.Contains(got.body, "<overtime-meeting") {
		t.Errorf("answered %d: %s", got.status, got.body)
	}
}

func TestOutcome(t *testing.T) {
	w := startWorld(t)
	w.book(form(id1))
	read := func() (o outcome) {
		t.Helper()
		got := w.get("/appointments/" + id1 + "/outcome")
		if err := json.Unmarshal([]byte(got.body), &o); err != nil || got.status != http.StatusOK {
			t.Fatalf("answered %d: %s", got.status, got.body)
		}
		return o
	}
	if o := read(); o.REST != nil || o.Webhook != nil || o.Same || o.Trouble != "" {
		t.Errorf("before anybody came it is %+v", o)
	}
	w.fake.mu.Lock()
	w.fake.ended = true
	w.fake.mu.Unlock()
	if o := read(); o.REST == nil || o.REST.Ending.Reason != "expired" || len(o.REST.Ledger) != 2 || o.Webhook != nil || o.Same {
		t.Errorf("before the webhook it is %+v", o)
	}
	if page := w.get("/appointments/" + id1 + "?as=client"); page.status != http.StatusOK || strings.Contains(page.body, "<overtime-meeting") ||
		!strings.Contains(page.body, "/assets/outcome.js") {
		t.Errorf("the page of what is over: %d %s", page.status, page.body)
	}
	if got := w.send(sealed{id: "1", body: endedBody(id1, "room1", testLedger)}); got.status != http.StatusNoContent {
		t.Fatalf("the webhook is answered %d: %s", got.status, got.body)
	}
	if o := read(); o.Webhook == nil || !o.Same {
		t.Errorf("at last it is %+v", o)
	}
	if page := w.get("/"); !strings.Contains(page.body, "Time was up at") {
		t.Errorf("the list is\n%s", page.body)
	}
	if got := w.get("/appointments/" + newBookingID() + "/outcome"); got.status != http.StatusNotFound {
		t.Errorf("of no booking it is answered %d", got.status)
	}
}

func TestSettings(t *testing.T) {
	environment := map[string]string{"PORTAL_API_KEY": testKey, "PORTAL_WEBHOOK_SECRET": testSecret}
	for name, c := range map[string]struct {
		args []string
		drop string
		says string
	}{
		"Fine":        {nil, "", ""},
		"Origin":      {[]string{"--overtime", "https://meet.example/"}, "", ""},
		"NoKey":       {nil, "PORTAL_API_KEY", "nothing in PORTAL_API_KEY"},
		"NoSecret":    {nil, "PORTAL_WEBHOOK_SECRET", "nothing in PORTAL_WEBHOOK_SECRET"},
		"NoOrigin":    {[]string{"--overtime", "meet.example"}, "", "no origin"},
		"Path":        {[]string{"--overtime", "http://meet.example/x"}, "", "no origin"},
		"KeyAsFile":   {[]string{"--api-key", testKey}, "", "no such file"},
		"NoFlag":      {[]string{"serve"}, "", "takes flags only"},
		"UnknownFlag": {[]string{"--port", "1"}, "", "not defined"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := settingsOf(c.args, func(name string) string {
				if name == c.drop {
					return ""
				}
				return environment[name]
			}, &strings.Builder{})
			if (err == nil) != (c.says == "") || err != nil && !strings.Contains(err.Error(), c.says) {
				t.Errorf("says %v", err)
			}
			if err != nil && strings.Contains(err.Error(), testKey) {
				t.Errorf("says the key: %v", err)
			}
		})
	}
	u, _ := url.Parse("https://meet.example")
	if s, err := settingsOf([]string{"--overtime", u.String() + "/"}, func(n string) string { return environment[n] }, nil); err != nil || s.overtime != u.String() {
		t.Errorf("%v, %v", s.overtime, err)
	}
}
