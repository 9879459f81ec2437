package components

import (
	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"overtime/components/ui"
	"overtime/internal/words"
)

// departure is something that would take a person out of a meeting without
// their having pressed Leave. The zero value is nothing.
type departure struct {
	back bool   // the back button
	to   string // the path of another meeting's page, with its token
}

// question asks before a departure. It is a dialog of the browser's own: what is
// behind it cannot be reached meanwhile, and the keyboard comes back to where it was.
type question struct {
	app.Compo

	Asked   departure
	AtDoor  bool // the person waits to be let in
	Meeting answers
	Words   *words.Catalogue

	shown bool
}

// answers takes the answer. It is a small value that compares equal from render
// to render, where a func would not.
type answers struct{ meeting *Meeting }

// OnMount shows the dialog if something is asked already.
func (q *question) OnMount(app.Context) { q.show() }

// OnUpdate opens and closes it.
func (q *question) OnUpdate(app.Context) { q.show() }

func (q *question) show() {
	open := q.Asked != departure{}
	if open == q.shown {
		return
	}
	q.shown = open
	if open {
		q.JSValue().Call("showModal")
	} else {
		q.JSValue().Call("close")
	}
}

// Render draws the dialog; closed, it has no test ids.
func (q *question) Render() app.UI {
	open := q.Asked != departure{}
	text, leave := q.words()
	return app.Dialog().Class(ui.Classes("question", ui.When(!open, "absent"), ui.When(!q.AtDoor, "over-room"))).Aria("labelledby", "question-title").Aria("describedby", "question-text").
		DataSet(ui.Modal, "").On("cancel", q.onCancel).Body(
		app.H2().ID("question-title").Text(q.Words.Say("question.title")),
		app.P().ID("question-text").Text(text),
		app.Div().Class("actions").Body(
			ui.Use(app.Button().Type("button").Class("button large").OnClick(q.onStay).Text(q.Words.Say("question.stay")), "stay", ui.AbsentIf(!open)),
			ui.Use(app.Button().Type("button").Class("button large primary").OnClick(q.onLeave).Text(leave), "confirm-leave", ui.AbsentIf(!open)),
		),
	)
}

func (q *question) words() (text, leave string) {
	switch {
	case q.Asked.to != "" && q.AtDoor:
		return q.Words.Say("question.link.waiting"), q.Words.Say("question.go")
	case q.Asked.to != "":
		return q.Words.Say("question.link"), q.Words.Say("question.leave_and_go")
	}
	return q.Words.Say("question.back"), q.Words.Say("word.leave")
}

func (q *question) onStay(app.Context, app.Event) { q.Meeting.meeting.stay() }

func (q *question) onLeave(app.Context, app.Event) { q.Meeting.meeting.depart() }

// onCancel is Escape, or a phone's back button.
func (q *question) onCancel(_ app.Context, e app.Event) {
	e.PreventDefault() // the dialog closes when it is drawn anew
	q.Meeting.meeting.stay()
}
