package browser

import (
	"os"
	"strconv"
	"testing"
	"time"
)

// TestNetworkChange: ten seconds without a network, and a router that gives the
// browser other ports. Sound and pictures come back, to the same person in the
// same place; the others are told of nobody who left. OVERTIME_ROUNDS says how
// often, for figures.
func TestNetworkChange(t *testing.T) {
	sideBySide(t)
	s := startServer(t, "--rtc-ip", "127.0.0.1")
	w := newWifi(t, s)
	c := startChromium(t)
	r := s.create(60)
	asha := c.open("asha", r.Links.Moderator, noteNews)
	jun := c.open("jun", w.through(r.Links.Guest), noteNews, w.detour())
	asha.join("Asha")
	jun.join("Jun")
	w.learn(jun)
	asha.hearsAndSees(1)
	jun.hearsAndSees(1)
	before := eval[string](asha, identities)
	jun.run(`window.storyStays = true`)
	asha.news()
	jun.news()

	gaps := map[string][]float64{}
	for range rounds(t, "OVERTIME_ROUNDS", 1) {
		for what, change := range map[string]func() time.Time{
			"after 10 s without a network": func() time.Time {
				w.block()
				mustStop(jun, 10*time.Second)
				defer w.heal()
				return time.Now()
			},
			"after other ports": func() time.Time {
				w.move()
				defer lasts(100 * time.Millisecond) // for what has come in already
				return time.Now()
			},
		} {
			at := change()
			for _, f := range flowing([]*tab{asha, jun}, flows(at, 1, false), func() {}) {
				gaps["sound "+what] = append(gaps["sound "+what], f.Audio...)
				gaps["pictures "+what] = append(gaps["pictures "+what], f.Video...)
			}
			asha.hearsAndSees(1)
			jun.hearsAndSees(1)
			asha.until("Jun to be back", `!document.querySelector('[data-name="Jun"].away')`)
		}
	}
	for what, ms := range gaps {
		figures(t, what, ms)
	}
	asha.mustTell("Jun is reconnecting", "Jun is back")
	jun.mustTell("Jun is reconnecting", "Jun is back", "You are connected again")
	if after := eval[string](asha, identities); after != before {
		t.Errorf("in the room: %s, and then %s", before, after)
	}
	if !eval[bool](jun, `!!window.storyStays`) {
		t.Error("the page was loaded anew")
	}
}

// mustStop lets a fault last, and sees that nothing comes in at its end.
func mustStop(p *tab, d time.Duration) {
	p.t.Helper()
	lasts(d / 2)
	// Packets: what has come in before may still be decoded.
	const sum = `(async () => [...(await window.storyPeers.at(-1).getStats()).values()]
		.filter(s => s.type === 'inbound-rtp').map(s => s.mid + ' ' + s.packetsReceived).sort().join())()`
	before := eval[string](p, sum)
	lasts(d / 2)
	if after := eval[string](p, sum); after != before {
		p.t.Errorf("%s still receives: %s, and then %s", p.name, before, after)
	}
}

// rounds is how often something is to be done.
func rounds(t *testing.T, variable string, usually int) int {
	t.Helper()
	text := os.Getenv(variable)
	if text == "" {
		return usually
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("%s is %q; give a whole number above 0", variable, text)
	}
	return n
}
