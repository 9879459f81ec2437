package api

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
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

// typed refuses a body that is not said to be JSON, which the library would take
// for it: browsers let any page send bytes without a type, and ask us first before
// a page of another origin may send JSON.
func typed(ctx huma.Context, next func(huma.Context)) {
	r, w := humago.Unwrap(ctx)
	kind, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";")
	if strings.TrimSpace(kind) == "" && r.ContentLength != 0 && ctx.Operation().RequestBody != nil {
		write(w, untyped())
		return
	}
	next(ctx)
}
