package client

import (
	"context"
	"slices"
	"time"

	"overtime/internal/protocol"
)

const (
	// mediaPatience is how long a peer connection may be disconnected before
	// ICE is restarted: short losses heal by themselves.
	mediaPatience = 3 * time.Second
	// mediaLimit is from an offer to being connected.
	mediaLimit = 10 * time.Second
	// placeGone is how long a lost connection takes to cost the place for sure:
	// the server notices it by a ping every 10 seconds with 10 to answer.
	placeGone = protocol.PlaceHeld + 20*time.Second
	// mediaSteady is how long a peer connection must have been connected for
	// its successor to be made at once.
	mediaSteady = 5 * time.Second
)

// remakeDelay is how long to wait before each new peer connection in a row
// that came to nothing soon; the last holds for all that follow.
var remakeDelay = []time.Duration{0, time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second}

// media is the one peer connection. It lives apart from the link: it plays on
// while the server's socket is away, and only its repair needs the socket.
type media struct {
	loop     *loop
	peers    Peers
	requests *requests
	joined   func() bool
	// show tells the server what is shown, if that changed; afresh has all of it
	// told again, as a new peer connection needs it.
	show, afresh func()

	config protocol.Media
	peer   Peer
	gen    uint64 // counts peers; what older ones say is dropped
	state  PeerState

	// talking: an offer is on its way to being connected.
	talking bool
	settled bool  // the server answered an offer of this peer
	broken  bool  // a new peer is needed as soon as the link is back
	fault   fault // no sound and no pictures, for longer than a hiccup
	watch   alarm // ends patience with the present state
	remake  alarm // for the next peer
	made    int   // peers since the last that was connected for a while

	sources []*outgoing
	seats   []protocol.Seat // replaced, never written to
}

// outgoing is one source of the peer connection.
type outgoing struct {
	source  protocol.Source
	track   Track // wanted
	given   Track // what the peer was last given
	sending bool  // it is being given
}

// welcome makes a peer connection unless the server still knows the present
// one. away is how long the link was.
func (m *media) welcome(config protocol.Media, away time.Duration) {
	m.afresh()
	if config != m.config || m.peer == nil && !m.broken {
		m.config, m.seats, m.made = config, nil, 0
		m.renew()
		return
	}
	// The server has let its side go, even if this side does not know it yet.
	if away > placeGone || away > protocol.PlaceHeld && m.state != PeerConnected {
		m.broken = true
	}
	m.tend()
}

// tend repairs what could not be repaired before: the socket was away, or the
// network has only now changed.
func (m *media) tend() {
	switch {
	case m.remake.waits():
	case m.broken:
		m.renew()
	case m.talking:
	case m.state == PeerFailed, m.state == PeerDisconnected:
		m.restartICE()
	default:
		m.show()
	}
}

// lost: the server's side of the peer connection is gone.
func (m *media) lost() {
	m.fault.interrupted = true
	m.renew()
}

// renew makes a new peer connection; the first at once, others after a delay
// that grows until one connects.
func (m *media) renew() {
	m.close()
	m.broken = false
	if m.fault.missing = !m.peers.Supported(); m.fault.missing {
		return
	}
	m.loop.set(&m.remake, remakeDelay[min(m.made, len(remakeDelay)-1)], func() {
		if !m.joined() {
			m.broken = true
			return
		}
		m.open()
	})
	m.made++
}

// giveUp: this peer connection does not get connected.
func (m *media) giveUp() {
	m.fault.interrupted = true
	if m.joined() && m.settled {
		m.fault.unreached++
	}
	if !m.joined() {
		m.close()
		m.broken = true
		return
	}
	m.renew()
}

func (m *media) open() {
	gen := m.gen
	peer, err := m.peers.NewPeer(m.config, func(state PeerState) { m.loop.post(func() { m.became(gen, state) }) })
	if err != nil {
		m.giveUp()
		m.fault.missing = true // as good as: browsers make one at any time
		return
	}
	m.peer, m.state = peer, PeerConnecting
	for _, o := range m.sources {
		m.give(o)
	}
	m.negotiate(false)
}

// close lets go of the peer connection. The seats stay: a new one has the same,
// and the server tells only what changes.
func (m *media) close() {
	m.gen++
	m.loop.unset(&m.watch)
	m.loop.unset(&m.remake)
	if m.peer != nil {
		m.peer.Close()
	}
	m.peer, m.state = nil, PeerConnecting
	m.talking, m.settled = false, false
	m.afresh()
	for _, o := range m.sources {
		o.given, o.sending = nil, false
	}
}

// forget is for leaving the room.
func (m *media) forget() {
	m.close()
	m.config, m.seats, m.made = protocol.Media{}, nil, 0
	m.broken, m.fault = false, fault{}
}

// send puts a track, or nothing, on a source.
func (m *media) send(source protocol.Source, track Track) {
	i := slices.IndexFunc(m.sources, func(o *outgoing) bool { return o.source == source })
	if i < 0 {
		i = len(m.sources)
		m.sources = append(m.sources, &outgoing{source: source})
	}
	m.sources[i].track = track
	m.give(m.sources[i])
}

// give has the peer send what is wanted of a source. A browser may let that wait
// for an answer being taken; one call at a time keeps them in order, and the
// last says what holds.
func (m *media) give(o *outgoing) {
	if m.peer == nil || o.sending || o.given == o.track {
		return
	}
	gen, peer, track := m.gen, m.peer, o.track
	o.sending, o.given = true, track
	m.loop.work(func() func() {
		err := peer.Send(o.source, track)
		return func() {
			if gen != m.gen {
				return
			}
			o.sending = false
			if err != nil {
				m.giveUp()
				return
			}
			m.give(o)
		}
	})
}

// negotiate makes an offer and takes the server's answer. Within mediaLimit it
// has to end in being connected.
func (m *media) negotiate(restart bool) {
	m.talking = true
	m.loop.set(&m.watch, mediaLimit, m.giveUp)
	gen, peer := m.gen, m.peer
	m.withPeer(func(ctx context.Context) func() {
		offer, err := peer.Offer(ctx, restart)
		return func() { m.offered(gen, offer, err) }
	})
}

// withPeer is work on the peer connection, for mediaLimit at most.
func (m *media) withPeer(slow func(context.Context) func()) {
	m.loop.work(func() func() {
		ctx, cancel := context.WithTimeout(m.loop.ctx, mediaLimit)
		defer cancel()
		return slow(ctx)
	})
}

func (m *media) offered(gen uint64, offer protocol.Offer, err error) {
	if gen != m.gen {
		return
	}
	if err != nil || !m.joined() {
		m.giveUp()
		return
	}
	m.requests.ask(offer, func(f protocol.ServerFrame) {
		if gen != m.gen {
			return
		}
		ok, accepted := f.Message.(protocol.OK)
		switch {
		case accepted:
			m.accept(gen, ok.SDP)
		case m.state != PeerConnected: // it may have healed by itself
			m.giveUp()
		}
	})
}

func (m *media) accept(gen uint64, sdp string) {
	peer := m.peer
	m.withPeer(func(ctx context.Context) func() {
		err := peer.Answer(ctx, sdp)
		return func() {
			if gen != m.gen {
				return
			}
			if err != nil {
				m.giveUp()
				return
			}
			m.settled = true
			m.show()
		}
	})
}

// restartICE finds a new way to the server; sound and pictures go on on the
// same peer connection.
func (m *media) restartICE() {
	if m.joined() {
		m.fault.interrupted = true
		m.negotiate(true)
	}
}

// became is the ladder of recovery: patience, an ICE restart, a new peer.
func (m *media) became(gen uint64, state PeerState) {
	if gen != m.gen {
		return
	}
	was := m.state
	m.state = state
	switch {
	case state == PeerConnected:
		m.talking = false
		m.fault = fault{}
		m.loop.set(&m.watch, mediaSteady, func() { m.made = 0 })
	case m.talking && state == PeerFailed && was != PeerFailed:
		m.giveUp()
	case m.talking: // watched already
	case state == PeerFailed:
		m.loop.unset(&m.watch)
		m.restartICE()
	case state == PeerDisconnected:
		m.loop.set(&m.watch, mediaPatience, m.restartICE)
	}
}
