package browser

import (
	"encoding/json"
	"fmt"
	"os/exec"
	"strings"
	"testing"

	"overtime/test/program"
)

// TestRemoved: who is removed reads so, at once and after a reload; the others
// read who it was.
func TestRemoved(t *testing.T) {
	sideBySide(t)
	s := startServer(t)
	c := startChromium(t)
	r := s.create(60)
	asha, jun := c.open("asha", r.Links.Moderator, noteNews), c.open("jun", r.Links.Guest, noteNews)
	noor := c.open("noor", r.Links.Guest)
	asha.join("Asha")
	jun.join("Jun")
	noor.join("Noor")
	asha.press("people-open")
	asha.press("remove-" + asha.row("Noor"))
	asha.press("confirm-remove-" + asha.row("Noor"))
	noor.reads("You were removed")
	asha.isTold("Noor was removed")
	jun.isTold("Noor was removed")
	noor.reload()
	noor.reads("You were removed")
	noor.seesNot("join")
	noor.seesNot("rejoin")
	for _, p := range []*tab{asha, jun} {
		if there := eval[string](p, people); there != "Asha,Jun" {
			t.Errorf("%s sees in the room: %s", p.name, there)
		}
	}

	// Guests have no say, and are shown no way to have one.
	jun.press("people-open")
	for _, id := range []string{"remove-" + jun.row("Asha"), "lock", "renew-link"} {
		jun.seesNot(id)
	}
}

// TestLocked: nobody new comes in, whoever is inside comes back, and once the
// meeting is open again trying again gets in.
func TestLocked(t *testing.T) {
	sideBySide(t)
	s := startServer(t)
	c := startChromium(t)
	r := s.create(60)
	asha, jun := c.open("asha", r.Links.Moderator, noteNews), c.open("jun", r.Links.Guest, noteNews)
	asha.join("Asha")
	jun.join("Jun")
	asha.press("people-open")
	asha.press("lock")
	jun.isTold("The meeting is locked: nobody new can come in")
	jun.sees("locked")
	noor := c.open("noor", r.Links.Guest)
	noor.write("display-name", "Noor")
	noor.press("join")
	noor.reads("The meeting is locked. Ask a moderator to let people in again, then join.")
	jun.reload()
	jun.sees("time-left")
	if there := eval[string](asha, people); there != "Asha,Jun" {
		t.Errorf("in the locked room: %s", there)
	}

	asha.press("lock")
	jun.isTold("The meeting is open again: people can come in")
	jun.seesNot("locked")
	noor.until("the sentence to go", `!document.body.innerText.includes('The meeting is locked')`)
	noor.press("join")
	noor.sees("time-left")
	asha.isTold("Noor joined")
}

// TestNewLink: links given out so far lead nobody in any more, the new one
// does, and whoever is inside stays and invites by the new one.
func TestNewLink(t *testing.T) {
	sideBySide(t)
	s := startServer(t)
	c := startChromium(t)
	r := s.create(60)
	copies := `navigator.clipboard.writeText = async text => { window.storyCopied = text }`
	asha, jun := c.open("asha", r.Links.Moderator, noteNews), c.open("jun", r.Links.Guest, copies)
	early := c.open("early", r.Links.Guest)
	asha.join("Asha")
	jun.join("Jun")
	early.sees("join")
	asha.press("people-open")
	asha.press("renew-link")
	asha.press("confirm-renew-link")
	asha.isTold("There is a new guests’ link. Earlier ones no longer work.")

	// One who was in the lobby, and one who comes now.
	early.reads("This link does not work")
	late := c.open("late", r.Links.Guest)
	late.reads("This link does not work")

	jun.press("invite")
	jun.until("the link to be copied", `!!window.storyCopied`)
	renewed := eval[string](jun, `window.storyCopied`)
	if renewed == r.Links.Guest || !strings.HasPrefix(renewed, s.url+"/r/"+r.ID+"#") {
		t.Fatalf("the guests' link was %q and is %q", r.Links.Guest, renewed)
	}
	noor := c.open("noor", renewed)
	noor.join("Noor")
	for _, p := range []*tab{asha, jun} {
		p.reload()
		p.sees("time-left")
		p.until("everyone to be there", fmt.Sprintf(`%s === 'Asha,Jun,Noor'`, people))
	}
}

// TestWaitingRoom: guests wait until a moderator lets them in or turns them
// away; whoever is let in comes back without waiting again.
func TestWaitingRoom(t *testing.T) {
	sideBySide(t)
	s := startServer(t)
	c := startChromium(t)
	var r room
	if err := json.Unmarshal(s.operate("room", "create", "--minutes", "60", "--waiting-room", "--json"), &r); err != nil {
		t.Fatal(err)
	}
	asha, jun, noor := c.open("asha", r.Links.Moderator), c.open("jun", r.Links.Guest), c.open("noor", r.Links.Guest)
	asha.join("Asha")
	jun.asksIn("Jun")
	asha.press("knock-admit")
	jun.sees("time-left")
	jun.seesMoving("Asha")
	asha.seesNot("knock")

	asha.press("people-open")
	noor.asksIn("Noor")
	jun.seesNot("knock") // guests have no say
	asha.press("deny-0")
	noor.reads("You were not let in")
	asha.seesNot("waiting-0")
	noor.press("rejoin")
	noor.asksIn("Noor")
	asha.press("admit-0")
	noor.sees("time-left")

	jun.reload()
	jun.sees("time-left")
	if there := eval[string](jun, people); there != "Asha,Jun,Noor" {
		t.Errorf("in the room: %s", there)
	}
}

// asksIn goes through the lobby of a meeting whose moderators admit people.
func (p *tab) asksIn(name string) {
	p.t.Helper()
	p.write("display-name", name)
	p.press("join")
	p.sees("waiting")
}

// operate has an operator's command done by the server that runs, and gives
// what it printed.
func (s *server) operate(command ...string) []byte {
	s.t.Helper()
	out, err := exec.Command(program.Server(s.t), append(command, "--data", s.data())...).Output()
	if err != nil {
		s.t.Fatalf("overtime %s: %v", strings.Join(command, " "), err)
	}
	return out
}

// row is the number of somebody's row in the people panel, which is open.
func (p *tab) row(name string) string {
	p.t.Helper()
	mine := fmt.Sprintf(`document.querySelector('[data-testid^="person-"][data-name=%q]')`, name)
	p.until(name+"'s row", `!!`+mine)
	return strings.TrimPrefix(eval[string](p, mine+`.dataset.testid`), "person-")
}
