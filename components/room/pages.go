package room

import (
	"fmt"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"overtime/components/ui"
	"overtime/internal/client"
	"overtime/internal/words"
)

// DOM ids of its buttons.
const (
	idPageBack = "page-back"
	idPageOn   = "page-on"
)

// Pages turns the pages of a stage that does not hold everybody at once.
type Pages struct {
	app.Compo

	Page, Pages int
	Session     ui.Session
	Words       *words.Catalogue
}

// Render draws the two buttons, and between them which page it is.
func (p *Pages) Render() app.UI {
	root := app.Div().Class(ui.Classes("pages", ui.When(p.Pages < 2, "absent"))).Attr("role", "group").Aria("label", p.Words.Say("stage.pages"))
	return root.Body(
		ui.Use(app.Button().ID(idPageBack).Type("button").Class("icon-button back").Aria("label", p.Words.Say("stage.page_back")).OnClick(p.onBack).Body(ui.Icon("chevron")),
			idPageBack, ui.ShutIf(p.Page == 0, p.Words.Say("stage.first_page"))),
		app.Span().Class("pages-figures").Aria("label", p.Words.Say("stage.page", words.Count("page", p.Page+1), words.Count("pages", p.Pages))).
			Attr("role", "img").Attr("translate", ui.Untranslated).Text(fmt.Sprintf("%d/%d", p.Page+1, p.Pages)),
		ui.Use(app.Button().ID(idPageOn).Type("button").Class("icon-button on").Aria("label", p.Words.Say("stage.page_on")).OnClick(p.onOn).Body(ui.Icon("chevron")),
			idPageOn, ui.ShutIf(p.Page >= p.Pages-1, p.Words.Say("stage.last_page"))),
	)
}

func (p *Pages) onBack(app.Context, app.Event) { p.Session.Do(client.TurnPage{By: -1}) }
func (p *Pages) onOn(app.Context, app.Event)   { p.Session.Do(client.TurnPage{By: 1}) }
