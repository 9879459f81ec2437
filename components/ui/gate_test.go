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
		disabled bool
		why      string
	}{
		"open":          {ui.Gate{}, "data-testid", false, "Usual"},
		"shut":          {ui.ShutIf(true, "Because."), "data-shut", true, "Because."},
		"not shut":      {ui.ShutIf(false, "Because."), "data-testid", false, "Usual"},
		"early":         {ui.EarlyIf(true), "data-early", false, "Usual"},
		"first of two":  {ui.ShutIf(true, "First.").Or(ui.ShutIf(true, "Second.")), "data-shut", true, "First."},
		"second of two": {ui.ShutIf(false, "First.").Or(ui.EarlyIf(false), ui.ShutIf(true, "Second.")), "data-shut", true, "Second."},
	} {
		p := uitest.Mount(t, &gated{gate: c.gate})
		b := p.MustRole("button", "Go")
		for _, hook := range []string{"data-testid", "data-shut", "data-early"} {
			if got := b.Attr(hook) == "go"; got != (hook == c.hook) {
				t.Errorf("%s: %s is %q", name, hook, b.Attr(hook))
			}
		}
		if b.Disabled() != c.disabled || b.Attr("title") != c.why || c.gate.Open() != (c.hook == "data-testid") {
			t.Errorf("%s: disabled %t, open %t, title %q", name, b.Disabled(), c.gate.Open(), b.Attr("title"))
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
