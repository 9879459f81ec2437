package browser

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

// may is what a page is allowed.
type may struct{ frame, connect, read bool }

// TestPortals is what --embed-origins allows to which pages: to show the page
// that is for frames, and nothing else. HOST is the server's own host.
func TestPortals(t *testing.T) {
	sideBySide(t)
	s := startServer(t, "--embed-origins", "https://portal.example,http://portal.test:3000")
	own := strings.TrimPrefix(s.url, "http://")
	for name, c := range map[string]struct {
		origin string
		want   may
	}{
		"Own":                 {"http://HOST", may{true, true, true}},
		"Portal":              {"https://portal.example", may{frame: true}},
		"PortalWithPort":      {"http://portal.test:3000", may{frame: true}},
		"PortalDowngraded":    {"http://portal.example", may{}},
		"PortalOtherPort":     {"https://portal.example:8443", may{}},
		"PortalWithoutPort":   {"http://portal.test", may{}},
		"PortalSubdomain":     {"https://a.portal.example", may{}},
		"PortalParent":        {"https://example", may{}},
		"PortalPrefix":        {"https://evilportal.example", may{}},
		"PortalSuffix":        {"https://portal.example.evil.example", may{}},
		"OwnOtherPort":        {"http://localhost:1", may{}},
		"OwnSubdomain":        {"http://a.HOST", may{}},
		"Evil":                {"https://evil.example", may{}},
		"Null":                {"null", may{}},
		"FileOfSomebody":      {"file://", may{}},
		"ExtensionOfABrowser": {"chrome-extension://abcdefghijklmnop", may{}},
	} {
		t.Run(name, func(t *testing.T) {
			origin := strings.ReplaceAll(c.origin, "HOST", own)
			isOwn := origin == s.url
			_, refused := dialFrom(t, own, "", origin)
			got := may{
				frame:   s.letsFrame(t, "/embed/ridxqcs32ao7", origin, isOwn),
				connect: refused == nil,
				read: isOwn || s.letsRead(t, http.MethodGet, "/api/v1/rooms/none", origin) ||
					s.letsRead(t, http.MethodOptions, "/api/v1/rooms", origin),
			}
			if got != c.want {
				t.Errorf("a page at %q may %+v, want %+v", origin, got, c.want)
			}
			if told := s.tellsEmbeddable(t, origin); told != c.want.frame {
				t.Errorf("a page at %q is told %v", origin, told)
			}
			for _, page := range []string{"/", "/r/ridxqcs32ao7", "/nowhere", "/api/v1/"} {
				if !isOwn && s.letsFrame(t, page, origin, isOwn) {
					t.Errorf("a page at %q may show %s", origin, page)
				}
			}
		})
	}
}

// askFrom sends what the browser of a page at an origin would.
func (s *server) askFrom(t *testing.T, method, path, origin string) *http.Response {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, s.url+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Origin", origin)
	r.Header.Set("Access-Control-Request-Method", "POST")
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = res.Body.Close() })
	return res
}

// letsFrame reports whether a browser shows a page within another.
func (s *server) letsFrame(t *testing.T, path, origin string, own bool) bool {
	t.Helper()
	policy := s.askFrom(t, http.MethodGet, path, origin).Header.Get("Content-Security-Policy")
	_, list, ok := strings.Cut(policy, "frame-ancestors ")
	if !ok {
		return true // anybody may
	}
	list, _, _ = strings.Cut(list, ";")
	allowed := strings.Fields(list)
	return slices.Contains(allowed, origin) || slices.Contains(allowed, "*") || own && slices.Contains(allowed, "'self'")
}

// letsRead reports whether a browser gives a page of another origin the answer.
func (s *server) letsRead(t *testing.T, method, path, origin string) bool {
	t.Helper()
	allowed := s.askFrom(t, method, path, origin).Header.Get("Access-Control-Allow-Origin")
	return allowed == "*" || allowed == origin
}

func (s *server) tellsEmbeddable(t *testing.T, origin string) bool {
	t.Helper()
	var told struct {
		Origin     string
		Embeddable bool
	}
	if err := json.NewDecoder(s.askFrom(t, http.MethodGet, "/embed/origin", origin).Body).Decode(&told); err != nil || told.Origin != origin {
		t.Fatalf("told %+v, %v", told, err)
	}
	return told.Embeddable
}

// TestAPageOfAPortal: a real browser lets it show the page that is for frames
// and load the script for portals, and nothing else.
func TestAPageOfAPortal(t *testing.T) {
	sideBySide(t)
	var frames string
	portal := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprintf(w, `<!doctype html><title>Portal</title><script>loaded = 0</script>%s`, frames)
	}))
	t.Cleanup(portal.Close)
	s := startServer(t, "--embed-origins", portal.URL)
	r := s.create(60)
	frames = fmt.Sprintf(`<iframe src="%s/embed/%s" onload="loaded++"></iframe><iframe src=%q onload="loaded++"></iframe>
		<script src="%s/embed.js" onload="loaded++"></script>`, s.url, r.ID, r.Links.Guest, s.url)
	c := startChromium(t)
	page := c.open("portal", portal.URL)
	page.until("the frames and the script to be there", "loaded === 3") // a refused frame loads, too
	page.eventually("the browser to refuse the page that is for tabs", func() bool {
		return strings.Contains(page.wrong.String(), "frame-ancestors 'self'\"")
	})
	if n := strings.Count(page.wrong.String(), "frame-ancestors"); n != 1 {
		t.Errorf("the browser refused %d frames:\n%s", n, page.wrong)
	}
	if got := eval[can](page, tries(s.url)); got != (can{}) {
		t.Errorf("a page of a portal can %+v", got)
	}
	told := eval[bool](page, fmt.Sprintf(`fetch('%s/embed/origin').then(a => a.json()).then(a => a.embeddable && a.origin === location.origin)`, s.url))
	if !told {
		t.Error("the page is not told that it may show meetings")
	}
}
