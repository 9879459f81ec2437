package rooms

import (
	"context"
	"errors"
	"slices"

	"overtime/internal/bus"
	"overtime/internal/protocol"
	"overtime/internal/sfu"
)

const (
	audioSeats = 5
	videoSeats = 9
)

// OverBus is the Bus that a Host listens on.
func OverBus(b *bus.Bus) Bus { return natsBus{b} }

type natsBus struct{ *bus.Bus }

func (b natsBus) Listen(room string, f func(bus.Asked)) (RoomConn, error) {
	conn, err := b.NewRoomConn(room, f)
	if err != nil {
		return nil, err
	}
	return conn, nil
}

// ThroughSFU is Media by this process's SFU.
func ThroughSFU(s *sfu.SFU) Media { return forwarder{s} }

type forwarder struct{ sfu *sfu.SFU }

func (f forwarder) Instance() string          { return f.sfu.Instance() }
func (f forwarder) Seats() (audio, video int) { return audioSeats, videoSeats }

func (f forwarder) NewRoom(speaking func(ids []string)) MediaRoom {
	return forwardedRoom{f.sfu.NewRoom(speakingObserver(speaking))}
}

type speakingObserver func(ids []string)

func (o speakingObserver) Speaking(ids []string) { o(slices.Clone(ids)) }

type forwardedRoom struct{ room *sfu.Room }

func (r forwardedRoom) Join(id string, obs MediaObserver) MediaPeer {
	return forwardedPeer{r.room.Join(id, peerObserver{obs})}
}

func (r forwardedRoom) Close() { r.room.Close() }

type peerObserver struct{ MediaObserver }

func (o peerObserver) Seated(s sfu.Seating) {
	o.MediaObserver.Seated(protocol.Seating{Audio: wireSeats(s.Audio), Video: wireSeats(s.Video)})
}

func (o peerObserver) Connection(s sfu.State) {
	if s == sfu.Failed {
		o.Lost()
	}
}

func (o peerObserver) Excess(what string) { o.MediaObserver.Excess(what) }

func wireSeats(seats []sfu.Seat) []protocol.Seat {
	out := make([]protocol.Seat, len(seats))
	for i, s := range seats {
		out[i] = protocol.Seat{Mid: s.Mid, Participant: s.Peer, Source: protocol.Source(s.Source)}
	}
	return out
}

type forwardedPeer struct{ peer *sfu.Peer }

func (p forwardedPeer) Answer(ctx context.Context, offer protocol.Offer) (string, error) {
	sources := make(map[string]sfu.Source, len(offer.Sources))
	for mid, s := range offer.Sources {
		sources[mid] = sfu.Source(s)
	}
	sdp, err := p.peer.Answer(ctx, sfu.Offer{
		SDP: offer.SDP, Sources: sources, AudioSeats: audioSeats, VideoSeats: videoSeats,
	})
	var refused *sfu.Error
	if errors.As(err, &refused) {
		return "", protocol.Error{Code: protocol.Code(refused.Code), Message: refused.Message}
	}
	return sdp, err
}

func (p forwardedPeer) Sending(sources []protocol.Source) {
	for _, s := range protocol.Sources() {
		p.peer.SetSending(sfu.Source(s), slices.Contains(sources, s))
	}
}

func (p forwardedPeer) Show(pictures []protocol.Picture) {
	wants := make([]sfu.Want, len(pictures))
	for i, w := range pictures {
		wants[i] = sfu.Want{Peer: w.Participant, Source: sfu.Source(w.Source), Height: w.Height}
	}
	p.peer.Show(wants)
}

func (p forwardedPeer) Close() { p.peer.Close() }
