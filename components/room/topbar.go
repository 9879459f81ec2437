package room

import (
	"strconv"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"overtime/components/ui"
	"overtime/internal/client"
	"overtime/internal/words"
)

// TopBar has the meeting's name, the clock, and what opens the panels beside the
// stage.
type TopBar struct {
	app.Compo

	Room      *client.Room
	Timeline  *client.Timeline
	Roster    *client.Roster
	Writing   bool // there is a chat
	Unread    int
	Panels    panels
	Notifying client.Notifying
	Logo      string
	Session   ui.Session
	Words     *words.Catalogue
	Page      port
}

// Render draws the bar.
func (t *TopBar) Render() app.UI {
	name := nameOf(t.Words, t.Room)
	return app.Header().Class("top-bar").Body(
		app.Div().Class("top-name").Body(&ui.Logo{Address: t.Logo}, app.H1().ID(idTitle).TabIndex(-1).Attr("translate", ui.Untranslated).Title(name).Text(name),
			app.Span().Class(ui.Classes("locked-chip", ui.When(!t.Room.Locked, "absent"))).Title(t.Words.Say("room.locked.hint")).
				DataSet("testid", "locked").Body(ui.Icon("lock"), app.Span().Class("locked-words").Text(t.Words.Say("room.locked")))),
		&Pill{EndsAt: t.Timeline.EndsAt, StartedAt: t.Timeline.StartedAt, Minute: ui.Minute(t.Room),
			Session: t.Session, Words: t.Words, Open: t.Panels.shows(panelStory), Page: t.Page},
		app.Div().Class("top-side").Body(
			t.tellMeChip(),
			t.peopleButton(),
			t.chatButton(),
			t.inviteButton(),
		),
	)
}

// nameOf is what the meeting is called.
func nameOf(w *words.Catalogue, r *client.Room) string {
	if r.Name == "" {
		return w.Say("word.meeting")
	}
	return r.Name
}

// tellMeChip offers to tell of time, where there is room for it, until it is
// answered.
func (t *TopBar) tellMeChip() app.UI {
	what := t.Words.Say("room.tell_me")
	return ui.Use(app.Button().Type("button").Class("chip-button tell-me").Title(what).
		OnClick(t.onTellMe).Body(ui.Icon("bell"), app.Span().Text(what)),
		"tell-me", ui.AbsentIf(t.Notifying != client.NotifyAsk))
}

func (t *TopBar) onTellMe(ctx app.Context, _ app.Event) { t.Page.tellMe(ctx) }
func (t *TopBar) onPeople(ctx app.Context, _ app.Event) { t.Page.toggle(ctx, panelPeople) }

// peopleButton counts the people here, and with a mark those who wait.
func (t *TopBar) peopleButton() app.UI {
	here, waiting := inside(t.Roster), len(t.Roster.Waiting)
	title := t.Words.Say("people.button.title", words.Count("here", here), words.Count("waiting", waiting))
	// Its name holds what is written on it, in that order, for who speaks it.
	name := t.Words.Say("people.button", words.Count("here", here), words.Count("waiting", waiting))
	return ui.Use(app.Button().ID(idPeopleButton).Type("button").Class("chip-button people-button").
		Title(title).Aria("expanded", t.Panels.shows(panelPeople)).Aria("controls", "people").OnClick(t.onPeople).Body(
		ui.Icon("people"),
		app.Span().Aria("hidden", "true").Body(&ui.Figures{Text: strconv.Itoa(here)}),
		app.Span().Class(ui.Classes("badge", ui.When(waiting == 0, "absent"))).Aria("hidden", "true").
			DataSet("testid", "people-waiting").Body(&ui.Figures{Text: strconv.Itoa(waiting)}),
		app.Span().Class("unseen").Text(name),
	), "people-open", ui.Gate{})
}

// chatButton counts what was not read yet.
func (t *TopBar) chatButton() app.UI {
	said := t.Words.Say("chat.button", words.Count("unread", t.Unread))
	return ui.Use(app.Button().ID(idChatButton).Type("button").Class("chip-button chat-button").
		Title(said).Aria("expanded", t.Panels.shows(panelChat)).Aria("controls", "chat").OnClick(t.onChat).Body(
		ui.Icon("chat"),
		app.Span().Class("chip-words").Aria("hidden", "true").Text(t.Words.Say("chat.title")),
		app.Span().Class(ui.Classes("badge", ui.When(t.Unread == 0, "absent"))).Aria("hidden", "true").
			DataSet("testid", "chat-unread").Body(&ui.Figures{Text: strconv.Itoa(t.Unread)}),
		app.Span().Class("unseen").Text(said),
	), "chat-open", ui.AbsentIf(!t.Writing))
}

func (t *TopBar) onChat(ctx app.Context, _ app.Event) { t.Page.toggle(ctx, panelChat) }

func (t *TopBar) inviteButton() app.UI {
	return ui.Use(app.Button().Type("button").Class("chip-button invite-button").
		Aria("label", t.Words.Say("room.invite.label")).Title(t.Words.Say("room.invite.hint")).OnClick(t.onInvite).
		Body(ui.Icon("link"), app.Span().Class("chip-words").Text(t.Words.Say("room.invite"))),
		"invite", ui.AbsentIf(t.Room.Guests == ""))
}

func (t *TopBar) onInvite(app.Context, app.Event) { t.Session.Do(client.CopyGuestsLink{}) }
