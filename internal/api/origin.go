package api

import (
	"context"
	"net/http"
	"net/url"
)

// originKey is where a request's context has the origin at which it came.
type originKey struct{}

// located notes at which origin a request came, for links.
func located(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), originKey{}, originOf(r))))
	})
}

// originOf is where a request came. A page says it itself, and so rightly also
// where a proxy in front speaks HTTPS.
func originOf(r *http.Request) string {
	if page, err := url.Parse(r.Header.Get("Origin")); err == nil && page.Host == r.Host && page.Scheme == "https" {
		return "https://" + page.Host
	}
	if r.TLS != nil {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

// origin is what links begin with.
func (a *api) origin(ctx context.Context) string {
	if a.cfg.PublicURL != "" {
		return a.cfg.PublicURL
	}
	origin, _ := ctx.Value(originKey{}).(string)
	return origin
}
