package room

import (
	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"overtime/components/ui"
	"overtime/internal/client"
	"overtime/internal/words"
)

// Knock tells a moderator who does not see the people panel that somebody
// waits. One can be answered here; of more the panel tells.
type Knock struct {
	app.Compo

	Roster  *client.Roster
	Hidden  bool // the panel shows it
	Away    bool // the server cannot be asked now
	Session ui.Session
	Words   *words.Catalogue
	Page    port
}

// Render draws it.
func (k *Knock) Render() app.UI {
	waiting := k.Roster.Waiting
	if len(waiting) == 0 || k.Hidden {
		return app.Section().Class("knock absent")
	}
	first, alone := waiting[0], len(waiting) == 1
	gate := ui.AbsentIf(!alone).Or(ui.Asking(k.Words, k.Away, first.Answering))
	return app.Section().Class("knock").Aria("label", k.Words.Say("knock.label")).DataSet("testid", "knock").Body(
		ui.Icon("person"),
		app.Span().Class("knock-text").Text(wanting(k.Words, waiting)),
		app.Div().Class("knock-actions").Body(
			ui.Use(app.Button().Type("button").Class("button small").Aria("label", k.Words.Say("people.deny.label", words.Text("name", first.Name))).
				OnClick(k.onAnswer(first.ID, false), "deny", first.ID).Text(k.Words.Say("people.deny")), "knock-deny", gate),
			ui.Use(app.Button().Type("button").Class("button small primary").Aria("label", k.Words.Say("people.admit.label", words.Text("name", first.Name))).
				OnClick(k.onAnswer(first.ID, true), "admit", first.ID).Text(k.Words.Say("people.admit")), "knock-admit", gate),
			ui.Use(app.Button().Type("button").Class("button small primary").OnClick(k.onSee).Text(k.Words.Say("knock.see")),
				"knock-see", ui.AbsentIf(alone)),
		),
	)
}

func (k *Knock) onSee(ctx app.Context, _ app.Event) { k.Page.toggle(ctx, panelPeople) }

// onAnswer lets somebody in or turns them away; the keyboard, whose button goes
// away, gets the people panel's.
func (k *Knock) onAnswer(id string, admit bool) app.EventHandler {
	return func(app.Context, app.Event) {
		if admit {
			k.Session.Do(client.Admit{Waiting: id})
		} else {
			k.Session.Do(client.Deny{Waiting: id})
		}
		ui.FocusOn(idPeopleButton)
	}
}

// wanting is who waits, in words.
func wanting(w *words.Catalogue, waiting []client.Waiter) string {
	second := ""
	if len(waiting) > 1 {
		second = waiting[1].Name
	}
	return w.Say("knock.text", words.Count("waiting", len(waiting)), words.Text("name", waiting[0].Name),
		words.Text("second", second), words.Count("others", len(waiting)-1))
}
