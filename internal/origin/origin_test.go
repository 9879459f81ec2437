package origin_test

import (
	"crypto/tls"
	"net/http/httptest"
	"testing"

	"overtime/internal/origin"
)

// TestOrigin: for a request to meet.example from a page, whether the page is
// the server's own and where links lead.
func TestOrigin(t *testing.T) {
	const plain, secure = "http://meet.example", "https://meet.example"
	for _, c := range []struct {
		page string
		tls  bool
		own  bool
		of   string
	}{
		{plain, false, true, plain},
		{secure, false, true, secure}, // a proxy in front speaks HTTPS
		{"https://MEET.example", false, true, secure},
		{secure, true, true, secure},
		{plain, true, false, secure},
		{"", false, false, plain},
		{"", true, false, secure},
		{"null", false, false, plain},
		{"file://", false, false, plain},
		{"https://", false, false, plain},
		{"ftp://meet.example", false, false, plain},
		{"https://meet.example:8443", false, false, plain},
		{"https://a.meet.example", false, false, plain},
		{"https://meet.example.evil.example", false, false, plain},
		{"https://meet.example@evil.example", false, false, plain},
		{"http://[::1", false, false, plain},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.Host = "meet.example"
		r.Header.Set("Origin", c.page)
		if c.tls {
			r.TLS = &tls.ConnectionState{}
		}
		if own := origin.IsOwn(r, c.page); own != c.own {
			t.Errorf("page %q, TLS %t: own is %t", c.page, c.tls, own)
		}
		if of := origin.Of(r); of != c.of {
			t.Errorf("page %q, TLS %t: links lead to %s", c.page, c.tls, of)
		}
	}
}
