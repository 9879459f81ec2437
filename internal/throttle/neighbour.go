package throttle

import (
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// Neighbour is whoever shares one limit: an IPv4 address, or the /64 that one
// subscriber of IPv6 has for himself. The zero value stands for all whose
// address cannot be told.
type Neighbour struct {
	prefix netip.Prefix
	// shared marks an address that may be a proxy's, with many people behind it.
	shared bool
}

// Of is the neighbour of an address.
func Of(a netip.Addr) Neighbour { return Proxies{}.of(a) }

// Share is how much of n a neighbour has.
func (n Neighbour) Share(of int) int {
	if n.shared {
		return of * Crowd
	}
	return of
}

// networks are those around an IPv6 neighbour that are counted as well, with how
// many times as much as one neighbour they may have. One subscriber may have a
// /56, and one customer a /48: each holds many /64s.
var networks = []struct{ bits, times int }{{56, 2}, {48, 4}}

// Around are the networks around a neighbour, narrowest first, with how many times
// as much as one neighbour each may have.
func (n Neighbour) Around(yield func(network netip.Prefix, times int) bool) {
	if !n.prefix.Addr().Is6() {
		return
	}
	for _, network := range networks {
		if !yield(around(n, network.bits), network.times) {
			return
		}
	}
}

func around(n Neighbour, bits int) netip.Prefix {
	p, _ := n.prefix.Addr().Prefix(bits) // the zero one has no address, and gives itself
	return p
}

// String is the address or network; empty where it cannot be told.
func (n Neighbour) String() string {
	if n == (Neighbour{}) {
		return ""
	}
	return n.prefix.String()
}

// Proxies are those that are trusted to say for whom they ask. The zero value
// trusts none; loopback and private addresses may be a proxy's then, and stand
// for a crowd. Once proxies are named, they alone do.
type Proxies struct{ networks []netip.Prefix }

// Trusting are the proxies in some networks.
func Trusting(networks ...netip.Prefix) Proxies { return Proxies{networks} }

// At is the neighbour of a connection's far end, be it a proxy's.
func (p Proxies) At(a net.Addr) Neighbour { return p.of(address(a.String())) }

// From is whose request it is: its far end's or, where that is a trusted proxy,
// the one for whom the proxy says it asks (X-Forwarded-For), and so on. Each
// proxy adds the address it sees on the right, so that the rightmost which is
// no trusted proxy's is the last that somebody trusted has seen. What stands
// further to the left anybody may have written.
func (p Proxies) From(r *http.Request) Neighbour {
	from := address(r.RemoteAddr)
	said := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for _, text := range slices.Backward(said) {
		before := address(strings.TrimSpace(text))
		if !p.trusted(from) || !before.IsValid() {
			break
		}
		from = before
	}
	return p.of(from)
}

func (p Proxies) trusted(a netip.Addr) bool {
	return slices.ContainsFunc(p.networks, func(n netip.Prefix) bool { return n.Contains(a) })
}

// of is the neighbour of an address. One that is not valid has the zero prefix.
func (p Proxies) of(a netip.Addr) Neighbour {
	a = a.Unmap().WithZone("")
	bits := 32
	if a.Is6() {
		bits = 64
	}
	prefix, _ := a.Prefix(bits)
	if len(p.networks) > 0 {
		return Neighbour{prefix, p.trusted(a)}
	}
	return Neighbour{prefix, a.IsLoopback() || a.IsPrivate()}
}

// address reads an address with or without a port; it is not valid if there is
// none.
func address(text string) netip.Addr {
	at, err := netip.ParseAddrPort(text)
	a := at.Addr()
	if err != nil {
		a, _ = netip.ParseAddr(strings.Trim(text, "[]")) // the zero one is not valid
	}
	return a.Unmap().WithZone("")
}
