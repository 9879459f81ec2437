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
	// showEvery bounds how often the server is told what is shown.
	showEvery = 250 * time.Millisecond
	// showStep rounds heights up, so that a window being pulled larger does not
	// say something new with each pixel.
	showStep = 90
	// showUnknown is a picture's height while nobody said how large the stage is.
	showUnknown = 360
)

// remakeDelay is how long to wait before each new peer connection in a row
// that came to nothing soon; the last holds for all that follow.
var remakeDelay = []time.Duration{0, time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second}

// media is the one peer connection. It lives apart from the link: it plays on
// while the server's socket is away, and only its repair needs the socket.
type media struct {
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

	told          []protocol.Source // what the server knows to be sent; nil: unknown
	seats         []protocol.Seat
	shown         []protocol.Picture
	showing       alarm // the least time between two Shows
	width, height int   // of the stage
}

// welcomeMedia makes a peer connection unless the server still knows the
// present one. away is how long the link was.
func (s *Session) welcomeMedia(m protocol.Media, away time.Duration) {
	s.media.shown = nil
	if m != s.media.config || s.media.peer == nil && !s.media.broken {
		s.media.config, s.media.seats, s.media.made = m, nil, 0
		s.remakePeer()
		return
	}
	// The server has let its side go, even if this side does not know it yet.
	if away > placeGone || away > protocol.PlaceHeld && s.media.state != PeerConnected {
		s.media.broken = true
	}
	s.tendMedia()
}

// tendMedia repairs what could not be repaired before: the socket was away, or
// the network has only now changed.
func (s *Session) tendMedia() {
	switch {
	case s.media.remake.waits():
	case s.media.broken:
		s.remakePeer()
	case s.media.talking:
	case s.media.state == PeerFailed, s.media.state == PeerDisconnected:
		s.restartICE()
	default:
		s.show()
	}
}

// mediaLost: the server's side of the peer connection is gone.
func (s *Session) mediaLost() {
	s.media.fault.interrupt()
	s.remakePeer()
}

// remakePeer makes a new peer connection; the first at once, others after a
// delay that grows until one connects.
func (s *Session) remakePeer() {
	s.closePeer()
	s.media.broken = false
	if s.media.fault.missing = !s.browser.Peers.Supported(); s.media.fault.missing {
		return
	}
	s.set(&s.media.remake, remakeDelay[min(s.media.made, len(remakeDelay)-1)], func() {
		if !s.link.joined {
			s.media.broken = true
			return
		}
		s.makePeer()
	})
	s.media.made++
}

// giveUpPeer: this peer connection does not get connected.
func (s *Session) giveUpPeer() {
	s.media.fault.gaveUp(s.link.joined && s.media.settled)
	if !s.link.joined {
		s.closePeer()
		s.media.broken = true
		return
	}
	s.remakePeer()
}

func (s *Session) makePeer() {
	gen := s.media.gen
	peer, err := s.browser.Peers.NewPeer(
		PeerConfig{AudioSeats: s.media.config.AudioSeats, VideoSeats: s.media.config.VideoSeats},
		func(state PeerState) { s.post(func() { s.peerState(gen, state) }) },
	)
	if err != nil {
		s.giveUpPeer()
		s.media.fault.missing = true // as good as: browsers make one at any time
		return
	}
	s.media.peer, s.media.state = peer, PeerConnecting
	for _, d := range s.devices.all() {
		s.sendTrack(d)
	}
	s.negotiate(false)
}

// closePeer lets go of the peer connection. The seating stays: a new one has
// the same seats, and the server tells only what changes.
func (s *Session) closePeer() {
	s.media.gen++
	s.unset(&s.media.watch)
	s.unset(&s.media.remake)
	if s.media.peer != nil {
		s.media.peer.Close()
	}
	s.media.peer, s.media.state = nil, PeerConnecting
	s.media.talking, s.media.settled = false, false
	s.media.shown = nil
	for _, d := range s.devices.all() {
		d.sent, d.sending = nil, false
	}
}

// closeMedia is for leaving the room.
func (s *Session) closeMedia() {
	s.closePeer()
	s.unset(&s.media.showing)
	s.media.config, s.media.seats, s.media.made = protocol.Media{}, nil, 0
	s.media.broken, s.media.fault = false, fault{}
}

// sendTrack puts what the device captures, or nothing, on its source. A browser
// may let that wait for an answer being taken; one call at a time keeps them in
// order, and the last says what holds.
func (s *Session) sendTrack(d *device) {
	if s.media.peer == nil || d.sending || d.sent == d.track {
		return
	}
	gen, peer, source, track := s.media.gen, s.media.peer, d.source, d.track
	d.sending, d.sent = true, track
	s.work(func() func() {
		err := peer.Send(source, track)
		return func() {
			if gen != s.media.gen {
				return
			}
			d.sending = false
			if err != nil {
				s.giveUpPeer()
				return
			}
			s.sendTrack(d)
		}
	})
}

// negotiate makes an offer and takes the server's answer. Within mediaLimit it
// has to end in being connected.
func (s *Session) negotiate(restart bool) {
	s.media.talking = true
	s.set(&s.media.watch, mediaLimit, s.giveUpPeer)
	gen, peer := s.media.gen, s.media.peer
	s.withPeer(func(ctx context.Context) func() {
		offer, err := peer.Offer(ctx, restart)
		return func() { s.offered(gen, offer, err) }
	})
}

// withPeer is work on the peer connection, for mediaLimit at most.
func (s *Session) withPeer(slow func(context.Context) func()) {
	s.work(func() func() {
		ctx, cancel := context.WithTimeout(s.ctx, mediaLimit)
		defer cancel()
		return slow(ctx)
	})
}

func (s *Session) offered(gen uint64, offer protocol.Offer, err error) {
	if gen != s.media.gen {
		return
	}
	if err != nil || !s.link.joined {
		s.giveUpPeer()
		return
	}
	s.request(offer, func(f protocol.ServerFrame) {
		if gen != s.media.gen {
			return
		}
		ok, accepted := f.Message.(protocol.OK)
		switch {
		case accepted:
			s.accept(gen, ok.SDP)
		case s.media.state != PeerConnected: // it may have healed by itself
			s.giveUpPeer()
		}
	})
}

func (s *Session) accept(gen uint64, sdp string) {
	peer := s.media.peer
	s.withPeer(func(ctx context.Context) func() {
		err := peer.Answer(ctx, sdp)
		return func() {
			if gen != s.media.gen {
				return
			}
			if err != nil {
				s.giveUpPeer()
				return
			}
			s.media.settled = true
			s.show()
		}
	})
}

// restartICE finds a new way to the server; sound and pictures go on on the
// same peer connection.
func (s *Session) restartICE() {
	if s.link.joined {
		s.media.fault.interrupt()
		s.negotiate(true)
	}
}

// peerState is the ladder of recovery: patience, an ICE restart, a new peer.
func (s *Session) peerState(gen uint64, state PeerState) {
	if gen != s.media.gen {
		return
	}
	was := s.media.state
	s.media.state = state
	switch {
	case state == PeerConnected:
		s.media.talking = false
		s.media.fault.connected()
		s.set(&s.media.watch, mediaSteady, func() { s.media.made = 0 })
	case s.media.talking && state == PeerFailed && was != PeerFailed:
		s.giveUpPeer()
	case s.media.talking: // watched already
	case state == PeerFailed:
		s.unset(&s.media.watch)
		s.restartICE()
	case state == PeerDisconnected:
		s.set(&s.media.watch, mediaPatience, s.restartICE)
	}
}

// show tells the server which pictures are on the screen and how large, soon
// after that changed.
func (s *Session) show() {
	if !s.link.joined || !s.media.settled || s.media.showing.waits() {
		return
	}
	now := s.pictures()
	if s.media.shown != nil && slices.Equal(now, s.media.shown) {
		return
	}
	s.media.shown = now
	s.set(&s.media.showing, showEvery, s.show)
	s.request(protocol.Show{Pictures: now}, func(f protocol.ServerFrame) {
		if _, no := f.Message.(protocol.Error); no {
			s.media.shown = nil // said again with the next beat
		}
	})
}

// pictures are the others' cameras, as large as their tiles.
func (s *Session) pictures() []protocol.Picture {
	height := pictureHeight(Arrange(len(s.place.people), s.media.width, s.media.height))
	out := []protocol.Picture{}
	for _, id := range s.slots.ids[1:] {
		if p, here := s.person(id); here && p.Sends(protocol.Camera) {
			out = append(out, protocol.Picture{Participant: id, Source: protocol.Camera, Height: height})
		}
	}
	return out
}

// pictureHeight is of a 16:9 picture that covers a tile.
func pictureHeight(g Grid) int {
	height := max(g.TileHeight, g.TileWidth*9/16)
	if height == 0 {
		return showUnknown
	}
	return (height + showStep - 1) / showStep * showStep
}
