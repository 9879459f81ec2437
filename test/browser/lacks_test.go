package browser

import "testing"

// What a story takes away from a browser, or puts into its page, before the
// page's own scripts run.
const (
	putsInFront = `new MutationObserver((_, seen) => {
		if (!document.body) return;
		const e = document.createElement('div');
		e.id = 'extension';
		document.body.prepend(e);
		seen.disconnect();
	}).observe(document, { childList: true, subtree: true })`
	isCalledBot = `Object.defineProperty(Navigator.prototype, 'userAgent', { get: () =>
		'Mozilla/5.0 (Linux; Android 14; CUBOT KINGKONG 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Mobile Safari/537.36' })`
	// closedPort makes the page look for the server's media where nobody is.
	closedPort = `(() => {
		const real = RTCPeerConnection.prototype.setRemoteDescription;
		RTCPeerConnection.prototype.setRemoteDescription = function (answer) {
			const sdp = answer.sdp.split('\r\n').filter(line => !/^a=candidate:\S+ \d+ tcp /.test(line))
				.map(line => line.replace(/^(a=candidate:\S+ \d+ udp \d+ \S+) \d+/, '$1 9')).join('\r\n');
			return real.call(this, { type: answer.type, sdp });
		};
	})()`
)

// TestWhatABrowserLacks: each gets its own sentence, and what can be done about
// it; what only looks like a lack gets the meeting.
func TestWhatABrowserLacks(t *testing.T) {
	sideBySide(t)
	s := startServer(t)
	c := startChromium(t)
	r := s.create(60)
	blocked := c.open("blocked", r.Links.Guest, closedPort) // takes its time
	blocked.join("Bo")

	front := c.open("front", r.Links.Guest, putsInFront)
	front.join("Fay")
	if left := eval[int](front, `document.querySelectorAll('.lobby').length`); left != 0 {
		t.Errorf("%d lobbies are left in the room", left)
	}
	if !eval[bool](front, `!!document.getElementById('extension')`) {
		t.Error("the extension's element is gone")
	}
	phone := c.open("phone", r.Links.Guest, isCalledBot)
	phone.join("Pat")

	wasm := c.open("without-wasm", r.Links.Guest, `delete window.WebAssembly`)
	wasm.reads("it has no WebAssembly")
	wasm.shoot("without-wasm")
	sockets := c.open("without-sockets", r.Links.Guest, `window.WebSocket = undefined`)
	sockets.reads("It has no WebSockets")
	sockets.shoot("without-sockets")
	rtc := c.open("without-rtc", r.Links.Guest, `window.RTCPeerConnection = undefined`)
	rtc.reads("Without WebRTC this browser carries no sound")
	rtc.shoot("lobby-without-rtc")
	rtc.join("Rae")
	rtc.reads("This browser has no WebRTC")
	rtc.shoot("room-without-rtc")
	for _, p := range []*tab{rtc, sockets} {
		if eval[bool](p, `document.body.innerText.includes('Reconnecting')`) {
			t.Errorf("%s: the line is blamed", p.name)
		}
	}

	blocked.reads("Sound and pictures do not get through, though the server does")
	blocked.shoot("room-blocked-port")
}
