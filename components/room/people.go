package room

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"overtime/components/ui"
	"overtime/internal/client"
	"overtime/internal/meeting"
	"overtime/internal/words"
)

// DOM ids of the people panel.
const (
	idPeopleButton = "people-button"
	idPeopleTitle  = "people-title"
	idRenew        = "renew-link"
	idKeepLink     = "cancel-renew-link"
)

// panel is what the people panel is at. It stands beside the stage or, on a
// narrow screen, as a sheet over it; its parts are there while it is open only.
type panel struct {
	open   bool
	remove string // the participant whose removal is asked about
	renew  bool   // a new guests' link is asked about
}

// asks reports whether a question waits for its answer.
func (p panel) asks() bool { return p.remove != "" || p.renew }

// keep drops a question about somebody who is no longer here.
func (p *panel) keep(tiles []client.Participant) {
	if !slices.ContainsFunc(tiles, func(t client.Participant) bool { return t.ID == p.remove }) {
		p.remove = ""
	}
}

func (r *Room) onPeople(ctx app.Context, _ app.Event) {
	if r.people.open && !r.ending { // on a narrow screen the question stands in its place
		r.closePeople()
		return
	}
	r.openPeople(ctx)
}

func (r *Room) openPeople(ctx app.Context) {
	r.people = panel{open: true}
	r.story, r.ending = false, false
	ctx.Defer(func(app.Context) { ui.FocusOn(idPeopleTitle) })
}

func (r *Room) closePeople() {
	r.people = panel{}
	ui.FocusOn(idPeopleButton)
}

// peoplePanel draws the panel.
func (r *Room) peoplePanel() app.UI {
	panel := app.Aside().ID("people").Class(ui.Classes("people", ui.When(!r.people.open, "absent"))).
		Aria("labelledby", idPeopleTitle)
	if !r.people.open {
		return panel
	}
	return panel.Body(
		app.Div().Class("people-head").Body(
			app.H2().ID(idPeopleTitle).TabIndex(-1).Text(r.Words.Say("people.title")),
			app.Span().Class("people-sum").Aria("hidden", "true").Body(&ui.Figures{Text: strconv.Itoa(r.present())}),
			ui.Use(app.Button().Type("button").Class("icon-button").Aria("label", r.Words.Say("word.close")).
				OnClick(r.onPeople).Body(ui.Icon("close")), "people-close", ui.Gate{}),
		),
		app.Div().Class("people-lists").Body(r.waitingList(), r.presentList()),
		app.Div().Class("people-foot").Body(r.lockSetting(), r.linkSetting(), r.copyLink()),
	)
}

// present counts the people in the room.
func (r *Room) present() int {
	n := 0
	for _, t := range r.View.Roster.Slots {
		if !t.Empty {
			n++
		}
	}
	return n
}

// waitingList are the people to be let in; only a moderator's View has any.
func (r *Room) waitingList() app.UI {
	waiting := r.View.Roster.Waiting
	rows := make([]app.UI, 0, len(waiting))
	for i, w := range waiting {
		rows = append(rows, r.waiter(i, w))
	}
	return app.Section().Class(ui.Classes("people-waiting", ui.When(len(waiting) == 0, "absent"))).Body(
		app.H3().Text(r.Words.Say("people.waiting")),
		app.Ul().Body(rows...),
	)
}

func (r *Room) waiter(i int, w client.Waiter) app.UI {
	gate := r.asks(w.Answering)
	return app.Li().Class("person").DataSet("testid", fmt.Sprintf("waiting-%d", i)).DataSet("name", w.Name).Body(
		app.Span().Class("person-mark").Aria("hidden", "true").Attr("translate", ui.Untranslated).Text(ui.Initials(w.Name)),
		app.Div().Class("person-words").Body(app.Span().Class("person-name").Attr("translate", ui.Untranslated).Title(w.Name).Text(w.Name)),
		ui.Use(app.Button().Type("button").Class("button small").Aria("label", r.Words.Say("people.deny.label", words.Text("name", w.Name))).
			OnClick(r.onAnswer(w.ID, false), "deny", w.ID).Text(r.Words.Say("people.deny")), fmt.Sprintf("deny-%d", i), gate),
		ui.Use(app.Button().Type("button").Class("button small primary").Aria("label", r.Words.Say("people.admit.label", words.Text("name", w.Name))).
			OnClick(r.onAnswer(w.ID, true), "admit", w.ID).Text(r.Words.Say("people.admit")), fmt.Sprintf("admit-%d", i), gate),
	)
}

// onAnswer lets somebody in or turns them away; the keyboard, whose button goes
// away, gets the panel's title, or its button where the panel is closed.
func (r *Room) onAnswer(id string, admit bool) app.EventHandler {
	return func(app.Context, app.Event) {
		if admit {
			r.Session.Do(client.Admit{Waiting: id})
		} else {
			r.Session.Do(client.Deny{Waiting: id})
		}
		if r.people.open {
			ui.FocusOn(idPeopleTitle)
		} else {
			ui.FocusOn(idPeopleButton)
		}
	}
}

// presentList is everyone in the room. Row i is tile i for good, as on the
// stage: what is pressed never slides under the finger.
func (r *Room) presentList() app.UI {
	rows := make([]app.UI, 0, len(r.View.Roster.Slots))
	for i, t := range r.View.Roster.Slots {
		rows = append(rows, r.personRow(i, t))
	}
	return app.Section().Body(
		app.H3().Class(ui.When(len(r.View.Roster.Waiting) == 0, "absent")).Text(r.Words.Say("people.inside")),
		app.Ul().Aria("label", r.Words.Say("people.inside")).Body(rows...),
	)
}

func (r *Room) personRow(i int, t client.Participant) app.UI {
	row := app.Li().Class(ui.Classes("person", ui.When(t.Empty, "absent")))
	if t.Empty {
		return row
	}
	name := t.Name
	if t.Self {
		name = r.Words.Say("people.self", words.Text("name", t.Name))
	}
	return row.DataSet("testid", fmt.Sprintf("person-%d", i)).DataSet("name", t.Name).Body(
		app.Span().Class("person-mark", fmt.Sprintf("hue-%d", i%hues)).Aria("hidden", "true").Attr("translate", ui.Untranslated).Text(ui.Initials(t.Name)),
		app.Div().Class("person-words").Body(
			app.Span().Class("person-name").Attr("translate", ui.Untranslated).Title(t.Name).Text(name),
			app.Span().Class(ui.Classes("person-role", ui.When(r.about(t) == "", "absent"), ui.When(t.Reconnecting, "away"))).Text(r.about(t)),
		),
		r.state("camera", client.CameraDevice, t.Camera),
		r.state("mic", client.MicrophoneDevice, t.Microphone),
		r.removeButton(i, t),
		r.removeQuestion(i, t),
	)
}

// about is what else there is to say about somebody.
func (r *Room) about(t client.Participant) string {
	switch {
	case t.Removing:
		return r.Words.Say("people.removing")
	case t.Reconnecting:
		return r.Words.Say("people.reconnecting")
	case t.Role == meeting.RoleModerator:
		return r.Words.Say("people.moderator")
	case t.Role == meeting.RoleViewer:
		return r.Words.Say("people.viewer")
	}
	return ""
}

// state is a device of somebody's, in a picture and in words.
func (r *Room) state(icon string, of client.DeviceKind, on bool) app.UI {
	if !on {
		icon += "-off"
	}
	text := r.Words.Say("device.state", words.Text("device", string(of)), words.Text("on", ui.When(on, "on")))
	return app.Span().Class(ui.Classes("person-state", ui.When(!on, "off"))).Title(text).Body(
		ui.Icon(icon), app.Span().Class("unseen").Text(text))
}

// removable reports whether this person may remove the other.
func (r *Room) removable(t client.Participant) bool { return r.View.Me.Moderates() && !t.Self }

// removeButton keeps its room in a moderator's own row, where it is not seen.
func (r *Room) removeButton(i int, t client.Participant) app.UI {
	if t.Self {
		return app.Span().Class(ui.Classes("icon-button blank", ui.When(!r.View.Me.Moderates(), "absent")))
	}
	id := fmt.Sprintf("remove-%d", i)
	label := r.Words.Say("people.remove.label", words.Text("name", t.Name))
	return ui.Use(app.Button().ID(id).Type("button").Class("icon-button").
		Aria("label", label).Title(label).Aria("expanded", r.people.remove == t.ID).
		OnClick(r.onAskRemove(i, t.ID), t.ID).Body(ui.Icon("person-remove")),
		id, ui.AbsentIf(!r.View.Me.Moderates()).Or(r.asks(t.Removing)))
}

// removeQuestion asks once, in the row itself.
func (r *Room) removeQuestion(i int, t client.Participant) app.UI {
	asked := r.removable(t) && r.people.remove == t.ID
	question := app.Div().Class(ui.Classes("person-ask", ui.When(!asked, "absent")))
	if !asked {
		return question
	}
	keep := fmt.Sprintf("cancel-remove-%d", i)
	return question.Attr("role", "group").Aria("label", r.Words.Say("people.remove.label", words.Text("name", t.Name))).Body(
		app.P().Class("hint").Text(r.Words.Say("people.remove.question", words.Text("name", t.Name))),
		ui.Use(app.Button().Type("button").Class("button small danger").OnClick(r.onRemove(t.ID), t.ID).Text(r.Words.Say("people.remove")),
			fmt.Sprintf("confirm-remove-%d", i), r.asks(false)),
		ui.Use(app.Button().ID(keep).Type("button").Class("button small").OnClick(r.onKeep(i), i).Text(r.Words.Say("word.cancel")), keep, ui.Gate{}),
	)
}

func (r *Room) onAskRemove(i int, id string) app.EventHandler {
	return func(ctx app.Context, _ app.Event) {
		if r.people.remove == id {
			r.people.remove = ""
			return
		}
		r.people.remove, r.people.renew = id, false
		ctx.Defer(func(app.Context) { ui.FocusOn(fmt.Sprintf("cancel-remove-%d", i)) })
	}
}

func (r *Room) onKeep(i int) app.EventHandler {
	return func(app.Context, app.Event) {
		r.people.remove = ""
		ui.FocusOn(fmt.Sprintf("remove-%d", i))
	}
}

func (r *Room) onRemove(id string) app.EventHandler {
	return func(app.Context, app.Event) {
		r.people.remove = ""
		r.Session.Do(client.Remove{Participant: id})
		ui.FocusOn(idPeopleTitle)
	}
}
