package api_test

import (
	"encoding/json"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestLinksBehindAProxy: behind a proxy that speaks HTTPS the request comes by
// http, but the page says at which origin it is; nobody else's origin counts.
func TestLinksBehindAProxy(t *testing.T) {
	for origin, want := range map[string]string{
		"":                       "http://meet.example/r/",
		"https://meet.example":   "https://meet.example/r/",
		"http://meet.example":    "http://meet.example/r/",
		"https://other.example":  "http://meet.example/r/",
		"https://meet.example:1": "http://meet.example/r/",
		"javascript:alert(1)":    "http://meet.example/r/",
	} {
		s := mustSite(t)
		r := httptest.NewRequestWithContext(t.Context(), "POST", "http://meet.example"+rooms, strings.NewReader(`{"duration_minutes":60}`))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Origin", origin)
		w := httptest.NewRecorder()
		s.handler.ServeHTTP(w, r)
		var made struct {
			Links struct{ Moderator, Guest string }
		}
		if err := json.NewDecoder(w.Body).Decode(&made); err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(made.Links.Guest, want) || !strings.HasPrefix(made.Links.Moderator, want) {
			t.Errorf("from a page at %q: %+v", origin, made.Links)
		}
	}
}
