package client_test

import (
	"context"
	"errors"
	"slices"
	"sync"

	"overtime/internal/client"
	"overtime/internal/protocol"
)

// tab is a browser's tab as the session sees it. Its fields are guarded by mu
// once a session runs; the fakes below share it.
type tab struct {
	mu sync.Mutex

	fragment string
	insecure bool
	copyErr  error
	copied   []string
	store    map[string]string // the tab's storage; nil: refused
	local    map[string]string // the browser's storage; nil: refused
	hooks    map[*func()]string
	blocked  bool          // sound
	hidden   bool          // nobody sees the tab
	frozen   chan struct{} // until closed, nothing in the page runs
	why      string        // the server's answer to why it cannot be connected to; empty: none
	asked    int           // how often it was asked

	trouble  map[client.DeviceKind]client.DeviceTrouble
	odd      error // what Capture fails with instead of a DeviceTrouble
	prompt   chan struct{}
	captures []string // kind and wanted id of each
	tracks   []*track
	listed   []client.Device

	shared   []*track // screens, and their sound, in order
	noScreen bool     // sharing one is not supported
	mute     bool     // a screen brings no sound

	awake    bool // the screen is kept on
	awoken   int  // how often it was asked for
	controls []client.MediaState
	press    func(client.MediaAction)
	marks    []bool // of the badge

	peers   []*peer
	noPeers bool // NewPeer fails
	noRTC   bool // nor is there anything like it
	stuck   bool // answers lead to no connection
	offErr  error
	ansErr  error
	sendErr error
}

func newTab(token string) *tab {
	return &tab{
		fragment: token,
		store:    map[string]string{}, local: map[string]string{},
		hooks:   map[*func()]string{},
		trouble: map[client.DeviceKind]client.DeviceTrouble{},
		listed: []client.Device{
			{ID: "mic-1", Kind: client.MicrophoneDevice, Label: "Built in"},
			{ID: "cam-1", Kind: client.CameraDevice, Label: "Front"},
			{ID: "cam-2", Kind: client.CameraDevice, Label: "Back"},
		},
	}
}

func (b *tab) browser(d client.Dialer) client.Browser {
	return client.Browser{
		Dialer: d, Devices: devices{b}, Peers: peers{b}, Stage: stage{tab: b}, Screens: screens{b},
		Tab: storage{b, &b.store}, Local: storage{b, &b.local}, Page: page{tab: b},
		WakeLock: wakeLock{b}, Controls: controls{b}, Badge: badge{b}, API: asker{b},
	}
}

func (b *tab) on(event string, f func()) (stop func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	hook := &f
	b.hooks[hook] = event
	return func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		delete(b.hooks, hook)
	}
}

func (b *tab) fire(event string) {
	b.mu.Lock()
	var due []func()
	for hook, of := range b.hooks {
		if of == event {
			due = append(due, *hook)
		}
	}
	b.mu.Unlock()
	for _, f := range due {
		f()
	}
}

// with changes the tab under its lock.
func (b *tab) with(f func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	f()
}

// running are the captures that were not stopped.
func (b *tab) running() (out []*track) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, t := range b.tracks {
		if !t.stopped {
			out = append(out, t)
		}
	}
	return out
}

// lastTrack is the newest capture of the kind.
func (b *tab) lastTrack(kind client.DeviceKind) *track {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, t := range slices.Backward(b.tracks) {
		if t.kind == kind {
			return t
		}
	}
	return nil
}

// openPeers are the peer connections that were not closed.
func (b *tab) openPeers() (out []*peer) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, p := range b.peers {
		if !p.closed {
			out = append(out, p)
		}
	}
	return out
}

func (b *tab) lastPeer() *peer {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.peers[len(b.peers)-1]
}

func (b *tab) stored(key string) string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.store[key]
}

type storage struct {
	tab  *tab
	data *map[string]string
}

func (s storage) Get(key string) string {
	s.tab.mu.Lock()
	defer s.tab.mu.Unlock()
	return (*s.data)[key]
}

func (s storage) Set(key, value string) bool {
	s.tab.mu.Lock()
	defer s.tab.mu.Unlock()
	if *s.data == nil {
		return false
	}
	if value == "" {
		delete(*s.data, key)
	} else {
		(*s.data)[key] = value
	}
	return true
}

type page struct {
	client.Page // what the session must not use stays nil
	tab         *tab
}

func (p page) Address() (path, fragment string) {
	p.tab.mu.Lock()
	defer p.tab.mu.Unlock()
	return "/r/room", p.tab.fragment
}
func (p page) Origin() string { return "https://meet.example" }
func (p page) Secure() bool {
	p.tab.mu.Lock()
	defer p.tab.mu.Unlock()
	return !p.tab.insecure
}
func (p page) Hidden() bool {
	p.tab.mu.Lock()
	defer p.tab.mu.Unlock()
	return p.tab.hidden
}
func (p page) HideFragment() { p.tab.with(func() { p.tab.fragment = "" }) }
func (p page) Copy(_ context.Context, text string) error {
	p.tab.mu.Lock()
	defer p.tab.mu.Unlock()
	p.tab.copied = append(p.tab.copied, text)
	return p.tab.copyErr
}
func (p page) OnWake(f func()) (stop func()) { return p.tab.on("wake", f) }

type stage struct {
	client.Stage
	tab *tab
}

// SoundBlocked is asked by the session's loop after all that it does, so this is
// where a frozen page holds it.
func (s stage) SoundBlocked() bool {
	s.tab.mu.Lock()
	blocked, frozen := s.tab.blocked, s.tab.frozen
	s.tab.mu.Unlock()
	if frozen != nil {
		<-frozen
	}
	return blocked
}
func (s stage) OnSoundBlocked(f func()) (stop func()) { return s.tab.on("sound", f) }

type wakeLock struct{ tab *tab }

func (l wakeLock) Hold(on bool) {
	l.tab.with(func() {
		if l.tab.awake = on; on {
			l.tab.awoken++
		}
	})
}

type controls struct{ tab *tab }

func (c controls) Show(s client.MediaState) {
	c.tab.with(func() { c.tab.controls = append(c.tab.controls, s) })
}
func (c controls) OnAction(f func(client.MediaAction)) (stop func()) {
	c.tab.with(func() { c.tab.press = f })
	return c.tab.on("media", func() {})
}

type badge struct{ tab *tab }

func (b badge) Mark(on bool) { b.tab.with(func() { b.tab.marks = append(b.tab.marks, on) }) }

type devices struct{ tab *tab }

func (d devices) Capture(ctx context.Context, kind client.DeviceKind, id string) (client.Track, error) {
	d.tab.mu.Lock()
	prompt := d.tab.prompt
	d.tab.captures = append(d.tab.captures, string(kind)+" "+id)
	d.tab.mu.Unlock()
	if prompt != nil {
		// Like a permission prompt, this cannot be taken back.
		<-prompt
	}
	d.tab.mu.Lock()
	defer d.tab.mu.Unlock()
	if d.tab.odd != nil {
		return nil, d.tab.odd
	}
	if trouble := d.tab.trouble[kind]; trouble != client.DeviceFine {
		return nil, trouble
	}
	if id == "" {
		id = map[client.DeviceKind]string{client.MicrophoneDevice: "mic-1", client.CameraDevice: "cam-1"}[kind]
	}
	t := &track{tab: d.tab, kind: kind, id: id}
	d.tab.tracks = append(d.tab.tracks, t)
	return t, nil
}

func (d devices) List(context.Context) ([]client.Device, error) {
	d.tab.mu.Lock()
	defer d.tab.mu.Unlock()
	return slices.Clone(d.tab.listed), nil
}

func (d devices) OnChange(f func()) (stop func()) { return d.tab.on("devices", f) }

// screens captures a screen as devices capture a camera, with the same prompt and
// troubles.
type screens struct{ tab *tab }

func (s screens) Supported() bool {
	s.tab.mu.Lock()
	defer s.tab.mu.Unlock()
	return !s.tab.noScreen
}

func (s screens) Capture(ctx context.Context) (picture, sound client.Track, err error) {
	made, err := devices(s).Capture(ctx, screenDevice, "")
	if err != nil {
		return nil, nil, err
	}
	s.tab.mu.Lock()
	defer s.tab.mu.Unlock()
	s.tab.shared = append(s.tab.shared, made.(*track))
	if s.tab.mute {
		return made, nil, nil
	}
	t := &track{tab: s.tab, kind: screenDevice}
	s.tab.tracks, s.tab.shared = append(s.tab.tracks, t), append(s.tab.shared, t)
	return made, t, nil
}

// screenDevice is what the fakes call a screen.
const screenDevice client.DeviceKind = "screen"

// track's fields are guarded by the tab's mu.
type track struct {
	tab     *tab
	kind    client.DeviceKind
	id      string
	stopped bool
	ended   func()
	silent  bool // muted by the system
	muted   func()
}

func (t *track) DeviceID() string { return t.id }
func (t *track) Stop()            { t.tab.with(func() { t.stopped = true }) }
func (t *track) OnEnded(f func()) { t.tab.with(func() { t.ended = f }) }
func (t *track) OnMuted(f func()) { t.tab.with(func() { t.muted = f }) }
func (t *track) Muted() bool {
	t.tab.mu.Lock()
	defer t.tab.mu.Unlock()
	return t.silent
}

// mute is the system taking the device's sound or picture, or giving it back.
func (t *track) mute(silent bool) {
	t.tab.mu.Lock()
	t.silent = silent
	f := t.muted
	t.tab.mu.Unlock()
	f()
}

// lose is the device being pulled out.
func (t *track) lose() {
	t.tab.mu.Lock()
	ended := t.ended
	t.tab.mu.Unlock()
	ended()
}

type peers struct{ tab *tab }

func (p peers) Supported() bool {
	p.tab.mu.Lock()
	defer p.tab.mu.Unlock()
	return !p.tab.noRTC
}

func (p peers) NewPeer(cfg protocol.Media, onState func(client.PeerState)) (client.Peer, error) {
	p.tab.mu.Lock()
	defer p.tab.mu.Unlock()
	if p.tab.noPeers {
		return nil, errors.New("no peers here")
	}
	made := &peer{tab: p.tab, cfg: cfg, tell: onState, sent: map[protocol.Source][]client.Track{}}
	p.tab.peers = append(p.tab.peers, made)
	return made, nil
}

// peer's fields are guarded by the tab's mu.
type peer struct {
	tab     *tab
	cfg     protocol.Media
	tell    func(client.PeerState)
	offers  []bool // whether each asked for a restart
	answers []string
	sent    map[protocol.Source][]client.Track
	closed  bool
}

func (p *peer) Offer(_ context.Context, restart bool) (protocol.Offer, error) {
	p.tab.mu.Lock()
	defer p.tab.mu.Unlock()
	p.offers = append(p.offers, restart)
	sources := map[string]protocol.Source{"0": protocol.Microphone, "1": protocol.Camera}
	return protocol.Offer{SDP: "offer", Sources: sources}, p.tab.offErr
}

func (p *peer) Answer(_ context.Context, sdp string) error {
	p.tab.mu.Lock()
	p.answers = append(p.answers, sdp)
	stuck, err := p.tab.stuck, p.tab.ansErr
	p.tab.mu.Unlock()
	if err == nil && !stuck {
		p.tell(client.PeerConnected)
	}
	return err
}

func (p *peer) Send(source protocol.Source, t client.Track) error {
	p.tab.mu.Lock()
	defer p.tab.mu.Unlock()
	p.sent[source] = append(p.sent[source], t)
	return p.tab.sendErr
}

func (p *peer) Close() { p.tab.with(func() { p.closed = true }) }

// offered is how often the peer was asked for an offer, and for a restart.
func (p *peer) offered() (all, restarts int) {
	p.tab.mu.Lock()
	defer p.tab.mu.Unlock()
	for _, restart := range p.offers {
		if restart {
			restarts++
		}
	}
	return len(p.offers), restarts
}

// sending is what was put on a source, in order.
func (p *peer) sending(s protocol.Source) []client.Track {
	p.tab.mu.Lock()
	defer p.tab.mu.Unlock()
	return slices.Clone(p.sent[s])
}
