package browser

import (
	"context"
	"fmt"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// What the gallery holds of its states beside axe: the keyboard, a page at 400 %,
// and the system's own colours.

// keyboardAt is an expression: the DOM id of what has the keyboard.
const keyboardAt = `(document.activeElement?.id ?? '')`

// holdsTab fails if Tab leaves a dialog, or it never got the keyboard.
func (g *gallery) holdsTab(p *tab, dialog string) {
	g.t.Helper()
	inside := fmt.Sprintf(`!!document.activeElement.closest(%q)`, dialog)
	p.until("the keyboard to be in "+dialog, inside)
	for i := range 12 {
		var options []chromedp.KeyOption
		if i > 6 {
			options = append(options, chromedp.KeyModifiers(chromedp.ModifierShift))
		}
		p.do(chromedp.KeyEvent(kb.Tab, options...))
		if !eval[bool](p, inside) {
			g.t.Errorf("after %d times Tab the keyboard is out of %s, at %q", i+1, dialog, eval[string](p, keyboardAt))
			return
		}
	}
}

// escapesTo fails unless Escape takes the keyboard back to where it came from.
func (p *tab) escapesTo(id string) {
	p.t.Helper()
	p.do(chromedp.KeyEvent(kb.Escape))
	p.keyboardGoesTo(id)
}

func (p *tab) keyboardGoesTo(id string) {
	p.t.Helper()
	p.until("the keyboard to be at "+id, fmt.Sprintf("%s === %q", keyboardAt, id))
}

// asksFirst presses what asks before it is done, in every size. The answer must
// not stand where the next press of a hasty hand goes: at the same place, or in
// the column of what was pressed.
func (g *gallery) asksFirst(p *tab, id, answer string) {
	g.t.Helper()
	for i := range sizes {
		size := sizes[len(sizes)-1-i] // the usual one last
		p.do(chromedp.EmulateViewport(size.width, size.height))
		if i > 0 {
			p.do(chromedp.KeyEvent(kb.Escape))
			p.seesNot(answer)
		}
		const box = `(r => [r.left, r.right])(document.querySelector(%q).getBoundingClientRect())`
		asked := eval[[]float64](p, fmt.Sprintf(box, css(id)))
		p.press(id)
		p.sees(answer)
		if id == "end-for-all" {
			continue // its question stands above the bar
		}
		if done := eval[[]float64](p, fmt.Sprintf(box, css(answer))); done[1] > asked[0] && done[0] < asked[1] {
			g.t.Errorf("%s: %s stands below %s", size.name, answer, id)
		}
	}
}

// inReachAt400 fails for what cannot be pressed on 1280×1024 at 400 %.
func (g *gallery) inReachAt400(p *tab, ids string) {
	g.t.Helper()
	p.do(chromedp.EmulateViewport(320, 256))
	if lost := eval[string](p, fmt.Sprintf(`%s(%q.split(' '))`, outOfReach, ids)); lost != "" {
		g.t.Errorf("at 320x256 out of reach: %s", lost)
	}
	p.shoot("gallery-at-400-percent")
	p.do(chromedp.EmulateViewport(sizes[0].width, sizes[0].height))
}

// ground is an expression: the colour that is seen behind an element's words,
// which may be that of what is around it.
const ground = `(e => {
	for (; e; e = e.parentElement) {
		const colour = getComputedStyle(e).backgroundColor;
		if (!/^rgba.*, 0\)$/.test(colour)) return colour;
	}
	return 'none';
})(document.querySelector(%q))`

// forced gives the colours of elements' grounds where the system chooses them.
func (g *gallery) forced(p *tab, state string, selectors ...string) []string {
	g.t.Helper()
	p.forceColours("active")
	defer p.forceColours("none")
	p.shoot("gallery-" + state + "-forced")
	var out []string
	for _, selector := range selectors {
		out = append(out, eval[string](p, fmt.Sprintf(ground, selector)))
	}
	return out
}

// mustDiffer fails if people who need the system's colours see no difference.
func (g *gallery) mustDiffer(what, a, b string) {
	g.t.Helper()
	if a == b {
		g.t.Errorf("in forced colours %s look the same: %s", what, a)
	}
}

func (p *tab) forceColours(state string) {
	p.t.Helper()
	p.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "forced-colors", Value: state}}})
		return err
	}))
}
