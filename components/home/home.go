package home

import (
	"context"
	"errors"
	"strings"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"overtime/components/ui"
	"overtime/internal/client"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
	"overtime/internal/words"
)

// DOM ids. They stay the same from the prerendered page to the program's, so
// that what was typed early can be found.
const (
	idName   = "meeting-name"
	idOther  = "meeting-minutes"
	idCreate = "create-meeting"
)

// Meetings makes meetings and keeps the last one's links; *client.Meetings does.
type Meetings interface {
	Create(context.Context, client.NewMeeting) (client.Created, error)
	Last() client.Created
	Forget(id string)
}

// Home is the page where a meeting is made. It has no exported fields: go-app
// empties those when the same page is navigated to again.
type Home struct {
	app.Compo

	meetings   Meetings
	page       client.Page
	portalOnly bool
	words      *words.Catalogue

	mounted  bool
	early    bool // Create was pressed before the program came
	focus    ui.Focus
	name     ui.Text
	length   length
	creating bool
	trouble  string
	created  client.Created
}

// New is the home page. On a server, which only prerenders, meetings and page
// may be nil, and so may words, for English. Where meetings are made by a portal only, it offers to make none.
func New(meetings Meetings, page client.Page, portalOnly bool, w *words.Catalogue) *Home {
	return &Home{meetings: meetings, page: page, portalOnly: portalOnly, words: w, length: usualLength()}
}

// OnInit reads what the person did to the prerendered page. Unless they began
// something new there, the links of the meeting they made last are shown again.
func (h *Home) OnInit() {
	defer h.recall()
	var early ui.Early
	if name, found := early.Value(idName); found {
		h.name = ui.Written(name)
	}
	h.length.readEarly(early)
	h.early = early.Presses(idCreate) > 0
	h.focus = early.Focus()
}

func (h *Home) recall() {
	if h.meetings != nil && !h.portalOnly && !h.early && h.name.String() == "" {
		h.created = h.meetings.Last()
	}
}

// OnMount makes the page work.
func (h *Home) OnMount(ctx app.Context) {
	h.mounted = true
	h.focus.Restore()
	if h.page != nil {
		h.page.SetTitle(h.words.Say("title.start"))
	}
	if h.early {
		h.submit(ctx)
	}
}

// Render draws the page.
func (h *Home) Render() app.UI {
	side := app.UI(h.form())
	switch {
	case h.portalOnly:
		side = h.elsewhere()
	case h.created.ID != "":
		side = &links{Created: h.created, Page: h.page, Words: h.words}
	}
	return app.Div().Class("page home").Body(
		app.Header().Class("page-top").Body(ui.Brand("", false)),
		app.Main().Class("home-body").Body(
			hero(h.words, h.portalOnly),
			app.Div().Class("home-side").Body(side,
				app.Button().Type("button").Class(ui.Classes("button quiet another", ui.When(h.created.ID == "", "absent"))).
					OnClick(h.onAnother).Text(h.words.Say("home.another"))),
		),
	)
}

// elsewhere stands where the form would: a portal makes the meetings.
func (h *Home) elsewhere() app.UI {
	card := app.Section().Class("card elsewhere")
	if h.mounted {
		card = card.DataSet("testid", "portal-only")
	}
	return card.Body(
		ui.Icon("link"),
		app.H2().Class("card-title").Text(h.words.Say("home.portal.title")),
		app.P().Text(h.words.Say("home.portal.text")),
	)
}

func (h *Home) form() app.UI {
	// method=dialog: outside a dialog the browser does nothing on submit, so
	// that a press before the program has come does not reload the page.
	return app.Form().Class("card form").Attr("method", "dialog").Attr("novalidate", "novalidate").OnSubmit(h.onSubmit).Body(
		app.H2().Class("card-title").Text(h.words.Say("home.new")),
		app.Div().Class("field").Body(
			app.Label().For(idName).Text(h.words.Say("home.name")),
			ui.Use(app.Input().ID(idName).Class("input").Type("text").Attr("name", "name").
				Attr("autocomplete", "off").Placeholder(h.words.Say("home.name.example")).
				MaxLength(meeting.MaxRoomName).Value(h.name.Value()).OnInput(h.onName), "meeting-name", ui.EarlyIf(!h.mounted)),
		),
		h.length.field(h.words, h.mounted, h.onChoice, h.onOther),
		h.button(),
		app.P().Class(ui.Classes("trouble", ui.When(h.trouble == "", "absent"))).Attr("role", "alert").Text(h.trouble),
	)
}

func (h *Home) button() app.UI {
	text := h.words.Say("home.create")
	if h.creating {
		text = h.words.Say("home.creating")
	}
	return ui.Use(app.Button().ID(idCreate).Type("submit").Class("button primary large wide").Text(text), "create-meeting",
		ui.EarlyIf(!h.mounted).Or(ui.Asking(h.words, false, h.creating)))
}

func (h *Home) onName(ctx app.Context, _ app.Event) {
	h.name.Type(ctx.JSSrc().Get("value").String())
}

func (h *Home) onChoice(ctx app.Context, _ app.Event) {
	h.length.choose(ctx.JSSrc().Get("value").String())
	h.trouble = ""
	if h.length.choice == otherChoice {
		ctx.Defer(func(app.Context) { ui.FocusOn(idOther) })
	}
}

func (h *Home) onOther(ctx app.Context, _ app.Event) {
	h.length.other.Type(ctx.JSSrc().Get("value").String())
	h.length.trouble = ""
}

func (h *Home) onSubmit(ctx app.Context, e app.Event) {
	e.PreventDefault()
	h.submit(ctx)
}

func (h *Home) submit(ctx app.Context) {
	if h.creating || h.meetings == nil {
		return
	}
	minutes, ok := h.length.check()
	if !ok {
		ui.FocusOn(idOther)
		return
	}
	h.creating, h.trouble = true, ""
	name := strings.TrimSpace(h.name.String())
	if name == "" {
		name = h.words.Say("word.meeting")
	}
	ctx.Async(func() {
		created, err := h.meetings.Create(context.Background(), client.NewMeeting{Name: name, Minutes: minutes})
		ctx.Dispatch(func(ctx app.Context) { h.answered(ctx, created, err) })
	})
}

func (h *Home) answered(ctx app.Context, created client.Created, err error) {
	h.creating = false
	if err != nil {
		var refused protocol.Error
		errors.As(err, &refused)
		h.trouble = ui.NotCreated(h.words, refused.Code)
		return
	}
	h.created = created
}

func (h *Home) onAnother(ctx app.Context, _ app.Event) {
	h.meetings.Forget(h.created.ID)
	h.created, h.name, h.length = client.Created{}, ui.Text{}, usualLength()
	ctx.Defer(func(app.Context) { ui.FocusOn(idName) })
}
