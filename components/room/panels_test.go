package room

import (
	"slices"
	"testing"
)

// TestPanelsTakeTurns walks through presses: what is open after each, and where
// the keyboard is then.
func TestPanelsTakeTurns(t *testing.T) {
	var (
		toggle = func(which panel) func(*panels) []string {
			return func(p *panels) []string { return p.toggle(which) }
		}
		escape  = (*panels).escape
		ask     = func(p *panels) []string { return p.ask(question{about: "asha", from: "remove-1", to: "keep-1"}) }
		answer  = (*panels).answer
		confirm = (*panels).confirm
	)
	type step struct {
		press  func(*panels) []string
		beside panel
		over   panel
		asked  string
		focus  []string
	}
	title := []string{idPeopleTitle}
	for name, steps := range map[string][]step{
		"a panel opens and closes": {
			{toggle(panelPeople), panelPeople, "", "", title},
			{toggle(panelPeople), "", "", "", []string{idPeopleButton}},
		},
		"over it stands one at a time": {
			{toggle(panelPeople), panelPeople, "", "", title},
			{toggle(panelStory), panelPeople, panelStory, "", []string{idStoryClose}},
			{toggle(panelEnd), panelPeople, panelEnd, "", []string{idEndReason}},
			{toggle(panelEnd), panelPeople, "", "", []string{idEnd}},
		},
		"a panel that something is over comes to sight": {
			{toggle(panelPeople), panelPeople, "", "", title},
			{toggle(panelEnd), panelPeople, panelEnd, "", []string{idEndReason}},
			{toggle(panelPeople), panelPeople, "", "", title},
		},
		"Escape closes one thing after the other": {
			{toggle(panelPeople), panelPeople, "", "", title},
			{ask, panelPeople, "", "asha", []string{"keep-1"}},
			{toggle(panelStory), panelPeople, panelStory, "asha", []string{idStoryClose}},
			{escape, panelPeople, "", "asha", []string{idStoryButton}},
			{escape, panelPeople, "", "", []string{"remove-1"}},
			{escape, "", "", "", []string{idPeopleButton}},
			{escape, "", "", "", nil},
		},
		"a question is asked once": {
			{toggle(panelPeople), panelPeople, "", "", title},
			{ask, panelPeople, "", "asha", []string{"keep-1"}},
			{ask, panelPeople, "", "", []string{"remove-1"}},
			{ask, panelPeople, "", "asha", []string{"keep-1"}},
			{answer, panelPeople, "", "", []string{"remove-1"}},
			{ask, panelPeople, "", "asha", []string{"keep-1"}},
			{confirm, panelPeople, "", "", title},
		},
		"a question goes with its panel": {
			{toggle(panelPeople), panelPeople, "", "", title},
			{ask, panelPeople, "", "asha", []string{"keep-1"}},
			{toggle(panelPeople), "", "", "", []string{idPeopleButton}},
		},
	} {
		var p panels
		for i, s := range steps {
			focus := s.press(&p)
			if p.beside != s.beside || p.over != s.over || p.asked.about != s.asked || !slices.Equal(focus, s.focus) {
				t.Errorf("%s, step %d: %+v, keyboard to %q", name, i+1, p, focus)
			}
		}
	}
}
