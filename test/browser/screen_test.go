package browser

import (
	"context"
	"fmt"
	"testing"

	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// sharedTitle is what a tab is called that is there to be shared.
const sharedTitle = "Quarterly figures"

// startSharing is a browser that takes the tab of that name for what its people
// share, without asking; the usual one has a picture of its own for it.
func startSharing(t *testing.T) *chromium {
	t.Helper()
	return startChromium(t, chromedp.Flag("use-fake-ui-for-media-stream", false),
		chromedp.Flag("auto-accept-camera-and-microphone-capture", true),
		chromedp.Flag("auto-select-tab-capture-source-by-title", sharedTitle))
}

// seesScreen waits for a screen of somebody's to be large, whole and moving.
func (p *tab) seesScreen(id, of string) {
	p.t.Helper()
	p.sees(id)
	p.until("the whole screen of "+of, fmt.Sprintf(`(cell => {
		const video = cell.querySelector('video'), owner = document.querySelector('[data-name=%q]');
		return cell.dataset.participant === owner.dataset.participant && video.videoWidth > 0 &&
			getComputedStyle(video).objectFit === 'contain' && getComputedStyle(video).transform === 'none' &&
			cell.offsetWidth > owner.offsetWidth;
	})(document.querySelector(%q))`, of, css(id)))
	p.until("the screen of "+of+" to move", fmt.Sprintf(`(video => {
		const was = video.storyFrames ?? 1e9;
		video.storyFrames = Math.min(was, video.getVideoPlaybackQuality().totalVideoFrames);
		return video.getVideoPlaybackQuality().totalVideoFrames > video.storyFrames;
	})(document.querySelector(%q).querySelector('video'))`, css(id)))
}

// TestScreens: a shared screen is large for everybody, and for who comes later; of
// two, both are; each goes when its owner stops, and the people are as before.
func TestScreens(t *testing.T) {
	sideBySide(t)
	s := startServer(t)
	c := startChromium(t)
	r := s.create(60)
	asha, jun := c.open("asha", r.Links.Moderator), c.open("jun", r.Links.Guest)
	asha.join("Asha")
	jun.join("Jun")
	jun.seesMoving("Asha")
	video := `document.querySelector('[data-name="Asha"] video')`
	jun.run(`window.storyVideo = ` + video)
	asha.press("share-screen")
	asha.sees("stop-share")
	asha.reads("You are sharing your screen")
	jun.seesScreen("screen-0", "Asha")
	if got := jun.attribute("stage", "data-layout"); got != "presentation" {
		t.Errorf("the stage is a %q", got)
	}
	if !eval[bool](jun, `storyVideo === `+video) {
		t.Error("Asha's camera has another element")
	}
	if eval[bool](asha, `!!document.querySelector('[data-testid^="screen-"]')`) {
		t.Error("Asha is shown her own screen")
	}
	jun.shoot("screen-one")
	noor := c.open("noor", r.Links.Guest)
	noor.join("Noor")
	noor.seesScreen("screen-0", "Asha")
	jun.press("share-screen")
	noor.seesScreen("screen-1", "Jun")
	noor.seesScreen("screen-0", "Asha")
	asha.seesScreen("screen-0", "Jun")
	noor.shoot("screen-two")
	for _, size := range [][2]int64{{390, 844}, {480, 360}, {320, 240}} {
		noor.do(chromedp.EmulateViewport(size[0], size[1]))
		noor.until("the cells to be on the stage", onTheStage)
		noor.seesScreen("screen-0", "Asha")
		noor.shoot(fmt.Sprintf("screen-two-%dx%d", size[0], size[1]))
	}
	noor.do(chromedp.EmulateViewport(480, 360)) // a strip has the second screen there
	wider := func(a, b string) string {
		return fmt.Sprintf(`document.querySelector(%q).offsetWidth > 1.5 * document.querySelector(%q).offsetWidth`, css(a), css(b))
	}
	noor.until("the first screen to be large", wider("screen-0", "screen-1"))
	noor.press("pin-screen-1")
	noor.until("the second to be large", wider("screen-1", "screen-0"))
	if got := eval[string](noor, `(pins => pins.find(e => e.tabIndex === 0).dataset.testid)([...document.querySelectorAll('.pin[data-testid]')])`); got != "pin-screen-1" {
		t.Errorf("Tab stops at %s", got)
	}
	noor.shoot("screen-pinned-480x360")
	noor.press("pin-screen-1")
	noor.until("the first screen to be large again", wider("screen-0", "screen-1"))
	noor.do(chromedp.EmulateViewport(1280, 800))
	noor.run(`document.querySelector('[data-testid="pin-screen-0"]').focus()`)
	noor.do(chromedp.KeyEvent(kb.ArrowRight))
	noor.until("the keyboard to be at the next that is read", `document.activeElement.dataset.testid === 'pin-screen-1'`)
	asha.press("stop-share")
	asha.seesNot("stop-share")
	noor.seesNot("screen-0")
	noor.seesScreen("screen-1", "Jun")
	jun.press("share-screen") // the button that began it ends it, too
	noor.seesNot("screen-1")
	noor.until("people alone", `document.querySelector('[data-testid="stage"]').dataset.layout === 'grid'`)
	noor.seesMoving("Asha", "Jun")
	for _, p := range []*tab{asha, jun, noor} {
		if wrong := p.wrong.String(); wrong != "" {
			t.Errorf("%s's console:\n%s", p.name, wrong)
		}
	}
}

// TestSharedTabIsClosed: what is shared may end by itself, as by the browser's own
// bar; nobody is left with its last picture, and it is said to its owner.
func TestSharedTabIsClosed(t *testing.T) {
	sideBySide(t)
	s := startServer(t)
	c := startSharing(t)
	r := s.create(60)
	asha, jun := c.open("asha", r.Links.Moderator), c.open("jun", r.Links.Guest)
	asha.join("Asha")
	jun.join("Jun")
	figures := c.open("figures", s.url+"/nowhere")
	figures.run(`document.title = "` + sharedTitle + `"; setInterval(() => document.body.append(' ' + Math.random()), 200)`)
	asha.press("share-screen")
	asha.sees("stop-share")
	jun.seesScreen("screen-0", "Asha")
	jun.shoot("screen-tab")
	figures.closes()
	asha.seesNot("stop-share")
	jun.seesNot("screen-0")
	asha.sees("share-screen")
}

// TestScreenInAFrame: all of that in the page of a portal, in a small frame.
func TestScreenInAFrame(t *testing.T) {
	sideBySide(t)
	clinic := newPortal(t)
	s := startServer(t, "--embed-origins", clinic.URL)
	c := startChromium(t)
	r := s.create(60)
	ana := c.open("ana", clinic.embeds(s, "/ana", s.token(r, "moderator", "Ana"), `lobby="off" style="width: 480px; height: 360px"`))
	ana.until("Ana to be in", `!!last('joined')`)
	frame := ana.frame()
	jun := c.open("jun", r.Links.Guest)
	jun.join("Jun")
	frame.seesMoving("Jun")
	frame.clickAsAPerson("share-screen")
	frame.sees("stop-share")
	jun.seesScreen("screen-0", "Ana")
	ana.shoot("screen-frame-sharing")
	jun.press("share-screen")
	frame.seesScreen("screen-0", "Jun")
	frame.until("the cells to be on the stage", onTheStage)
	ana.shoot("screen-frame")
	if lost := eval[string](frame, outOfReach+`(['stop-share', 'share-screen', 'mic', 'camera', 'leave', 'time-left'])`); lost != "" {
		t.Errorf("out of reach in the frame: %s", lost)
	}
	frame.click("stop-share")
	jun.seesNot("screen-0")
	jun.press("stop-share")
	frame.seesNot("screen-0")
	for _, p := range []*tab{ana, frame, jun} {
		if wrong := p.wrong.String(); wrong != "" {
			t.Errorf("%s's console:\n%s", p.name, wrong)
		}
	}
}

// clickAsAPerson is click with what only a press of a person's may begin.
func (p *tab) clickAsAPerson(id string) {
	p.t.Helper()
	p.sees(id)
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	_, err := chromedp.Run(ctx, chromedp.Evaluate[bool](fmt.Sprintf(`(document.querySelector(%q).click(), true)`, css(id)),
		func(e *runtime.EvaluateParams) { e.UserGesture = new(true) }))
	if err != nil {
		p.t.Fatalf("%s: pressing %s: %v", p.name, id, err)
	}
}
