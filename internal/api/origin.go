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
	// unknownOriginKey is where it has the origin at which a page believes the server to
	// be, if the server knows nothing of that.
	unknownOriginKey struct{}
)

// longestOrigin is how much of an origin that somebody else wrote is repeated.
const longestOrigin = 200

// origins are the addresses at which people reach this server.
type origins struct {
	hosts     origin.Hosts
	publicURL string // what links begin with; empty takes the request's own
}

// withOrigin notes at which origin a request came, for links, and whether that is the
// server's: not if anybody may have led its name here, and not if a page says that
// it is from elsewhere, which the proxy in front of it has not passed on.
func (o origins) withOrigin(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := context.WithValue(r.Context(), originKey{}, origin.Of(r))
		page := r.Header.Get("Origin")
		switch {
		case !o.hosts.Mean(r):
			ctx = context.WithValue(ctx, unknownOriginKey{}, origin.Of(r))
		case o.publicURL == "" && page != "" && !origin.IsOwn(r, page):
			ctx = context.WithValue(ctx, unknownOriginKey{}, page[:min(len(page), longestOrigin)])
		}
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// checkName refuses to make a room for a page at an origin that the server knows
// nothing of: it might be a stranger's, and the room's links would lead elsewhere.
func checkName(ctx context.Context) error {
	page, unknown := ctx.Value(unknownOriginKey{}).(string)
	if !unknown {
		return nil
	}
	return refusal(protocol.CodeUnknownName, "this server does not know that people reach it at "+page+
		"; whoever runs it has to start it with --public-url and the address that people open, such as --public-url "+page)
}

// linked is what links begin with.
func (o origins) linked(ctx context.Context) string {
	if o.publicURL != "" {
		return o.publicURL
	}
	came, _ := ctx.Value(originKey{}).(string)
	return came
}
