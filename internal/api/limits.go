package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"overtime/internal/protocol"
	"overtime/internal/throttle"
)

// roomsPath is where rooms are made.
const roomsPath = "/api/v1/rooms"

// neighbourKey is where a request's context has its neighbour.
type neighbourKey struct{}

// named notes whose a request is.
func (a *api) named(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), neighbourKey{}, a.cfg.From(r))))
	})
}

// makeRoom is createRoom for who has not made too many, and as long as all
// together have not, while this node can be relied on. A request that does not
// fit the description never comes here, and does not count.
func (a *api) makeRoom(ctx context.Context, in *createInput) (*createOutput, error) {
	if err := a.ready(ctx); err != nil {
		a.cfg.Logger.Warn("api: no room was made, because this node is not ready", "reason", err)
		return nil, problem(http.StatusServiceUnavailable, protocol.CodeUnavailable, "no meetings can be made here just now; try again in a while")
	}
	who, _ := ctx.Value(neighbourKey{}).(throttle.Neighbour)
	if wait := a.makers.Take(who, a.cfg.Now()); wait > 0 {
		p := problem(http.StatusTooManyRequests, protocol.CodeTooMany, "too many meetings are being made from your network; try again in a moment")
		return nil, huma.ErrorWithHeaders(p, http.Header{retryAfter: {throttle.RetryAfter(wait)}})
	}
	if !a.creates.Allow() {
		return nil, problem(http.StatusTooManyRequests, protocol.CodeTooMany, "too many meetings are being made at once; try again in a moment")
	}
	return a.createRoom(ctx, in)
}

func (a *api) ready(ctx context.Context) error {
	if a.cfg.Ready == nil {
		return nil
	}
	return a.cfg.Ready(ctx)
}

const retryAfter = "Retry-After"

// TooMany answers a request that exceeds a limit of its address.
func TooMany(w http.ResponseWriter, wait time.Duration) {
	w.Header().Set(retryAfter, throttle.RetryAfter(wait))
	write(w, problem(http.StatusTooManyRequests, protocol.CodeTooMany, "too many requests from your network; try again in a moment"))
}

// GetHeaders says when to come back, where nothing better is known.
func (p *Problem) GetHeaders() http.Header {
	switch p.Status {
	case http.StatusTooManyRequests:
		return http.Header{retryAfter: {"1"}}
	case http.StatusServiceUnavailable:
		return http.Header{retryAfter: {"5"}}
	}
	return nil
}
