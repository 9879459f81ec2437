package browser

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/coder/websocket"
)

// TestOrigins is which pages may open the WebSocket, by what their browsers say
// of them, with and without --public-url. HOST is the server's own host and
// PORT its port.
func TestOrigins(t *testing.T) {
	sideBySide(t)
	s := startServer(t)
	s.keepAddress()
	own := strings.TrimPrefix(s.url, "http://")
	t.Run("Plain", func(t *testing.T) { mustAllow(t, own, func(r origin) bool { return r.plain }) })
	s.stop()
	s.args = append(s.args, "--public-url", "https://meet.example")
	s.start()
	t.Run("Public", func(t *testing.T) { mustAllow(t, own, func(r origin) bool { return r.public }) })
}

// origin is a page that tries.
type origin struct {
	host          string // what its request is addressed to; empty: HOST
	origin        string
	plain, public bool // let in without, and with, --public-url
}

var origins = map[string]origin{
	"NoPage":            {"", "", true, true},
	"Own":               {"", "http://HOST", true, false},
	"OwnBehindProxy":    {"", "https://HOST", true, false},
	"OwnByAnotherName":  {"meet.test:PORT", "http://meet.test:PORT", true, false},
	"Public":            {"", "https://meet.example", false, true},
	"PublicBehindProxy": {"meet.example", "https://meet.example", true, true},
	"PublicInPlain":     {"meet.example", "http://meet.example", true, false},
	"PublicCase":        {"", "https://Meet.Example", false, true},
	"Null":              {"", "null", false, false},
	"File":              {"", "file://", false, false},
	"Extension":         {"", "chrome-extension://abcdefghijklmnop", false, false},
	"OtherScheme":       {"", "ftp://HOST", false, false},
	"Evil":              {"", "https://evil.example", false, false},
	"OtherPort":         {"", "http://localhost:1", false, false},
	"NoPort":            {"", "http://localhost", false, false},
	"OtherName":         {"", "http://127.0.0.1:PORT", false, false},
	"OtherNameIPv6":     {"", "http://[::1]:PORT", false, false},
	"Subdomain":         {"", "http://a.HOST", false, false},
	"Prefix":            {"", "http://evilHOST", false, false},
	"Suffix":            {"", "http://HOST.evil.example", false, false},
	"SuffixOfName":      {"", "http://localhost.evil.example:PORT", false, false},
	"UserInfo":          {"", "http://HOST@evil.example", false, false},
	"Two":               {"", "http://HOST https://evil.example", false, false},
	"NoScheme":          {"", "HOST", false, false},
	"Broken":            {"", "http://[::1", false, false},
	"PublicDowngraded":  {"", "http://meet.example", false, false},
	"PublicPort":        {"", "https://meet.example:8443", false, false},
	"PublicSubdomain":   {"", "https://a.meet.example", false, false},
	"PublicPrefix":      {"", "https://evilmeet.example", false, false},
	"PublicSuffix":      {"", "https://meet.example.evil.example", false, false},
	"PublicParent":      {"", "https://example", false, false},
}

// mustAllow tries every page at the server at an address.
func mustAllow(t *testing.T, own string, want func(origin) bool) {
	t.Helper()
	_, port, _ := strings.Cut(own, ":")
	fill := strings.NewReplacer("HOST", own, "PORT", port).Replace
	for name, page := range origins {
		t.Run(name, func(t *testing.T) {
			status, err := dialFrom(t, own, fill(page.host), fill(page.origin))
			switch {
			case want(page) && err != nil:
				t.Errorf("a page at %q is refused: %v", fill(page.origin), err)
			case !want(page) && (err == nil || status != http.StatusForbidden):
				t.Errorf("a page at %q is let in, or refused otherwise: %d, %v", fill(page.origin), status, err)
			}
		})
	}
}

// dialFrom opens the WebSocket as the browser of a page would.
func dialFrom(t *testing.T, own, host, origin string) (status int, err error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	options := &websocket.DialOptions{Host: host, HTTPHeader: http.Header{}}
	if origin != "" {
		options.HTTPHeader.Set("Origin", origin)
	}
	ws, r, err := websocket.Dial(ctx, "ws://"+own+"/ws", options)
	if ws != nil {
		_ = ws.CloseNow()
	}
	if r != nil {
		status = r.StatusCode
	}
	return status, err
}

// tries is an expression: what a page can do with the server at a URL. Simple
// requests may be sent by any page, so what counts is what it can read.
func tries(at string) string {
	return fmt.Sprintf(`(async at => {
		const works = what => what.then(() => true, () => false);
		const room = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{"duration_minutes":60}' };
		return {
			socket: await works(new Promise((done, fail) => {
				const s = new WebSocket(at.replace('http', 'ws') + '/ws');
				s.onopen = done; s.onerror = fail })),
			create: await works(fetch(at + '/api/v1/rooms', room)),
			read: await works(fetch(at + '/api/v1/rooms/none')),
			page: await works(fetch(at)),
			file: await works(fetch(at + '/web/robots.txt', { mode: 'no-cors' })),
		};
	})(%q)`, at)
}

// can is what a page did.
type can struct {
	Socket bool `json:"socket"`
	Create bool `json:"create"`
	Read   bool `json:"read"`
	Page   bool `json:"page"`
	File   bool `json:"file"`
}

// TestAPageOfAnotherOrigin can neither speak to the server, nor read what it
// answers, nor show a meeting inside of itself.
func TestAPageOfAnotherOrigin(t *testing.T) {
	sideBySide(t)
	s := startServer(t)
	r := s.create(60)
	evil := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprintf(w, `<!doctype html><title>Evil</title><iframe src=%q allow="camera; microphone"></iframe>`, r.Links.Guest)
	}))
	t.Cleanup(evil.Close)
	c := startChromium(t)
	own := c.open("own", s.url)
	if got, all := eval[can](own, tries(s.url)), (can{Socket: true, Create: true, Read: true, Page: true, File: true}); got != all {
		t.Errorf("a page of the server's own can %+v", got)
	}
	other := c.open("other", evil.URL)
	if got := eval[can](other, tries(s.url)); got != (can{}) {
		t.Errorf("a page at %s can %+v", evil.URL, got)
	}
	other.eventually("the browser to refuse the frame", func() bool {
		return strings.Contains(other.wrong.String(), "frame-ancestors")
	})
	if u, err := url.Parse(s.url); err != nil || u.Host == strings.TrimPrefix(evil.URL, "http://") {
		t.Fatalf("both are at %s: %v", evil.URL, err)
	}
}
