package edge

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// originAllowed decides whether a page may connect. Browsers always name the
// page's origin; programs that are none may leave it out. Tokens decide the
// rest: no cookie is ever read.
func (e *Edge) originAllowed(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	if origin == "" {
		return true
	}
	u, err := url.Parse(origin)
	if err != nil || u.Host == "" {
		return false // "null" among them
	}
	if strings.EqualFold(u.Host, r.Host) {
		return u.Scheme == "https" || u.Scheme == "http" && r.TLS == nil
	}
	return slices.Contains(e.cfg.Origins, strings.ToLower(origin))
}
