package room

import (
	"fmt"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"overtime/components/ui"
	"overtime/internal/client"
)

// lockSetting is the moderators' switch that lets nobody new in.
func (r *Room) lockSetting() app.UI {
	locked := r.View.Room.Locked
	waits := r.View.Locking || r.away()
	return app.Div().Class(ui.Classes("setting", ui.When(!r.View.MayModerate(), "absent"))).Body(
		app.Div().Class("setting-words").Body(
			app.Span().ID("lock-name").Class("setting-name").Text("Lock the meeting"),
			app.Span().ID("lock-hint").Class("hint").Text("Nobody new can come in. Whoever was inside can come back."),
		),
		app.Button().Type("button").Class("switch").Attr("role", "switch").Aria("checked", locked).
			Aria("labelledby", "lock-name").Aria("describedby", "lock-hint").Disabled(waits).
			DataSet(ui.Key(!waits), "lock").OnClick(r.onLock).
			Body(app.Span().Class("switch-track").Body(app.Span().Class("switch-knob"))),
	)
}

func (r *Room) onLock(app.Context, app.Event) { r.Session.SetLocked(!r.View.Room.Locked) }

// linkSetting is the moderators' new guests' link; it asks once.
func (r *Room) linkSetting() app.UI {
	asked := r.people.renew
	waits := r.View.RenewingLink || r.away()
	const offer, making = "New link", "Making it…"
	text := offer
	if r.View.RenewingLink {
		text = making
	}
	return app.Div().Class(ui.Classes("setting", ui.When(!r.View.MayModerate(), "absent"))).Body(
		app.Div().Class("setting-words").Body(
			app.Span().Class("setting-name").Text("New guests’ link"),
			app.Span().ID("renew-hint").Class("hint").Text("Links given out so far stop working for whoever is not inside."),
		),
		app.Button().ID(idRenew).Type("button").Class(ui.Classes("button small", ui.When(asked, "absent"))).
			Aria("describedby", "renew-hint").Disabled(waits).
			DataSet(ui.Key(!waits && !asked), "renew-link").OnClick(r.onAskRenew).Body(ui.Steady(text, offer, making)),
		app.Div().Class(ui.Classes("setting-ask", ui.When(!asked, "absent"))).Attr("role", "group").Aria("label", "Make a new guests’ link").Body(
			app.Button().ID(idKeepLink).Type("button").Class("button small").
				DataSet("testid", idKeepLink).OnClick(r.onKeepLink).Text("Cancel"),
			app.Button().Type("button").Class("button small danger").Disabled(waits).
				DataSet(ui.Key(!waits), "confirm-renew-link").OnClick(r.onRenew).Text("Make a new link"),
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
	r.Session.RenewLink()
	ui.FocusOn(idPeopleTitle)
}

// copyLink is for everyone who may invite.
func (r *Room) copyLink() app.UI {
	return app.Button().Type("button").Class(ui.Classes("button wide", ui.When(r.View.Guests == "", "absent"))).
		DataSet("testid", "copy-link").OnClick(r.onInvite).
		Body(ui.Icon("link"), app.Span().Text("Copy the guests’ link"))
}

// knock tells a moderator who does not see the panel that somebody waits. One
// can be answered here; of more the panel tells.
func (r *Room) knock() app.UI {
	waiting := r.View.Waiting
	if len(waiting) == 0 || r.people.open {
		return app.Section().Class("knock absent")
	}
	first, alone := waiting[0], len(waiting) == 1
	waits := first.Answering || r.away()
	return app.Section().Class("knock").Aria("label", "Somebody waits").DataSet("testid", "knock").Body(
		ui.Icon("person"),
		app.Span().Class("knock-text").Text(wanting(waiting)),
		app.Div().Class("knock-actions").Body(
			app.Button().Type("button").Class(ui.Classes("button small", ui.When(!alone, "absent"))).
				Aria("label", "Deny "+first.Name).Disabled(waits).
				DataSet(ui.Key(!waits), "knock-deny").OnClick(r.onAnswer(first.ID, false), "deny", first.ID).Text("Deny"),
			app.Button().Type("button").Class(ui.Classes("button small primary", ui.When(!alone, "absent"))).
				Aria("label", "Admit "+first.Name).Disabled(waits).
				DataSet(ui.Key(!waits), "knock-admit").OnClick(r.onAnswer(first.ID, true), "admit", first.ID).Text("Admit"),
			app.Button().Type("button").Class(ui.Classes("button small primary", ui.When(alone, "absent"))).
				DataSet("testid", "knock-see").OnClick(r.onPeople).Text("See who"),
		),
	)
}

// wanting is who waits, in words.
func wanting(waiting []client.Waiter) string {
	switch name := waiting[0].Name; len(waiting) {
	case 1:
		return name + " wants to come in"
	case 2:
		return name + " and " + waiting[1].Name + " want to come in"
	default:
		return fmt.Sprintf("%s and %d others want to come in", name, len(waiting)-1)
	}
}
