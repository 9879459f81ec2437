package edge

import (
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/coder/websocket"
	"github.com/nats-io/nuid"

	"overtime/internal/auth"
	"overtime/internal/bus"
	"overtime/internal/protocol"
)

// Bus is what an edge needs of package bus.
type Bus interface {
	NewWire(conn string) (*bus.Wire, error)
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
	Limits  Limits
	// Origins are pages of other hosts that may connect, as scheme://host. A
	// page of this server always may.
	Origins []string
	Logger  *slog.Logger
}

// Edge serves the WebSockets of one node.
type Edge struct {
	cfg Config

	mu       sync.Mutex // guards what follows
	conns    map[*conn]struct{}
	unknown  int
	draining bool
	group    sync.WaitGroup
}

// New makes an edge.
func New(cfg Config) *Edge {
	return &Edge{cfg: cfg, conns: map[*conn]struct{}{}}
}

// ServeHTTP upgrades to a WebSocket and serves it until its end.
func (e *Edge) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !e.originAllowed(r) {
		http.Error(w, "this page may not connect here", http.StatusForbidden)
		return
	}
	c := &conn{
		edge: e, id: nuid.Next(), log: e.cfg.Logger,
		out:   newQueue(e.cfg.Limits.Queue, e.cfg.Limits.QueueBytes),
		shuts: make(chan protocol.CloseCode, 1),
	}
	if !e.admit(c) {
		w.Header().Set("Retry-After", "5")
		http.Error(w, "too many connections; try again in a moment", http.StatusServiceUnavailable)
		return
	}
	defer e.release(c)
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

// admit counts a connection in.
func (e *Edge) admit(c *conn) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.draining || e.unknown >= e.cfg.Limits.Unknown {
		return false
	}
	e.unknown++
	e.conns[c] = struct{}{}
	e.group.Add(1)
	return true
}

// known notes that a connection has shown who it is.
func (e *Edge) known(c *conn) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if !c.known {
		c.known = true
		e.unknown--
	}
}

func (e *Edge) release(c *conn) {
	e.known(c)
	e.mu.Lock()
	delete(e.conns, c)
	e.mu.Unlock()
	e.group.Done()
}

// Drain tells every browser to come back after retry, closes the connections
// and waits for them. New ones are refused.
func (e *Edge) Drain(retry time.Duration) {
	e.mu.Lock()
	e.draining = true
	for c := range e.conns {
		go c.goAway(retry)
	}
	e.mu.Unlock()
	e.group.Wait()
}
