package origin

import (
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// Hosts are the names by which this server knows that it is meant. Whoever owns a
// name can have it lead to an address in a network that only a visitor's browser
// reaches (DNS rebinding): their page is then the server's own, as far as the
// browser knows, and asks whatever it likes. The zero value knows what needs no
// list.
type Hosts struct{ names []string }

// HostsOf knows the hosts of some origins, and the machine's own name.
func HostsOf(origins []string, machine string) Hosts {
	var h Hosts
	for _, origin := range origins {
		if u, err := url.Parse(origin); err == nil && u.Host != "" {
			h.names = append(h.names, nameOf(u.Host))
		}
	}
	if machine != "" {
		h.names = append(h.names, nameOf(machine))
	}
	return h
}

// nobodys are the last labels of names that nobody can have in the public DNS
// (RFC 6761, 6762, 7686, 8375 and ICANN's resolution on internal).
var nobodys = []string{"localhost", "local", "internal", "test", "example", "invalid", "onion"}

// Mean reports whether a request is meant for this server, as far as can be told:
// it names an address, a name that nobody can have elsewhere, or one that is
// listed; or it came by TLS, whose certificate a stranger's name would not have;
// or to an address that everybody reaches anyway.
func (h Hosts) Mean(r *http.Request) bool {
	name := nameOf(r.Host)
	labels := strings.Split(name, ".")
	switch {
	case r.TLS != nil || !cameToPrivateAddress(r):
		return true
	case isAddress(name), len(labels) == 1, slices.Contains(nobodys, labels[len(labels)-1]), strings.HasSuffix(name, ".home.arpa"):
		return true
	}
	return slices.Contains(h.names, name)
}

// nameOf is the name in a Host header.
func nameOf(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	return strings.TrimSuffix(strings.ToLower(strings.Trim(host, "[]")), ".")
}

func isAddress(name string) bool {
	_, err := netip.ParseAddr(name)
	return err == nil
}

// shared is what providers use between them and their customers (RFC 6598), and
// private networks over the Internet do as well.
var shared = netip.MustParsePrefix("100.64.0.0/10")

// cameToPrivateAddress reports whether a request came to an address of this machine
// that not everybody reaches. A socket in a folder has none.
func cameToPrivateAddress(r *http.Request) bool {
	local, _ := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	if local == nil {
		return false
	}
	at, err := netip.ParseAddrPort(local.String())
	ip := at.Addr().Unmap()
	return err == nil && (ip.IsPrivate() || ip.IsLoopback() || ip.IsLinkLocalUnicast() || shared.Contains(ip))
}
