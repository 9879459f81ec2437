package sfu

import (
	"context"
	"fmt"
	"io"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pion/interceptor"
	"github.com/pion/rtcp"
	"github.com/pion/sdp/v3"
	"github.com/pion/webrtc/v3"
)

// patience is how long a test waits for the network of this machine.
const patience = 2 * time.Minute

// eventually polls for a condition of the network. Nothing else is timed.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	deadline := time.After(patience)
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-deadline:
			t.Fatalf("waited in vain: %s", what)
		case <-tick.C:
		}
	}
}

// observer records what a peer is told.
type observer struct {
	mu       sync.Mutex
	seatings []Seating
	states   []State
	excess   []string
	calls    int
}

func (o *observer) Seated(s Seating) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.calls++
	o.seatings = append(o.seatings, s)
}

func (o *observer) Connection(s State) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.calls++
	o.states = append(o.states, s)
}

func (o *observer) Excess(what string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.calls++
	o.excess = append(o.excess, what)
}

// exceeded is what it was told that the browser sends too much of.
func (o *observer) exceeded() []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.Clone(o.excess)
}

func (o *observer) state() State {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.states) == 0 {
		return ""
	}
	return o.states[len(o.states)-1]
}

func (o *observer) seating() Seating {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.seatings) == 0 {
		return Seating{}
	}
	return o.seatings[len(o.seatings)-1]
}

// video gives the mid of the seat in which a picture is, "" if in none.
func (o *observer) video(peer string, source Source) string {
	for _, s := range o.seating().Video {
		if s.Peer == peer && s.Source == source {
			return s.Mid
		}
	}
	return ""
}

func (o *observer) audio(peer string) string {
	for _, s := range o.seating().Audio {
		if s.Peer == peer && s.Source == Microphone {
			return s.Mid
		}
	}
	return ""
}

// got is one packet that a client received.
type got struct {
	at      time.Time // it came
	seq     uint16
	ts      uint32
	marker  bool
	vp8     vp8
	from    string // who made it: "peer/rid" or "peer/audio"
	payload string
}

// client is a browser, as far as media goes: it offers like one, sends synthetic
// pictures in three layers, and records what comes in.
type client struct {
	t    testing.TB
	id   string
	pc   *webrtc.PeerConnection
	peer *Peer
	obs  *observer

	layers  map[string]*tapTrack
	mic     *webrtc.TrackLocalStaticRTP
	sources map[string]Source
	camMid  string
	camera  *webrtc.RTPSender
	keys    map[string]*atomic.Bool // a key frame was asked for
	asked   atomic.Int64            // how often

	level  atomic.Uint32 // of the microphone, in -dBov
	paused atomic.Bool
	only   atomic.Value // rids that are sent, "" all

	mu      sync.Mutex
	packets map[string][]got // by mid
	ssrcs   map[string]uint32
	reports map[string][]rtcp.SenderReport
	wg      sync.WaitGroup
	stop    chan struct{}
}

func newClient(t testing.TB, id string, audioSeats, videoSeats int, tune func(*webrtc.SettingEngine)) *client {
	t.Helper()
	c := &client{
		t: t, id: id, obs: &observer{}, layers: map[string]*tapTrack{},
		keys: map[string]*atomic.Bool{}, packets: map[string][]got{}, ssrcs: map[string]uint32{},
		reports: map[string][]rtcp.SenderReport{}, stop: make(chan struct{}),
	}
	c.level.Store(127)
	c.only.Store("")
	media := &webrtc.MediaEngine{}
	must(t, media.RegisterDefaultCodecs())
	for _, uri := range []string{sdp.SDESMidURI, sdp.SDESRTPStreamIDURI, repairedRIDURI} {
		must(t, media.RegisterHeaderExtension(webrtc.RTPHeaderExtensionCapability{URI: uri}, webrtc.RTPCodecTypeVideo))
	}
	for _, uri := range []string{sdp.SDESMidURI, audioLevelURI} {
		must(t, media.RegisterHeaderExtension(webrtc.RTPHeaderExtensionCapability{URI: uri}, webrtc.RTPCodecTypeAudio))
	}
	settings := webrtc.SettingEngine{LoggerFactory: pionLogs{discard}}
	settings.SetIncludeLoopbackCandidate(true)
	settings.SetICETimeouts(30*time.Second, time.Minute, 500*time.Millisecond) // who dies is not for these tests
	if tune != nil {
		tune(&settings)
	}
	api := webrtc.NewAPI(webrtc.WithMediaEngine(media), webrtc.WithSettingEngine(settings),
		webrtc.WithInterceptorRegistry(&interceptor.Registry{}))
	var err error
	c.pc, err = api.NewPeerConnection(webrtc.Configuration{})
	must(t, err)
	c.addTracks(audioSeats, videoSeats)
	c.pc.OnTrack(func(tr *webrtc.TrackRemote, r *webrtc.RTPReceiver) { c.record(tr, r) })
	if tt, ok := t.(*testing.T); ok {
		tt.Cleanup(c.close)
	} else {
		t.Cleanup(c.close)
	}
	return c
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (c *client) addTracks(audioSeats, videoSeats int) {
	var err error
	c.mic, err = webrtc.NewTrackLocalStaticRTP(webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeOpus, ClockRate: 48000, Channels: 2}, "mic", "own")
	must(c.t, err)
	sendonly := webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionSendonly}
	recvonly := webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionRecvonly}
	_, err = c.pc.AddTransceiverFromTrack(c.mic, sendonly)
	must(c.t, err)
	for _, rid := range []string{ridQuarter, ridHalf, ridFull} {
		track, err := webrtc.NewTrackLocalStaticRTP(webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeVP8, ClockRate: 90000},
			"cam", "own", webrtc.WithRTPStreamID(rid))
		must(c.t, err)
		c.layers[rid] = &tapTrack{TrackLocalStaticRTP: track, bound: make(chan struct{})}
		c.keys[rid] = &atomic.Bool{}
		c.keys[rid].Store(true)
		if c.camera == nil {
			tr, err := c.pc.AddTransceiverFromTrack(c.layers[rid], sendonly)
			must(c.t, err)
			c.camera = tr.Sender()
		} else {
			must(c.t, c.camera.AddEncoding(c.layers[rid]))
		}
	}
	for range audioSeats {
		_, err = c.pc.AddTransceiverFromKind(webrtc.RTPCodecTypeAudio, recvonly)
		must(c.t, err)
	}
	for range videoSeats {
		_, err = c.pc.AddTransceiverFromKind(webrtc.RTPCodecTypeVideo, recvonly)
		must(c.t, err)
	}
}

// offer makes an offer and says what is sent where.
func (c *client) offer(restart bool) Offer {
	o, err := c.pc.CreateOffer(&webrtc.OfferOptions{ICERestart: restart})
	must(c.t, err)
	must(c.t, c.pc.SetLocalDescription(o))
	c.sources = map[string]Source{}
	for _, tr := range c.pc.GetTransceivers() {
		if tr.Direction() != webrtc.RTPTransceiverDirectionSendonly {
			continue
		}
		if tr.Kind() == webrtc.RTPCodecTypeAudio {
			c.sources[tr.Mid()] = Microphone
		} else {
			c.sources[tr.Mid()] = Camera
			if c.camMid == "" {
				c.camMid = tr.Mid()
			}
		}
	}
	return Offer{SDP: c.pc.LocalDescription().SDP, Sources: c.sources}
}

func (c *client) negotiate(restart bool) {
	c.t.Helper()
	answer, err := c.peer.Answer(context.Background(), c.offer(restart))
	must(c.t, err)
	must(c.t, c.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: answer}))
}

// enter joins a room, connects, and begins to send.
func (c *client) enter(t *testing.T, r *Room) *client {
	t.Helper()
	c.peer = r.Join(c.id, c.obs)
	c.negotiate(false)
	c.play()
	eventually(t, c.id+" connects", func() bool { return c.obs.state() == Connected })
	return c
}

// play sends a frame of every layer and a packet of sound every 20 ms.
func (c *client) play() {
	for rid := range c.layers {
		c.wg.Add(1)
		go func() { defer c.wg.Done(); c.readKeyRequests(rid) }()
	}
	c.wg.Add(1)
	go func() {
		defer c.wg.Done()
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		film := newFilm(c)
		for {
			select {
			case <-c.stop:
				return
			case <-tick.C:
				if !c.paused.Load() {
					film.frame()
				}
			}
		}
	}()
}

// record reads one seat.
func (c *client) record(tr *webrtc.TrackRemote, r *webrtc.RTPReceiver) {
	mid := r.RTPTransceiver().Mid()
	c.mu.Lock()
	c.ssrcs[mid] = uint32(tr.SSRC())
	c.mu.Unlock()
	go c.recordReports(mid, r)
	for {
		p, _, err := tr.ReadRTP()
		if err == io.EOF || err != nil {
			return
		}
		g := got{at: time.Now(), seq: p.SequenceNumber, ts: p.Timestamp, marker: p.Marker, payload: string(p.Payload)}
		if tr.Kind() == webrtc.RTPCodecTypeVideo {
			g.vp8 = parseVP8(p.Payload)
			if len(p.Payload) > 6 {
				g.from = string(p.Payload[6:])
			}
		} else {
			g.from = string(p.Payload)
		}
		c.mu.Lock()
		c.packets[mid] = append(c.packets[mid], g)
		c.mu.Unlock()
	}
}

func (c *client) recordReports(mid string, r *webrtc.RTPReceiver) {
	for {
		packets, _, err := r.ReadRTCP()
		if err != nil {
			return
		}
		for _, p := range packets {
			if sr, ok := p.(*rtcp.SenderReport); ok {
				c.mu.Lock()
				if sr.SSRC == c.ssrcs[mid] {
					c.reports[mid] = append(c.reports[mid], *sr)
				}
				c.mu.Unlock()
			}
		}
	}
}

// heard gives what came into a seat so far.
func (c *client) heard(mid string) []got {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]got(nil), c.packets[mid]...)
}

// hears waits for n new packets from a sender in a seat.
func (c *client) hears(t *testing.T, mid, from string, n int) {
	t.Helper()
	before := len(c.heard(mid))
	eventually(t, fmt.Sprintf("%s gets %s in %s", c.id, from, mid), func() bool {
		count := 0
		for _, g := range c.heard(mid)[before:] {
			if g.from == from {
				count++
			}
		}
		return count >= n
	})
}

func (c *client) close() {
	select {
	case <-c.stop:
		return
	default:
	}
	close(c.stop)
	_ = c.pc.GracefulClose()
	c.wg.Wait()
}

// has waits until a seat got something from a sender, now or before.
func (c *client) has(t *testing.T, mid, from string) {
	t.Helper()
	eventually(t, fmt.Sprintf("%s got %s in %s", c.id, from, mid), func() bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		return slices.ContainsFunc(c.packets[mid], func(g got) bool { return g.from == from })
	})
}

// seats waits until somebody sits somewhere and gives the mid.
func (c *client) seats(t *testing.T, peer string, source Source) (mid string) {
	t.Helper()
	eventually(t, c.id+" is told the seat of "+peer, func() bool {
		if source == Microphone {
			mid = c.obs.audio(peer)
		} else {
			mid = c.obs.video(peer, source)
		}
		return mid != ""
	})
	return mid
}
