package config

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Origins are the pages that alone may connect, written as browsers do; none
// leaves it to the host that each request names.
func (c Config) Origins() []string {
	u, err := url.Parse(c.PublicURL)
	if err != nil || u.Host == "" {
		return nil
	}
	if u.Host, err = browserHost(u); err != nil {
		return nil // check has seen it
	}
	return []string{originOf(u)}
}

// browserHost is the host of an address as browsers write it: an IP address in
// its shortest form, and a port without zeros before it. The error is the rest of
// a sentence.
func browserHost(u *url.URL) (string, error) {
	host := strings.ToLower(u.Hostname())
	ip, err := netip.ParseAddr(host)
	switch {
	case err == nil && ip.Is6() && ip.Zone() == "":
		host = "[" + ip.String() + "]"
	case !isHostName(host):
		return "", errors.New("not a name that browsers send; write it in letters, digits, dots and hyphens (as xn--… if it has others)")
	}
	if u.Port() == "" {
		return host, nil // without a colon at the end
	}
	port, err := strconv.Atoi(u.Port())
	if err != nil || port == 0 || !isPort(port) {
		return "", errors.New("not a port; write a number from 1 to 65535, or leave it out")
	}
	return host + ":" + strconv.Itoa(port), nil
}

// originOf is how browsers write the origin of an address: in lower case, and
// without the port that its scheme has anyway.
func originOf(u *url.URL) string {
	scheme, host := strings.ToLower(u.Scheme), strings.ToLower(u.Host)
	for known, port := range map[string]string{"http": ":80", "https": ":443"} {
		if scheme == known {
			host = strings.TrimSuffix(host, port)
		}
	}
	return scheme + "://" + host
}

// readEmbedOrigins puts --embed-origins into the form that browsers compare
// with. They stand in a header as they are, so that what could be read there
// as anything but one origin is refused here.
func (c *Config) readEmbedOrigins() error {
	var origins []string
	for _, text := range c.EmbedOrigins {
		origin, err := parseEmbedOrigin(strings.TrimSpace(text))
		if err != nil {
			return fmt.Errorf("--embed-origins %w", err)
		}
		if !slices.Contains(origins, origin) {
			origins = append(origins, origin)
		}
	}
	c.EmbedOrigins = origins
	return nil
}

// parseEmbedOrigin reads one origin. The error begins with what was written, but
// for a user's name and password.
func parseEmbedOrigin(text string) (string, error) {
	const example = "write scheme and host of the portal's pages, such as https://portal.example.org"
	u, err := url.Parse(text)
	switch {
	case strings.Contains(text, "*"):
		return "", fmt.Errorf("%s: there are no wildcards, because every name below would be trusted; write each origin, such as https://portal.example.org,https://www.example.org", text)
	case text == "null":
		return "", fmt.Errorf("null: that is what files and sandboxed frames are called, anybody's; %s", example)
	case err == nil && u.User != nil:
		return "", fmt.Errorf("has a user's name in it; %s", example)
	case err != nil, u.Host == "", u.Scheme != "http" && u.Scheme != "https":
		return "", fmt.Errorf("%s: not an origin; %s", text, example)
	case strings.TrimSuffix(u.Path, "/") != "" || u.RawQuery != "" || u.ForceQuery || strings.Contains(text, "#"):
		return "", fmt.Errorf("%s: more than an origin, and browsers tell no more of a page; write %s", text, originOf(u))
	case strings.Contains(u.Host, "["):
		return "", fmt.Errorf("%s: browsers take no IPv6 address as the origin of a page around; write its name", text)
	}
	if u.Host, err = browserHost(u); err != nil {
		return "", fmt.Errorf("%s: %w, such as https://portal.example.org", text, err)
	}
	return originOf(u), nil
}

// isHostName reports whether a host is written in what a browser leaves of it.
func isHostName(host string) bool {
	return host != "" && strings.Trim(strings.ToLower(host), "abcdefghijklmnopqrstuvwxyz0123456789-._") == "" && strings.Trim(host, ".-") != ""
}
