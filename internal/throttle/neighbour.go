package throttle

import (
	"net"
	"net/http"
	"net/netip"
)

// Neighbour is whoever shares one limit: an IPv4 address, or the /64 that one
// subscriber of IPv6 has for himself. The zero value stands for all whose
// address cannot be told.
type Neighbour struct{ prefix netip.Prefix }

// From is whose request it is. This is the one place that says so: a list of
// proxies that are trusted to name the address behind them (--trusted-proxies)
// comes in here. Until then a proxy's address stands for all behind it.
func From(r *http.Request) Neighbour { return parse(r.RemoteAddr) }

// At is the neighbour of a connection's far end.
func At(a net.Addr) Neighbour { return parse(a.String()) }

func parse(hostPort string) Neighbour {
	to, err := netip.ParseAddrPort(hostPort)
	if err != nil {
		return Neighbour{}
	}
	return Of(to.Addr())
}

// Of is the neighbour of an address.
func Of(a netip.Addr) Neighbour {
	a = a.Unmap().WithZone("")
	bits := 32
	if a.Is6() {
		bits = 64
	}
	prefix, err := a.Prefix(bits)
	if err != nil {
		return Neighbour{}
	}
	return Neighbour{prefix}
}

// Share is how much of n a neighbour has: loopback and private addresses may be
// a proxy's, and stand for a crowd until proxies can be named.
func (n Neighbour) Share(of int) int {
	if n.crowded() {
		return of * Crowd
	}
	return of
}

func (n Neighbour) crowded() bool {
	a := n.prefix.Addr()
	// The /64 of ::1 begins with ::, which is no address of anybody.
	return a.IsLoopback() || a.IsPrivate() || a == netip.IPv6Unspecified()
}

func (n Neighbour) String() string { return n.prefix.String() }
