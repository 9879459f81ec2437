package browser

import (
	"fmt"
	"time"
)

// watchPeers lets a story see the page's peer connections. It runs before the
// page's own scripts and changes nothing of what they do.
const watchPeers = `(() => {
	const peers = [], Real = window.RTCPeerConnection;
	window.storyPeers = peers;
	window.RTCPeerConnection = new Proxy(Real, { construct(target, args) {
		const peer = new target(...args);
		peers.push(peer);
		return peer;
	}});
})()`

// readMedia sums up what arrives in a page: for each picture that is decoded
// its frames, and for all sound its energy.
const readMedia = `(async () => {
	const out = { peers: 0, frames: {}, energy: 0, sent: 0 };
	for (const peer of window.storyPeers) {
		if (peer.connectionState === 'closed') continue;
		out.peers++;
		for (const s of (await peer.getStats()).values()) {
			if (s.type === 'inbound-rtp' && s.kind === 'video' && s.framesDecoded > 0) out.frames[s.mid] = s.framesDecoded;
			if (s.type === 'inbound-rtp' && s.kind === 'audio') out.energy += s.totalAudioEnergy || 0;
			if (s.type === 'outbound-rtp') out.sent += s.packetsSent || 0;
		}
	}
	return out;
})()`

type media struct {
	Peers  int            `json:"peers"`
	Frames map[string]int `json:"frames"`
	Energy float64        `json:"energy"`
	Sent   int            `json:"sent"`
}

// moving is an expression, a promise of whether the picture of the tile with
// that name changes: it is drawn, and drawn again until it differs.
func moving(name string) string {
	return fmt.Sprintf(`(async () => {
		const video = document.querySelector('[data-name=%q] video');
		if (!video || !video.videoWidth) return false;
		const canvas = document.createElement('canvas');
		canvas.width = 64; canvas.height = 36;
		const draw = canvas.getContext('2d', { willReadFrequently: true });
		const look = () => { draw.drawImage(video, 0, 0, 64, 36); return draw.getImageData(0, 0, 64, 36).data.join() };
		const first = look();
		if (new Set(first.split(',')).size < 3) return false; // black
		for (let i = 0; i < 20; i++) {
			await new Promise(done => setTimeout(done, 50));
			if (look() !== first) return true;
		}
		return false;
	})()`, name)
}

// seesMoving waits until the picture of everyone named is there and moves.
func (p *tab) seesMoving(names ...string) {
	p.t.Helper()
	for _, name := range names {
		p.eventually(fmt.Sprintf("%s's moving picture", name), func() bool { return eval[bool](p, moving(name)) })
	}
}

// hearsAndSees waits until n pictures have gained frames and sound has gained
// energy since the call.
func (p *tab) hearsAndSees(n int) {
	p.t.Helper()
	before := eval[media](p, readMedia)
	var now media
	p.eventually(fmt.Sprintf("%d pictures and sound to go on", n), func() bool {
		now = eval[media](p, readMedia)
		gained := 0
		for mid, frames := range now.Frames {
			if frames > before.Frames[mid] {
				gained++
			}
		}
		return gained >= n && now.Energy > before.Energy
	})
}

// eventually asks until ok, with a pause that is no part of any story's pace.
func (p *tab) eventually(what string, ok func() bool) {
	p.t.Helper()
	deadline := time.NewTimer(patience)
	defer deadline.Stop()
	pause := time.NewTicker(100 * time.Millisecond)
	defer pause.Stop()
	for !ok() {
		select {
		case <-deadline.C:
			p.t.Fatalf("%s waited in vain for %s; media: %+v", p.name, what, eval[media](p, readMedia))
		case <-pause.C:
		}
	}
}
