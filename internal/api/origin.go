package api

import (
	"context"
	"net/http"

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
