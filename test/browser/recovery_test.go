package browser

import (
	"testing"
)

// people is an expression: the names on the tiles, sorted.
const people = `[...document.querySelectorAll('[data-testid^="participant-"]')].map(e => e.dataset.name).sort().join()`

// TestReloadKeepsThePlace: the same participant comes back, without a lobby and
// without a ghost beside them.
func TestReloadKeepsThePlace(t *testing.T) {
	s := startServer(t)
	c := startChromium(t)
	r := s.create(60)
	asha, jun := c.open("asha", r.Links.Moderator), c.open("jun", r.Links.Guest)
	asha.join("Asha")
	jun.join("Jun")
	asha.seesMoving("Jun")
	self := `[...document.querySelectorAll('[data-testid^="participant-"]')].find(e => e.dataset.name === 'Jun')?.dataset.participant ?? ""`
	before := eval[string](asha, self)

	jun.reload()
	jun.sees("time-left")
	jun.seesMoving("Asha")
	jun.hearsAndSees(1)
	asha.seesMoving("Jun")
	asha.hearsAndSees(1)
	if now := eval[string](asha, self); now == "" || now != before {
		t.Errorf("Jun was %q and is %q", before, now)
	}
	if there := eval[string](asha, people); there != "Asha,Jun" {
		t.Errorf("in the room: %s", there)
	}
}

// TestServerKilled: kill -9 in mid-session; the pages come back by themselves,
// to the same end and the same story.
func TestServerKilled(t *testing.T) {
	s := startServer(t, "--minute", "1s")
	s.keepAddress()
	c := startChromium(t)
	r := s.create(25)
	asha, jun := c.open("asha", r.Links.Moderator), c.open("jun", r.Links.Guest)
	asha.join("Asha")
	jun.join("Jun")
	asha.seesMoving("Jun")
	jun.press("extend")
	asha.reads("Jun extended by 15 minutes")
	end := asha.endsAt()

	s.kill()
	asha.reads("Reconnecting")
	s.start()
	for _, p := range []*tab{asha, jun} {
		p.until("the connection to be back", `!document.body.innerText.includes('Reconnecting')`)
		if got := p.endsAt(); !got.Equal(end) {
			t.Errorf("%s: the end moved from %v to %v", p.name, end, got)
		}
	}
	asha.seesMoving("Jun")
	jun.seesMoving("Asha")
	asha.hearsAndSees(1)
	jun.hearsAndSees(1)
	if there := eval[string](asha, people); there != "Asha,Jun" {
		t.Errorf("in the room: %s", there)
	}
	asha.press("end-for-all")
	asha.press("confirm-end")
	for _, p := range []*tab{asha, jun} {
		p.sees("ended")
		p.reads("Jun extended by 15 minutes")
	}
}
