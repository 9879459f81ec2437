package ui_test

import (
	"testing"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"overtime/components/ui"
	"overtime/components/uitest"
)

func TestWhatAGateMakesOfAControl(t *testing.T) {
	for name, c := range map[string]struct {
		gate     ui.Gate
		hook     string // the attribute that has the id
		disabled string // the attribute that says so
		why      string
	}{
		"open":          {ui.Gate{}, "data-testid", "", "Usual"},
		"shut":          {ui.ShutIf(true, "Because."), "data-shut", "disabled", "Because."},
		"not shut":      {ui.ShutIf(false, "Because."), "data-testid", "", "Usual"},
		"busy":          {ui.BusyIf(true, "Because."), "data-shut", "aria-disabled", "Because."},
		"early":         {ui.EarlyIf(true), "data-early", "", "Usual"},
		"first of two":  {ui.ShutIf(true, "First.").Or(ui.ShutIf(true, "Second.")), "data-shut", "disabled", "First."},
		"second of two": {ui.ShutIf(false, "First.").Or(ui.EarlyIf(false), ui.ShutIf(true, "Second.")), "data-shut", "disabled", "Second."},
	} {
		p := uitest.Mount(t, &gated{gate: c.gate})
		b := p.MustRole("button", "Go")
		for _, hook := range []string{"data-testid", "data-shut", "data-early"} {
			if got := b.Attr(hook) == "go"; got != (hook == c.hook) {
				t.Errorf("%s: %s is %q", name, hook, b.Attr(hook))
			}
		}
		for _, disabled := range []string{"disabled", "aria-disabled"} {
			if got := b.Attr(disabled) == "true"; got != (disabled == c.disabled) {
				t.Errorf("%s: %s is %q", name, disabled, b.Attr(disabled))
			}
		}
		if b.Attr("title") != c.why || c.gate.Open() != (c.hook == "data-testid") {
			t.Errorf("%s: open %t, title %q", name, c.gate.Open(), b.Attr("title"))
		}
	}
	absent := uitest.Mount(t, &gated{gate: ui.AbsentIf(true)})
	if absent.Role("button", "Go") != nil {
		t.Error("what is absent is there")
	}
}

// gated is a button behind a gate.
type gated struct {
	app.Compo

	gate ui.Gate
}

func (g *gated) Render() app.UI {
	return app.Div().Body(ui.Use(app.Button().Type("button").Title("Usual").Aria("describedby", "elsewhere").Text("Go"), "go", g.gate))
}
