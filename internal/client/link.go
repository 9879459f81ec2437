package client

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"overtime/internal/protocol"
)

const (
	dialLimit = 10 * time.Second
	// waitingFrames may wait for a slow network before the connection counts as
	// lost.
	waitingFrames = 64
	// steadyAfter is how long a connection must have worked for the back-off
	// to start over: a server that answers and then hangs up each time is not
	// called without a pause.
	steadyAfter = 3 * time.Second
)

// backOff is how long to wait before each attempt to connect; the last holds
// for all that follow. From the third on, up to a second of jitter is added,
// so that a crowd does not come back at once.
var backOff = []time.Duration{
	0, 300 * time.Millisecond, 1200 * time.Millisecond, 2700 * time.Millisecond, 4800 * time.Millisecond, 7 * time.Second,
}

// lateTries is how often a connection is tried in a row once the scheduled end
// has passed, which takes some five minutes. Until then it is tried for ever:
// who comes back in time has missed nothing.
const lateTries = 40

// unheardTries is how often in a row a connection that was closed for want of a
// hello is made again before the token is believed to be bad: a slow machine or
// network is no reason to deny anybody.
const unheardTries = 4

func randomJitter() time.Duration { return rand.N(time.Second) }

// link is the connection to the server. There is one at most, or one attempt
// at one, or an alarm for the next attempt.
type link struct {
	loop   *loop
	dialer Dialer
	jitter func() time.Duration

	state  Link
	gen    uint64 // counts connections and attempts; what older ones bring is dropped
	conn   Conn
	end    context.CancelFunc // of the attempt or connection
	out    chan []byte
	joined bool // this connection had its Welcome
	peeked bool // this connection had a RoomState

	heard   time.Duration // local, of the last frame
	proven  time.Duration // local, when the last request that was answered was sent
	left    time.Duration // local, when the server surely had this tab in the room, before this connection
	steady  time.Duration // local, since when the server answers here; 0: not yet
	attempt int           // failures since a connection was last steady
	lates   int           // failures in a row after the scheduled end
	unheard int           // connections in a row that were closed for want of a hello
	why     Trouble       // the server answers, and has this tab try again; zero: it does not answer
	retry   alarm         // for the next attempt

	notBefore time.Duration // local; the server asked for no attempt before

	// Who is told what.

	opened   func()                     // there is a connection
	received func(protocol.ServerFrame) // over it
	hungUp   func()                     // the connection, or the attempt at one, is gone
	failed   func()                     // an attempt came to nothing, and another is planned
	noSocket func()                     // no attempt can ever come to anything
	// off reports whether no connection is wanted any more.
	off func() bool
	// late reports whether the scheduled end has passed; tooLate is told when
	// there were enough attempts after it.
	late    func() bool
	tooLate func()
	// closed is told a code that says not to come back.
	closed func(protocol.CloseCode)
}

// start forgets how it went so far.
func (l *link) start() {
	l.state, l.attempt, l.lates, l.unheard = LinkGood, 0, 0, 0
}

func (l *link) connected() bool { return l.conn != nil }

// good reports whether the server can be reached, as far as is known.
func (l *link) good() bool { return l.state == LinkGood }

// waits reports whether another attempt is planned.
func (l *link) waits() bool { return l.retry.waits() }

// proved is told when a request was sent that has been answered.
func (l *link) proved(sent time.Duration) { l.proven = sent }

// connect drops what there is and dials.
func (l *link) connect() {
	l.hangUp()
	ctx, cancel := context.WithTimeout(l.loop.ctx, dialLimit)
	gen := l.gen
	l.end = cancel
	l.loop.work(func() func() {
		defer cancel()
		conn, err := l.dialer.Dial(ctx)
		return func() { l.dialed(gen, conn, err) }
	})
}

func (l *link) dialed(gen uint64, conn Conn, err error) {
	switch {
	case gen != l.gen:
		if err == nil {
			conn.Close()
		}
	case errors.Is(err, ErrNoSocket):
		l.noSocket()
	case err != nil:
		l.lost(err)
		l.failed()
	default:
		l.talk(conn)
		l.opened()
	}
}

// talk starts a reader and a writer for conn; each ends with it.
func (l *link) talk(conn Conn) {
	ctx, cancel := context.WithCancel(l.loop.ctx)
	gen, out := l.gen, make(chan []byte, waitingFrames)
	l.conn, l.out, l.end, l.heard = conn, out, cancel, l.loop.local()
	l.loop.work(func() func() {
		for {
			text, err := conn.Read(ctx)
			if err != nil {
				return func() { l.dropped(gen, err) }
			}
			l.loop.post(func() { l.frame(gen, text) })
		}
	})
	l.loop.work(func() func() {
		for {
			select {
			case text := <-out:
				err := conn.Write(ctx, text)
				if _, closed := errors.AsType[*Closed](err); closed {
					return nil // the reader says so as well, after the frames that came before
				}
				if err != nil {
					return func() { l.dropped(gen, err) }
				}
			case <-ctx.Done():
				return nil
			}
		}
	})
}

// frame takes a frame in. One whose message this program does not know is of a newer
// server, and has none; one that it cannot read at all is passed over.
func (l *link) frame(gen uint64, text []byte) {
	if gen != l.gen {
		return
	}
	l.heard = l.loop.local()
	f, err := protocol.DecodeServer(text)
	unread, is := errors.AsType[*protocol.DecodeError](err)
	if err == nil || is && unread.Code == protocol.CodeUnknownType && f.ID == "" {
		l.received(f)
	}
}

// send writes a frame. A connection that takes no more counts as lost.
func (l *link) send(f protocol.ClientFrame) {
	if l.conn == nil {
		return
	}
	select {
	case l.out <- f.Encode():
	default:
		l.lost(nil)
	}
}

// hangUp ends the connection or the attempt from this side, and plans nothing.
func (l *link) hangUp() {
	l.gen++
	if l.steady != 0 && l.loop.local()-l.steady >= steadyAfter {
		l.attempt = 0
	}
	l.steady = 0
	l.loop.unset(&l.retry)
	if l.end != nil {
		l.end()
	}
	if l.joined {
		// Not when the last frame was heard: in a page that slept, frames wait.
		l.left = l.proven
	}
	if l.conn != nil {
		l.conn.Close()
	}
	l.conn, l.end, l.out = nil, nil, nil
	l.joined, l.peeked = false, false
	l.hungUp()
}

// dropped is the end of a connection as its reader or writer saw it.
func (l *link) dropped(gen uint64, err error) {
	if gen == l.gen {
		l.lost(err)
	}
}

// lost is called when the connection, or an attempt at one, is no good; err
// says how it ended if the other side said so. Unless the server wants this
// tab no more, another attempt is planned. Media is left alone.
func (l *link) lost(err error) {
	peeked := l.peeked
	l.why = Trouble{}
	l.hangUp()
	if l.off() {
		return
	}
	if closed, said := errors.AsType[*Closed](err); said && !l.mayReturn(closed.Code, peeked) {
		l.closed(closed.Code)
		return
	}
	l.retryLater()
}

// mayReturn reports whether a connection that was closed with a code is worth
// another.
func (l *link) mayReturn(code protocol.CloseCode, peeked bool) bool {
	switch {
	case code.Retry(), code == protocol.CloseOver, code == protocol.CloseNormal:
		return true // the next answer has the facts; nobody here said goodbye
	case code == protocol.CloseBadToken && (peeked || l.unheard < unheardTries):
		l.unheard++
		return true // a bad token is answered: this server waited in vain for a word
	}
	return false
}

// busy has this tab try again later: the server can be reached, and why is what
// it says.
func (l *link) busy(why Trouble) {
	l.lost(nil)
	l.why = why
}

func (l *link) retryLater() {
	l.state = LinkReconnecting
	if l.late() {
		l.lates++
	}
	if l.lates > lateTries {
		l.tooLate()
		return
	}
	delay := backOff[min(l.attempt, len(backOff)-1)]
	if l.attempt >= 2 {
		delay += l.jitter()
	}
	l.attempt++
	l.loop.set(&l.retry, max(delay, l.notBefore-l.loop.local()), l.connect)
}

// answered ends the back-off, once the connection has been steady.
func (l *link) answered() {
	if l.steady == 0 {
		l.steady = l.loop.local()
	}
	l.notBefore, l.lates, l.unheard = 0, 0, 0
	l.state, l.why = LinkGood, Trouble{}
}

// away comes back when the server said it can be.
func (l *link) away(after time.Duration) {
	l.notBefore = l.loop.local() + after
	l.loop.set(&l.retry, after, l.connect)
}
