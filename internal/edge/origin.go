package edge

import (
	"net/http"
	"slices"
	"strings"

	"overtime/internal/origin"
)

// originAllowed decides whether a page may connect. Browsers always name the
// page's origin; programs that are none may leave it out. Where origins are listed
// nothing else counts: the host of a request is whatever name leads here, and its
// scheme is known to a proxy in front alone. Where none are, that host has to be
// one that a stranger cannot lead here. Tokens decide the rest: no cookie is ever
// read.
func (e *Edge) originAllowed(r *http.Request) bool {
	page := r.Header.Get("Origin")
	switch {
	case page == "":
		return true
	case len(e.cfg.Origins) > 0:
		return slices.Contains(e.cfg.Origins, strings.ToLower(page))
	}
	return origin.IsOwn(r, page) && e.cfg.Hosts.Mean(r)
}

// notAllowed says what to do about a page that may not connect.
func (e *Edge) notAllowed(r *http.Request) string {
	switch {
	case len(e.cfg.Origins) > 0:
		return "this page may not connect here; open the meeting at " + strings.Join(e.cfg.Origins, " or ") +
			", or have the server started with another --public-url"
	case !e.cfg.Hosts.Mean(r):
		return "this page may not connect here, because the server was not told that people reach it by that name, and anybody could have a name of theirs lead here; " +
			"have it started with --public-url, the origin at which people reach it"
	}
	return "this page may not connect here; open the meeting at the server's own address, have the proxy in front keep the Host header, " +
		"or have the server started with --public-url, the origin at which people reach it"
}
