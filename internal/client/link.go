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
	// outgoing frames that may wait for a slow network before the connection
	// counts as lost.
	outgoing = 64
	// steadyAfter is how long a connection must have worked for the back-off
	// to start over: a server that answers and then hangs up each time is not
	// called without a pause.
	steadyAfter = 3 * time.Second
	// refreshEvery is the least time between two snapshots that were asked for
	// because an event did not come.
	refreshEvery = 3 * time.Second
	// eventPatience is how long an event may come later than an answer that
	// was made after it.
	eventPatience = 3 * time.Second
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
// network is no reason to turn somebody away.
const unheardTries = 4

func randomJitter() time.Duration { return rand.N(time.Second) }

// link is the connection to the server. There is one at most, or one attempt
// at one, or an alarm for the next attempt.
type link struct {
	state    Link
	gen      uint64 // counts connections and attempts; what older ones bring is dropped
	conn     Conn
	end      context.CancelFunc // of the attempt or connection
	out      chan []byte
	joined   bool // this connection had its Welcome
	peeked   bool // this connection had a RoomState
	greeting bool // a hello over this connection has no answer yet
	admitted bool // one was let in while a hello was under way

	parting    bool          // it lives on for the server's answer to a farewell
	closeAfter bool          // the session ends with it
	heard      time.Duration // local, of the last frame
	proven     time.Duration // local, when the last request that was answered was sent
	left       time.Duration // local, when the server surely had this tab in the room, before this connection
	steady     time.Duration // local, since when the server answers here; 0: not yet
	attempt    int           // failures since a connection was last steady
	late       int           // failures in a row after the scheduled end
	unheard    int           // connections in a row that were closed for want of a hello
	why        Trouble       // the server answers, and has this tab try again; zero: it does not answer
	retry      alarm         // for the next attempt, or for giving up on a farewell

	notBefore time.Duration // local; the server asked for no attempt before
	refreshed time.Duration // local, of the last refresh
	behind    alarm
}

// connect drops what there is and dials.
func (s *Session) connect() {
	s.hangUp()
	ctx, cancel := context.WithTimeout(s.ctx, dialLimit)
	gen := s.link.gen
	s.link.end = cancel
	s.work(func() func() {
		defer cancel()
		conn, err := s.browser.Dialer.Dial(ctx)
		return func() { s.dialed(gen, conn, err) }
	})
}

func (s *Session) dialed(gen uint64, conn Conn, err error) {
	switch {
	case gen != s.link.gen:
		if err == nil {
			conn.Close()
		}
	case errors.Is(err, ErrNoSocket):
		s.retire(PhaseClosed, Trouble{Code: TroubleNoSocket})
		s.hangUp()
	case err != nil:
		s.lost(err)
		if s.reach.failed(); s.reach.blocked() {
			s.link.why = Trouble{Code: TroubleBlocked}
		}
	default:
		s.reach.opened = true
		s.talk(conn)
		s.hail()
	}
}

// talk starts a reader and a writer for conn; each ends with it.
func (s *Session) talk(conn Conn) {
	ctx, cancel := context.WithCancel(s.ctx)
	gen, out := s.link.gen, make(chan []byte, outgoing)
	s.link.conn, s.link.out, s.link.end, s.link.heard = conn, out, cancel, s.local()
	s.work(func() func() {
		for {
			text, err := conn.Read(ctx)
			if err != nil {
				return func() { s.dropped(gen, err) }
			}
			s.post(func() { s.received(gen, text) })
		}
	})
	s.work(func() func() {
		for {
			select {
			case text := <-out:
				if err := conn.Write(ctx, text); err != nil {
					return func() { s.unwritten(gen, err) }
				}
			case <-ctx.Done():
				return nil
			}
		}
	})
}

// send writes a frame. A connection that takes no more counts as lost.
func (s *Session) send(f protocol.ClientFrame) {
	if s.link.conn == nil {
		return
	}
	select {
	case s.link.out <- f.Encode():
	default:
		s.lost(nil)
	}
}

// hail says what this tab wants of a connection that was just made.
func (s *Session) hail() {
	if s.ticket.resume != "" || s.phase == PhaseJoining || s.phase == PhaseWaiting || s.phase == PhaseRoom {
		s.hello()
		return
	}
	s.peek()
}

// hangUp ends the connection or the attempt from this side, and plans nothing.
func (s *Session) hangUp() {
	s.link.gen++
	if s.link.steady != 0 && s.local()-s.link.steady >= steadyAfter {
		s.link.attempt = 0
	}
	s.link.steady = 0
	s.unset(&s.link.retry)
	s.unset(&s.link.behind)
	s.unset(&s.pulse.next)
	s.unset(&s.lobby.again)
	if s.link.end != nil {
		s.link.end()
	}
	if s.link.joined {
		// Not when the last frame was heard: in a page that slept, frames wait.
		s.link.left = s.link.proven
	}
	if s.link.conn != nil {
		s.link.conn.Close()
	}
	s.link.conn, s.link.end, s.link.out = nil, nil, nil
	s.link.joined, s.link.peeked = false, false
	s.failRequests()
	s.link.greeting, s.link.admitted = false, false
	if s.link.parting = false; s.link.closeAfter {
		s.link.closeAfter = false
		s.shut()
	}
}

// unwritten: the writer ended. If that is because the other side closed, the
// reader says so as well, after the frames that came before.
func (s *Session) unwritten(gen uint64, err error) {
	var closed *Closed
	if !errors.As(err, &closed) {
		s.dropped(gen, err)
	}
}

// dropped is the end of a connection as its reader or writer saw it.
func (s *Session) dropped(gen uint64, err error) {
	if gen == s.link.gen {
		s.lost(err)
	}
}

// lost is called when the connection, or an attempt at one, is no good; err
// says how it ended if the other side said so. Unless the server wants this
// tab no more, another attempt is planned. Media is left alone.
func (s *Session) lost(err error) {
	peeked := s.link.peeked
	s.link.why = Trouble{}
	s.hangUp()
	if s.phase.final() {
		return
	}
	var closed *Closed
	if errors.As(err, &closed) && s.sentAway(closed.Code, peeked) {
		return
	}
	s.link.state = LinkReconnecting
	s.retryLater()
}

func (s *Session) retryLater() {
	if s.pastEnd() {
		s.link.late++
	}
	if s.link.late > lateTries {
		s.giveUp()
		return
	}
	delay := backOff[min(s.link.attempt, len(backOff)-1)]
	if s.link.attempt >= 2 {
		delay += s.jitter()
	}
	s.link.attempt++
	s.set(&s.link.retry, max(delay, s.link.notBefore-s.local()), s.connect)
}

// pastEnd reports whether a scheduled end is known and has passed.
func (s *Session) pastEnd() bool {
	ends := s.place.session.EndsAt
	return !ends.IsZero() && !s.Now().Before(ends)
}

// giveUp offers to try again instead of trying. The secret of the place stays:
// if the meeting was extended, it still leads back.
func (s *Session) giveUp() {
	s.retire(PhaseClosed, Trouble{Code: TroubleTimeUp, EndsAt: s.place.session.EndsAt})
	s.hangUp()
}

// sentAway acts on a close code that says not to come back, and reports
// whether it did.
func (s *Session) sentAway(code protocol.CloseCode, peeked bool) bool {
	switch {
	case code.Retry():
		return false
	case code == protocol.CloseOver, code == protocol.CloseNormal:
		return false // the next answer has the facts; nobody here said goodbye
	case code == protocol.CloseBadToken && (peeked || s.link.unheard < unheardTries):
		s.link.unheard++
		return false // a bad token is answered: this server waited in vain for a word
	case code == protocol.CloseBadToken:
		s.turnedDown(protocol.Error{Code: protocol.CodeBadToken})
	case code == protocol.CloseReplaced:
		s.replaced()
	default:
		s.shutOut(Trouble{Code: closeTrouble(code)})
	}
	return true
}

func closeTrouble(code protocol.CloseCode) protocol.Code {
	switch code {
	case protocol.CloseRemoved:
		return protocol.CodeRemoved
	case protocol.CloseDenied:
		return protocol.CodeDenied
	case protocol.CloseTooMuchMedia:
		return protocol.CodeTooMuchMedia
	default:
		return protocol.CodeBadMessage
	}
}

// received takes a frame in. One that this program cannot read is passed over:
// it is of a newer server, and if it was an event the gap shows.
func (s *Session) received(gen uint64, text []byte) {
	if gen != s.link.gen {
		return
	}
	s.link.heard = s.local()
	f, err := protocol.DecodeServer(text)
	switch {
	case err != nil:
	case f.ID != "":
		s.answered(s.checkAnswer(f))
	case s.phase.final():
	default:
		s.told(f)
	}
}

// serverAnswered ends the back-off, once the connection has been steady.
func (s *Session) serverAnswered() {
	if s.link.steady == 0 {
		s.link.steady = s.local()
	}
	s.link.notBefore, s.link.late, s.link.unheard = 0, 0, 0
	s.link.state, s.link.why = LinkGood, Trouble{}
}

// goingAway comes back when the server said it can be.
func (s *Session) goingAway(after time.Duration) {
	s.link.notBefore = s.local() + after
	s.set(&s.link.retry, after, s.connect)
}

// refresh asks for a whole snapshot, by a new connection: hello is the first
// message of one. Unless that fails, nothing of it shows.
func (s *Session) refresh() {
	wait := s.link.refreshed + refreshEvery - s.local()
	if s.link.refreshed != 0 && wait > 0 {
		s.set(&s.link.behind, wait, s.refresh)
		return
	}
	s.link.refreshed = s.local()
	s.connect()
}
