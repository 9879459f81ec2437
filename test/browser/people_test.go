package browser

import (
	"fmt"
	"testing"
)

// TestPeoplePanel: the list of people comes and goes beside pictures that stay
// the same elements and go on moving, and whoever comes and goes is in it.
func TestPeoplePanel(t *testing.T) {
	sideBySide(t)
	asha, jun := inARoom(t)
	asha.hearsAndSees(1)
	asha.run(`window.before = [...document.querySelectorAll('video')]; window.wide = document.querySelector('.stage').clientWidth`)
	asha.press("people-open")
	asha.until("Jun in the list", fmt.Sprintf(`document.querySelector(%q)?.dataset.name === "Jun"`, css("person-1")))
	asha.sees("remove-1")
	asha.sees("lock")
	asha.seesNot("remove-0")
	asha.until("the stage to make room", `document.querySelector('.stage').clientWidth < window.wide`)
	asha.seesMoving("Jun")
	jun.press("people-open")
	jun.sees("copy-link")
	jun.seesNot("remove-1")
	jun.seesNot("lock")
	jun.press("leave")
	asha.seesNot("person-1")
	asha.press("people-close")
	asha.until("the stage to be as wide as before", `document.querySelector('.stage').clientWidth === window.wide`)
	if !eval[bool](asha, `[...document.querySelectorAll('video')].every((v, i) => v === window.before[i])`) {
		t.Error("a <video> was made anew")
	}
}
