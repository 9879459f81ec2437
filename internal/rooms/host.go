package rooms

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/nats-io/nuid"
	"golang.org/x/sync/errgroup"

	"overtime/internal/bus"
	"overtime/internal/event"
	"overtime/internal/room"
	"overtime/internal/store"
)

// Config is what a node's rooms run on.
type Config struct {
	Node    string // this node's id, kept in its data folder
	Bus     Bus
	Store   Store
	Chats   Chats // nil: nothing is written
	Secrets Secrets
	Media   Media
	News    News // nil: nobody is told
	Logger  *slog.Logger
	// Now is the clock; nil is time.Now.
	Now func() time.Time
}

// nobody hears the news of a server without portals and audit.
type nobody struct{}

func (nobody) Pass(context.Context, event.Event) error { return nil }
func (nobody) Note(event.Event)                        {}
func (nobody) Recall(event.Event)                      {}

// Host runs the rooms of one node.
type Host struct {
	cfg   Config
	owner store.Owner
	// commands are what may be asked of a room.
	commands room.Table
	ctx      context.Context // ends with Close
	stop     context.CancelFunc
	group    sync.WaitGroup

	mu     sync.Mutex // guards what follows
	actors map[string]*opening
	failed map[string]failure
	closed bool

	stopServing func()
}

// opening is an actor that is being brought to life, or lives.
type opening struct {
	ready chan struct{} // closed once actor or err is set
	actor *actor
	err   error
	// leaving, guarded by the host's mu: the actor hears nobody any more.
	leaving bool
}

// Start takes up every session that this node's folder says is unfinished,
// then offers the node for more.
func Start(ctx context.Context, cfg Config) (*Host, error) {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.News == nil {
		cfg.News = nobody{}
	}
	h := &Host{
		cfg:      cfg,
		commands: room.NewTable(),
		owner:    store.Owner{Node: cfg.Node, Incarnation: nuid.Next()},
		actors:   map[string]*opening{},
		failed:   map[string]failure{},
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

// resumedAtOnce is how many rooms are taken up again at the same time: their claims
// are written with one sync.
const resumedAtOnce = 32

// resume opens the rooms whose session is unfinished, and those that have still
// something to tell.
func (h *Host) resume(ctx context.Context) error {
	var unfinished []string
	err := h.cfg.Store.Each(ctx, func(v store.Versioned) bool {
		if v.Session != nil && v.Session.Ending == nil || len(v.Outbox) > 0 {
			unfinished = append(unfinished, v.Room.ID)
		}
		return true
	})
	var unread store.Unread
	if errors.As(err, &unread) {
		for _, id := range unread {
			h.openLater(id, reopenPause)
		}
	}
	if errors.Is(err, store.ErrDamaged) {
		// One room that cannot be read must not keep all others down.
		h.cfg.Logger.Error("some rooms cannot be read and are left alone", "error", err)
		err = nil
	}
	if err != nil {
		return err
	}
	var opening errgroup.Group
	opening.SetLimit(resumedAtOnce)
	for _, id := range unfinished {
		opening.Go(func() error {
			if err := h.open(id); err != nil {
				h.cfg.Logger.Error("a session could not be taken up again yet", "room", id, "error", err)
				if !errors.Is(err, errFailed) {
					h.openLater(id, reopenPause) // the others go on meanwhile
				}
			}
			return nil
		})
	}
	_ = opening.Wait() // each has said its own
	if len(unfinished) > 0 {
		h.cfg.Logger.Info("rooms taken up again", "rooms", len(unfinished))
	}
	return nil
}

// errClosed is returned to who wants a room of a host that stops.
var errClosed = errors.New("rooms: the server stops")

// errFailed is returned to who wants a room whose actor failed at once.
var errFailed = errors.New("rooms: the room failed as soon as it was open; try again later")

// open returns once the room's actor listens. Concurrent calls share one.
func (h *Host) open(room string) error {
	for {
		o, mine, err := h.claim(room)
		if err != nil {
			return err
		}
		if mine {
			h.bring(room, o)
			h.group.Done()
		}
		select {
		case <-o.ready:
		case <-h.ctx.Done():
			return errClosed
		}
		if o.err != nil || !h.isLeaving(o) {
			return o.err
		}
		select {
		case <-o.actor.done:
		case <-h.ctx.Done():
			return errClosed
		}
		if mine && o.actor.failed {
			return errFailed // and would again: it is opened after a pause
		}
	}
}

// claim finds the room's opening or, if there is none, makes one that is the
// caller's to bring about, counted in group.
func (h *Host) claim(room string) (o *opening, mine bool, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return nil, false, errClosed
	}
	if o, there := h.actors[room]; there {
		return o, false, nil
	}
	o = &opening{ready: make(chan struct{})}
	h.actors[room] = o
	h.group.Add(1)
	return o, true, nil
}

// bring makes the actor of an opening.
func (h *Host) bring(room string, o *opening) {
	defer close(o.ready)
	if o.actor, o.err = h.newActor(room); o.err != nil {
		h.forget(room)
		return
	}
	h.group.Go(func() { o.actor.run(h.ctx) })
}

func (h *Host) isLeaving(o *opening) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return o.leaving
}

// leaving has whoever wants the room wait until its actor is gone.
func (h *Host) leaving(room string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.actors[room].leaving = true
}

// forget lets a later ask open the room anew.
func (h *Host) forget(room string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.actors, room)
}

// newActor claims the room for this process and listens for it.
func (h *Host) newActor(id string) (*actor, error) {
	ctx, cancel := context.WithTimeout(h.ctx, commitTimeout)
	defer cancel()
	have, err := h.cfg.Store.Load(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		return nil, bus.ErrNoRoom
	}
	if err == nil && !have.Deleted.IsZero() && len(have.Outbox) == 0 {
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
	have, who, revision, err := h.whoIsHere(ctx, have)
	if err != nil {
		return nil, err
	}
	a := newActor(h, have, who, revision)
	if a.out.conn, err = h.cfg.Bus.Listen(id, a.asked); err != nil {
		return nil, err
	}
	return a, nil
}

// whoIsHere reads who is in a room that this process has claimed. What a version before
// kept of it in the record moves out of there. Before the first session nobody was.
func (h *Host) whoIsHere(ctx context.Context, have store.Versioned) (now store.Versioned, who store.Attendance, revision uint64, err error) {
	if have.Session == nil {
		return have, who, 0, nil
	}
	who, revision, err = h.cfg.Store.Attendance(ctx, have.Room.ID)
	if errors.Is(err, store.ErrDamaged) { // people come back by what they hold
		h.cfg.Logger.Error("it cannot be read who is in a room", "room", have.Room.ID, "error", err)
		who, err = store.Attendance{Events: uint64(h.cfg.Now().UnixMilli())}, nil // numbers that nobody was told
	}
	if err != nil || !have.Any() {
		return have, who, revision, err
	}
	who = have.Record.Attendance(who)
	if revision, err = h.cfg.Store.SaveAttendance(ctx, have.Room.ID, who, revision); err != nil {
		return have, who, revision, err
	}
	now, err = h.cfg.Store.Change(ctx, have, func(r store.Record) (store.Record, error) {
		if r.Owner != h.owner {
			return r, errFenced
		}
		r.Moved = room.Moved{}
		return r, nil
	})
	return now, who, revision, err
}

// Close stops every actor; sessions go on at the next start.
func (h *Host) Close() {
	if h.stopServing != nil {
		h.stopServing()
	}
	h.mu.Lock()
	h.closed = true
	h.mu.Unlock()
	h.stop()
	h.group.Wait()
}
