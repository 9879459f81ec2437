// Package origin is about where pages are from, as browsers write it (RFC 6454):
// which origin a request came to, and whether the page that sent it is this
// server's own. The doors of the server (edge, httpd, api) ask it; what is done
// about pages of others is theirs.
package origin

import (
	"net/http"
	"net/url"
	"strings"
)

// IsOwn reports whether origin is that of a page which this server served, for a
// request to it. Behind a proxy that speaks HTTPS a request comes without TLS, so
// a page may be more secure than its request; never less.
func IsOwn(r *http.Request, origin string) bool {
	u, err := url.Parse(origin)
	if err != nil || u.Host == "" { // "null" among them
		return false
	}
	return strings.EqualFold(u.Host, r.Host) && (u.Scheme == "https" || u.Scheme == "http" && r.TLS == nil)
}

// Of is where a request came, for links that lead there again. A page says it
// itself, and so rightly also where a proxy in front speaks HTTPS.
func Of(r *http.Request) string {
	page := r.Header.Get("Origin")
	if r.TLS != nil || strings.HasPrefix(page, "https:") && IsOwn(r, page) {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}
