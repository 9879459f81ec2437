package client

import (
	"sync/atomic"
	"time"

	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

// Session is one tab's part in one meeting: the loop, the parts that share its
// state among them, and what goes from one to another. Each part is a type with
// methods of its own; it is given what it needs of the others, and none is given
// the Session.
//
// All exported methods may be called from any goroutine and return at once.
type Session struct {
	browser     Browser
	room        string
	loop        *loop
	done        chan struct{}
	view        atomic.Pointer[View]
	zero        atomic.Pointer[time.Time] // the server's time when the session was born
	subscribers *subscribers

	// Everything below belongs to the loop.

	hooks []func() // take back what the session asked of the browser

	parts
	views     *views
	followers []follower
	audit     func(*views, View) // of a test, with each View; nil outside of one
}

// parts are what a session's state is in, all of them the loop's.
type parts struct {
	where     *standing
	link      *link
	reach     *reach
	requests  *requests
	heartbeat *heartbeat
	sequence  *sequence
	entry     *entry
	settings  *settings
	timeline  *timeline
	roster    *roster
	reactions *reactions
	chat      *chat
	devices   *devices
	media     *media
	sharing   *sharing
	stage     *stage
	announcer *announcer
	toasts    *toasts
	presses   *presses
	comings   *comings
}

// NewSession starts a tab's part in the meeting of room; b is used from many
// goroutines until Done.
func NewSession(b Browser, room string) *Session {
	return newSession(b, room, randomJitter, nil)
}

func newSession(b Browser, room string, jitter func() time.Duration, audit func(*views, View)) *Session {
	s := assembled(b, room, jitter)
	s.audit = audit
	s.publish()
	go s.run()
	return s
}

// assembled is a session that does nothing yet: its parts, each with what it needs of
// the others.
func assembled(b Browser, room string, jitter func() time.Duration) *Session {
	loop := newLoop()
	s := &Session{browser: b, room: room, loop: loop, done: make(chan struct{}), subscribers: &subscribers{bell: newBell()}}
	// Until the server has been heard the device's clock is the best guess;
	// without its monotonic part, so that arithmetic stays on local time.
	base := loop.born.Round(0).UTC()
	s.zero.Store(&base)
	s.where = &standing{phase: PhaseOpening}
	s.link = &link{loop: loop, dialer: b.Dialer, jitter: jitter, state: LinkGood}
	s.requests = &requests{loop: loop, link: s.link, prefix: randomPrefix()}
	s.toasts = &toasts{brief: brief[Toast]{loop: loop, most: toastMost}}
	s.presses = &presses{where: s.where, reachable: s.link.good, requests: s.requests, news: s.toasts, later: loop.inbox.put}
	s.comings = &comings{loop: loop}

	s.settings = &settings{loop: loop, page: b.Page, news: s.toasts}
	s.roster = &roster{news: s.toasts, comings: s.comings}
	s.reactions = &reactions{brief: brief[Reaction]{loop: loop, most: reactionsMost}, presses: s.presses}
	s.chat = &chat{
		loop: loop, requests: s.requests, presses: s.presses, tab: b.Tab, room: s.room,
		you: func() protocol.Person { return s.roster.you }, hidden: b.Page.Hidden,
	}
	s.timeline = &timeline{loop: loop, now: s.Now, room: s.settings, presses: s.presses, news: s.toasts, where: s.where}

	joined := func() bool { return s.link.joined }
	s.sequence = &sequence{loop: loop, anew: s.link.connect}
	s.stage = &stage{loop: loop, roster: s.roster, heard: map[string]int{}}
	s.announcer = &announcer{
		loop: loop, requests: s.requests,
		inside:   func() bool { return s.link.joined && s.where.inRoom() },
		settled:  func() bool { return s.media.settled },
		sources:  s.sources,
		pictures: s.stage.pictures,
		refused:  func() { s.sharing.refused() },
	}
	s.stage.changed = s.announcer.show
	s.media = &media{loop: loop, peers: b.Peers, requests: s.requests, joined: joined, show: s.announcer.show, afresh: s.announcer.afresh}
	s.heartbeat = &heartbeat{loop: loop, requests: s.requests, joined: joined, retell: s.announcer.all, know: func(zero time.Time) { s.zero.Store(&zero) }}
	s.devices = &devices{
		loop: loop, captures: b.Devices, secure: b.Page.Secure, sendable: b.Peers.Supported, tab: b.Tab, local: b.Local, room: s.room,
		off: s.where.final, barred: func() bool { return s.entry.theRole() == meeting.RoleViewer },
		send: s.media.send, changed: s.announcer.sending,
	}
	s.devices.microphone, s.devices.camera = both()
	s.sharing = &sharing{
		loop: loop, screens: b.Screens, news: s.toasts, send: s.media.send, changed: s.announcer.sending,
		may: func() bool { return s.where.inRoom() && sharesScreen(s.settings.room, s.roster.you.Role) },
	}
	s.entry = &entry{
		loop: loop, link: s.link, requests: s.requests, where: s.where, news: s.toasts, room: s.settings, timeline: s.timeline, local: b.Local,
		you: func() protocol.Person { return s.roster.you }, greet: s.greet, heard: s.heartbeat.heard,
		welcome: s.welcome, forget: s.forget, ready: s.devices.ready, steer: s.devices.steer, end: s.shut,
	}
	s.reach = &reach{api: b.API, hopeless: s.entry.unreachable, loop: loop}
	s.link.opened, s.link.received, s.link.hungUp, s.link.failed = s.opened, s.received, s.hungUp, s.unopened
	s.link.noSocket = func() { s.entry.stop(Trouble{Code: TroubleNoSocket}) }
	s.link.off, s.link.late, s.link.tooLate, s.link.closed = s.where.final, s.timeline.pastEnd, s.entry.tooLate, s.entry.closed
	s.views = &views{parts: &s.parts, pictures: b.Stage, nothing: emptyLayout()}
	s.followers = newFollowers(b)
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
func (s *Session) Now() time.Time { return s.zero.Load().Add(s.loop.local()) }

// Local is t as clocks where this tab is show it.
func (s *Session) Local(t time.Time) time.Time {
	if s.browser.Zone == nil {
		return t.Local()
	}
	return s.browser.Zone.Local(t)
}

// Do has the session do what is wanted.
func (s *Session) Do(i Intent) { s.loop.post(func() { i.do(s) }) }

// Close ends everything that the session started: connection, peer, captures,
// goroutines. The server is not told that the person left, but is if Leave was
// wanted before. Close may be called
// where nothing may wait (in a browser's event handler), so it returns at once;
// Done tells when all is gone.
func (s *Session) Close() { s.loop.inbox.put(s.shut) }

// Done is closed when nothing of a closed session is left.
func (s *Session) Done() <-chan struct{} { return s.done }

func (s *Session) run() {
	defer close(s.done)
	notified := make(chan struct{})
	go func() {
		defer close(notified)
		s.subscribers.run(s.view.Load, s.loop.ctx.Done())
	}()
	s.start()
	s.publish()
	s.loop.run(s.publish)
	<-notified
}

// start reads what the address and the tab know, and begins.
func (s *Session) start() {
	post := s.loop.post
	s.hooks = append(s.hooks,
		s.browser.Page.OnWake(func() { post(s.woke) }),
		s.browser.Devices.OnChange(func() { post(s.devices.plugged) }),
		s.browser.Stage.OnSoundBlocked(func() { post(func() {}) }),
		s.browser.Controls.OnAction(func(a MediaAction) { act(s.Do, a) }),
	)
	s.entry.ticket, s.entry.typed = readTicket(s.browser, s.room), s.browser.Local.Get(keyName)
	s.devices.recall()
	s.entry.open()
}

// shut lets go of everything, as soon as the server has heard a farewell. The
// loop runs on until the slow things have brought what they were at, which the
// new generations then release.
func (s *Session) shut() {
	if s.loop.closing || !s.entry.shut() {
		return
	}
	s.loop.close()
	for _, unhook := range s.hooks {
		unhook()
	}
	for _, f := range s.followers {
		f(View{})
	}
}

// publish makes the state a new View if it looks different from the last one.
func (s *Session) publish() {
	if s.loop.closing {
		return
	}
	next := s.views.view()
	if s.audit != nil {
		s.audit(s.views, next)
	}
	if last := s.view.Load(); last == nil || *last != next {
		s.view.Store(&next)
		s.subscribers.ring()
		for _, f := range s.followers {
			f(next)
		}
	}
	s.timeline.awaitMoment()
}
