//go:build js && wasm

package browser

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"syscall/js"
	"testing"

	"overtime/internal/client"
	"overtime/internal/protocol"
)

// withScene makes a document with elements, media streams and peer
// connections. Elements that play reject while playing is not allowed.
func withScene(t *testing.T) {
	t.Helper()
	withPage(t)
	global(t, "allowed", true)
	global(t, "document", eval(t, `(() => {
		const element = tag => Object.assign(new EventTarget(), {
			tag, srcObject: null, plays: 0, style: {setProperty(k, v) { this[k] = v }},
			play() {
				this.plays++
				return allowed ? Promise.resolve() : Promise.reject(new DOMException("", "NotAllowedError"))
			},
			remove() { document.body.children = document.body.children.filter(e => e !== this) },
		})
		return Object.assign(new EventTarget(), {
			hidden: false, ids: {},
			add(id) { return this.ids[id] = element("video") },
			getElementById(id) { return this.ids[id] ?? null },
			createElement: element,
			body: {children: [], appendChild(e) { e.remove(); this.children.push(e) }},
		})
	})()`))
	global(t, "MediaStream", eval(t, `class { constructor(tracks) { this.tracks = tracks ?? [] } }`))
	global(t, "RTCPeerConnection", eval(t, `class extends EventTarget {
		constructor(config) { super(); Object.assign(this, {config, transceivers: [], connectionState: "new", iceConnectionState: "new"}) }
		addTransceiver(kind, init) {
			const sender = {
				track: null, encodings: init.sendEncodings ?? [],
				replaceTrack(track) { this.track = track; return Promise.resolve() },
				getParameters() { return {encodings: this.encodings.map(e => ({active: true, ...e}))} },
				setParameters(p) { this.encodings = p.encodings; return Promise.resolve() },
			}
			const t = {kind, init, mid: null, sender, receiver: {track: {kind}}}
			this.transceivers.push(t)
			return t
		}
		createOffer() { return this.slow ? new Promise(() => {}) : Promise.resolve({type: "offer", sdp: "v=0"}) }
		setLocalDescription(d) {
			this.transceivers.forEach((t, i) => t.mid = String(i))
			this.localDescription = d
			return Promise.resolve()
		}
		setRemoteDescription(d) { this.remote = d; return d.sdp ? Promise.resolve() : Promise.reject(new TypeError("empty")) }
		restartIce() { this.restarts = (this.restarts ?? 0) + 1 }
		close() { this.connectionState = "closed" }
	}`))
}

// shown is the MediaStreamTrack in an element, undefined if there is none.
func shown(node js.Value) js.Value {
	if stream := node.Get("srcObject"); stream.Truthy() {
		return stream.Get("tracks").Index(0)
	}
	return js.Undefined()
}

func newTestPeer(t *testing.T, b client.Browser) *peer {
	t.Helper()
	made, err := b.Peers.NewPeer(protocol.Media{AudioSeats: 2, VideoSeats: 3}, func(client.PeerState) {})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(made.Close)
	return made.(*peer)
}

func offer(t *testing.T, p *peer) protocol.Offer {
	t.Helper()
	o, err := p.Offer(soon(t), false)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func TestOfferNamesItsSections(t *testing.T) {
	withScene(t)
	p := newTestPeer(t, New())
	var sections []string
	for i := range p.pc.Get("transceivers").Length() {
		transceiver := p.pc.Get("transceivers").Index(i)
		sections = append(sections, text(transceiver.Get("kind"))+" "+text(transceiver.Get("init").Get("direction")))
	}
	const want = "audio sendonly, video sendonly, video sendonly, audio sendonly, " +
		"audio recvonly, audio recvonly, video recvonly, video recvonly, video recvonly"
	if got := strings.Join(sections, ", "); got != want {
		t.Errorf("sections are %s", got)
	}
	o := offer(t, p)
	for mid, source := range map[string]protocol.Source{
		"0": protocol.Microphone, "1": protocol.Camera, "2": protocol.Screen, "3": protocol.ScreenAudio,
	} {
		if o.Sources[mid] != source {
			t.Errorf("mid %s is %q, want %q", mid, o.Sources[mid], source)
		}
	}
	if err := p.Answer(soon(t), ""); thrownName(err) != "TypeError" {
		t.Errorf("a bad answer gave %v", err)
	}
	if err := p.Answer(soon(t), "v=0"); err != nil {
		t.Error(err)
	}
}

func TestSendFitsAndReplaces(t *testing.T) {
	withScene(t)
	withDevices(t, `{getUserMedia: async () => stream(Object.assign(track("one"), {
		getSettings: () => ({deviceId: "one", width: 640, height: 360}),
	}))}`)
	b := New()
	p := newTestPeer(t, b)
	camera, err := b.Devices.Capture(soon(t), client.CameraDevice, "")
	if err != nil {
		t.Fatal(err)
	}
	defer camera.Stop()
	if err := p.Send(protocol.Camera, camera); err != nil {
		t.Fatal(err)
	}
	sender := p.pc.Get("transceivers").Index(1).Get("sender")
	if !sender.Get("track").Equal(camera.(*track).media) {
		t.Error("the camera is not sent")
	}
	if sender.Get("encodings").Index(2).Get("active").Bool() {
		t.Error("a small camera is sent in three layers")
	}
	if err := p.Send(protocol.Camera, nil); err != nil || !sender.Get("track").IsNull() {
		t.Errorf("the camera is still sent: %v", err)
	}
	if err := p.Send("window", camera); err == nil {
		t.Error("a source that there is not was taken")
	}
}

func TestStatesAreToldOnce(t *testing.T) {
	noLeaks(t)
	withScene(t)
	b := New()
	var told []client.PeerState
	made, err := b.Peers.NewPeer(protocol.Media{}, func(s client.PeerState) { told = append(told, s) })
	if err != nil {
		t.Fatal(err)
	}
	pc := made.(*peer).pc
	become := func(connection, ice string) {
		pc.Set("connectionState", connection)
		pc.Set("iceConnectionState", ice)
		fire(pc, "iceconnectionstatechange", nil)
		fire(pc, "connectionstatechange", nil)
		turn()
	}
	become("connecting", "checking")
	become("connected", "connected")
	become("connected", "disconnected")
	become("failed", "failed")
	made.Close()
	become("closed", "closed")
	want := []client.PeerState{client.PeerConnecting, client.PeerConnected, client.PeerDisconnected, client.PeerFailed}
	if !slices.Equal(told, want) {
		t.Errorf("told %v", told)
	}
}

func TestClosedPeerIsOver(t *testing.T) {
	withScene(t)
	b := New()
	p := newTestPeer(t, b)
	p.pc.Set("slow", true) // a promise that a closed connection never settles
	spawn(func() { turn(); p.Close() })
	if _, err := p.Offer(soon(t), false); !errors.Is(err, errPeerClosed) {
		t.Errorf("an offer under way gave %v", err)
	}
	p.pc.Set("slow", false)
	if _, err := p.Offer(soon(t), true); !errors.Is(err, errPeerClosed) {
		t.Errorf("an offer after Close gave %v", err)
	}
	if err := p.seat(); !errors.Is(err, errPeerClosed) {
		t.Errorf("a closed peer takes the stage: %v", err)
	}
	p.Close()
}

func TestSeatsFollowTheNewestPeer(t *testing.T) {
	noLeaks(t)
	withScene(t)
	b := New()
	video := document().Call("add", "tile-1")
	b.Stage.ShowSeat("tile-1", "7") // before there is a peer
	older, newer := newTestPeer(t, b), newTestPeer(t, b)
	seat := func(p *peer) js.Value { return received(p.video[1]) }
	offer(t, older)
	if !shown(video).Equal(seat(older)) || !video.Get("muted").Bool() || !video.Get("playsInline").Bool() {
		t.Error("the seat is not shown")
	}
	before := video.Get("srcObject")
	b.Stage.ShowSeat("tile-1", "7")
	if !video.Get("srcObject").Equal(before) {
		t.Error("the same picture was bound anew")
	}
	offer(t, newer)
	older.Close()
	if !shown(video).Equal(seat(newer)) {
		t.Error("the seat of an older peer is shown")
	}
	if n := document().Get("body").Get("children").Length(); n != 2 {
		t.Errorf("%d audio elements", n)
	}
	newer.Close()
	if !shown(video).IsUndefined() || document().Get("body").Get("children").Length() != 0 {
		t.Error("something of a closed peer is left")
	}
	b.Stage.Clear("tile-1")
	turn()
}

// TestPlaysOnAfterWaking: what the browser paused, with a page that it froze or
// in a call of the telephone, goes on when the tab is back, and nothing else.
func TestPlaysOnAfterWaking(t *testing.T) {
	noLeaks(t)
	withScene(t)
	b := New()
	video, still := document().Call("add", "tile-1"), document().Call("add", "tile-2")
	b.Stage.ShowSeat("tile-1", "7")
	b.Stage.ShowSeat("tile-2", "nowhere")
	p := newTestPeer(t, b)
	offer(t, p)
	sounds := document().Get("body").Get("children")
	first, second := sounds.Index(0), sounds.Index(1)
	plays := func() string {
		return fmt.Sprint(video.Get("plays").Int(), still.Get("plays").Int(), first.Get("plays").Int(), second.Get("plays").Int())
	}
	for _, e := range []js.Value{video, still, first} {
		e.Set("paused", true)
	}
	fire(document(), "resume", nil)
	turn()
	if got := plays(); got != "2 0 2 1" {
		t.Errorf("played %s times", got)
	}
	p.Close()
	b.Stage.Clear("tile-1")
	b.Stage.Clear("tile-2")
	fire(document(), "resume", nil)
	turn()
	if got := plays(); got != "2 0 2 1" {
		t.Errorf("played %s times, some after the end", got)
	}
}

func TestSelfFollowsTheCamera(t *testing.T) {
	noLeaks(t)
	withScene(t)
	withDevices(t, `{getUserMedia: async () => stream(track("one"))}`)
	b := New()
	video := document().Call("add", "self")
	b.Stage.ShowSelf("self")
	if !shown(video).IsUndefined() {
		t.Error("a picture without a camera")
	}
	capture := func() client.Track {
		got, err := b.Devices.Capture(soon(t), client.CameraDevice, "")
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	older := capture()
	newer := capture()
	older.Stop()
	if !shown(video).Equal(newer.(*track).media) {
		t.Error("the newest camera is not shown")
	}
	again := document().Call("add", "self") // another element under the id
	b.Stage.ShowSelf("self")
	if !shown(video).IsUndefined() || !shown(again).Equal(newer.(*track).media) {
		t.Error("the element under the id was not followed")
	}
	newer.Stop()
	if !again.Get("srcObject").IsNull() {
		t.Error("a camera that is off is still shown")
	}
	b.Stage.Clear("self")
	other := capture()
	defer other.Stop()
	if !shown(again).IsUndefined() {
		t.Error("an element that was cleared shows something")
	}
	b.Stage.ShowSelf("nowhere")
	b.Stage.Meter("nowhere")
	b.Stage.Clear("nowhere")
	turn()
}

func TestBlockedSound(t *testing.T) {
	noLeaks(t)
	withScene(t)
	js.Global().Set("allowed", false)
	b := New()
	told := 0
	stop := b.Stage.OnSoundBlocked(func() { told++ })
	p := newTestPeer(t, b)
	offer(t, p)
	turn()
	if !b.Stage.SoundBlocked() || told != 1 {
		t.Fatalf("blocked %v, told %d times", b.Stage.SoundBlocked(), told)
	}
	b.Stage.UnblockSound() // not during a click
	turn()
	if !b.Stage.SoundBlocked() {
		t.Error("not blocked although refused again")
	}
	js.Global().Set("allowed", true)
	told = 0
	fire(document(), "click", nil)
	turn()
	if b.Stage.SoundBlocked() || told != 1 {
		t.Errorf("after a click: blocked %v, told %d times", b.Stage.SoundBlocked(), told)
	}
	stop()
	p.Close()
}
