//go:build js && wasm

package browser

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"syscall/js"
	"time"

	"overtime/internal/client"
	"overtime/internal/protocol"
)

// sendPatience bounds Send. Browsers put a replaceTrack behind an answer that
// is being taken, and never settle it once the connection is closed.
const sendPatience = 3 * time.Second

var errPeerClosed = errors.New("the peer connection is closed")

// peers makes peer connections. The newest one that made an offer has the
// stage and the speakers.
type peers struct{ stage *stage }

// Supported implements client.Peers. Settings, extensions and lockdown modes
// take WebRTC away from browsers that could do it.
func (ps *peers) Supported() bool {
	return js.Global().Get("RTCPeerConnection").Type() == js.TypeFunction
}

// NewPeer implements client.Peers. onState is called on a goroutine, one call
// at a time; states that follow each other faster than it returns are given as
// the newest one.
func (ps *peers) NewPeer(cfg protocol.Media, onState func(client.PeerState)) (client.Peer, error) {
	pc, err := construct("RTCPeerConnection", map[string]any{
		"iceServers":   []any{},
		"bundlePolicy": "max-bundle",
	})
	if err != nil {
		return nil, err
	}
	p := &peer{pc: pc, stage: ps.stage, states: make(chan client.PeerState, 1)}
	p.life, p.end = context.WithCancelCause(context.Background())
	if err := p.prepare(cfg); err != nil {
		p.Close()
		return nil, err
	}
	p.watch(onState)
	return p, nil
}

// peer is one RTCPeerConnection.
type peer struct {
	pc      js.Value
	stage   *stage
	sending []lane
	audio   []js.Value // transceivers of the audio seats
	video   []js.Value // and of the video seats
	states  chan client.PeerState
	stops   []func()

	life context.Context // over when the peer is closed
	end  context.CancelCauseFunc

	mu     sync.Mutex
	seated bool // the stage and the speakers have the seats
	closed bool
}

func (p *peer) prepare(cfg protocol.Media) (err error) {
	if p.sending, err = lanes(p.pc); err != nil {
		return err
	}
	if p.audio, err = receivers(p.pc, "audio", cfg.AudioSeats); err != nil {
		return err
	}
	p.video, err = receivers(p.pc, "video", cfg.VideoSeats)
	return err
}

// watch tells onState every state that differs from the last one told.
func (p *peer) watch(onState func(client.PeerState)) {
	look := func(js.Value) { p.look() }
	p.stops = append(p.stops,
		listen(p.pc, "connectionstatechange", look),
		listen(p.pc, "iceconnectionstatechange", look))
	spawn(func() {
		var told client.PeerState
		for {
			select {
			case <-p.life.Done():
				return
			case state := <-p.states:
				if state != told {
					told = state
					onState(state)
				}
			}
		}
	})
}

// look puts the connection's state where watch takes it from, in place of one
// that was not taken yet.
func (p *peer) look() {
	connection, ice := text(p.pc.Get("connectionState")), text(p.pc.Get("iceConnectionState"))
	state, ok := peerState(connection, ice)
	if !ok {
		return
	}
	select {
	case <-p.states:
	default:
	}
	select {
	case p.states <- state:
	default:
	}
}

// Offer implements client.Peer. The first one gives the seats to the stage and
// the speakers.
func (p *peer) Offer(ctx context.Context, restart bool) (protocol.Offer, error) {
	if restart {
		if _, err := call(p.pc, "restartIce"); err != nil {
			return protocol.Offer{}, err
		}
	}
	description, err := p.await(ctx, p.pc, "createOffer")
	if err != nil {
		return protocol.Offer{}, fmt.Errorf("making an offer: %w", err)
	}
	if _, err := p.await(ctx, p.pc, "setLocalDescription", description); err != nil {
		return protocol.Offer{}, fmt.Errorf("taking our offer: %w", err)
	}
	sources := map[string]protocol.Source{}
	for _, l := range p.sending {
		name, err := mid(l.transceiver)
		if err != nil {
			return protocol.Offer{}, err
		}
		sources[name] = l.source
	}
	if err := p.seat(); err != nil {
		return protocol.Offer{}, err
	}
	return protocol.Offer{SDP: text(p.pc.Get("localDescription").Get("sdp")), Sources: sources}, nil
}

// seat gives what the seats bring to who shows and plays it, once.
func (p *peer) seat() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed { // while the offer was being made
		return errPeerClosed
	}
	if p.seated {
		return nil
	}
	pictures := map[string]js.Value{}
	for _, transceiver := range p.video {
		name, err := mid(transceiver)
		if err != nil {
			return err
		}
		pictures[name] = received(transceiver)
	}
	var sounds []js.Value
	for _, transceiver := range p.audio {
		sounds = append(sounds, received(transceiver))
	}
	p.seated = true
	p.stage.adopt(p, pictures)
	p.stage.speakers.adopt(p, sounds)
	return nil
}

// Answer implements client.Peer.
func (p *peer) Answer(ctx context.Context, sdp string) error {
	_, err := p.await(ctx, p.pc, "setRemoteDescription", map[string]any{"type": "answer", "sdp": sdp})
	if err != nil {
		return fmt.Errorf("taking the answer: %w", err)
	}
	return nil
}

// Send implements client.Peer. Layers, SSRCs and the section stay as they are.
func (p *peer) Send(source protocol.Source, t client.Track) error {
	media := js.Null()
	if t != nil {
		own, ok := t.(*track)
		if !ok {
			return fmt.Errorf("%T is no track of this browser", t)
		}
		media = own.media
		hint(source, media)
	}
	for _, l := range p.sending {
		if l.source == source {
			return p.put(l, media)
		}
	}
	return fmt.Errorf("there is no source %q", source)
}

// put makes a lane carry media, or nothing if it is null.
func (p *peer) put(l lane, media js.Value) error {
	ctx, cancel := context.WithTimeout(context.Background(), sendPatience)
	defer cancel()
	sender := l.transceiver.Get("sender")
	if l.source == protocol.Camera && media.Truthy() {
		if err := p.fitLayers(ctx, sender, media); err != nil {
			complain("overtime: fitting the layers: " + err.Error()) // the picture is only smaller
		}
	}
	_, err := p.await(ctx, sender, "replaceTrack", media)
	return err
}

// fitLayers makes the simulcast layers fit the size of the camera.
func (p *peer) fitLayers(ctx context.Context, sender, media js.Value) error {
	settings, err := call(media, "getSettings")
	if err != nil {
		return err
	}
	parameters, err := call(sender, "getParameters")
	if err != nil {
		return err
	}
	if !scaleLayers(parameters.Get("encodings"), pixels(settings)) {
		return nil
	}
	_, err = p.await(ctx, sender, "setParameters", parameters)
	return err
}

// await waits for a method of the connection's objects until ctx or the peer
// is over: a closed connection leaves its promises open for ever.
func (p *peer) await(ctx context.Context, object js.Value, method string, args ...any) (js.Value, error) {
	if err := context.Cause(p.life); err != nil {
		return js.Undefined(), err
	}
	both, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	defer context.AfterFunc(p.life, func() { cancel(errPeerClosed) })()
	return callAwait(both, object, method, args...)
}

// Close implements client.Peer. The tracks that were sent go on: who captured
// them stops them.
func (p *peer) Close() {
	p.mu.Lock()
	was := p.closed
	p.closed = true
	p.mu.Unlock()
	if was {
		return
	}
	p.end(errPeerClosed)
	all(p.stops...)()
	p.stage.release(p)
	p.stage.speakers.release(p)
	// Nothing is heard or seen of it any more. The connection itself takes its
	// time to close, in which the page could not say why the meeting is over.
	time.AfterFunc(closeLater, func() {
		defer guard()
		_, _ = call(p.pc, "close")
	})
}

// closeLater is enough for a page to be drawn.
const closeLater = 100 * time.Millisecond
