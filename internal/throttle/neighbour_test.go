package throttle

import (
	"net/http"
	"net/netip"
	"strings"
	"testing"
)

// TestTrusting: a trusted proxy says whose request it is, and nobody else does.
func TestTrusting(t *testing.T) {
	p := Trusting(
		netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("192.0.2.1/32"), netip.MustParsePrefix("2001:db8:9::/48"),
	)
	const you = "203.0.113.7"
	for name, c := range map[string]struct {
		farEnd string
		said   []string // one for each header of that name
		want   string
		crowd  bool
	}{
		"Direct":          {you + ":1", nil, you, false},
		"DirectPretends":  {you + ":1", []string{"198.51.100.1"}, you, false},
		"OneProxy":        {"10.0.0.5:1", []string{you}, you, false},
		"PublicProxy":     {"192.0.2.1:1", []string{you}, you, false},
		"ProxyOfIPv6":     {"[2001:db8:9::1]:1", []string{"2001:db8:1:2::3"}, "2001:db8:1:2::/64", false},
		"MappedProxy":     {"[::ffff:10.0.0.5]:1", []string{"::ffff:" + you}, you, false},
		"Pretended":       {"10.0.0.5:1", []string{"198.51.100.1, " + you}, you, false},
		"PretendedProxy":  {"10.0.0.5:1", []string{"10.0.0.9, " + you}, you, false},
		"TwoProxies":      {"10.0.0.5:1", []string{you + ", 192.0.2.1"}, you, false},
		"TwoHeaders":      {"10.0.0.5:1", []string{"198.51.100.1", you + ",192.0.2.1"}, you, false},
		"StrangeProxy":    {"10.0.0.5:1", []string{"198.51.100.1, " + you + ", 10.0.0.6"}, you, false},
		"WithPort":        {"10.0.0.5:1", []string{you + ":4711"}, you, false},
		"BracketsAndPort": {"10.0.0.5:1", []string{"[2001:db8:1:2::3]:4711"}, "2001:db8:1:2::/64", false},
		"Brackets":        {"10.0.0.5:1", []string{"[2001:db8:1:2::3]"}, "2001:db8:1:2::/64", false},
		"Spaces":          {"10.0.0.5:1", []string{"  " + you + " "}, you, false},
		"SaysNothing":     {"10.0.0.5:1", nil, "10.0.0.5", true},
		"SaysEmpty":       {"10.0.0.5:1", []string{""}, "10.0.0.5", true},
		"SaysGarbage":     {"10.0.0.5:1", []string{you + ", unknown"}, "10.0.0.5", true},
		"GarbageBehind":   {"10.0.0.5:1", []string{"unknown, 10.0.0.6"}, "10.0.0.6", true},
		"ItsOwn":          {"10.0.0.5:1", []string{"10.0.0.6"}, "10.0.0.6", true},
		"PrivatePerson":   {"192.168.0.9:1", []string{you}, "192.168.0.9", false},
		"LoopbackPerson":  {"127.0.0.1:1", []string{you}, "127.0.0.1", false},
		"Nobody":          {"@", []string{you}, "", false},
	} {
		t.Run(name, func(t *testing.T) {
			r := &http.Request{RemoteAddr: c.farEnd, Header: http.Header{"X-Forwarded-For": c.said}}
			got := p.From(r)
			if who, _ := strings.CutSuffix(got.String(), "/32"); who != c.want || got.Share(1) != map[bool]int{false: 1, true: Crowd}[c.crowd] {
				t.Errorf("from %v with a share of %d, want %s", got, got.Share(1), c.want)
			}
			if untrusting := (Proxies{}).From(r); untrusting != of(c.farEnd) {
				t.Errorf("who trusts nobody believes %v", untrusting)
			}
		})
	}
}

// FuzzFrom: whatever somebody writes, a limit is theirs and not another's.
func FuzzFrom(f *testing.F) {
	for _, said := range []string{"", "198.51.100.1", "10.0.0.1, 198.51.100.1", "unknown", ",,,", "[::1]:x", "10.0.0.9"} {
		f.Add(said)
	}
	p := Trusting(netip.MustParsePrefix("10.0.0.0/8"))
	f.Fuzz(func(t *testing.T, said string) {
		want := Neighbour{prefix: netip.MustParsePrefix("203.0.113.7/32")}
		for farEnd, headers := range map[string][]string{
			"203.0.113.7:1": {said}, "10.0.0.5:1": {said, "203.0.113.7"}, "10.0.0.6:1": {said + ",203.0.113.7, 10.0.0.5"},
		} {
			if got := p.From(&http.Request{RemoteAddr: farEnd, Header: http.Header{"X-Forwarded-For": headers}}); got != want {
				t.Errorf("%s saying %q is %v", farEnd, headers, got)
			}
		}
	})
}

// TestNobodysAddress: whoever comes by a socket of the machine has none.
func TestNobodysAddress(t *testing.T) {
	if s := (Neighbour{}).String(); s != "" {
		t.Errorf("it reads %q", s)
	}
}
