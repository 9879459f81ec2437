package sfu

import (
	"context"
	"errors"
	"io"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/webrtc/v3"
)

// maxPacket is the longest RTP or RTCP packet that is read. Browsers stay under 1,250.
const maxPacket = 1500

func streamID(index int) string { return "seat-" + strconv.Itoa(index) }

// connection is one pion connection, which serves one browser connection and never
// another: a second one negotiated onto it says connected and carries nothing.
//
// It owns the goroutines that read from it; they end with it. A panic in one of
// them, which only hostile input could cause, closes this connection alone.
type connection struct {
	peer  *Peer
	plan  *plan
	pc    *webrtc.PeerConnection
	audio []*seat
	video []*seat

	rtp    rtpInbox
	rtcp   rtcpInbox
	excess excess
	live   atomic.Bool // packets would arrive: ICE and DTLS are up

	downlinkMu sync.Mutex // leaf
	downlink   downlink

	clockMu sync.Mutex // leaf
	wall    clockMap

	mu      sync.Mutex // leaf; guards what ends the connection
	closed  bool
	readers sync.WaitGroup
}

// newConnection builds the server's side for an offer. Nothing is sent yet.
func newConnection(p *Peer, plan *plan) (*connection, error) {
	c := &connection{peer: p, plan: plan}
	c.rtcp.conn = c
	c.rtp.excess, c.rtp.plan = &c.excess, plan
	var err error
	if c.pc, err = p.room.sfu.newPC(&c.rtcp); err != nil {
		return nil, err
	}
	// Pion fits senders to sections in the order of both.
	for _, section := range plan.sections {
		if !section.seat {
			continue
		}
		if err := c.addSeat(section); err != nil {
			c.close()
			return nil, err
		}
	}
	c.pc.OnTrack(func(t *webrtc.TrackRemote, r *webrtc.RTPReceiver) { c.read(func() { c.receive(t, r) }) })
	c.pc.OnConnectionStateChange(func(webrtc.PeerConnectionState) { c.peer.room.connectionChanged(c) })
	return c, nil
}

func (c *connection) addSeat(section section) error {
	list := &c.video
	if section.audio {
		list = &c.audio
	}
	s := newSeat(c, len(*list), section.audio)
	s.mid = section.mid
	_, err := c.pc.AddTransceiverFromTrack(s, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionSendonly})
	if err != nil {
		return err
	}
	*list = append(*list, s)
	return nil
}

// answer sets the offer and gives our answer, complete with candidates.
func (c *connection) answer(ctx context.Context, offer *plan) (sdp string, err error) {
	defer func() {
		if r := recover(); r != nil {
			c.peer.room.sfu.log.Error("sfu: panic while answering", "panic", r)
			sdp, err = "", badOffer("the offer could not be answered")
		}
	}()
	if err := c.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: offer.sdp}); err != nil {
		return "", &Error{Code: CodeBadOffer, Message: "the offer does not fit", cause: err}
	}
	ours, err := c.pc.CreateAnswer(nil)
	if err != nil {
		return "", &Error{Code: CodeBadOffer, Message: "the offer cannot be answered", cause: err}
	}
	if err := c.pc.SetLocalDescription(ours); err != nil {
		return "", &Error{Code: CodeBadOffer, Message: "the offer cannot be answered", cause: err}
	}
	// Only now: an ICE restart begins to gather when the offer is set, and before that
	// the gathering of last time counts as complete.
	select {
	case <-webrtc.GatheringCompletePromise(c.pc):
	case <-ctx.Done():
		return "", &Error{Code: CodeTimeout, Message: "there was no time to answer", cause: ctx.Err()}
	}
	if err := c.checkSeats(); err != nil {
		return "", internalError(err)
	}
	sdp, err = shapeAnswer(c.pc.LocalDescription().SDP, c.peer.room.sfu.transport.candidates(), c.plan.sections)
	if err != nil {
		return "", internalError(err)
	}
	return sdp, nil
}

// checkSeats makes sure that each seat got the section it was made for.
func (c *connection) checkSeats() error {
	for _, t := range c.pc.GetTransceivers() {
		if t.Sender() == nil {
			continue
		}
		if s, ok := t.Sender().Track().(*seat); ok && s.mid != t.Mid() {
			return errors.New("seat " + s.mid + " was put into section " + t.Mid())
		}
	}
	return nil
}

// read runs f as one of the connection's goroutines, unless the connection is closed.
func (c *connection) read(f func()) {
	c.mu.Lock()
	if c.closed {
		c.mu.Unlock()
		return
	}
	c.readers.Add(1)
	c.mu.Unlock()
	defer c.readers.Done()
	defer func() {
		c.survive(recover())
	}()
	f()
}

// survive ends the connection if one of its goroutines panicked, and nothing else.
func (c *connection) survive(panicked any) {
	if panicked != nil {
		c.peer.room.sfu.log.Error("sfu: panic while reading from a peer", "peer", c.peer.id, "panic", panicked)
		c.close()
	}
}

// close ends the connection. It does not wait; SFU.Close does.
func (c *connection) close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return
	}
	c.closed = true
	c.live.Store(false)
	c.peer.room.sfu.spawn(func() {
		_ = c.pc.GracefulClose()
		c.readers.Wait()
	})
}

// receive reads one incoming stream to its end.
func (c *connection) receive(t *webrtc.TrackRemote, r *webrtc.RTPReceiver) {
	source := c.sourceOf(r)
	if source == "" {
		return
	}
	l := newLayer(c.peer.pubs[source], c, t.RID(), uint32(t.SSRC()))
	for _, e := range r.GetParameters().HeaderExtensions {
		if e.URI == audioLevelURI {
			l.levelID = uint8(e.ID)
		}
	}
	if !c.peer.room.layerStarted(l) {
		return
	}
	defer c.peer.room.layerEnded(l)
	c.rtcp.expect(l)
	c.rtp.reads(l)
	buf := make([]byte, maxPacket)
	for {
		n, _, err := t.Read(buf)
		switch {
		case l.ended.Load(): // another connection took its place
			return
		case err == nil:
			l.handle(buf[:n], time.Now())
		case n == 0 && !errors.Is(err, io.ErrShortBuffer):
			return
		}
		// Else one packet that is too long, or of a codec we did not agree to.
	}
}

// sourceOf says what the browser sends in the section of a receiver.
func (c *connection) sourceOf(r *webrtc.RTPReceiver) Source {
	for _, t := range c.pc.GetTransceivers() {
		if t.Receiver() != r {
			continue
		}
		for _, s := range c.plan.sections {
			if s.mid == t.Mid() && !s.seat {
				return s.source
			}
		}
	}
	return ""
}

func (c *connection) writeRTCP(packets ...rtcp.Packet) {
	// An error means that the connection is not there now; its state tells.
	_ = c.pc.WriteRTCP(packets)
}

// clock carries an instant of the browser's clock over to ours.
func (c *connection) clock(theirs, now time.Time) time.Time {
	c.clockMu.Lock()
	defer c.clockMu.Unlock()
	return c.wall.ours(theirs, now)
}

// judge gives how many layers below the best the browser's line can take.
func (c *connection) judge(now time.Time) int {
	c.downlinkMu.Lock()
	defer c.downlinkMu.Unlock()
	return c.downlink.tick(now)
}

// seats gives all seats, audio first.
func (c *connection) seats() []*seat {
	return append(append(make([]*seat, 0, len(c.audio)+len(c.video)), c.audio...), c.video...)
}
