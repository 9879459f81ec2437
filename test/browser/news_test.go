package browser

import (
	"fmt"
	"math"
	"slices"
	"sync"
	"testing"
	"time"
)

// noteNews keeps what a page tells its person from now on: each toast once, and
// who comes, goes, is reconnecting and is back. It runs before the page's own
// scripts and changes nothing of what they do.
const noteNews = `(() => {
	window.storyNews = [];
	let toasts = [], people = {};
	new MutationObserver(() => {
		const shown = [...document.querySelectorAll('[data-testid="toast"] .toast-text')].map(e => e.innerText);
		const known = [...toasts];
		for (const text of shown) {
			const i = known.indexOf(text);
			if (i < 0) window.storyNews.push(text); else known.splice(i, 1);
		}
		toasts = shown;
		const here = {};
		for (const e of document.querySelectorAll('[data-testid^="participant-"]')) {
			here[e.dataset.name + ' ' + e.dataset.participant] = e.classList.contains('away');
		}
		const tell = (who, what) => window.storyNews.push(who.split(' ')[0] + ' ' + what);
		for (const who in people) if (!(who in here)) tell(who, 'is gone');
		for (const who in here) {
			if (!(who in people)) tell(who, 'is here');
			else if (here[who] !== people[who]) tell(who, here[who] ? 'is reconnecting' : 'is back');
		}
		people = here;
	}).observe(document, { childList: true, subtree: true, characterData: true, attributes: true });
})()`

// news is what a page has told since it was last asked.
func (p *tab) news() []string {
	p.t.Helper()
	return eval[[]string](p, `window.storyNews.splice(0)`)
}

// isTold waits until a page has told something, though it may be gone again.
func (p *tab) isTold(text string) {
	p.t.Helper()
	p.until(fmt.Sprintf("being told %q", text), fmt.Sprintf(`window.storyNews.includes(%q)`, text))
}

// mustTell fails if the page told anything else than one of these.
func (p *tab) mustTell(only ...string) {
	p.t.Helper()
	for _, told := range p.news() {
		if !slices.Contains(only, told) {
			p.t.Errorf("%s is told %q", p.name, told)
		}
	}
}

// identities is an expression: who is in the room, by name and id.
const identities = `[...document.querySelectorAll('[data-testid^="participant-"]')].map(e => e.dataset.name + ' ' + e.dataset.participant).sort().join()`

// readFlow is a promise of how much sound and picture has come in so far, by
// the seat, over the newest peer connection.
const readFlow = `async () => {
	const flow = { audio: {}, video: {} }, peer = window.storyPeers.at(-1);
	for (const s of (await peer.getStats()).values()) {
		if (s.type === 'inbound-rtp') flow[s.kind][s.mid] = s.kind === 'audio' ? s.packetsReceived : s.framesDecoded ?? 0;
	}
	return flow;
}`

// flows is an expression, a promise of how long after an instant sound and
// pictures came in again in so many seats, in milliseconds; over a new peer
// connection if the one of now is dead.
func flows(at time.Time, seats int, dead bool) string {
	return fmt.Sprintf(`(async (at, seats, dead) => {
		const read = %s, since = { audio: {}, video: {} }, old = window.storyPeers.at(-1);
		let peer = old, before = await read();
		while (Object.values(since).some(s => Object.keys(s).length < seats)) {
			await new Promise(done => setTimeout(done, 10));
			const newest = window.storyPeers.at(-1), now = await read();
			if (newest !== peer) peer = newest, before = { audio: {}, video: {} };
			if (dead && peer === old) continue;
			for (const kind in since) for (const mid in now[kind]) {
				if (now[kind][mid] > (before[kind][mid] ?? 0)) since[kind][mid] ??= performance.timeOrigin + performance.now() - at;
			}
			before = now;
		}
		return { audio: Object.values(since.audio), video: Object.values(since.video) };
	})(%d, %d, %t)`, readFlow, at.UnixMilli(), seats, dead)
}

// flowing waits for flows in all tabs, while the cure is applied.
func flowing(tabs []*tab, flows string, cure func()) []flow {
	all := make([]flow, len(tabs))
	var waiting sync.WaitGroup
	for i, p := range tabs {
		waiting.Go(func() { all[i] = eval[flow](p, flows) })
	}
	cure()
	waiting.Wait()
	return all
}

// flow is when sound and pictures came in again, one for each seat.
type flow struct {
	Audio []float64 `json:"audio"`
	Video []float64 `json:"video"`
}

// figures prints how a set of times is spread.
func figures(t *testing.T, what string, ms []float64) {
	t.Helper()
	slices.Sort(ms)
	at := func(q float64) float64 { return ms[int(math.Ceil(q*float64(len(ms))))-1] }
	t.Logf("figure: %s: p50 %.0f ms, p95 %.0f ms, max %.0f ms (%d)", what, at(0.5), at(0.95), at(1), len(ms))
}

// lasts lets a fault last.
func lasts(d time.Duration) { <-time.After(d) }
