package browser

import (
	"fmt"
	"math"
	"sync"
	"testing"
	"time"
)

// TestTwoPressesInOneWindow: two people press at the same instant; the meeting
// is extended once, and both read by whom.
func TestTwoPressesInOneWindow(t *testing.T) {
	sideBySide(t)
	s := startServer(t)
	c := startChromium(t)
	race(t, func() (both bool) { return pressTogether(t, s, c) })
}

// race repeats a race, which on a busy machine may be over before the second
// starts, until both ran.
func race(t *testing.T, run func() (both bool)) {
	t.Helper()
	for range 5 {
		if run() {
			return
		}
	}
	t.Error("one of the two was always too late to race")
}

func pressTogether(t *testing.T, s *server, c *chromium) (both bool) {
	t.Helper()
	r := s.create(10) // its window is open from the start
	asha, jun := c.open("asha", r.Links.Guest), c.open("jun", r.Links.Guest)
	asha.join("Asha")
	jun.join("Jun")
	end := asha.endsAt()
	asha.sees("extend")
	jun.sees("extend")

	// The instant is named by the machine's clock, so that both pages press
	// with no more between them than their timers' grain.
	at := eval[float64](asha, `Date.now() + 3000`)
	var presses sync.WaitGroup
	var pressed [2]bool
	for i, p := range []*tab{asha, jun} {
		presses.Go(func() {
			pressed[i] = eval[bool](p, fmt.Sprintf(`new Promise(done => {
				const press = e => { e?.click(); done(!!e) };
				const wait = () => Date.now() >= %f
					? press(document.querySelector('[data-testid="extend"]')) : setTimeout(wait, 0);
				wait();
			})`, at))
		})
	}
	presses.Wait()
	for _, p := range []*tab{asha, jun} {
		p.until("who extended", `/(Asha|Jun) (has )?(already )?extended/.test(document.body.innerText)`)
		p.seesNot("extension-banner")
		if got := p.endsAt(); !got.Equal(end.Add(15 * time.Minute)) {
			t.Errorf("%s: ends at %v, want one extension after %v", p.name, got, end)
		}
	}
	return pressed[0] && pressed[1]
}

// TestRounds: the windows of two rounds, by one person, whose clock runs fast:
// the first window, the final one, an extension in it, and the same again.
func TestRounds(t *testing.T) {
	t.Parallel() // it waits for its clock most of the time
	const minute = 4 * time.Second
	s := startServer(t, "--minute", minute.String())
	asha := startChromium(t).open("asha", s.create(11).Links.Guest)
	asha.join("Asha")
	end := asha.endsAt()
	for range 2 {
		asha.until("the first window", `document.querySelector('[data-testid="extension-banner"]')?.innerText.includes('Anyone can extend it')`)
		asha.until("the final window", `document.querySelector('[data-testid="extension-banner"]')?.innerText.includes('Last chance')`)
		asha.press("extend")
		asha.seesNot("extension-banner")
		end = end.Add(15 * minute)
		asha.until("the later end", fmt.Sprintf(`+new Date(document.querySelector('[data-testid="time-left"]').dataset.endsAt) === %d`, end.UnixMilli()))
	}
}

// TestCalmPage: the time goes on without anything being animated for it. One
// transition in the pill, begun anew each second, kept the whole page drawing
// for the whole meeting: five times the work of its main thread.
func TestCalmPage(t *testing.T) {
	sideBySide(t)
	s := startServer(t)
	asha := startChromium(t).open("asha", s.create(60).Links.Guest)
	asha.join("Asha")
	asha.until("all that moved at the start to be still", `document.getAnimations().length === 0`)
	moved := eval[string](asha, `new Promise(done => {
		const moved = [], pill = document.querySelector('[data-testid="time-left"]');
		for (const kind of ['transitionrun', 'animationstart'])
			document.addEventListener(kind, e => moved.push(e.target.outerHTML.slice(0, 80)), true);
		let changes = 0;
		new MutationObserver(() => { if (++changes >= 6) done(moved.join()) })
			.observe(pill, { subtree: true, characterData: true, attributes: true });
	})`)
	if moved != "" {
		t.Errorf("animated in a calm meeting: %s", moved)
	}
}

// TestExpiry: nobody extends; everyone lands on the ended page by themselves,
// and whoever comes later reads that it is over.
func TestExpiry(t *testing.T) {
	t.Parallel() // it waits for its clock most of the time
	s := startServer(t, "--minute", "5s")
	c := startChromium(t)
	r := s.create(18) // as long as the slowest machine takes to let three in
	noteEnd := `new MutationObserver(() => {
		if (!window.endedAt && document.querySelector('[data-testid="ended"]')) window.endedAt = performance.timeOrigin + performance.now();
	}).observe(document, { childList: true, subtree: true })`
	people := []*tab{c.open("asha", r.Links.Guest, noteEnd), c.open("jun", r.Links.Guest, noteEnd), c.open("noor", r.Links.Guest, noteEnd)}
	people[0].join("Guest asha")
	end := people[0].endsAt() // read while it is sure to be shown
	for _, p := range people[1:] {
		p.join("Guest " + p.name)
	}
	latest := 0.0
	for _, p := range people {
		p.sees("ended")
		if reason := p.attribute("ended-reason", "data-reason"); reason != "expired" {
			t.Errorf("%s is told %q", p.name, reason)
		}
		after := eval[float64](p, `window.endedAt`) - float64(end.UnixMilli())
		t.Logf("figure: %s's page showed the end %.0f ms after it", p.name, after)
		latest = math.Max(latest, after)
	}
	t.Logf("figure: the last of %d pages showed the end %.0f ms after it", len(people), latest)

	late := c.open("late", r.Links.Guest)
	late.sees("ended")
	if reason := late.attribute("ended-reason", "data-reason"); reason != "expired" {
		t.Errorf("who comes late is told %q", reason)
	}
}

// TestTabsAgreeOnTheTime: three tabs, one of whose device is wrong by a day.
func TestTabsAgreeOnTheTime(t *testing.T) {
	sideBySide(t)
	s := startServer(t)
	c := startChromium(t)
	r := s.create(60)
	wrong := `(() => {
		const Real = Date, day = 24 * 3600 * 1000;
		window.Date = class extends Real {
			constructor(...a) { super(...(a.length ? a : [Real.now() + day])) }
			static now() { return Real.now() + day }
		};
	})()`
	people := []*tab{c.open("asha", r.Links.Guest), c.open("jun", r.Links.Guest), c.open("wrong", r.Links.Guest, wrong)}
	for _, p := range people {
		p.join("Guest " + p.name)
	}
	if day := eval[float64](people[2], `Date.now()`) - eval[float64](people[0], `Date.now()`); day < 23*3600*1000 {
		t.Fatalf("the wrong clock is wrong by %.0f ms only", day)
	}
	// When the shown second changes, by the machine's clock, within a second.
	flips := make([]float64, len(people))
	var watching sync.WaitGroup
	for i, p := range people {
		watching.Go(func() {
			flips[i] = eval[float64](p, `new Promise(done => {
				const pill = document.querySelector('[data-testid="time-left"]');
				const shown = () => pill.innerText.match(/\d+:\d\d/)[0];
				const first = shown();
				const watch = setInterval(() => {
					if (shown() === first) return;
					clearInterval(watch);
					done((performance.timeOrigin + performance.now()) % 1000);
				}, 2);
			})`)
		})
	}
	watching.Wait()
	spread := 0.0
	for _, a := range flips {
		for _, b := range flips {
			d := math.Abs(a - b)
			spread = math.Max(spread, math.Min(d, 1000-d))
		}
	}
	t.Logf("figure: the shown second changes within %.0f ms in all tabs", spread)
	for _, p := range people {
		p.until("the right time", wrongBy+` <= 2`)
		if a, b := p.endsAt(), people[0].endsAt(); !a.Equal(b) {
			t.Errorf("%s counts down to %v, and not to %v", p.name, a, b)
		}
	}
}
