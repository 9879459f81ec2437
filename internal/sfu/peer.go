package sfu

import (
	"context"
	"time"
)

// answerTime bounds Answer whatever its context says, so that SFU.Close ends.
const answerTime = 10 * time.Second

// Peer is one person in a room. It outlives the browser's connections: its
// sources, what it wants to see and who sits in its seats stay. All methods are safe for concurrent use;
// all but Answer return without waiting for the network.
type Peer struct {
	room *Room
	id   string
	obs  PeerObserver
	pubs map[Source]*publication // all four, never changed

	turn chan struct{} // holds a token while an offer is being answered

	// Guarded by the room's lock.
	conn   *connection // nil before the first answer
	state  State
	wants  []Want
	down   int // layers below the best, by the state of the line
	told   *Seating
	closed bool
}

func newPeer(r *Room, id string, obs PeerObserver) *Peer {
	p := &Peer{room: r, id: id, obs: obs, pubs: map[Source]*publication{}, turn: make(chan struct{}, 1)}
	for _, s := range []Source{Microphone, Camera, Screen, ScreenAudio} {
		p.pubs[s] = newPublication(p, s)
	}
	return p
}

// Answer answers an offer. The first one builds a connection; one from the same browser
// connection (the same DTLS fingerprint) is an ICE restart of it, with the same
// sections; one from another browser connection replaces it. The answer holds every candidate, so there is
// nothing to trickle in either direction. It may take some tens of milliseconds: call
// it from a goroutine of its own. Calls for one peer are answered one after another.
// An error is always an *Error.
func (p *Peer) Answer(ctx context.Context, offer Offer) (sdp string, err error) {
	plan, err := readOffer(offer)
	if err != nil {
		return "", err
	}
	if !p.room.sfu.begin() {
		return "", closedError()
	}
	defer p.room.sfu.end()
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	select {
	case p.turn <- struct{}{}:
		defer func() { <-p.turn }()
	case <-ctx.Done():
		return "", &Error{Code: CodeTimeout, Message: "there was no time to answer", cause: ctx.Err()}
	}
	conn, open := p.room.connectionOf(p)
	if !open {
		return "", closedError()
	}
	if conn != nil && conn.plan.fingerprint == plan.fingerprint {
		if !conn.plan.same(plan) {
			return "", badOffer("the sections of a connection cannot change")
		}
		return p.logged(conn.answer(ctx, plan))
	}
	return p.logged(p.connect(ctx, plan))
}

// connect builds the server's side of a new browser connection.
func (p *Peer) connect(ctx context.Context, plan *plan) (string, error) {
	c, err := newConnection(p, plan)
	if err != nil {
		return "", internalError(err)
	}
	answer, err := c.answer(ctx, plan)
	if err == nil && !p.room.adopt(c) {
		err = closedError()
	}
	if err != nil {
		c.close()
		return "", err
	}
	return answer, nil
}

func (p *Peer) logged(sdp string, err error) (string, error) {
	if e, ok := err.(*Error); ok && e.cause != nil {
		p.room.sfu.log.Warn("sfu: an offer was not answered", "peer", p.id, "code", string(e.Code), "cause", e.cause.Error())
	}
	return sdp, err
}

// SetSending says that the browser sends a source or stopped sending it. Only the browser
// knows: a muted source is silence on the wire, and so is a slow one. What is off by its
// word is not forwarded, whatever it sends.
func (p *Peer) SetSending(source Source, on bool) { p.room.setSending(p, source, on) }

// Show says what the peer's screen shows and how large. Without a call, or with an empty
// list, it is everyone in the order in which they came.
func (p *Peer) Show(wants []Want) { p.room.show(p, wants) }

// Close disconnects the peer and removes it from its room.
func (p *Peer) Close() { p.room.leave(p) }
