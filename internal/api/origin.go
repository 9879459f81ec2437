package api

import (
	"context"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"overtime/internal/origin"
)

// originKey is where a request's context has the origin at which it came.
type originKey struct{}

// located notes at which origin a request came, for links.
func located(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), originKey{}, origin.Of(r))))
	})
}

// origin is what links begin with.
func (a *api) origin(ctx context.Context) string {
	if a.cfg.PublicURL != "" {
		return a.cfg.PublicURL
	}
	came, _ := ctx.Value(originKey{}).(string)
	return came
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
