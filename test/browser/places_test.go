package browser

import (
	"fmt"
	"sort"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// places is an expression: where everything that can be pressed or filled in
// stands on the page, however far it is scrolled, by its test id.
const places = `Object.fromEntries([...document.querySelectorAll('[data-testid]')]
	.filter(e => e.matches('button, a, input, label') && e.checkVisibility({visibilityProperty: true}))
	.map(e => { const r = e.getBoundingClientRect(); return [e.dataset.testid, [r.x + scrollX, r.y + scrollY, r.width, r.height].map(Math.round).join(' ')] }))`

// TestWhatIsPressedKeepsEveryPlace: a press moves nothing that the next press
// may be meant for.
func TestWhatIsPressedKeepsEveryPlace(t *testing.T) {
	sideBySide(t)
	s := startServer(t)
	c := startChromium(t)
	maya := c.open("maya", s.url, `navigator.clipboard.writeText = async () => {}`)
	for _, screen := range [][2]int64{{1440, 900}, {390, 844}, {320, 640}} {
		maya.do(chromedp.EmulateViewport(screen[0], screen[1]))
		maya.goTo(s.url)
		maya.sees("create-meeting")
		for _, choice := range []string{"30", "other", "5", "90", "45", "60", "15", "other"} {
			maya.keepsPlaces("duration-"+choice, choice+" to be chosen", fmt.Sprintf(`document.getElementById('duration-%s').checked`, choice))
		}
		maya.write("duration-minutes", "25 or so")
		maya.keepsPlaces("create-meeting", "what is wrong with the length", `!!document.querySelector('[aria-invalid="true"]')`)
		maya.press("duration-30")
		maya.press("create-meeting")
		for _, id := range []string{"copy-guest-link", "copy-moderator-link"} {
			maya.keepsPlaces(id, "it to say so", fmt.Sprintf(`document.querySelector(%q).innerText.includes('Copied')`, css(id)))
		}
		maya.goTo(maya.link("guest-link"))
		maya.sees("join")
		maya.keepsPlaces("join", "the name to be asked for", `!!document.querySelector('[aria-invalid="true"]')`)
		maya.write("display-name", "Maya")
		for _, id := range []string{"mic", "camera"} {
			maya.keepsPlaces(id, "it to be off", fmt.Sprintf(`document.querySelector(%q).ariaPressed === 'false'`, css(id)))
		}
		maya.run(`sessionStorage.clear()`)
	}
}

// keepsPlaces presses something, and waits until that shows: what could be
// pressed before and still can stands where it stood.
func (p *tab) keepsPlaces(id, what, shows string) {
	p.t.Helper()
	before := eval[map[string]string](p, places)
	p.press(id)
	p.until(what, shows)
	p.until("the motion to end", `document.getAnimations().every(a => !(a instanceof CSSAnimation) || a.playState !== 'running')`)
	after := eval[map[string]string](p, places)
	var moved []string
	for other, place := range before {
		if now, there := after[other]; there && now != place {
			moved = append(moved, fmt.Sprintf("%s from %s to %s", other, place, now))
		}
	}
	sort.Strings(moved)
	if len(moved) > 0 {
		p.t.Errorf("a press on %s moved %s", id, strings.Join(moved, ", "))
	}
}
