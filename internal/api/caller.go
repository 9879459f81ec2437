package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"overtime/internal/auth"
	"overtime/internal/event"
	"overtime/internal/throttle"
)

type (
	// callerKey is where a request's context has the id of the key that asks.
	callerKey struct{}
	// neighbourKey is where it has its neighbour.
	neighbourKey struct{}
	// operatorKey is where it is marked as the operator's.
	operatorKey struct{}
)

// Operator is the API for whoever operates this server, who needs no key: it is
// for a socket that nobody else can reach.
func Operator(api http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		api.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), operatorKey{}, true)))
	})
}

// callerOf is the id of the key that asks; empty for those without one.
func callerOf(ctx context.Context) string {
	key, _ := ctx.Value(callerKey{}).(string)
	return key
}

// callers says whose a request is, and who may go on with it.
type callers struct {
	keys    Keys
	open    bool // who has no key may make rooms
	from    func(*http.Request) throttle.Neighbour
	badKeys *throttle.Buckets // of each neighbour
	now     func() time.Time
	notes   *notes
}

// withNeighbour notes whose a request is.
func (c *callers) withNeighbour(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), neighbourKey{}, c.from(r))))
	})
}

// requireKey lets on who shows a key.
func (c *callers) requireKey(ctx huma.Context, next func(huma.Context)) {
	c.authorize(ctx, next, false)
}

// requireKeyUnlessOpen lets on who shows a key, and who shows none if that is allowed.
func (c *callers) requireKeyUnlessOpen(ctx huma.Context, next func(huma.Context)) {
	c.authorize(ctx, next, c.open)
}

func (c *callers) authorize(ctx huma.Context, next func(huma.Context), open bool) {
	r, w := humago.Unwrap(ctx)
	key, refused := c.authenticate(r)
	if refused == nil && key == "" && !open {
		refused = unauthorized("this needs an API key; send it as Authorization: Bearer <id>:<secret>")
	}
	if refused != nil {
		write(w, refused)
		return
	}
	next(huma.WithValue(ctx, callerKey{}, key))
}

// authenticate says whose key a request shows; empty is that it shows none.
func (c *callers) authenticate(r *http.Request) (key string, refused *Problem) {
	if r.Context().Value(operatorKey{}) != nil {
		return auth.OperatorID, nil
	}
	shown := r.Header.Get("Authorization")
	if shown == "" {
		return "", nil
	}
	key, ok := c.keys.Check(shown)
	if ok {
		return key, nil
	}
	if wait := c.badKeys.Take(neighbourOf(r.Context()), c.now()); wait > 0 {
		return "", tooMany("too many keys that are no good come from your network; look at yours, and try again in a while", wait)
	}
	c.notes.note(r.Context(), event.Event{Kind: event.APIRefused}, callerRefused{codeUnauthorized, r.Method, r.URL.Path})
	return "", unauthorized("the API key is no good; send it as Authorization: Bearer <id>:<secret>, as it is in the file of --api-keys")
}

func unauthorized(detail string) *Problem {
	return problem(http.StatusUnauthorized, codeUnauthorized, detail)
}

// neighbourOf is whose network a request comes from.
func neighbourOf(ctx context.Context) throttle.Neighbour {
	n, _ := ctx.Value(neighbourKey{}).(throttle.Neighbour)
	return n
}

// addressOf is the same for the audit; empty for a socket of this machine.
func addressOf(ctx context.Context) string {
	if n := neighbourOf(ctx); n != (throttle.Neighbour{}) {
		return n.String()
	}
	return ""
}
