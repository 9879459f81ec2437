package webhook

import (
	"errors"
	"fmt"
	"net/netip"
	"syscall"
)

// place is where an address is.
type place int

const (
	nowhere place = iota // no portal is there
	private              // on this machine, or in a network of one's own
	public
)

// Never written. IPv6 beyond 2000::/3 is not the internet, so that its list is
// of what is none within (IANA's registries of special-purpose addresses).
var (
	internet6 = netip.MustParsePrefix("2000::/3")
	nat64     = netip.MustParsePrefix("64:ff9b::/96")
	// privates are opened by AllowPrivate. Link-local ones are not among them:
	// there clouds hand out a machine's credentials.
	privates = prefixes("10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7")
	nowheres = prefixes("0.0.0.0/8", "169.254.0.0/16", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15",
		"198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
		"2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
	// clouds are where they do so elsewhere, in networks that look private or
	// public: Azure, Alibaba Cloud; AWS, Oracle Cloud, Scaleway, Linode, Google
	// Cloud. Networks of theirs are taken whole: beside the address that is known
	// there are others that hand out the same.
	clouds = prefixes("168.63.129.16/32", "100.100.100.200/32",
		"fd00:ec2::/32", "fd00:c1::/32", "fd00:42::/32", "fd00:a9fe:a9fe::/48", "fd20:ce::/32")
)

func prefixes(texts ...string) []netip.Prefix {
	var all []netip.Prefix
	for _, text := range texts {
		all = append(all, netip.MustParsePrefix(text))
	}
	return all
}

func placeOfAddress(a netip.Addr) place {
	a = a.Unmap().WithZone("") // no prefix contains either form
	switch {
	case within(a, clouds):
		return nowhere
	case within(a, privates):
		return private
	case within(a, nowheres):
		return nowhere
	case nat64.Contains(a):
		return throughNAT64(a)
	case a.Is4() || internet6.Contains(a):
		return public
	}
	return nowhere
}

// throughNAT64 is the place of the IPv4 address that stands at the end of a. It
// is private at best: only one's own network knows what its gateway reaches.
func throughNAT64(a netip.Addr) place {
	b := a.As16()
	return min(private, placeOfAddress(netip.AddrFrom4([4]byte(b[12:]))))
}

func within(a netip.Addr, prefixes []netip.Prefix) bool {
	for _, p := range prefixes {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

var errGuarded = errors.New("webhook: the endpoint's address may not be connected to")

// guard is a net.Dialer's Control. It sees the address that a connection is
// about to go to, so that no name can lead it astray.
func guard(allowPrivate bool) func(network, address string, _ syscall.RawConn) error {
	return func(_, address string, _ syscall.RawConn) error {
		to, err := netip.ParseAddrPort(address)
		if err != nil {
			return fmt.Errorf("%w: %q is none", errGuarded, address)
		}
		switch placeOfAddress(to.Addr()) {
		case public:
			return nil
		case private:
			if allowPrivate {
				return nil
			}
			return fmt.Errorf("%w: %s is in a private network; allow private endpoints if that is meant", errGuarded, to.Addr())
		}
		return fmt.Errorf("%w: %s is none of a portal; see what its name leads to", errGuarded, to.Addr())
	}
}
