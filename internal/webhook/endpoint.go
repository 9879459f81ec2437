package webhook

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"overtime/internal/event"
)

const (
	// maxEndpoints bounds the endpoints: an event costs a synchronous write for
	// each.
	maxEndpoints = 20
	// maxURL is in bytes.
	maxURL = 2048
	// maxSecrets is the one in use and the one that replaces it.
	maxSecrets = 2
)

// Endpoint is an address of a portal and what its requests are signed with.
// Printing or encoding one shows no secret.
type Endpoint struct {
	// ID is made of the URL, so that what waits for an endpoint is its own
	// whatever else is in the file.
	ID      string
	URL     string
	secrets []secret
	// kinds are the optional ones that it is told of.
	kinds []event.Kind
}

// wants reports whether the endpoint is told of a kind.
func (e Endpoint) wants(k event.Kind) bool { return !k.Optional() || slices.Contains(e.kinds, k) }

// Where names the endpoint to people: its URL without the query, which may hold
// a password.
func (e Endpoint) Where() string {
	where, _, _ := strings.Cut(e.URL, "?")
	return where
}

// ParseEndpoints reads the endpoints of a file: lines of a URL and one secret, or
// two while they are being changed, and after these the optional kinds of events that
// it is told of. Where allowPrivate is set, endpoints may be
// on this machine and in private networks, there without HTTPS too. An error
// names the line and says what to write, and holds nothing of the line.
func ParseEndpoints(text string, allowPrivate bool) ([]Endpoint, error) {
	var all []Endpoint
	at := map[string]int{} // the line of each id
	for i, line := range strings.Split(strings.TrimPrefix(text, "\ufeff"), "\n") {
		words := fields(line)
		if len(words) == 0 {
			continue
		}
		e, err := parseEndpoint(words, allowPrivate)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", i+1, err)
		}
		if first, twice := at[e.ID]; twice {
			return nil, fmt.Errorf("line %d: this URL is in line %d already; write each once", i+1, first)
		}
		at[e.ID] = i + 1
		all = append(all, e)
	}
	if len(all) > maxEndpoints {
		return nil, fmt.Errorf("there are %d endpoints; write at most %d", len(all), maxEndpoints)
	}
	return all, nil
}

// fields are the words of a line before its comment.
func fields(line string) []string {
	words := strings.Fields(line)
	for i, word := range words {
		if strings.HasPrefix(word, "#") {
			return words[:i]
		}
	}
	return words
}

func parseEndpoint(words []string, allowPrivate bool) (Endpoint, error) {
	if err := checkURL(words[0], allowPrivate); err != nil {
		return Endpoint{}, err
	}
	var kinds []event.Kind
	words = slices.DeleteFunc(slices.Clone(words), func(word string) bool {
		named := event.Kind(word).Optional()
		if named {
			kinds = append(kinds, event.Kind(word))
		}
		return named
	})
	switch n := len(words) - 1; {
	case n == 0:
		return Endpoint{}, fmt.Errorf("the secret is missing; write it after the URL, %s", howSecret)
	case n > maxSecrets:
		return Endpoint{}, fmt.Errorf("there are %d words after the URL; write one secret, or two while you change it", n)
	}
	sum := sha256.Sum256([]byte(words[0]))
	e := Endpoint{ID: hex.EncodeToString(sum[:8]), URL: words[0], kinds: kinds}
	for _, word := range words[1:] {
		s, err := parseSecret(word)
		if err != nil {
			return Endpoint{}, err
		}
		e.secrets = append(e.secrets, s)
	}
	return e, nil
}

// checkURL quotes nothing: what stands in the URL's place may be a secret.
func checkURL(text string, allowPrivate bool) error {
	u, err := url.Parse(text)
	switch {
	case len(text) > maxURL:
		return fmt.Errorf("the URL is longer than %d bytes", maxURL)
	case err != nil || u.Hostname() == "" || u.Scheme != "https" && u.Scheme != "http":
		return fmt.Errorf("the first word is no URL; write it as https://portal.example.org/path")
	case u.User != nil:
		return fmt.Errorf("the URL has a name or password in it; leave that out, requests are signed")
	case u.Port() != "" && !isPort(u.Port()):
		return fmt.Errorf("the URL's port is none; write one from 1 to 65535, or leave it out")
	case u.Fragment != "" || strings.HasSuffix(text, "#"):
		return fmt.Errorf("the URL has a # in it; leave that and what follows out")
	}
	switch place := placeOf(u.Hostname()); {
	case place == nowhere:
		return fmt.Errorf("the URL's address is none that a portal can have; write its name, as in https://portal.example.org/path")
	case place == private && !allowPrivate:
		return fmt.Errorf("the URL's host is on this machine or in a private network; allow private endpoints if that is meant")
	case place == public && u.Scheme != "https":
		return fmt.Errorf("the URL must begin with https://, or everybody on the way can read what is sent")
	}
	return nil
}

func isPort(text string) bool {
	port, err := strconv.ParseUint(text, 10, 16)
	return err == nil && port > 0
}

// placeOf is where a host is, as far as its name tells. Where a name leads to is
// seen at each connection.
func placeOf(host string) place {
	if a, err := netip.ParseAddr(host); err == nil {
		return placeOfAddress(a)
	}
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	if !strings.Contains(host, ".") {
		return private // localhost, or a name that only this network knows
	}
	for _, suffix := range []string{".localhost", ".local", ".internal", ".home.arpa"} {
		if strings.HasSuffix(host, suffix) {
			return private
		}
	}
	return public
}

// Reader is ParseEndpoints where it is known whether endpoints may be private.
func Reader(allowPrivate bool) func(text string) ([]Endpoint, error) {
	return func(text string) ([]Endpoint, error) { return ParseEndpoints(text, allowPrivate) }
}
