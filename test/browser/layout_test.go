package browser

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// screens are the sizes that the room is looked at: a small phone, phones both
// ways up, tablets, and desks.
var screens = [][2]int{{320, 640}, {390, 844}, {844, 390}, {720, 450}, {768, 1024}, {1024, 768}, {1280, 800}}

// outOfReach is an expression: which of the testids cannot be pressed as the
// page is, because they are off the screen or something covers them.
const outOfReach = `(ids => ids.filter(id => {
	const e = document.querySelector('[data-testid="' + id + '"]');
	if (!e) return true;
	const r = e.getBoundingClientRect();
	const at = document.elementFromPoint(r.x + r.width / 2, r.y + r.height / 2);
	return r.left < 0 || r.top < 0 || r.right > innerWidth || r.bottom > innerHeight || !at || !(e.contains(at) || at.contains(e));
}).join())`

// escapees is an expression: what sticks out of the room, or out of what holds
// it, sideways, and whether anything was scrolled that must stand.
const escapees = `[...document.querySelectorAll('.room button, .room .banner, .room .popover, .room .pill, .room .strip, .room .panel')].filter(e => {
	const r = e.getBoundingClientRect(), held = e.closest('.banner, .popover, .panel');
	const outer = held && held !== e ? held.getBoundingClientRect() : { left: 0, right: innerWidth };
	return r.width > 0 && (r.left < outer.left - 0.5 || r.right > outer.right + 0.5);
}).map(e => (e.dataset.testid || e.className) + ' sticks out').concat(
	[...document.querySelectorAll('.room, .stage-area, .over-stage, .stage')].filter(e => e.scrollTop || e.scrollLeft).map(e => e.className + ' is scrolled')).join()`

// TestNothingIsOutOfReach: on every screen the clock, the extension and both
// ways out can be pressed at once, with the people, the story or the question
// open or not.
func TestNothingIsOutOfReach(t *testing.T) {
	sideBySide(t)
	s := startServer(t)
	c := startChromium(t)
	r := s.create(10) // its window is open from the start
	asha := c.open("asha", r.Links.Moderator)
	asha.join("Asha")
	asha.sees("extend")
	always := []string{"time-left", "story-open", "leave", "end-for-all", "extend", "extend-10", "extend-15", "extend-20", "extend-30", "not-now", "mic", "camera", "invite", "people-open"}
	for _, screen := range screens {
		size := fmt.Sprintf("%dx%d", screen[0], screen[1])
		asha.do(chromedp.EmulateViewport(int64(screen[0]), int64(screen[1])))
		look := func(state string, ids []string) {
			t.Helper()
			asha.until("the motion to end", `document.getAnimations().every(a => !(a instanceof CSSAnimation) || a.playState !== 'running')`)
			asha.shoot("room-" + size + "-" + state)
			asha.run(`document.querySelector('[data-testid="extend"]').focus()`)
			if lost := eval[string](asha, fmt.Sprintf(`%s(%q.split(','))`, outOfReach, strings.Join(ids, ","))); lost != "" {
				t.Errorf("%s, %s: out of reach: %s", size, state, lost)
			}
			if out := eval[string](asha, escapees); out != "" {
				t.Errorf("%s, %s: %s", size, state, out)
			}
		}
		look("calm", always)
		asha.press("people-open")
		asha.sees("person-0")
		look("people", append(slices.Clone(always), "people-close"))
		asha.run(`document.querySelector('[data-testid="copy-link"]').scrollIntoView()`)
		if lost := eval[string](asha, outOfReach+`(['copy-link', 'people-close', 'extend', 'time-left', 'leave'])`); lost != "" {
			t.Errorf("%s: out of reach below the people: %s", size, lost)
		}
		asha.press("people-close")
		asha.seesNot("person-0")
		asha.press("story-open")
		asha.until("the story", `!!document.querySelector('.story-popover .extensions')`)
		// As after nine extensions.
		asha.run(`for (let i = 0; i < 9; i++) document.querySelector('.story-popover .extensions').append(
			Object.assign(document.createElement('li'), { className: 'extra extension', textContent: 'Asha extended by 15 minutes at 14:52' }))`)
		look("story", always)
		asha.press("end-for-all")
		asha.sees("confirm-end")
		look("question", append(slices.Clone(always), "end-reason"))
		asha.run(`document.querySelector('[data-testid="confirm-end"]').scrollIntoView()`)
		if lost := eval[string](asha, outOfReach+`(['confirm-end', 'cancel-end', 'extend', 'time-left', 'leave'])`); lost != "" {
			t.Errorf("%s: out of reach below the question: %s", size, lost)
		}
		asha.press("cancel-end")
		asha.seesNot("confirm-end")
	}
	// The browser says there what the page's policy refuses.
	if wrong := asha.wrong.String(); wrong != "" {
		t.Errorf("the console:\n%s", wrong)
	}
}

// run runs statements in the page.
func (p *tab) run(statements string) {
	p.t.Helper()
	eval[bool](p, "(() => { "+statements+"; return true })()")
}
