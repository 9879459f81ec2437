package rooms

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/nats-io/nuid"

	"overtime/internal/bus"
	"overtime/internal/meeting"
	"overtime/internal/store"
)

// Config is what a node's rooms run on.
type Config struct {
	Node    string // this node's id, kept in its data folder
	Bus     Bus
	Store   Store
	Secrets Secrets
	Media   Media
	Logger  *slog.Logger
	// Now is the clock; nil is time.Now.
	Now func() time.Time
	// MaxPeople in one room; 0 is DefaultMaxPeople.
	MaxPeople int
}

// DefaultMaxPeople is how many people a room takes.
const DefaultMaxPeople = 50

// Host runs the rooms of one node.
type Host struct {
	cfg   Config
	owner store.Owner
	ctx   context.Context // ends with Close
	stop  context.CancelFunc
	group sync.WaitGroup

	mu     sync.Mutex // guards actors
	actors map[string]*opening

	stopServing func()
}

// opening is an actor that is being brought to life, or lives.
type opening struct {
	ready chan struct{} // closed once actor or err is set
	actor *actor
	err   error
}

// Start takes up every session that this node's folder says is unfinished,
// then offers the node for more.
func Start(ctx context.Context, cfg Config) (*Host, error) {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.MaxPeople == 0 {
		cfg.MaxPeople = DefaultMaxPeople
	}
	h := &Host{
		cfg:    cfg,
		owner:  store.Owner{Node: cfg.Node, Incarnation: nuid.Next()},
		actors: map[string]*opening{},
	}
	h.ctx, h.stop = context.WithCancel(context.WithoutCancel(ctx))
	if err := h.resume(ctx); err != nil {
		h.Close()
		return nil, err
	}
	stop, err := cfg.Bus.ServeOpen(h.open)
	if err != nil {
		h.Close()
		return nil, err
	}
	h.stopServing = stop
	return h, nil
}

// resume opens the rooms whose session is unfinished, and keeps ledgers of
// finished ones that a crash may have left out.
func (h *Host) resume(ctx context.Context) error {
	var unfinished, finished []store.Record
	err := h.cfg.Store.Each(ctx, func(v store.Versioned) bool {
		switch s := v.Session; {
		case s == nil:
		case s.Ending == nil:
			unfinished = append(unfinished, v.Record)
		default:
			finished = append(finished, v.Record)
		}
		return true
	})
	if err != nil {
		return err
	}
	for _, r := range unfinished {
		if err := h.open(r.Room.ID); err != nil {
			return err
		}
	}
	if len(unfinished) > 0 {
		h.cfg.Logger.Info("sessions taken up again", "rooms", len(unfinished))
	}
	h.group.Go(func() {
		for _, r := range finished {
			h.saveLedger(r.Room.ID, *r.Session)
		}
	})
	return nil
}

// open returns once the room's actor listens. Concurrent calls share one.
func (h *Host) open(room string) error {
	h.mu.Lock()
	o, there := h.actors[room]
	if !there {
		o = &opening{ready: make(chan struct{})}
		h.actors[room] = o
	}
	h.mu.Unlock()
	if there {
		select {
		case <-o.ready:
			return o.err
		case <-h.ctx.Done():
			return h.ctx.Err()
		}
	}
	o.actor, o.err = h.newActor(room)
	if o.err != nil {
		h.forget(room)
	} else {
		h.group.Go(func() {
			o.actor.run(h.ctx)
		})
	}
	close(o.ready)
	return o.err
}

// forget lets a later ask open the room anew.
func (h *Host) forget(room string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.actors, room)
}

// newActor claims the room for this process and listens for it.
func (h *Host) newActor(room string) (*actor, error) {
	ctx, cancel := context.WithTimeout(h.ctx, commitTimeout)
	defer cancel()
	have, err := h.cfg.Store.Load(ctx, room)
	if errors.Is(err, store.ErrNotFound) {
		return nil, bus.ErrNoRoom
	}
	if err != nil {
		return nil, err
	}
	have, err = h.cfg.Store.Change(ctx, have, func(r store.Record) (store.Record, error) {
		r.Epoch++
		r.Owner = h.owner
		return r, nil
	})
	if err != nil {
		return nil, err
	}
	a := newActor(h, have)
	if a.line, err = h.cfg.Bus.Listen(room, a.asked); err != nil {
		return nil, err
	}
	return a, nil
}

// saveLedger keeps a finished session, trying until it is kept or the host
// stops; the next start tries again.
func (h *Host) saveLedger(room string, session meeting.Session) {
	for {
		err := h.cfg.Store.SaveLedger(h.ctx, room, session)
		if err == nil || h.ctx.Err() != nil {
			return
		}
		h.cfg.Logger.Warn("a ledger could not be kept yet", "room", room, "error", err)
		select {
		case <-h.ctx.Done():
		case <-time.After(time.Second):
		}
	}
}

// Close stops every actor; sessions go on at the next start.
func (h *Host) Close() {
	if h.stopServing != nil {
		h.stopServing()
	}
	h.stop()
	h.group.Wait()
}
