package browser

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// frames are sizes that portals give a meeting, down to the smallest.
var frames = [][2]int64{{320, 240}, {480, 270}, {640, 360}, {360, 640}}

// sideways is an expression: whether the page scrolls from side to side, or a
// button's words do not fit into it.
const sideways = `[...document.querySelectorAll('button, .button')].filter(e => e.getClientRects().length > 0 && e.scrollWidth > e.clientWidth + 1)
	.map(e => (e.dataset.testid || e.className) + ' is clipped')
	.concat(document.documentElement.scrollWidth > innerWidth ? ['the page scrolls sideways'] : []).join()`

// TestSmallFrames: in a frame of any size, from before the meeting to after it,
// what matters is on the screen and can be pressed.
func TestSmallFrames(t *testing.T) {
	sideBySide(t)
	s := startServer(t)
	c := startChromium(t)
	r := s.create(10) // its window is open from the start
	asha, jun := c.open("asha", r.Links.Moderator), c.open("jun", r.Links.Guest)
	for _, p := range []*tab{asha, jun} {
		p.write("display-name", p.name)
		p.sees("join")
	}
	// look at p in every size: all of ids must be there to press.
	look := func(p *tab, state string, ids ...string) {
		t.Helper()
		for _, frame := range frames {
			size := fmt.Sprintf("%dx%d", frame[0], frame[1])
			p.do(chromedp.EmulateViewport(frame[0], frame[1]))
			p.until("the motion to end", `document.getAnimations().every(a => !(a instanceof CSSAnimation) || a.playState !== 'running')`)
			p.shoot("frame-" + size + "-" + state)
			if lost := eval[string](p, fmt.Sprintf(`%s(%q.split(','))`, outOfReach, strings.Join(ids, ","))); lost != "" {
				t.Errorf("%s, %s: out of reach: %s", size, state, lost)
			}
			if wide := eval[string](p, sideways); wide != "" {
				t.Errorf("%s, %s: %s", size, state, wide)
			}
			if out := eval[string](p, escapees); out != "" {
				t.Errorf("%s, %s: %s", size, state, out)
			}
		}
	}
	look(asha, "lobby", "display-name", "mic", "camera", "join")

	asha.press("join")
	asha.sees("extend")
	inside := []string{"time-left", "story-open", "extend", "not-now", "mic", "camera", "end-for-all", "leave", "people-open"}
	look(asha, "room", inside...)
	covered := eval[float64](asha, `(() => { const at = s => document.querySelector(s).getBoundingClientRect(); return at('.banner').height / at('.stage').height })()`)
	if covered > 0.5 {
		t.Errorf("the banner covers %.0f %% of the stage", 100*covered)
	}
	asha.press("people-open")
	asha.sees("person-0")
	look(asha, "people", append([]string{"people-close"}, inside...)...)
	asha.press("end-for-all")
	asha.sees("confirm-end")
	look(asha, "question", append([]string{"end-reason", "cancel-end", "confirm-end"}, inside...)...)
	asha.press("cancel-end")

	jun.press("join")
	jun.sees("extend")
	jun.press("leave")
	jun.sees("ended")
	look(jun, "left", "ended-reason", "back-to-start", "rejoin")

	asha.press("end-for-all")
	asha.write("end-reason", "The building closes. See you on Thursday!")
	asha.press("confirm-end")
	asha.sees("ended")
	look(asha, "ended", "ended-reason", "back-to-start")

	jun.goTo("about:blank") // or only the fragment would change
	jun.goTo(s.url + "/r/" + r.ID + "#nonsense")
	jun.sees("ended")
	look(jun, "closed", "ended-reason", "back-to-start")
}
