package api_test

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"overtime/internal/api"
	"overtime/internal/origin"
)

// TestLinksBehindAProxy: behind a proxy that speaks HTTPS the request comes by
// http, but the page says at which origin it is. Where that is not the request's, the
// proxy has lost the Host header, and the links would lead nowhere: no room is made,
// and the page is told what to do.
func TestLinksBehindAProxy(t *testing.T) {
	for page, want := range map[string]string{
		"":                       "http://meet.example/r/",
		"https://meet.example":   "https://meet.example/r/",
		"http://meet.example":    "http://meet.example/r/",
		"https://other.example":  "",
		"https://meet.example:1": "",
		"javascript:alert(1)":    "",
	} {
		s := mustSite(t)
		r := httptest.NewRequestWithContext(t.Context(), "POST", "http://meet.example"+rooms, strings.NewReader(`{"duration_minutes":60}`))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Origin", page)
		w := httptest.NewRecorder()
		s.handler.ServeHTTP(w, r)
		if want == "" {
			if w.Code != http.StatusMisdirectedRequest || len(s.memory.rooms()) != 0 || !strings.Contains(w.Body.String(), "--public-url "+page) {
				t.Errorf("from a page at %q: %d %s", page, w.Code, w.Body)
			}
			continue
		}
		var made struct {
			Links struct{ Moderator, Guest string }
		}
		if err := json.NewDecoder(w.Body).Decode(&made); err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(made.Links.Guest, want) || !strings.HasPrefix(made.Links.Moderator, want) {
			t.Errorf("from a page at %q: %+v", page, made.Links)
		}
	}
}

// TestStrangeName: where a page's name may have been led here by anybody, no room is
// made for it; a key is no page's.
func TestStrangeName(t *testing.T) {
	for _, c := range []struct {
		host, key string
		want      int
	}{
		{"evil.com:8080", "", http.StatusMisdirectedRequest},
		{"evil.com:8080", bearer, http.StatusCreated},
		{"192.168.1.5:8080", "", http.StatusCreated},
		{"localhost:8080", "", http.StatusCreated},
		{"meet.example.org", "", http.StatusCreated},
	} {
		s := mustSite(t, func(cfg *api.Config) { cfg.Hosts = origin.HostsOf([]string{"https://meet.example.org"}, "") })
		s.key = c.key
		r := s.request("POST", rooms, `{"duration_minutes":60}`)
		r.Host = c.host
		at := &net.TCPAddr{IP: net.IPv4(192, 168, 1, 5), Port: 8080}
		w := httptest.NewRecorder()
		s.handler.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), http.LocalAddrContextKey, at)))
		if w.Code != c.want || (w.Code == http.StatusCreated) != (len(s.memory.rooms()) == 1) {
			t.Errorf("asked as %s with the key %q: %d %s", c.host, c.key, w.Code, w.Body)
		}
		if text := w.Body.String(); w.Code == http.StatusMisdirectedRequest &&
			(!strings.Contains(text, `"code":"unknown_name"`) || !strings.Contains(text, "--public-url http://evil.com:8080")) {
			t.Errorf("the answer does not say what to do: %s", text)
		}
	}
}
