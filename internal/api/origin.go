package api

import (
	"context"
	"net/http"

	"overtime/internal/origin"
	"overtime/internal/protocol"
)

type (
	// originKey is where a request's context has the origin at which it came.
	originKey struct{}
	// strangeKey is where it has the name that the request means the server by, if
	// the server does not know itself by that.
	strangeKey struct{}
)

// located notes at which origin a request came, for links, and whether that is the
// server's.
func (a *api) located(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := context.WithValue(r.Context(), originKey{}, origin.Of(r))
		if !a.cfg.Hosts.Mean(r) {
			ctx = context.WithValue(ctx, strangeKey{}, r.Host)
		}
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// checkName refuses to make a room for a page at a name that anybody may have led
// here: with a room's links it could do more than look.
func checkName(ctx context.Context) error {
	name, strange := ctx.Value(strangeKey{}).(string)
	if !strange {
		return nil
	}
	came, _ := ctx.Value(originKey{}).(string)
	return refusal(protocol.CodeUnknownName, "this server does not know that people reach it as "+name+
		"; whoever runs it has to start it with --public-url "+came+", or with the https:// address that a proxy in front has")
}

// origin is what links begin with.
func (a *api) origin(ctx context.Context) string {
	if a.cfg.PublicURL != "" {
		return a.cfg.PublicURL
	}
	came, _ := ctx.Value(originKey{}).(string)
	return came
}
