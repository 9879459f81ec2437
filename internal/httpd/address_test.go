package httpd_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestLinksThatWereChanged: whatever became of a room's path on its way, it
// leads to the room's page, and what was its token leads there in the fragment.
func TestLinksThatWereChanged(t *testing.T) {
	token := "eyJhbGciOiJIUzI1NiJ9.eyJyb29tIjoiYWJjIn0." + strings.Repeat("s", 43)
	for asked, want := range map[string]string{
		"/r/abc":                           "",
		"/r/abc?fbclid=x":                  "",
		"/embed/abc":                       "",
		"/r/abc/":                          "/r/abc",
		"/r/abc%20":                        "/r/abc",
		"/r/abc.":                          "/r/abc",
		"/r/ABC":                           "/r/abc",
		"/R/abc":                           "/r/abc",
		"/r/abc&utm_source=mail":           "/r/abc",
		"/r/abc%23" + token:                "/r/abc#" + token,
		"/r/abc/%2523" + token + "%3E":     "/r/abc#" + token,
		"/r/abc%23" + token + "&utm_x=%0A": "/r/abc#" + token,
		"/embed/ABC/":                      "/embed/abc",
		"/r/abc%0D%0ASet-Cookie:%20a=b":    "/r/abc",
	} {
		w := get(asked)
		got := w.Header().Get("Location")
		if got != want || (w.Code == http.StatusFound) != (want != "") || want == "" && w.Code != http.StatusOK {
			t.Errorf("%s: %d, %q, want %q", asked, w.Code, got, want)
		}
		if strings.Contains(w.Body.String(), token) {
			t.Errorf("%s: the token is in the answer's text", asked)
		}
	}
	for _, asked := range []string{"/r/", "/r/%20", "/r/abc/people"} {
		if w := get(asked); w.Code != http.StatusNotFound {
			t.Errorf("%s: %d", asked, w.Code)
		}
	}
	w := httptest.NewRecorder()
	site().ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/r/ABC", nil))
	if w.Code != http.StatusMethodNotAllowed {
		t.Errorf("a POST: %d", w.Code)
	}
}
