package client

import (
	"context"
	"sync/atomic"
	"time"
)

// Session is one tab's part in one meeting. One goroutine, the loop, owns all
// of its state: whatever happens (an intent, a frame, a timer, the result of
// something slow) is a func in the inbox, and the loop runs them one by one.
// Slow things run in goroutines of their own, called workers; their results
// carry the generation they were started in, and the loop lets go of what a
// stale one brings.
//
// All exported methods may be called from any goroutine and return at once.
type Session struct {
	browser Browser
	room    string
	jitter  func() time.Duration

	inbox       *inbox
	ctx         context.Context // of all workers; ends with the session
	cancel      context.CancelFunc
	done        chan struct{}
	born        time.Time // zero of the local, monotonic time; see local
	view        atomic.Pointer[View]
	zero        atomic.Pointer[time.Time] // the server's time when the session was born
	subscribers *subscribers

	// Everything below belongs to the loop.

	closing bool
	workers int // goroutines whose result is still to come
	alarms  map[*alarm]struct{}
	hooks   []func() // take back what the session asked of the browser

	phase      Phase
	trouble    Trouble
	ticket     ticket
	link       link
	reach      reach
	requests   requests
	clock      clock
	pulse      pulse
	lobby      lobby
	place      place
	slots      slots
	notice     notice
	moderation moderation
	devices    devices
	media      media
	toasts     toasts
	comings    comings
	followers  []follower
}

// NewSession starts a tab's part in the meeting of room; b is used from many
// goroutines until Done.
func NewSession(b Browser, room string) *Session {
	return newSession(b, room, randomJitter)
}

func newSession(b Browser, room string, jitter func() time.Duration) *Session {
	ctx, cancel := context.WithCancel(context.Background())
	s := &Session{
		browser: b, room: room, jitter: jitter,
		inbox: newInbox(), ctx: ctx, cancel: cancel, done: make(chan struct{}), born: time.Now(),
		subscribers: newSubscribers(),
		alarms:      map[*alarm]struct{}{},
		phase:       PhaseOpening,
	}
	// Until the server has been heard the device's clock is the best guess;
	// without its monotonic part, so that arithmetic stays on local time.
	base := s.born.Round(0).UTC()
	s.zero.Store(&base)
	s.link.state = LinkGood
	s.requests.prefix = randomPrefix()
	s.reach = reach{ask: askReach(b.API), hopeless: s.unreachable, work: s.work, ctx: ctx}
	s.devices = newDevices()
	s.followers = newFollowers(b)
	s.comings.after = s.set
	s.publish()
	go s.run()
	return s
}

// View is the newest view.
func (s *Session) View() View { return *s.view.Load() }

// Subscribe calls f at once with the present view and then, whenever it
// changed, with the newest one; views that were overtaken are left out. All
// calls of a session come from one goroutine, in order. After stop returned no
// further call starts; stop does not wait for one that runs, so f may call it.
func (s *Session) Subscribe(f func(View)) (stop func()) {
	return s.subscribers.add(f)
}

// Now is the server's time as well as it is known.
func (s *Session) Now() time.Time { return s.zero.Load().Add(s.local()) }

// Local is t as clocks where this tab is show it.
func (s *Session) Local(t time.Time) time.Time {
	if s.browser.Zone == nil {
		return t.Local()
	}
	return s.browser.Zone.Local(t)
}

// Close ends everything that the session started: connection, peer, captures,
// goroutines. The server is not told that the person left, but is if Leave was
// called before. Close may be called
// where nothing may wait (in a browser's event handler), so it returns at once;
// Done tells when all is gone.
func (s *Session) Close() { s.inbox.put(s.shut) }

// Done is closed when nothing of a closed session is left.
func (s *Session) Done() <-chan struct{} { return s.done }

// local is the time since the session was born, by the monotonic clock: it
// runs on evenly when somebody sets the device's clock.
func (s *Session) local() time.Duration { return time.Since(s.born) }

func (s *Session) run() {
	defer close(s.done)
	announced := make(chan struct{})
	go func() {
		defer close(announced)
		s.subscribers.run(s.view.Load, s.ctx.Done())
	}()
	s.start()
	s.publish()
	for !s.closing || s.workers > 0 {
		<-s.inbox.bell
		for _, f := range s.inbox.take() {
			f()
		}
		s.publish()
	}
	<-announced
}

// start reads what the address and the tab know, and begins.
func (s *Session) start() {
	s.hooks = append(s.hooks,
		s.browser.Page.OnWake(func() { s.post(s.woke) }),
		s.browser.Devices.OnChange(func() { s.post(s.devicesChanged) }),
		s.browser.Stage.OnSoundBlocked(func() { s.post(func() {}) }),
		s.browser.Controls.OnAction(func(a MediaAction) { act(s.Do, a) }),
	)
	s.ticket = readTicket(s.browser, s.room)
	s.recallDevices()
	s.lobby.typed = s.browser.Local.Get(keyName)
	s.open()
}

// shut lets go of everything. The loop runs on until the workers have brought
// what they were at, which the new generations then release.
func (s *Session) shut() {
	if s.closing {
		return
	}
	if s.link.parting { // for a moment: the server is to hear that the person left
		s.link.closeAfter = true
		return
	}
	s.retire(PhaseLeft, Trouble{}) // not published, and the tab keeps the way back
	s.hangUp()
	s.closing = true
	s.cancel()
	for a := range s.alarms {
		s.unset(a)
	}
	for _, unhook := range s.hooks {
		unhook()
	}
	for _, f := range s.followers {
		f.end()
	}
}

// post has the loop run f, unless the session is closing by then.
func (s *Session) post(f func()) {
	s.inbox.put(func() {
		if !s.closing {
			f()
		}
	})
}

// work runs slow in a goroutine of its own; the loop then runs what it
// returned, even while closing, so that what slow got can be let go.
func (s *Session) work(slow func() (then func())) {
	s.workers++
	go func() {
		then := slow()
		s.inbox.put(func() {
			s.workers--
			if then != nil {
				then()
			}
		})
	}()
}

// publish makes the state a new View if it looks different from the last one.
// Comparing costs some microseconds and cannot forget a change, as marking
// each could.
func (s *Session) publish() {
	if s.closing {
		return
	}
	next := s.buildView()
	last := s.view.Load()
	if last != nil {
		next.keep(last)
	}
	if last == nil || next != *last {
		s.view.Store(&next)
		s.subscribers.ring()
		for _, f := range s.followers {
			f.follow(next)
		}
	}
	s.awaitMoment()
}
