package config

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Origins are the pages that may connect although requests come to another
// host, written as browsers do. A proxy may change the host.
func (c Config) Origins() []string {
	u, err := url.Parse(c.PublicURL)
	if err != nil || u.Host == "" {
		return nil
	}
	return []string{originOf(u)}
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
	case !isHostName(u.Hostname()):
		return "", fmt.Errorf("%s: not a name that browsers send; write it in letters, digits, dots and hyphens (as xn--… if it has others), such as https://portal.example.org", text)
	}
	if port := u.Port(); port != "" {
		n, err := strconv.Atoi(port)
		if err != nil || n == 0 || !isPort(n) {
			return "", fmt.Errorf("%s: not a port; write a number from 1 to 65535, or leave it out", text)
		}
		u.Host = u.Hostname() + ":" + strconv.Itoa(n) // without zeros before it
	} else {
		u.Host = u.Hostname() // without a colon at the end
	}
	return originOf(u), nil
}

// isHostName reports whether a host is written in what a browser leaves of it.
func isHostName(host string) bool {
	return host != "" && strings.Trim(strings.ToLower(host), "abcdefghijklmnopqrstuvwxyz0123456789-._") == "" && strings.Trim(host, ".-") != ""
}
