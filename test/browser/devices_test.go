package browser

import (
	"testing"

	"github.com/chromedp/chromedp"
)

// TestCameraRefused: the browser, or its person, says no.
func TestCameraRefused(t *testing.T) {
	sideBySide(t)
	c := startChromium(t, chromedp.Flag("use-fake-ui-for-media-stream", false), chromedp.Flag("deny-permission-prompts", true))
	joinWithoutDevices(t, c, "The camera is not allowed", "The microphone is not allowed", "lobby-refused")
}

// TestNoCameraAtAll: the machine has neither camera nor microphone.
func TestNoCameraAtAll(t *testing.T) {
	sideBySide(t)
	c := startChromium(t, chromedp.Flag("use-fake-device-for-media-stream", false))
	joinWithoutDevices(t, c, "No camera was found", "No microphone was found", "lobby-absent")
}

// joinWithoutDevices goes into a meeting that somebody with devices is in, and
// sees and hears them.
func joinWithoutDevices(t *testing.T, c *chromium, camera, microphone, picture string) {
	t.Helper()
	s := startServer(t)
	r := s.create(60)
	asha := startChromium(t).open("asha", r.Links.Moderator)
	asha.join("Asha")
	jun := c.open("jun", r.Links.Guest)
	jun.reads(camera)
	jun.reads(microphone)
	jun.shoot(picture)
	jun.join("Jun")
	jun.seesMoving("Asha")
	jun.hearsAndSees(1)
	asha.until("Jun without picture and sound",
		`(e => e && !e.querySelector('video').checkVisibility() && e.ariaLabel.includes('muted'))(document.querySelector('[data-name="Jun"]'))`)
}

// TestCameraInUse: another program has the camera. No browser can be told to
// meet that, so the page's getUserMedia answers as one does then.
func TestCameraInUse(t *testing.T) {
	sideBySide(t)
	s := startServer(t)
	r := s.create(60)
	busy := `(() => {
		const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
		window.storyCamera = { busy: true };
		navigator.mediaDevices.getUserMedia = wanted => wanted.video && window.storyCamera.busy
			? Promise.reject(new DOMException('Could not start video source', 'NotReadableError')) : real(wanted);
	})()`
	c := startChromium(t)
	asha := c.open("asha", r.Links.Moderator)
	asha.join("Asha")
	jun := c.open("jun", r.Links.Guest, busy)
	jun.reads("Another program is using the camera")
	jun.shoot("lobby-busy")
	jun.join("Jun")
	asha.until("Jun without a picture", `!document.querySelector('[data-name="Jun"] video')?.checkVisibility()`)

	// The other program lets go; the camera is turned on again in the meeting.
	eval[bool](jun, `!(window.storyCamera.busy = false)`)
	jun.press("camera")
	asha.seesMoving("Jun")
}

// TestCameraReallyStops: off means that nothing is captured any more (the
// device's light goes out), and on comes back without renegotiation.
func TestCameraReallyStops(t *testing.T) {
	sideBySide(t)
	s := startServer(t)
	r := s.create(60)
	watch := `(() => {
		const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
		window.storyTracks = []; window.storyOffers = 0;
		navigator.mediaDevices.getUserMedia = async wanted => {
			const stream = await real(wanted);
			window.storyTracks.push(...stream.getTracks());
			return stream;
		};
		const offer = RTCPeerConnection.prototype.createOffer;
		RTCPeerConnection.prototype.createOffer = function (...args) { window.storyOffers++; return offer.apply(this, args) };
	})()`
	live := func(kind string) string {
		return `window.storyTracks.filter(t => t.kind === '` + kind + `' && t.readyState === 'live').length`
	}
	c := startChromium(t)
	asha, jun := c.open("asha", r.Links.Moderator), c.open("jun", r.Links.Guest, watch)
	asha.join("Asha")
	jun.join("Jun")
	asha.seesMoving("Jun")
	offers := eval[int](jun, `window.storyOffers`)
	jun.press("camera")
	jun.until("the camera's capture to stop", live("video")+" === 0")
	jun.press("mic")
	jun.until("the microphone's capture to stop", live("audio")+" === 0")
	jun.press("camera")
	jun.press("mic")
	jun.until("both to be captured again", live("video")+" === 1 && "+live("audio")+" === 1")
	asha.seesMoving("Jun")
	asha.hearsAndSees(1)
	if now := eval[int](jun, `window.storyOffers`); now != offers {
		t.Errorf("%d offers became %d", offers, now)
	}
}
