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

// askRenew is the question about a new guests’ link.
const askRenew = "link"

// People is the panel of who is here and who waits to be. It stands beside the
// stage or, on a narrow screen, as a sheet over it; its parts are there while it
// is open only.
type People struct {
	app.Compo

	Open    bool
	Asked   question
	Me      *client.Me
	Room    *client.Room
	Roster  *client.Roster
	Away    bool // the server cannot be asked now
	Session ui.Session
	Words   *words.Catalogue
	Page    port
}

// Render draws the panel.
func (p *People) Render() app.UI {
	panel := app.Aside().ID("people").Class(ui.Classes("panel people", ui.When(!p.Open, "absent"))).
		Aria("labelledby", idPeopleTitle)
	if !p.Open {
		return panel
	}
	return panel.DataSet("testid", "people-panel").Body(
		app.Div().Class("panel-head").Body(
			app.H2().ID(idPeopleTitle).TabIndex(-1).Text(p.Words.Say("people.title")),
			app.Span().Class("panel-sum").Aria("hidden", "true").Body(&ui.Figures{Text: strconv.Itoa(inside(p.Roster))}),
			ui.Use(app.Button().Type("button").Class("icon-button").Aria("label", p.Words.Say("word.close")).
				OnClick(p.onClose).Body(ui.Icon("close")), "people-close", ui.Gate{}),
		),
		p.lowerAll(),
		app.Div().Class("people-lists").Body(p.waitingList(), p.presentList()),
		app.Div().Class("people-foot").Body(
			&Door{Asked: p.Asked.about == askRenew, Me: p.Me, Room: p.Room, Away: p.Away, Session: p.Session, Words: p.Words, Page: p.Page}),
	)
}

func (p *People) onClose(ctx app.Context, _ app.Event) { p.Page.close(ctx, panelPeople) }

// asks is the gate of what needs an answer of the server's; waits says that one
// is on its way.
func (p *People) asks(waits bool) ui.Gate { return ui.Asking(p.Words, p.Away, waits) }

// inside counts the people in the room.
func inside(r *client.Roster) int {
	n := 0
	for _, t := range r.Slots {
		if !t.Empty {
			n++
		}
	}
	return n
}

// present reports whether a participant is in the room.
func present(r *client.Roster, id string) bool {
	return slices.ContainsFunc(r.Slots, func(t client.Participant) bool { return !t.Empty && t.ID == id })
}

// waitingList are the people to be let in; only a moderator's View has any.
func (p *People) waitingList() app.UI {
	waiting := p.Roster.Waiting
	rows := make([]app.UI, 0, len(waiting))
	for i, w := range waiting {
		rows = append(rows, p.waiter(i, w))
	}
	return app.Section().Class(ui.Classes("people-waiting", ui.When(len(waiting) == 0, "absent"))).Body(
		app.H3().Text(p.Words.Say("people.waiting")),
		app.Ul().Body(rows...),
	)
}

func (p *People) waiter(i int, w client.Waiter) app.UI {
	gate := p.asks(w.Answering)
	return app.Li().Class("person").DataSet("testid", fmt.Sprintf("waiting-%d", i)).DataSet("name", w.Name).Body(
		app.Span().Class("person-mark").Aria("hidden", "true").Attr("translate", ui.Untranslated).Text(ui.Initials(w.Name)),
		app.Div().Class("person-words").Body(app.Span().Class("person-name").Attr("translate", ui.Untranslated).Title(w.Name).Text(w.Name)),
		ui.Use(app.Button().Type("button").Class("button small").Aria("label", p.Words.Say("people.deny.label", words.Text("name", w.Name))).
			OnClick(p.onAnswer(w.ID, false), "deny", w.ID).Text(p.Words.Say("people.deny")), fmt.Sprintf("deny-%d", i), gate),
		ui.Use(app.Button().Type("button").Class("button small primary").Aria("label", p.Words.Say("people.admit.label", words.Text("name", w.Name))).
			OnClick(p.onAnswer(w.ID, true), "admit", w.ID).Text(p.Words.Say("people.admit")), fmt.Sprintf("admit-%d", i), gate),
	)
}

// onAnswer lets somebody in or turns them away; the keyboard, whose button goes
// away, gets the panel's title.
func (p *People) onAnswer(id string, admit bool) app.EventHandler {
	return func(app.Context, app.Event) {
		if admit {
			p.Session.Do(client.Admit{Waiting: id})
		} else {
			p.Session.Do(client.Deny{Waiting: id})
		}
		ui.FocusOn(idPeopleTitle)
	}
}

// presentList is everyone in the room. Row i is tile i for good, as on the
// stage: what is pressed never slides under the finger.
func (p *People) presentList() app.UI {
	rows := make([]app.UI, 0, len(p.Roster.Slots))
	for i, t := range p.Roster.Slots {
		rows = append(rows, p.personRow(i, t))
	}
	return app.Section().Body(
		app.H3().Class(ui.When(len(p.Roster.Waiting) == 0, "absent")).Text(p.Words.Say("people.inside")),
		app.Ul().Aria("label", p.Words.Say("people.inside")).Body(rows...),
	)
}

func (p *People) personRow(i int, t client.Participant) app.UI {
	row := app.Li().Class(ui.Classes("person", ui.When(t.Empty, "absent")))
	if t.Empty {
		return row
	}
	name := t.Name
	if t.Self {
		name = p.Words.Say("people.self", words.Text("name", t.Name))
	}
	return row.DataSet("testid", fmt.Sprintf("person-%d", i)).DataSet("name", t.Name).Body(
		app.Span().Class("person-mark", fmt.Sprintf("hue-%d", i%hues)).Aria("hidden", "true").Attr("translate", ui.Untranslated).Text(ui.Initials(t.Name)),
		app.Div().Class("person-words").Body(
			app.Span().Class("person-name").Attr("translate", ui.Untranslated).Title(t.Name).Text(name),
			app.Span().Class(ui.Classes("person-role", ui.When(p.about(t) == "", "absent"), ui.When(t.Reconnecting, "away"))).Text(p.about(t)),
		),
		p.hand(i, t),
		p.state("camera", client.CameraDevice, t.Camera),
		p.state("mic", client.MicrophoneDevice, t.Microphone),
		p.removeButton(i, t),
		p.removeQuestion(i, t),
	)
}

// about is what else there is to say about somebody.
func (p *People) about(t client.Participant) string {
	switch {
	case t.Removing:
		return p.Words.Say("people.removing")
	case t.Reconnecting:
		return p.Words.Say("people.reconnecting")
	case t.Role == meeting.RoleModerator:
		return p.Words.Say("people.moderator")
	case t.Role == meeting.RoleViewer:
		return p.Words.Say("people.viewer")
	}
	return ""
}

// state is a device of somebody's, in a picture and in words.
func (p *People) state(icon string, of client.DeviceKind, on bool) app.UI {
	if !on {
		icon += "-off"
	}
	text := p.Words.Say("device.state", words.Text("device", string(of)), words.Text("on", ui.When(on, "on")))
	return app.Span().Class(ui.Classes("person-state", ui.When(!on, "off"))).Title(text).Body(
		ui.Icon(icon), app.Span().Class("unseen").Text(text))
}

// removable reports whether this person may remove the other.
func (p *People) removable(t client.Participant) bool { return p.Me.Moderates() && !t.Self }

// removeButton keeps its room in a moderator's own row, where it is not seen.
func (p *People) removeButton(i int, t client.Participant) app.UI {
	if t.Self {
		return app.Span().Class(ui.Classes("icon-button blank", ui.When(!p.Me.Moderates(), "absent")))
	}
	id := fmt.Sprintf("remove-%d", i)
	label := p.Words.Say("people.remove.label", words.Text("name", t.Name))
	return ui.Use(app.Button().ID(id).Type("button").Class("icon-button").
		Aria("label", label).Title(label).Aria("expanded", p.Asked.participant == t.ID).
		OnClick(p.onAskRemove(i, t.ID), t.ID).Body(ui.Icon("person-remove")),
		id, ui.AbsentIf(!p.Me.Moderates()).Or(p.asks(t.Removing)))
}

// removeQuestion asks once, in the row itself.
func (p *People) removeQuestion(i int, t client.Participant) app.UI {
	asked := p.removable(t) && p.Asked.participant == t.ID
	row := app.Div().Class(ui.Classes("person-ask", ui.When(!asked, "absent")))
	if !asked {
		return row
	}
	keep := fmt.Sprintf("cancel-remove-%d", i)
	return row.Attr("role", "group").Aria("label", p.Words.Say("people.remove.label", words.Text("name", t.Name))).Body(
		app.P().Class("hint").Text(p.Words.Say("people.remove.question", words.Text("name", t.Name))),
		ui.Use(app.Button().Type("button").Class("button small danger").OnClick(p.onRemove(t.ID), t.ID).Text(p.Words.Say("people.remove")),
			fmt.Sprintf("confirm-remove-%d", i), p.asks(false)),
		ui.Use(app.Button().ID(keep).Type("button").Class("button small").OnClick(p.onKeep).Text(p.Words.Say("word.cancel")), keep, ui.Gate{}),
	)
}

func (p *People) onAskRemove(i int, id string) app.EventHandler {
	return func(ctx app.Context, _ app.Event) {
		p.Page.ask(ctx, question{about: "remove", participant: id, from: fmt.Sprintf("remove-%d", i), to: fmt.Sprintf("cancel-remove-%d", i)})
	}
}

func (p *People) onKeep(ctx app.Context, _ app.Event) { p.Page.answer(ctx) }

func (p *People) onRemove(id string) app.EventHandler {
	return func(ctx app.Context, _ app.Event) {
		p.Session.Do(client.Remove{Participant: id})
		p.Page.confirm(ctx)
	}
}

// hand is somebody's raised hand with its order; a moderator lowers it by it.
func (p *People) hand(i int, t client.Participant) app.UI {
	body := []app.UI{ui.Icon("hand"), app.Span().Class("figures").Aria("hidden", "true").Text(strconv.Itoa(t.Hand))}
	said := p.Words.Say("hand.order", words.Count("order", t.Hand))
	if !p.Me.Moderates() || t.Self || t.Hand == 0 {
		return app.Span().Class(ui.Classes("person-hand", ui.When(t.Hand == 0, "absent"))).Title(said).
			Body(append(body, app.Span().Class("unseen").Text(said))...)
	}
	label := p.Words.Say("hand.lower.other", words.Text("name", t.Name))
	return ui.Use(app.Button().Type("button").Class("icon-button person-hand").Title(label).
		OnClick(p.onLower(t.ID), t.ID).Body(append(body, app.Span().Class("unseen").Text(label))...), fmt.Sprintf("lower-%d", i), p.asks(false))
}

func (p *People) onLower(id string) app.EventHandler {
	return func(app.Context, app.Event) {
		p.Session.Do(client.LowerHand{Participant: id})
		ui.FocusOn(idPeopleTitle)
	}
}

// lowerAll lowers everybody's hand.
func (p *People) lowerAll() app.UI {
	raised := slices.ContainsFunc(p.Roster.Slots, func(t client.Participant) bool { return !t.Empty && t.Hand > 0 })
	return ui.Use(app.Button().Type("button").Class("button small people-lower").OnClick(p.onLowerAll).
		Body(ui.Icon("hand"), app.Span().Text(p.Words.Say("hand.lower.all"))), "lower-hands", ui.AbsentIf(!raised || !p.Me.Moderates()).Or(p.asks(false)))
}

func (p *People) onLowerAll(app.Context, app.Event) {
	p.Session.Do(client.LowerHands{})
	ui.FocusOn(idPeopleTitle)
}
