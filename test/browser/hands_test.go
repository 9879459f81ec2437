package browser

import (
	"fmt"
	"testing"
)

// hand waits until somebody's tile shows a raised hand with its order; 0 is none.
func (p *tab) hand(of string, order int) {
	p.t.Helper()
	p.until(fmt.Sprintf("the hand of %s to be %d", of, order), fmt.Sprintf(
		`(tile => !!tile && +(tile.dataset.hand ?? 0) === %d)(document.querySelector('[data-name=%q][data-testid^="participant-"]'))`, order, of))
}

// TestHands: who raised theirs first is first for everybody, after a reload, for
// who comes later, and when the first lowers theirs.
func TestHands(t *testing.T) {
	sideBySide(t)
	s := startServer(t)
	c := startChromium(t)
	r := s.create(60)
	asha, jun, noor := c.open("asha", r.Links.Moderator), c.open("jun", r.Links.Guest), c.open("noor", r.Links.Guest)
	asha.join("Asha")
	jun.join("Jun")
	noor.join("Noor")
	pressed := func(p *tab, want string) {
		t.Helper()
		p.until("its own button to be "+want, `document.querySelector('[data-testid="raise-hand"]')?.getAttribute('aria-pressed') === `+fmt.Sprintf("%q", want))
	}
	noor.press("raise-hand")
	pressed(noor, "true")
	asha.hand("Noor", 1)
	jun.press("raise-hand")
	for _, p := range []*tab{asha, jun, noor} {
		p.hand("Noor", 1)
		p.hand("Jun", 2)
		p.hand("Asha", 0)
	}
	asha.shoot("hands")
	noor.reload()
	noor.sees("time-left")
	maya := c.open("maya", r.Links.Guest)
	maya.join("Maya")
	for _, p := range []*tab{asha, jun, noor, maya} {
		p.hand("Noor", 1)
		p.hand("Jun", 2)
	}
	pressed(noor, "true")
	noor.press("raise-hand") // which lowers it
	pressed(noor, "false")
	for _, p := range []*tab{asha, jun, maya} {
		p.hand("Noor", 0)
		p.hand("Jun", 1)
	}

	// Moderators lower one, or all.
	maya.press("raise-hand")
	asha.hand("Maya", 2)
	asha.press("people-open")
	asha.press("lower-" + asha.row("Jun"))
	pressed(jun, "false")
	for _, p := range []*tab{noor, maya} {
		p.hand("Jun", 0)
		p.hand("Maya", 1)
	}
	jun.press("raise-hand")
	asha.hand("Jun", 2)
	asha.press("lower-hands")
	for _, p := range []*tab{asha, jun, noor, maya} {
		p.hand("Jun", 0)
		p.hand("Maya", 0)
	}
	jun.press("people-open")
	maya.press("raise-hand")
	jun.hand("Maya", 1)
	jun.seesNot("lower-hands")
}

// TestReactions: what is pressed is seen by everybody, gathered, and passes.
func TestReactions(t *testing.T) {
	sideBySide(t)
	asha, jun := inARoom(t)
	jun.press("react-open")
	for _, name := range []string{"clap", "clap", "heart"} {
		jun.press("react-" + name)
	}
	asha.until("two claps and a heart", `['clap', 'heart'].every(name => document.querySelector('[data-testid="reaction-' + name + '"]'))`)
	asha.shoot("reactions")
	for _, name := range []string{"clap", "heart"} {
		asha.seesNot("reaction-" + name) // they pass
	}
}
