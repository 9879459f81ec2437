package room

import (
	"strconv"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"overtime/components/ui"
	"overtime/internal/client"
	"overtime/internal/protocol"
	"overtime/internal/words"
)

// reactButtons are the six signs, above the bar. They stay open, for who claps
// twice.
func (c *Controls) reactButtons() app.UI {
	row := app.Div().ID("reactions").Class(ui.Classes("react-menu", ui.When(!c.Reacting, "absent"))).
		Attr("role", "group").Aria("label", c.Words.Say("react.label"))
	if !c.Reacting {
		return row
	}
	names := protocol.ReactionNames()
	buttons := make([]app.UI, 0, len(names))
	for _, name := range names {
		id := "react-" + string(name)
		words := reactionWord(c.Words, name)
		buttons = append(buttons, ui.Use(app.Button().ID(id).Type("button").Class("icon-button reaction", "reaction-"+string(name)).
			Aria("label", words).Title(words).OnClick(c.onReaction(name), string(name)).Body(ui.Icon(string(name))),
			id, ui.Asking(c.Words, c.Away, false)))
	}
	return row.Body(buttons...)
}

func (c *Controls) onReaction(name protocol.ReactionName) app.EventHandler {
	return func(app.Context, app.Event) { c.Session.Do(client.React{Name: name}) }
}

// reactionWord is what a sign is called.
func reactionWord(w *words.Catalogue, name protocol.ReactionName) string {
	return w.Say("react.name", words.Text("reaction", string(name)))
}

// Gathered are the signs of everybody, each with how often it came, at the
// stage's lower edge.
type Gathered struct {
	app.Compo

	Reactions *client.Reactions
	Words     *words.Catalogue
}

// Render draws them. They are told to screen readers by attention.
func (g *Gathered) Render() app.UI {
	all := g.Reactions.Gathered()
	chips := make([]app.UI, 0, len(all))
	for _, r := range all {
		chips = append(chips, reactionChip(g.Words, r).DataSet("testid", "reaction-"+string(r.Name)))
	}
	return app.Div().Class(ui.Classes("gathered", ui.When(len(all) == 0, "absent"))).Aria("hidden", "true").Body(chips...)
}

// reactionMarks are one person's signs, on their tile.
func reactionMarks(w *words.Catalogue, all []client.Reaction) app.UI {
	chips := make([]app.UI, 0, len(all))
	for _, r := range all {
		chips = append(chips, reactionChip(w, r).DataSet("reaction", string(r.Name)))
	}
	return app.Div().Class(ui.Classes("tile-reactions", ui.When(len(all) == 0, "absent"))).Aria("hidden", "true").Body(chips...)
}

// reactionChip is a sign, with a number if it came more than once.
func reactionChip(w *words.Catalogue, r client.Reaction) app.HTMLSpan {
	count := ""
	if r.Count > 1 {
		count = strconv.Itoa(r.Count)
	}
	return app.Span().Class("reaction-chip", "reaction-"+string(r.Name)).Title(reactionWord(w, r.Name)).DataSet("count", r.Count).Body(
		ui.Icon(string(r.Name)), app.Span().Class(ui.Classes("figures", ui.When(count == "", "absent"))).Text(count))
}

// handMark is a raised hand on a tile, with its order from 1; nothing if order is 0.
func handMark(order int) app.UI {
	return app.Div().Class(ui.Classes("tile-hand", ui.When(order == 0, "absent"))).Aria("hidden", "true").Body(
		ui.Icon("hand"), app.Span().Class("figures").Text(strconv.Itoa(order)))
}
