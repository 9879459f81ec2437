package room

import (
	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"overtime/components/ui"
	"overtime/internal/client"
	"overtime/internal/words"
)

// lockSetting is the moderators' switch that lets nobody new in.
func (r *Room) lockSetting() app.UI {
	locked := r.View.Room.Locked
	return app.Div().Class(ui.Classes("setting", ui.When(!r.View.Me.Moderates(), "absent"))).Body(
		app.Div().Class("setting-words").Body(
			app.Span().ID("lock-name").Class("setting-name").Text(r.Words.Say("door.lock")),
			app.Span().ID("lock-hint").Class("hint").Text(r.Words.Say("door.lock.hint")),
		),
		ui.Use(app.Button().Type("button").Class("switch").Attr("role", "switch").Aria("checked", locked).
			Aria("labelledby", "lock-name").Aria("describedby", "lock-hint").OnClick(r.onLock).
			Body(app.Span().Class("switch-track").Body(app.Span().Class("switch-knob"))),
			"lock", r.asks(r.View.Room.Locking)),
	)
}

func (r *Room) onLock(app.Context, app.Event) {
	r.Session.Do(client.SetLocked{Locked: !r.View.Room.Locked})
}

// linkSetting is the moderators' new guests' link; it asks once.
func (r *Room) linkSetting() app.UI {
	asked := r.people.renew
	gate := r.asks(r.View.Room.RenewingLink)
	offer, making := r.Words.Say("door.link.new"), r.Words.Say("door.link.making")
	text := offer
	if r.View.Room.RenewingLink {
		text = making
	}
	return app.Div().Class(ui.Classes("setting", ui.When(!r.View.Me.Moderates(), "absent"))).Body(
		app.Div().Class("setting-words").Body(
			app.Span().Class("setting-name").Text(r.Words.Say("door.link")),
			app.Span().ID("renew-hint").Class("hint").Text(r.Words.Say("door.link.hint")),
		),
		ui.Use(app.Button().ID(idRenew).Type("button").Class("button small").Aria("describedby", "renew-hint").
			OnClick(r.onAskRenew).Body(ui.Steady(text, offer, making)), "renew-link", ui.AbsentIf(asked).Or(gate)),
		app.Div().Class(ui.Classes("setting-ask", ui.When(!asked, "absent"))).Attr("role", "group").Aria("label", r.Words.Say("door.link.question")).Body(
			ui.Use(app.Button().Type("button").Class("button small danger").
				OnClick(r.onRenew).Text(r.Words.Say("door.link.confirm")), "confirm-renew-link", gate),
			ui.Use(app.Button().ID(idKeepLink).Type("button").Class("button small").
				OnClick(r.onKeepLink).Text(r.Words.Say("word.cancel")), idKeepLink, ui.Gate{}),
		),
	)
}

func (r *Room) onAskRenew(ctx app.Context, _ app.Event) {
	r.people.renew, r.people.remove = true, ""
	ctx.Defer(func(app.Context) { ui.FocusOn(idKeepLink) })
}

func (r *Room) onKeepLink(ctx app.Context, _ app.Event) {
	r.people.renew = false
	ctx.Defer(func(app.Context) { ui.FocusOn(idRenew) })
}

func (r *Room) onRenew(app.Context, app.Event) {
	r.people.renew = false
	r.Session.Do(client.RenewLink{})
	ui.FocusOn(idPeopleTitle)
}

// copyLink is for everyone who may invite.
func (r *Room) copyLink() app.UI {
	return ui.Use(app.Button().Type("button").Class("button wide").OnClick(r.onInvite).
		Body(ui.Icon("link"), app.Span().Text(r.Words.Say("door.link.copy"))), "copy-link", ui.AbsentIf(r.View.Room.Guests == ""))
}

// knock tells a moderator who does not see the panel that somebody waits. One
// can be answered here; of more the panel tells.
func (r *Room) knock() app.UI {
	waiting := r.View.Roster.Waiting
	if len(waiting) == 0 || r.people.open {
		return app.Section().Class("knock absent")
	}
	first, alone := waiting[0], len(waiting) == 1
	gate := ui.AbsentIf(!alone).Or(r.asks(first.Answering))
	return app.Section().Class("knock").Aria("label", r.Words.Say("knock.label")).DataSet("testid", "knock").Body(
		ui.Icon("person"),
		app.Span().Class("knock-text").Text(r.wanting(waiting)),
		app.Div().Class("knock-actions").Body(
			ui.Use(app.Button().Type("button").Class("button small").Aria("label", r.Words.Say("people.deny.label", words.Text("name", first.Name))).
				OnClick(r.onAnswer(first.ID, false), "deny", first.ID).Text(r.Words.Say("people.deny")), "knock-deny", gate),
			ui.Use(app.Button().Type("button").Class("button small primary").Aria("label", r.Words.Say("people.admit.label", words.Text("name", first.Name))).
				OnClick(r.onAnswer(first.ID, true), "admit", first.ID).Text(r.Words.Say("people.admit")), "knock-admit", gate),
			ui.Use(app.Button().Type("button").Class("button small primary").OnClick(r.onPeople).Text(r.Words.Say("knock.see")),
				"knock-see", ui.AbsentIf(alone)),
		),
	)
}

// wanting is who waits, in words.
func (r *Room) wanting(waiting []client.Waiter) string {
	second := ""
	if len(waiting) > 1 {
		second = waiting[1].Name
	}
	return r.Words.Say("knock.text", words.Count("waiting", len(waiting)), words.Text("name", waiting[0].Name),
		words.Text("second", second), words.Count("others", len(waiting)-1))
}
