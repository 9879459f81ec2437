package origin_test

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"testing"

	"overtime/internal/origin"
)

// TestHosts is which names a request may carry, where nobody knows by which people
// reach the server.
func TestHosts(t *testing.T) {
	const lan, public = "192.168.1.5:8080", "203.0.113.7:80"
	plain, listed := origin.HostsOf(nil, "Nas.Example.ORG"), origin.HostsOf([]string{"https://meet.example.com:8443"}, "")
	for _, c := range []struct {
		host, at      string
		plain, listed bool
	}{
		{"192.168.1.5:8080", lan, true, true},
		{"127.0.0.1:8080", "127.0.0.1:8080", true, true},
		{"[::1]:8080", "[::1]:8080", true, true},
		{"[fd00::5]", "[fd00::5]:80", true, true},
		{"203.0.113.7:8080", lan, true, true}, // seen through a router
		{"localhost:8080", "127.0.0.1:8080", true, true},
		{"LocalHost.", "127.0.0.1:8080", true, true},
		{"meet.localhost", "127.0.0.1:8080", true, true},
		{"nas", lan, true, true},
		{"nas.local:8080", lan, true, true},
		{"overtime.meetings.svc.cluster.local", lan, true, true},
		{"meet.internal", lan, true, true},
		{"nas.home.arpa", lan, true, true},
		{"nas.example.org:8080", lan, true, false}, // the machine's own name
		{"meet.example.com", lan, false, true},
		{"MEET.example.com:443", lan, false, true},
		{"evil.com", lan, false, false},
		{"evil.com:8080", "127.0.0.1:8080", false, false},
		{"evil.com", "[::1]:8080", false, false},
		{"evil.com", "[::ffff:10.0.0.1]:8080", false, false},
		{"evil.com", "[fe80::1%eth0]:8080", false, false},
		{"evil.com", "100.64.1.2:8080", false, false},
		{"localhost.evil.com", lan, false, false},
		{"192.168.1.5.evil.com", lan, false, false},
		{"home.arpa.evil.com", lan, false, false},
		{"a.meet.example.com", lan, false, false},
		{"evil.com", public, true, true}, // whoever likes may ask there anyway
	} {
		at, err := net.ResolveTCPAddr("tcp", c.at)
		if err != nil {
			t.Fatal(err)
		}
		r := (&http.Request{Host: c.host}).WithContext(context.WithValue(t.Context(), http.LocalAddrContextKey, at))
		if got := plain.Mean(r); got != c.plain {
			t.Errorf("%s at %s: %v without a list", c.host, c.at, got)
		}
		if got := listed.Mean(r); got != c.listed {
			t.Errorf("%s at %s: %v with a list", c.host, c.at, got)
		}
		r.TLS = &tls.ConnectionState{}
		if !plain.Mean(r) {
			t.Errorf("%s at %s: not with a certificate", c.host, c.at)
		}
	}
	r := (&http.Request{Host: "evil.com"}).WithContext(context.WithValue(t.Context(), http.LocalAddrContextKey, &net.UnixAddr{Name: "operator.sock", Net: "unix"}))
	if !plain.Mean(r) {
		t.Error("not by a socket in a folder")
	}
}
