package room

import (
	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"overtime/components/ui"
	"overtime/internal/client"
	"overtime/internal/words"
)

// Door is who may come in, and by which link. It is a part of the people panel.
type Door struct {
	app.Compo

	Asked   bool // a new guests’ link is asked about
	Me      *client.Me
	Room    *client.Room
	Away    bool // the server cannot be asked now
	Session ui.Session
	Words   *words.Catalogue
	Page    port
}

// Render draws it.
func (d *Door) Render() app.UI {
	return app.Div().Class("door").Body(d.lockSetting(), d.linkSetting(), d.copyLink())
}

// lockSetting is the moderators' switch that lets nobody new in.
func (d *Door) lockSetting() app.UI {
	locked := d.Room.Locked
	return app.Div().Class(ui.Classes("setting", ui.When(!d.Me.Moderates(), "absent"))).Body(
		app.Div().Class("setting-words").Body(
			app.Span().ID("lock-name").Class("setting-name").Text(d.Words.Say("door.lock")),
			app.Span().ID("lock-hint").Class("hint").Text(d.Words.Say("door.lock.hint")),
		),
		ui.Use(app.Button().Type("button").Class("switch").Attr("role", "switch").Aria("checked", locked).
			Aria("labelledby", "lock-name").Aria("describedby", "lock-hint").OnClick(d.onLock).
			Body(app.Span().Class("switch-track").Body(app.Span().Class("switch-knob"))),
			"lock", ui.Asking(d.Words, d.Away, d.Room.Locking)),
	)
}

func (d *Door) onLock(app.Context, app.Event) {
	d.Session.Do(client.SetLocked{Locked: !d.Room.Locked})
}

// linkSetting is the moderators' new guests' link; it asks once.
func (d *Door) linkSetting() app.UI {
	asked := d.Asked
	gate := ui.Asking(d.Words, d.Away, d.Room.RenewingLink)
	offer, making := d.Words.Say("door.link.new"), d.Words.Say("door.link.making")
	text := offer
	if d.Room.RenewingLink {
		text = making
	}
	return app.Div().Class(ui.Classes("setting", ui.When(!d.Me.Moderates(), "absent"))).Body(
		app.Div().Class("setting-words").Body(
			app.Span().Class("setting-name").Text(d.Words.Say("door.link")),
			app.Span().ID("renew-hint").Class("hint").Text(d.Words.Say("door.link.hint")),
		),
		ui.Use(app.Button().ID(idRenew).Type("button").Class("button small").Aria("describedby", "renew-hint").
			OnClick(d.onAskRenew).Body(ui.Steady(text, offer, making)), "renew-link", ui.AbsentIf(asked).Or(gate)),
		app.Div().Class(ui.Classes("setting-ask", ui.When(!asked, "absent"))).Attr("role", "group").Aria("label", d.Words.Say("door.link.question")).Body(
			ui.Use(app.Button().Type("button").Class("button small danger").
				OnClick(d.onRenew).Text(d.Words.Say("door.link.confirm")), "confirm-renew-link", gate),
			ui.Use(app.Button().ID(idKeepLink).Type("button").Class("button small").
				OnClick(d.onKeepLink).Text(d.Words.Say("word.cancel")), idKeepLink, ui.Gate{}),
		),
	)
}

func (d *Door) onAskRenew(ctx app.Context, _ app.Event) {
	d.Page.ask(ctx, question{about: askRenew, from: idRenew, to: idKeepLink})
}

func (d *Door) onKeepLink(ctx app.Context, _ app.Event) { d.Page.answer(ctx) }

func (d *Door) onRenew(ctx app.Context, _ app.Event) {
	d.Session.Do(client.RenewLink{})
	d.Page.confirm(ctx)
}

// copyLink is for everyone who may invite.
func (d *Door) copyLink() app.UI {
	return ui.Use(app.Button().Type("button").Class("button wide").OnClick(d.onCopy).
		Body(ui.Icon("link"), app.Span().Text(d.Words.Say("door.link.copy"))), "copy-link", ui.AbsentIf(d.Room.Guests == ""))
}

func (d *Door) onCopy(app.Context, app.Event) { d.Session.Do(client.CopyGuestsLink{}) }
