package api

import (
	"context"
	"net/http"
	"time"

	"overtime/internal/protocol"
)

// neighbourKey is where a request's context has its neighbour.
type neighbourKey struct{}

// named notes whose a request is.
func (a *api) named(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), neighbourKey{}, a.cfg.From(r))))
	})
}

// mayMake says why no room can be made now. Each node makes them as long as it
// can be relied on; those without a key have limits of their own, which a
// portal's rooms do not count against.
func (a *api) mayMake(ctx context.Context) error {
	if err := a.ready(ctx); err != nil {
		a.cfg.Logger.Warn("api: no room was made, because this node is not ready", "reason", err)
		return refusal(protocol.CodeUnavailable, "no meetings can be made here just now; try again in a while")
	}
	if callerOf(ctx) != "" {
		return nil
	}
	if err := checkName(ctx); err != nil {
		return err
	}
	if wait := a.makers.Take(neighbourOf(ctx), a.cfg.Now()); wait > 0 {
		return tooMany("too many meetings are being made from your network; try again in a moment", wait)
	}
	if !a.creates.Allow() {
		return tooMany("too many meetings are being made at once; try again in a moment", 0)
	}
	return nil
}

func (a *api) ready(ctx context.Context) error {
	if a.cfg.Ready == nil {
		return nil
	}
	return a.cfg.Ready(ctx)
}

func tooMany(detail string, wait time.Duration) *Problem {
	p := refusal(protocol.CodeTooMany, detail)
	p.wait = wait
	return p
}

// TooMany answers a request that exceeds a limit of its address.
func TooMany(w http.ResponseWriter, wait time.Duration) {
	write(w, tooMany("too many requests from your network; try again in a moment", wait))
}
