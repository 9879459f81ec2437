package browser

import "testing"

// watchSystem lets a story see what a page asks of the system around it: locks
// of the screen, media keys, the badge, notifications. The devices it captures
// can be muted as a system does it, which no browser can be told to do.
const watchSystem = `(() => {
	window.storyLocks = []; window.storyKeys = {}; window.storyBadges = []; window.storyAsked = []; window.storyTracks = [];
	const { wakeLock, mediaSession, mediaDevices } = navigator;
	const lock = wakeLock.request.bind(wakeLock);
	wakeLock.request = async kind => { const it = await lock(kind); storyLocks.push(it); return it };
	const handle = mediaSession.setActionHandler.bind(mediaSession);
	mediaSession.setActionHandler = (action, f) => { handle(action, f); storyKeys[action] = f };
	navigator.setAppBadge = async () => storyBadges.push('set');
	navigator.clearAppBadge = async () => storyBadges.push('clear');
	let permission = 'default';
	Object.defineProperty(Notification, 'permission', { get: () => permission });
	Notification.requestPermission = async () => { storyAsked.push(navigator.userActivation.isActive); return permission = 'granted' };
	const capture = mediaDevices.getUserMedia.bind(mediaDevices);
	mediaDevices.getUserMedia = async wanted => {
		const stream = await capture(wanted);
		storyTracks.push(...stream.getTracks());
		return stream;
	};
	window.storyMute = (kind, muted) => {
		const track = storyTracks.findLast(t => t.kind === kind);
		Object.defineProperty(track, 'muted', { value: muted, configurable: true });
		track.dispatchEvent(new Event(muted ? 'mute' : 'unmute'));
	};
})()`

// Expressions about what a page has of the system, and plays.
const (
	screenIsKept = `storyLocks.filter(l => !l.released).length === 1`
	allPlays     = `[...document.querySelectorAll('audio, video')].every(e => !e.srcObject || !e.paused)`
	pauseAll     = `document.querySelectorAll('audio, .stage video').forEach(e => e.pause())`
	junIsMuted   = `document.querySelector('[data-name="Jun"]').ariaLabel.includes('muted')`
)

// TestTheSystemAround: what the system of a device does with a meeting in it,
// and what the meeting asks of it, from the lobby to the end.
func TestTheSystemAround(t *testing.T) {
	sideBySide(t)
	s := startServer(t)
	c := startChromium(t)
	r := s.create(10) // its window is open from the start
	asha, jun := c.open("asha", r.Links.Moderator), c.open("jun", r.Links.Guest, watchSystem)
	asha.join("Asha")

	// A microphone that the system muted is not on, in the lobby and inside.
	jun.sees("join")
	jun.until("both devices to be captured", `storyTracks.length === 2`)
	jun.run(`storyMute('audio', true)`)
	jun.reads("Nobody hears you")
	jun.shoot("lobby-muted-by-the-system")
	jun.run(`storyMute('audio', false)`)
	jun.until("the lobby to take it back", `!document.body.innerText.includes('Nobody hears you')`)
	if eval[bool](jun, screenIsKept) {
		t.Error("the lobby keeps the screen on")
	}
	jun.join("Jun")
	jun.hearsAndSees(1)
	jun.run(`storyMute('audio', true)`)
	jun.sees("device-muted")
	jun.shoot("room-muted-by-the-system")
	asha.until("Jun to be muted", junIsMuted)
	if jun.attribute("mic", "aria-pressed") != "false" {
		t.Error("a microphone that nobody hears shows as on")
	}
	jun.run(`storyMute('audio', false)`)
	jun.seesNot("device-muted")
	asha.until("Jun to be heard again", "!"+junIsMuted)

	// A headset pauses, once; then something that holds what it paused.
	jun.run(pauseAll)
	jun.until("everything to play on", allPlays)
	jun.hearsAndSees(1)
	jun.run(`window.storyPlay = HTMLMediaElement.prototype.play;
		HTMLMediaElement.prototype.play = () => Promise.reject(new DOMException('', 'NotAllowedError'));` + pauseAll)
	jun.sees("unblock-sound")
	jun.run(`HTMLMediaElement.prototype.play = storyPlay`)
	jun.press("unblock-sound")
	jun.until("everything to play after a press", allPlays)
	jun.seesNot("unblock-sound")
	jun.run(`storyKeys.togglemicrophone({ action: 'togglemicrophone' })`)
	asha.until("the headset's button to mute Jun", junIsMuted)
	jun.run(`storyKeys.togglemicrophone({ action: 'togglemicrophone' })`)
	asha.until("the headset's button to unmute Jun", "!"+junIsMuted)

	// The screen stays on, also after the browser has taken its lock back.
	jun.until("the screen to be kept on", screenIsKept)
	jun.run(`storyLocks.at(-1).release()`)
	jun.until("the lock to be gone", "!("+screenIsKept+")")
	jun.run(`document.dispatchEvent(new Event('visibilitychange'))`)
	jun.until("the screen to be kept on again", screenIsKept)

	// A press has the browser ask, once; the app's icon is marked in a window.
	jun.press("tell-me")
	jun.until("the browser to be asked in the press", `storyAsked.join() === 'true'`)
	jun.seesNot("tell-me")
	jun.press("story-open")
	jun.reads("You will be told when time is short, wherever you look")
	jun.shoot("room-told")
	jun.until("the icon to be marked", `storyBadges.join() === 'clear,set'`)
	asha.press("extend")
	jun.until("the mark to go with the window", `storyBadges.join() === 'clear,set,clear'`)

	asha.press("end-for-all")
	asha.press("confirm-end")
	jun.sees("ended")
	jun.until("the screen to be let go", `storyLocks.every(l => l.released)`)
	jun.until("the keys to be let go", `storyKeys.togglemicrophone === null && !navigator.mediaSession.metadata`)
	if wrong := jun.wrong.String(); wrong != "" {
		t.Errorf("the console:\n%s", wrong)
	}
}
