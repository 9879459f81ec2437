package edge

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"overtime/internal/protocol"
	"overtime/internal/throttle"
)

const (
	// complainEvery is how often the log says that pages cannot connect.
	complainEvery = time.Minute
	// bareFor is how long it counts that a WebSocket was asked for without saying so.
	bareFor = time.Minute
	// longestQuote is how much of what a stranger wrote the log repeats, in bytes.
	longestQuote = 100
)

// ways watches over the way to this server: a wrong address, or a proxy that
// leaves something out, lets pages pass and no WebSocket. It is safe for
// concurrent use.
type ways struct {
	log *slog.Logger
	now func() time.Time

	mu         sync.Mutex // guards what follows
	complained time.Time
	kept       int // complaints since, that the log did not say
	bare       throttle.Neighbour
	bareAt     time.Time // zero: never
}

// complain warns of a page that cannot connect, once a minute at most.
func (w *ways) complain(r *http.Request, what string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := w.now()
	if !w.complained.IsZero() && now.Sub(w.complained) < complainEvery {
		w.kept++
		return
	}
	w.log.Warn("edge: "+what, "page", quote(r.Header.Get("Origin")), "host", quote(r.Host), "others_meanwhile", w.kept)
	w.complained, w.kept = now, 0
}

func quote(text string) string { return text[:min(len(text), longestQuote)] }

// asksBarely notes a request for a WebSocket that does not say so any more: its
// key is there, and Upgrade is not, or HTTP/1.1 is not.
func (w *ways) asksBarely(r *http.Request, from throttle.Neighbour) bool {
	if r.Header.Get("Sec-WebSocket-Key") == "" || r.Header.Get("Upgrade") != "" && r.ProtoAtLeast(1, 1) {
		return false
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.bare, w.bareAt = from, w.now()
	return true
}

// wasBare reports whether somebody's request for a WebSocket came so lately. Only
// the last one is remembered: the page asks right after it.
func (w *ways) wasBare(from throttle.Neighbour) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.bare == from && !w.bareAt.IsZero() && w.now().Sub(w.bareAt) < bareFor
}

const bareComplaint = "a request for a WebSocket came without saying so: have the proxy in front speak HTTP/1.1 to this server and pass Upgrade and Connection on (docs/operating.md, HTTPS)"

// Reach answers a page that asks why it cannot connect.
func (e *Edge) Reach() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // nothing in it counts
		if e.gate.isShut() {
			refuseStopping(w)
			return
		}
		answer, err := json.Marshal(e.reach(r))
		if err != nil {
			panic(err) // two strings
		}
		h := w.Header()
		h.Set("Content-Type", "application/json")
		h.Set("Cache-Control", "no-store")
		_, _ = w.Write(answer) // the page may be gone
	})
}

func (e *Edge) reach(r *http.Request) protocol.Reach {
	switch {
	case !e.originAllowed(r) && len(e.cfg.Origins) > 0:
		return protocol.Reach{Problem: protocol.WrongAddress, Open: e.cfg.Origins[0]}
	case !e.originAllowed(r) && !e.cfg.Hosts.Mean(r):
		return protocol.Reach{Problem: protocol.UnknownName}
	case !e.originAllowed(r), e.ways.wasBare(e.cfg.From(r)):
		return protocol.Reach{Problem: protocol.ProxyProblem}
	}
	return protocol.Reach{}
}
