package rooms

import (
	"context"
	"runtime/debug"
	"time"

	"overtime/internal/bus"
	"overtime/internal/meeting"
	"overtime/internal/room"
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

// actor is one live room: a mailbox, and the parts that do what the state says. All
// fields below the line belong to run's goroutine.
type actor struct {
	*env
	inbox chan func()
	done  chan struct{} // closed when run returns

	// ----

	live    *live
	out     *publisher
	media   *media
	chats   *chats
	writer  *writer
	saver   *saver
	outbox  *outbox
	clock   *sessionClock
	refused refusals

	timer     *time.Timer
	idleSince time.Time
	stopping  bool
	failed    bool // by a mistake of ours
}

func newActor(h *Host, have store.Versioned, who store.Attendance, revision uint64) *actor {
	timer := time.NewTimer(time.Hour)
	timer.Stop()
	now := h.cfg.Now()
	a := &actor{
		inbox: make(chan func(), inboxSize), done: make(chan struct{}),
		refused: refusals{byID: map[string]refused{}}, timer: timer, idleSince: now,
	}
	a.env = &env{host: h, id: have.Room.ID, epoch: have.Epoch, log: h.cfg.Logger.With("room", have.Room.ID), ctx: h.ctx, post: a.post}
	a.out = &publisher{env: a.env}
	a.media = &media{env: a.env, peers: map[string]*peer{}}
	a.live = &live{env: a.env, out: a.out, media: a.media, state: room.Open(have.Record, who, meeting.Instant(now))}
	a.media.live = a.live
	a.chats = &chats{env: a.env, live: a.live}
	a.outbox = &outbox{env: a.env, live: a.live}
	a.saver = &saver{env: a.env, live: a.live, outbox: a.outbox, revision: revision, events: who.Events}
	a.writer = &writer{env: a.env, live: a.live, outbox: a.outbox, have: have, fenced: a.restart}
	a.outbox.writer, a.outbox.saver, a.live.onAttended, a.saver.claimed = a.writer, a.saver, a.attended, a.writer.check
	a.clock = &sessionClock{env: a.env, live: a.live, writer: a.writer}
	return a
}

// asked is called by the bus, in order. The request's now is its arrival.
func (a *actor) asked(q bus.Asked) {
	now := meeting.Instant(a.host.cfg.Now())
	a.post(func() { a.handle(q, now) })
}

func (a *actor) post(f func()) {
	select {
	case a.inbox <- f:
	case <-a.done:
	}
}

func (a *actor) run(ctx context.Context) {
	ticks := time.NewTicker(recheck)
	defer ticks.Stop()
	a.do(a.live.open)
	a.do(a.outbox.collect)
	a.do(a.chats.open)
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
			a.stop()
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
			a.restart()
		}
	}()
	f()
}

// attended: somebody came, went or changed.
func (a *actor) attended() {
	a.outbox.collect()
	a.saver.save()
}

func (a *actor) stop() { a.stopping, a.writer.closed = true, true }

// restart stops the actor and sends its people to the next one.
func (a *actor) restart() {
	a.stop()
	a.out.restart()
}

// leaveBus ends the actor. Whoever still asks is told that nobody is here, and
// has the room opened anew; open waits until this one is gone.
func (a *actor) leaveBus() {
	a.timer.Stop()
	a.host.leaving(a.id)
	closed := make(chan struct{})
	a.beside(func() {
		a.out.conn.Close()
		close(closed)
	})
	for closing := true; closing || a.saver.saving; {
		select {
		case f := <-a.inbox:
			a.do(f)
		case <-closed:
			closing, closed = false, nil
		}
	}
	for len(a.inbox) > 0 {
		a.do(<-a.inbox)
	}
	if !a.failed {
		a.saver.final()
	}
	a.media.close()
	a.host.forget(a.id)
	close(a.done)
	if a.failed {
		a.host.actorFailed(a.id)
	}
}

// arm sets the timer to the next instant at which the clock has something to do. The
// ticker would find it too, up to recheck later.
func (a *actor) arm() {
	now := a.now()
	at, ok := a.live.state.NextWake(now, a.clock.busy(now))
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
	a.writer.reload()
	a.clock.advance(now)
	a.live.happen(a.live.state.Due(now)...)
	a.saver.save()
	a.outbox.passOn()
	a.outbox.sweep()
	a.stopIfIdle(now)
}

func (a *actor) stopIfIdle(now time.Time) {
	s := a.live.state
	if s.Running() != nil || len(s.Here) > 0 || len(s.Waiting) > 0 || a.writer.waits() || len(s.Saved.Outbox) > 0 || a.saver.waits() {
		a.idleSince = now
		return
	}
	if now.Sub(a.idleSince) >= idle || !s.Saved.Deleted.IsZero() {
		a.stop()
	}
}
