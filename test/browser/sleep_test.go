package browser

import (
	"context"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// yesterday makes a page's clock a day late.
const yesterday = `(() => {
	const Real = Date, day = 24 * 3600 * 1000;
	window.Date = class extends Real {
		constructor(...a) { super(...(a.length ? a : [Real.now() - day])) }
		static now() { return Real.now() - day }
	};
})()`

// onceAMinute makes a page's timers run once a minute while it is hidden, as
// browsers do to pages that have been hidden for long. (They spare those with
// a camera on; a meeting has to bear it all the same.)
const onceAMinute = `(() => {
	const set = setTimeout, clear = clearTimeout, late = new Map();
	let last = 1e9;
	window.setTimeout = (f, delay = 0, ...args) => {
		if (!document.hidden) return set(f, delay, ...args);
		const id = ++last, due = performance.now() + delay;
		const run = () => { late.delete(id); f(...args) };
		late.set(id, { run, due, timer: set(run, Math.max(delay, 60000 - performance.now() % 60000)) });
		return id;
	};
	window.clearTimeout = id => { clear(late.get(id)?.timer ?? id); late.delete(id) };
	document.addEventListener('visibilitychange', () => {
		if (document.hidden) return;
		for (const t of late.values()) { clear(t.timer); t.timer = set(t.run, t.due - performance.now()) }
	}, true);
})()`

// TestWhoSleeps: five people, four of whom are away in different ways for more
// than half a minute, in which the meeting is extended. OVERTIME_SLEEP says for
// how long, for figures.
//
//   - Jun's tab is hidden, with timers that run once a minute and a clock that
//     is a day late.
//   - Noor's is frozen.
//   - Maya's machine sleeps for 10 seconds.
//   - Ana's sleeps all the time; her place is given up meanwhile.
func TestWhoSleeps(t *testing.T) {
	s := startServer(t, "--rtc-ip", "127.0.0.1")
	c := startChromium(t)
	r := s.create(10) // its window is open from the start
	asha := c.open("asha", r.Links.Moderator, noteNews)
	jun := c.open("jun", r.Links.Guest, noteNews, yesterday, onceAMinute)
	noor := c.open("noor", r.Links.Guest, noteNews)
	mayas, anas := newWifi(t, s), newWifi(t, s)
	maya := c.open("maya", mayas.through(r.Links.Guest), noteNews, mayas.detour())
	ana := c.open("ana", anas.through(r.Links.Guest), noteNews, anas.detour())
	everyone := map[string]*tab{"Asha": asha, "Jun": jun, "Noor": noor, "Maya": maya, "Ana": ana}
	for _, name := range []string{"Asha", "Jun", "Noor", "Maya", "Ana"} {
		if p := everyone[name]; p != asha && p != jun {
			p.press("camera") // two pictures say enough, and five are much work
		}
		everyone[name].join(name)
	}
	mayas.learn(maya)
	anas.learn(ana)
	for _, p := range everyone {
		p.until("everybody to be there", fmt.Sprintf(`%s === 'Ana,Asha,Jun,Maya,Noor'`, people))
	}
	ids := eval[string](asha, identities)
	for _, p := range everyone {
		p.news()
	}
	anew := &hostSet{} // connections that Jun makes from now on
	follow(jun, network.WebSocketCreated, func(e network.EventWebSocketCreated) { anew.add("ws://" + string(e.RequestID)) })

	jun.hide()
	jun.until("the tab to be hidden", `document.hidden`)
	noor.lifecycle(page.SetWebLifecycleStateStateFrozen)
	fallAsleep(maya, mayas)
	fallAsleep(ana, anas)
	begun := time.Now()
	asha.press("extend")
	asha.reads("Asha extended by 15 minutes")
	lasts(10*time.Second - time.Since(begun))
	wakeUp(maya, mayas)
	maya.until("the connection to be back", `!document.querySelector('[data-name="Maya"].away')`)
	maya.hearsAndSees(1) // Asha, who is awake
	lasts(long(t, "OVERTIME_SLEEP", 35*time.Second) - time.Since(begun))
	asha.until("Ana to be gone", `!document.querySelector('[data-name="Ana"]')`)
	asha.mustTell("Asha extended by 15 minutes, now ends at "+clockOf(asha),
		"Maya is reconnecting", "Maya is back", "Ana is reconnecting", "Ana is gone", "Ana left")

	jun.show()
	jun.until("the tab to be seen", `!document.hidden`)
	late := jun.timeIsRight()
	t.Logf("figure: the hidden tab's countdown is right %.0f ms after it is seen again", late)
	noor.thaw()
	noor.timeIsRight()
	wakeUp(ana, anas)
	woken := time.Now()
	asha.until("Ana to be there", `!!document.querySelector('[data-name="Ana"]')`)
	ana.until("the connection to be back", `!document.querySelector('[data-name="Ana"].away')`)
	t.Logf("figure: who slept for longer than a place is held is in again after %d ms", time.Since(woken).Milliseconds())
	for _, p := range everyone {
		for _, other := range []string{"Asha", "Jun"} {
			p.seesMoving(other)
		}
		p.hearsAndSees(1)
		if now := eval[string](p, identities); now != ids {
			t.Errorf("%s sees %s, and before %s", p.name, now, ids)
		}
	}
	if n := len(anew.list()); n > 0 {
		t.Errorf("Jun had to connect anew, %d times", n)
	}
	// The browser cuts the connection of a page that it was told to thaw.
	asha.mustTell("Ana is here", "Ana joined", "Noor is reconnecting", "Noor is back")

	// Everybody was told of the extension once, and has it in their story once.
	told := "Asha extended by 15 minutes, now ends at " + clockOf(asha)
	for _, p := range []*tab{jun, noor, maya, ana} {
		n := 0
		for _, news := range p.news() {
			if news == told {
				n++
			}
		}
		if n != 1 {
			t.Errorf("%s was told %d times: %s", p.name, n, told)
		}
		p.press("story-open")
		p.until("the story", `!!document.querySelector('.story-popover .extensions')`)
		if n := eval[int](p, `document.querySelectorAll('.story-popover .extension').length`); n != 1 {
			t.Errorf("%s's story has %d extensions", p.name, n)
		}
	}
}

// fallAsleep is a laptop that is closed: nothing in the page runs, the network
// is gone, and what it had open ends at the other side.
func fallAsleep(p *tab, w *wifi) {
	p.t.Helper()
	p.lifecycle(page.SetWebLifecycleStateStateFrozen)
	w.block()
	w.hangUp()
}

func wakeUp(p *tab, w *wifi) {
	p.t.Helper()
	w.heal()
	p.thaw()
}

// thaw ends what freezing began, and shows the window, which the browser had
// taken for hidden meanwhile.
func (p *tab) thaw() {
	p.t.Helper()
	p.lifecycle(page.SetWebLifecycleStateStateActive)
	p.hide()
	p.show()
	p.until("the tab to be seen", `!document.hidden`)
}

// hide puts the window away; show brings it back.
func (p *tab) hide() { p.t.Helper(); p.window(browser.WindowStateMinimized) }
func (p *tab) show() { p.t.Helper(); p.window(browser.WindowStateNormal) }

func (p *tab) window(state browser.WindowState) {
	p.t.Helper()
	p.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		window, err := cdp.Call(ctx, t, browser.GetWindowForTarget, browser.GetWindowForTargetParams{})
		if err != nil {
			return err
		}
		_, err = cdp.Call(ctx, t, browser.SetWindowBounds, browser.SetWindowBoundsParams{
			WindowID: window.WindowID, Bounds: &browser.Bounds{WindowState: state},
		})
		return err
	}))
}

// timeIsRight waits until the countdown is right to a second by the machine's
// clock, and gives how long that took, in milliseconds.
func (p *tab) timeIsRight() float64 {
	p.t.Helper()
	return eval[float64](p, fmt.Sprintf(`new Promise(done => {
		const from = performance.now();
		const look = setInterval(() => {
			const ends = Date.parse(document.querySelector('[data-testid="time-left"]').dataset.endsAt);
			const left = (ends - performance.timeOrigin - performance.now()) / 1000;
			if (Math.abs(%s - left) > 1) return;
			clearInterval(look);
			done(performance.now() - from);
		}, 5);
	})`, leftSeconds))
}

// clockOf is the scheduled end as the page writes it.
func clockOf(p *tab) string {
	p.t.Helper()
	return eval[string](p, `document.querySelector('.pill-note').innerText.match(/ends (\S+)/)[1]`)
}

// long is how long something is to last.
func long(t *testing.T, variable string, usually time.Duration) time.Duration {
	t.Helper()
	text := os.Getenv(variable)
	if text == "" {
		return usually
	}
	d, err := time.ParseDuration(text)
	if err != nil || d < usually {
		t.Fatalf("%s is %q; give a duration of %v or more, such as 2m", variable, text, usually)
	}
	return d
}
