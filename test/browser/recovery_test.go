package browser

import (
	"testing"
	"time"
)

// people is an expression: the names on the tiles, sorted.
const people = `[...document.querySelectorAll('[data-testid^="participant-"]')].map(e => e.dataset.name).sort().join()`

// TestReloadKeepsThePlace: the same participant comes back, without a lobby and
// without a ghost beside them.
func TestReloadKeepsThePlace(t *testing.T) {
	sideBySide(t)
	asha, jun := inARoom(t)
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
	sideBySide(t)
	s := startServer(t)
	s.keepAddress()
	c := startChromium(t)
	r := s.create(10) // its window is open from the start
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

// TestServerKilledUnderFour: kill -9 with four people in the room. Each hears
// and sees the others again from their own place; nobody is told that somebody
// left or came, and what is kept of the room is what it was.
func TestServerKilledUnderFour(t *testing.T) {
	sideBySide(t)
	s := startServer(t)
	s.keepAddress()
	c := startChromium(t)
	r := s.create(10) // its window is open from the start
	names := []string{"Asha", "Jun", "Maya", "Noor"}
	var tabs []*tab
	for _, name := range names {
		p := c.open(name, r.Links.Guest, noteNews)
		p.join(name)
		tabs = append(tabs, p)
	}
	tabs[1].press("extend")
	for _, p := range tabs {
		p.reads("Jun extended by 15 minutes")
		p.hearsAndSees(len(names) - 1)
	}
	ids := eval[string](tabs[0], identities)
	only := []string{"You are connected again"}
	for i, p := range tabs {
		p.news()
		only = append(only, names[i]+" is reconnecting", names[i]+" is back")
	}

	var sound, pictures []float64
	for range rounds(t, "OVERTIME_ROUNDS", 1) {
		kept := string(s.operate("room", "show", r.ID))
		killed := time.Now()
		s.kill()
		for _, f := range flowing(tabs, flows(killed, len(names)-1, true), func() {
			s.start()
			t.Logf("figure: the server is back %d ms after the kill", time.Since(killed).Milliseconds())
		}) {
			sound, pictures = append(sound, f.Audio...), append(pictures, f.Video...)
		}
		for _, p := range tabs {
			p.until("everybody to be back", `!document.querySelector('[data-testid^="participant-"].away')`)
			p.hearsAndSees(len(names) - 1)
			p.mustTell(only...)
			if now := eval[string](p, identities); now != ids {
				t.Errorf("%s sees %s, and before %s", p.name, now, ids)
			}
		}
		if now := string(s.operate("room", "show", r.ID)); now != kept {
			t.Errorf("the record was\n%s\nand is\n%s", kept, now)
		}
	}
	figures(t, "sound of each other after the kill", sound)
	figures(t, "pictures of each other after the kill", pictures)
}
