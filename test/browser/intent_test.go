package browser

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestJoinedElsewhere: the same person in two tabs. One has the place at a
// time, and it moves only when it is asked for.
func TestJoinedElsewhere(t *testing.T) {
	sideBySide(t)
	s := startServer(t)
	c := startChromium(t)
	r := s.create(60)
	first := c.open("first", r.Links.Guest)
	first.join("Asha")
	// The browser copies a tab's storage when the tab is duplicated.
	kept := eval[string](first, `JSON.stringify(sessionStorage)`)
	second := c.open("second", s.url+"/r/"+r.ID, fmt.Sprintf(`if (!sessionStorage.length) Object.entries(JSON.parse(%q)).forEach(e => sessionStorage.setItem(...e))`, kept))
	second.sees("time-left")
	first.reads("You joined somewhere else")
	first.reload()
	first.reads("You joined somewhere else")
	first.press("rejoin")
	first.sees("time-left")
	second.reads("You joined somewhere else")
	if there := eval[string](first, people); there != "Asha" {
		t.Errorf("in the room: %s", there)
	}
}

// TestKeyboardAndPressesInTheRoom: Escape works wherever the keyboard is, a
// press outside closes the story, the keyboard has a place after each step, and
// two quick presses on a device are off and on again.
func TestKeyboardAndPressesInTheRoom(t *testing.T) {
	sideBySide(t)
	s := startServer(t)
	r := s.create(10) // its window is open from the start
	asha := startChromium(t).open("asha", r.Links.Moderator)
	asha.join("Asha")
	has := func(id string) {
		t.Helper()
		asha.until("the keyboard to be on "+id, fmt.Sprintf(`document.activeElement?.id === %q`, id))
	}
	has("room-title")
	story := `!!document.querySelector('.story-popover:not(.absent)')`
	escape := `document.activeElement.blur(); document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }))`

	asha.press("story-open")
	asha.until("the story", story)
	asha.run(escape)
	asha.until("the story to close", "!"+story)
	asha.press("story-open")
	asha.until("the story", story)
	asha.do(chromedp.MouseClickXY(60, 600)) // the picture, where nothing lies over it
	asha.until("the story to close at a press outside", "!"+story)

	asha.press("story-open")
	asha.press("end-for-all")
	asha.sees("confirm-end")
	asha.until("the story to give way", "!"+story)
	asha.press("participant-0")
	asha.sees("confirm-end")
	asha.run(escape)
	asha.seesNot("confirm-end")
	has("end-for-all")

	asha.run(`for (const id of ['mic', 'camera']) { const b = document.querySelector('[data-testid="' + id + '"]'); b.click(); b.click() }`)
	asha.until("both devices to be on", `['mic', 'camera'].every(id => document.querySelector('[data-testid="' + id + '"]').ariaPressed === 'true')`)
	asha.press("mic")
	asha.until("the microphone to be off", `document.querySelector('[data-testid="mic"]').ariaPressed === 'false'`)

	asha.run(`document.querySelector('[data-testid="not-now"]').focus()`)
	asha.press("not-now")
	asha.seesNot("extension-banner")
	has("story-button")
}

// TestAnotherLinkWhileInside: it changes nobody, now or at a reload.
func TestAnotherLinkWhileInside(t *testing.T) {
	sideBySide(t)
	s := startServer(t)
	r := s.create(60)
	asha := startChromium(t).open("asha", r.Links.Guest)
	asha.join("Asha")
	_, token, _ := strings.Cut(r.Links.Moderator, "#")
	asha.run(fmt.Sprintf(`location.hash = %q`, token))
	asha.until("the token to leave the address", `!location.href.includes('#')`)
	asha.sees("time-left")
	asha.reload()
	asha.sees("time-left")
	asha.seesNot("end-for-all")
	if there := eval[string](asha, people); there != "Asha" {
		t.Errorf("in the room: %s", there)
	}
}

// TestTheLinksComeBack: whoever opens the meeting they made finds its links
// again, until they make another or the meeting is over.
func TestTheLinksComeBack(t *testing.T) {
	sideBySide(t)
	s := startServer(t)
	maya := startChromium(t).open("maya", s.url)
	maya.press("create-meeting")
	guest := maya.link("guest-link")
	maya.press("open-moderator")
	maya.sees("join")
	maya.run(`history.back()`)
	if again := maya.link("guest-link"); again != guest {
		t.Errorf("the guests' link was %q and is %q", guest, again)
	}
	maya.reload()
	maya.sees("moderator-link")
	maya.run(`[...document.querySelectorAll('button')].find(b => b.innerText === 'Create another meeting').click()`)
	maya.until("the keyboard to be on the name", `document.activeElement?.id === 'meeting-name'`)
	maya.press("create-meeting")
	maya.press("open-moderator")
	maya.join("Maya")
	maya.press("end-for-all")
	maya.press("confirm-end")
	maya.press("back-to-start")
	maya.sees("create-meeting")
}

// TestSwitchesSayThatTheyAreOn: also before the program has come.
func TestSwitchesSayThatTheyAreOn(t *testing.T) {
	sideBySide(t)
	s := startServer(t)
	r := s.create(60)
	early := `document.addEventListener('DOMContentLoaded', () => setTimeout(() => {
		window.early = ['mic', 'camera'].map(id => document.getElementById(id).getAttribute('aria-pressed')).join() }))`
	asha := startChromium(t).open("asha", r.Links.Guest, early)
	if got := eval[string](asha, `window.early`); got != "true,true" {
		t.Errorf("before the program has come: %q", got)
	}
	asha.sees("join")
	if got := asha.attribute("mic", "aria-pressed"); got != "true" {
		t.Errorf("then: %q", got)
	}
}
