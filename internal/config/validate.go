package config

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// complete derives what depends on other things, and returns the first thing
// that cannot be meant, as a sentence that says what to write instead. (A method
// named Validate would be called by kong, too, which takes its error for one of
// its own.)
func (c *Config) complete(getenv func(string) string) error {
	c.PublicURL = strings.TrimSuffix(c.PublicURL, "/")
	if err := c.readSecrets(getenv); err != nil {
		return err
	}
	if c.Create == "" {
		c.Create = "open"
		if c.APIKeyLines.From != "" {
			c.Create = "api"
		}
	}
	for _, check := range []func() error{
		c.checkAddr, c.checkData, c.checkRTC, c.checkPublicURL, c.checkTLS, c.checkProxies, c.checkMaxConnections, c.checkPeoplePerAddress,
		c.readEmbedOrigins, c.checkCreate, c.checkMinute, c.checkKeep, c.checkLogLevel,
	} {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

func (c Config) checkAddr() error {
	_, port, err := net.SplitHostPort(c.Addr)
	if err != nil {
		return fmt.Errorf("--addr %s: not an address; write host:port or :port, such as :8080", c.Addr)
	}
	if n, err := strconv.Atoi(port); err != nil || !isPort(n) {
		return fmt.Errorf("--addr %s: not a port; write a number from 0 (any free port) to 65535, such as :8080", c.Addr)
	}
	return nil
}

// checkData: whether the folder can be written is seen by the one who does.
func (c Config) checkData() error { return Folder{Data: c.Data}.checkData() }

func (c Config) checkRTC() error {
	if !isPort(c.RTCPort) {
		return fmt.Errorf("--rtc-port %d: not a port; write a number from 0 (any free port) to 65535, such as 7882", c.RTCPort)
	}
	for _, ip := range c.RTCIP {
		addr, err := netip.ParseAddr(ip)
		if err != nil {
			return fmt.Errorf("--rtc-ip %s: not an IP address; write one that browsers can reach, such as 203.0.113.7 (names are not looked up)", ip)
		}
		if !addr.Is4() {
			return fmt.Errorf("--rtc-ip %s: sound and pictures travel by IPv4 only; write an IPv4 address that browsers can reach, such as 203.0.113.7", ip)
		}
		if addr.IsUnspecified() || addr.IsMulticast() {
			return fmt.Errorf("--rtc-ip %s: browsers cannot send there; write this server's address as they see it, such as 203.0.113.7", ip)
		}
	}
	return nil
}

func (c Config) checkPublicURL() error {
	if c.PublicURL == "" {
		return nil
	}
	u, err := url.Parse(c.PublicURL)
	switch {
	case err != nil, u.Host == "", u.Scheme != "http" && u.Scheme != "https":
		return fmt.Errorf("--public-url %s: not an origin; write scheme and host, such as https://meet.example.org", c.PublicURL)
	case u.Path != "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil:
		return fmt.Errorf("--public-url %s: more than an origin, and Overtime cannot live below a path; write %s://%s", c.PublicURL, u.Scheme, u.Host)
	}
	if _, err := browserHost(u); err != nil {
		return fmt.Errorf("--public-url %s: %w, such as https://meet.example.org", c.PublicURL, err)
	}
	return nil
}

func (c Config) checkTLS() error {
	switch {
	case c.TLSCert == "" && c.TLSKey == "":
		return nil
	case c.TLSKey == "":
		return fmt.Errorf("--tls-cert has no key; add --tls-key with the file of its private key, or leave both out")
	case c.TLSCert == "":
		return fmt.Errorf("--tls-key has no certificate; add --tls-cert with the file of the chain, or leave both out")
	}
	if _, err := tls.LoadX509KeyPair(c.TLSCert, c.TLSKey); err != nil {
		return fmt.Errorf("--tls-cert %s with --tls-key %s: %w; write the paths of two PEM files that belong together and that this user may read", c.TLSCert, c.TLSKey, err)
	}
	return nil
}

func (c Config) checkProxies() error {
	for _, text := range c.TrustedProxies {
		network, err := parseNetwork(text)
		switch {
		case err != nil:
			return fmt.Errorf("--trusted-proxies %s: no address and no network; write such as 10.0.0.5 or 10.0.0.0/8 (names are not looked up)", text)
		case network.Bits() == 0:
			return fmt.Errorf("--trusted-proxies %s: anybody could say they are somebody else; write the addresses of your proxies, such as 10.0.0.5", text)
		}
	}
	return nil
}

// checkMaxConnections: whether the process may open so many files is seen where
// they are opened.
func (c Config) checkMaxConnections() error {
	if c.MaxConnections < 0 || c.MaxConnections > 0 && c.MaxConnections < leastConnections {
		return fmt.Errorf("--max-connections %d: too few for one meeting; write %d or more, or leave it out", c.MaxConnections, leastConnections)
	}
	return nil
}

// leastConnections serve a room that is full, and its pages.
const leastConnections = 200

func (c Config) checkPeoplePerAddress() error {
	if c.PeoplePerAddress < 20 || c.PeoplePerAddress > 10_000 {
		return fmt.Errorf("--people-per-address %d: out of range; write a number from 20 to 10000, such as 1000", c.PeoplePerAddress)
	}
	return nil
}

// parseNetwork reads an address or a network.
func parseNetwork(text string) (netip.Prefix, error) {
	if network, err := netip.ParsePrefix(text); err == nil {
		if network.Addr().Is4In6() { // which would contain no address
			network = netip.PrefixFrom(network.Addr().Unmap(), max(0, network.Bits()-96))
		}
		return network.Masked(), nil
	}
	addr, err := netip.ParseAddr(text)
	if err != nil {
		return netip.Prefix{}, err
	}
	addr = addr.Unmap().WithZone("")
	return netip.PrefixFrom(addr, addr.BitLen()), nil
}

func (c Config) checkCreate() error {
	switch {
	case c.Create == "open":
		return nil
	case c.Create != "api":
		return fmt.Errorf("--create %s: unknown; write open or api", c.Create)
	case c.APIKeyLines.From == "":
		return errors.New("--create api: there are no API keys, so nobody could create a meeting; add --api-keys FILE, or write open")
	}
	return nil
}

// checkMinute keeps hurried meetings away from people who did not ask for them.
func (c Config) checkMinute() error {
	switch {
	case c.Minute == time.Minute:
		return nil
	case c.Minute < 10*time.Millisecond || c.Minute > time.Minute:
		return fmt.Errorf("--minute %s: out of range; write a duration from 10ms to 1m, such as 1s", c.Minute)
	case !isLoopback(c.Addr):
		return fmt.Errorf("--minute %s: meetings would be short for everybody who can reach --addr %s; write --addr 127.0.0.1:8080 as well, or leave --minute out", c.Minute, c.Addr)
	}
	return nil
}

func (c Config) checkLogLevel() error {
	if !slices.Contains([]string{"debug", "info", "warn", "error"}, c.LogLevel) {
		return fmt.Errorf("--log-level %s: unknown; write debug, info, warn or error", c.LogLevel)
	}
	return nil
}

func isPort(n int) bool { return n >= 0 && n <= 65535 }

// isLoopback reports whether only this machine reaches a host:port.
func isLoopback(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return false
	}
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}
