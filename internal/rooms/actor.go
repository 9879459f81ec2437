package rooms

import (
	"context"
	"log/slog"
	"runtime/debug"
	"time"

	"overtime/internal/bus"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
	"overtime/internal/store"
)

const (
	// recheck is how often deadlines are compared with the clock whatever the
	// timer says: a timer does not see the machine sleep or its clock change.
	recheck = 250 * time.Millisecond
	// idle is how long an actor without people and session stays.
	idle = time.Minute
	// commitTimeout bounds one change, retries and all.
	commitTimeout = 15 * time.Second
	// inboxSize bounds what may wait for an actor; the bus holds the rest back.
	inboxSize = 256
)

// actor is one live room. All fields below the line belong to run's goroutine.
type actor struct {
	host  *Host
	id    string
	log   *slog.Logger
	line  RoomConn
	inbox chan func()
	done  chan struct{} // closed when run returns
	ctx   context.Context
	epoch uint64
	began time.Time // by the clock of meetings

	// ----

	have     store.Versioned // the newest record this actor knows of
	commits  []commit        // waiting for their outcome, in order
	writing  bool            // the first of them is being written
	stale    bool            // a write's outcome is unknown: read again
	advances bool            // an advance waits among the commits
	// advanceAgain is when one that failed is tried again: its instant has come,
	// so the timer would not wait.
	advanceAgain  time.Time
	unadvancedLog time.Time // no line about it before

	seq         uint64 // of the last numbered event
	people      roster
	owed        []attendance // who came and went, as the record does not say yet
	settling    bool         // a change for their sake is among the commits
	settleAgain time.Time    // not before
	settledAt   time.Time    // when some of it was saved last
	onePiece    int          // so much of it at most goes into one change
	failing     bool         // the last write could not be made
	waiting     waitingRoom
	gone        map[string]bool // connections that ended while a change waits
	refused     refusals

	passing   bool   // an event is being passed on
	passed    uint64 // the number of the last event that was
	passAgain time.Time

	media    MediaRoom // nil while nobody is here
	speaking []string

	timer     *time.Timer
	idleSince time.Time
	stopping  bool
	failed    bool // by a mistake of ours
}

func newActor(h *Host, have store.Versioned) *actor {
	timer := time.NewTimer(time.Hour)
	timer.Stop()
	return &actor{
		host:      h,
		id:        have.Room.ID,
		log:       h.cfg.Logger.With("room", have.Room.ID),
		inbox:     make(chan func(), inboxSize),
		done:      make(chan struct{}),
		epoch:     have.Epoch,
		began:     h.cfg.Now(),
		have:      have,
		gone:      map[string]bool{},
		refused:   refusals{byID: map[string]refused{}},
		onePiece:  maxPiece,
		timer:     timer,
		idleSince: h.cfg.Now(),
	}
}

// asked is called by the bus, in order. The request's now is its arrival.
func (a *actor) asked(q bus.Asked) {
	now := meeting.Instant(a.host.cfg.Now())
	a.post(func() { a.handle(q, now) })
}

// post has f run on the actor's goroutine; after the actor's end it does nothing.
func (a *actor) post(f func()) {
	select {
	case a.inbox <- f:
	case <-a.done:
	}
}

func (a *actor) run(ctx context.Context) {
	a.ctx = ctx
	ticks := time.NewTicker(recheck)
	defer ticks.Stop()
	a.do(a.restore)
	a.do(a.tick)
	for !a.stopping {
		a.arm()
		select {
		case f := <-a.inbox:
			a.do(f)
		case <-a.timer.C:
			a.do(a.tick)
		case <-ticks.C:
			a.do(a.tick)
		case <-ctx.Done():
			a.stopping = true
		}
	}
	a.leaveBus()
}

// do runs f. A mistake of ours in one room must not end every meeting: its
// actor stops, and a new one takes up what the store holds.
func (a *actor) do(f func()) {
	defer func() {
		if v := recover(); v != nil {
			a.log.Error("the room's actor failed and is made anew", "error", v, "stack", string(debug.Stack()))
			a.failed = true
			a.letGo()
		}
	}()
	f()
}

// letGo stops the actor and sends its people to the next one.
func (a *actor) letGo() {
	a.stopping = true
	a.line.Publish(bus.Delivery{Kind: bus.KindEvent, Close: protocol.CloseRestart})
}

// leaveBus ends the actor. Whoever still asks is told that nobody is here, and
// has the room opened anew; open waits until this one is gone.
func (a *actor) leaveBus() {
	a.timer.Stop()
	a.host.leaving(a.id)
	closed := make(chan struct{})
	a.host.group.Go(func() {
		a.line.Close()
		close(closed)
	})
	for closing := true; closing; {
		select {
		case f := <-a.inbox:
			a.do(f)
		case <-closed:
			closing = false
		}
	}
	for len(a.inbox) > 0 {
		a.do(<-a.inbox)
	}
	if a.media != nil {
		a.media.Close()
	}
	a.host.forget(a.id)
	close(a.done)
	if a.failed {
		a.host.actorFailed(a.id)
	}
}

// now is the instant the rules are asked at.
func (a *actor) now() time.Time { return meeting.Instant(a.host.cfg.Now()) }

// running is the session, nil if there is none or it has ended.
func (a *actor) running() *meeting.Session {
	if s := a.have.Session; s != nil && s.Ending == nil {
		return s
	}
	return nil
}

// arm sets the timer to the next instant at which the rules have something to
// do. The ticker would find it too, up to recheck later.
func (a *actor) arm() {
	s := a.running()
	if s == nil || a.advances || a.now().Before(a.advanceAgain) {
		a.timer.Stop()
		return
	}
	at, ok := s.NextWake(a.have.Room, a.now())
	if !ok {
		a.timer.Stop()
		return
	}
	a.timer.Reset(max(at.Sub(a.host.cfg.Now()), 0))
}

// tick does what is due by the clock. Requests that arrived before are heard
// first: their now is their arrival.
func (a *actor) tick() {
	for n := len(a.inbox); n > 0; n-- {
		(<-a.inbox)()
	}
	if a.stopping {
		return
	}
	now := a.now()
	if a.stale {
		a.reload()
	}
	a.advance(now)
	a.dropLost(now)
	a.settle()
	a.passOn()
	a.sweep()
	a.stopIfIdle(now)
}

func (a *actor) stopIfIdle(now time.Time) {
	if a.running() != nil || len(a.people.list) > 0 || len(a.waiting.list) > 0 || len(a.commits) > 0 || len(a.have.Outbox) > 0 {
		a.idleSince = now
		return
	}
	if now.Sub(a.idleSince) >= idle || !a.have.Deleted.IsZero() {
		a.stopping = true
	}
}

// delivery stamps a message; a numbered event takes the next number.
func (a *actor) delivery(kind bus.Kind, id string, m protocol.ServerMessage) bus.Delivery {
	f := protocol.ServerFrame{ID: id, Epoch: a.epoch, Message: m}
	if f.Event() {
		a.seq++
	}
	f.Seq = a.seq
	return bus.Delivery{Kind: kind, Frame: f.Encode(), Epoch: f.Epoch, Seq: f.Seq}
}

// closing is d after which the connection closes.
func closing(d bus.Delivery, code protocol.CloseCode) bus.Delivery {
	d.Close = code
	return d
}

func (a *actor) publish(m protocol.ServerMessage) {
	a.line.Publish(a.delivery(bus.KindEvent, "", m))
}

// push sends to the connection of p, if there is one.
func (a *actor) push(p *person, m protocol.ServerMessage) {
	if p.conn != "" {
		a.line.Push(p.conn, a.delivery(bus.KindPush, "", m))
	}
}
