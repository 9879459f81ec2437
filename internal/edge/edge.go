package edge

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/coder/websocket"
	"github.com/nats-io/nuid"
	"golang.org/x/time/rate"

	"overtime/internal/auth"
	"overtime/internal/bus"
	"overtime/internal/origin"
	"overtime/internal/protocol"
	"overtime/internal/room"
	"overtime/internal/throttle"
)

// Bus is what an edge needs of package bus.
type Bus interface {
	NewEdgeConn(conn string) (*bus.EdgeConn, error)
	OpenRoom(room string) error
}

// Secrets checks what browsers show.
type Secrets interface {
	CheckTicket(token string) (auth.Ticket, error)
	CheckResume(secret string) (auth.Place, error)
}

// Config is what an edge runs on.
type Config struct {
	Bus     Bus
	Secrets Secrets
	Limits  throttle.Limits
	// Origins are the pages that alone may connect, as scheme://host. Where there
	// are none, those of the host that a request is addressed to may.
	Origins []string
	// Hosts are the names by which people reach this server.
	Hosts origin.Hosts
	// From says whose connection it is; nil trusts no proxy to.
	From   func(*http.Request) throttle.Neighbour
	Logger *slog.Logger
}

// Edge serves the WebSockets of one node.
type Edge struct {
	cfg Config
	// commands say which budget a message has.
	commands                  room.Table
	gate                      *gate
	unwritten, unanswered     pool
	ways                      *ways
	badTokens, joins, returns *throttle.Buckets // by neighbour
}

// New makes an edge.
func New(cfg Config) *Edge {
	if cfg.From == nil {
		cfg.From = throttle.Proxies{}.From
	}
	return &Edge{
		cfg: cfg, commands: room.NewTable(), unwritten: pool{most: int64(cfg.Limits.Unwritten)}, unanswered: pool{most: int64(cfg.Limits.Unwritten)}, gate: newGate(cfg.Limits), ways: &ways{log: cfg.Logger, now: time.Now},
		badTokens: throttle.NewBuckets(cfg.Limits.BadTokens), joins: throttle.NewBuckets(cfg.Limits.Joins),
		returns: throttle.NewBuckets(cfg.Limits.Returns),
	}
}

// ServeHTTP upgrades to a WebSocket and serves it until its end.
func (e *Edge) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	from := e.cfg.From(r)
	bare := e.ways.asksBarely(r, from)
	if !e.originAllowed(r) {
		e.ways.complain(r, e.notAllowed(r))
		http.Error(w, e.notAllowed(r), http.StatusForbidden)
		return
	}
	if bare {
		e.ways.complain(r, bareComplaint)
	}
	c := e.newConn(nuid.Next(), from)
	if !e.admit(c) {
		refuseStopping(w)
		return
	}
	defer e.gate.leave(c)
	frames := e.cfg.Limits.Socket.Frames
	over := func() { c.close("", errTooManyFrames, protocol.CloseTooMany) }
	w = metered{w, rate.NewLimiter(rate.Limit(frames.PerSecond), frames.Burst), over}
	ws, err := websocket.Accept(w, r, &websocket.AcceptOptions{
		InsecureSkipVerify: true, // originAllowed has decided, by scheme as well
		CompressionMode:    websocket.CompressionDisabled,
	})
	if err != nil {
		return // Accept has answered
	}
	defer ws.CloseNow() //nolint:errcheck // it may be closed already
	ws.SetReadLimit(protocol.MaxOffer)
	c.serve(ws)
}

func refuseStopping(w http.ResponseWriter) {
	w.Header().Set("Retry-After", "5")
	http.Error(w, "this server is stopping; try again in a moment", http.StatusServiceUnavailable)
}

// admit counts a connection in. Whoever has to make room for it goes.
func (e *Edge) admit(c *conn) bool {
	out, ok := e.gate.enter(c)
	out.evict(errTooMany)
	return ok
}

// known notes that a connection has shown who it is, and reports whether there
// is a place for it.
func (e *Edge) known(c *conn, resume bool) bool {
	out, ok := e.gate.show(c, resume)
	out.evict(errNetworkFull)
	return ok
}

// Drain tells every browser to come back after retry, closes the connections
// and waits for them until ctx ends. New ones are refused. It reports whether
// all have left; one that has not will notice by itself, and no stranger's
// browser makes a stop a failure.
func (e *Edge) Drain(ctx context.Context, retry time.Duration) bool {
	for _, c := range e.gate.close() {
		go c.goAway(retry)
	}
	left := make(chan struct{})
	go func() {
		e.gate.group.Wait()
		close(left)
	}()
	select {
	case <-left:
		return true
	case <-ctx.Done():
		e.cfg.Logger.Warn("some browsers did not take their leave in time")
		return false
	}
}
