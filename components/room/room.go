package room

import (
	"time"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"overtime/components/ui"
	"overtime/internal/client"
)

// Room is the page of the meeting. Its skeleton never changes: what is not
// shown is hidden by a class, so that nothing before or in the stage moves and
// no <video> is ever made anew.
type Room struct {
	app.Compo

	View    client.View
	Session ui.Session
	Stage   client.Stage
	Page    client.Page

	story   bool // the session's story is open
	ending  bool // the question before End for all is open
	told    told
	spoken  string   // what the polite live region says
	minute  ui.Alarm // one minute is left
	seconds ui.Alarm // the title's figures
}

// OnMount starts telling what happens.
func (r *Room) OnMount(ctx app.Context) {
	r.told.arrive(r.View)
	r.follow(ctx)
}

// OnUpdate tells what changed.
func (r *Room) OnUpdate(ctx app.Context) {
	r.attend(r.View)
	r.follow(ctx)
}

// OnDismount stops what waits.
func (r *Room) OnDismount() {
	r.minute.Stop()
	r.seconds.Stop()
}

// follow sets what depends on the time that passes, and not on a new View.
func (r *Room) follow(ctx app.Context) {
	r.awaitLastMinute(ctx)
	r.title(ctx)
}

func (r *Room) left() time.Duration { return r.View.Session.EndsAt.Sub(r.Session.Now()) }

// Render draws the page.
func (r *Room) Render() app.UI {
	return app.Div().Class("room").OnKeyDown(r.onKey).Body(
		app.P().Class("spoken").Attr("role", "status").Aria("live", "polite").Text(r.spoken),
		r.topBar(),
		app.Main().Class("stage-area").Body(
			&Stage{Tiles: r.View.Tiles, Session: r.Session, Pictures: r.Stage},
			app.Div().Class("over-stage").Body(
				app.Div().Class(ui.Classes("popover story-popover", ui.When(!r.story, "absent"))).ID("story").
					Attr("role", "dialog").Aria("label", "How this meeting goes").Body(r.storyOf()...),
				r.strip(),
				&Banner{View: r.View, Session: r.Session},
				r.toasts(),
			),
			r.soundButton(),
			&EndDialog{Open: r.ending, Waiting: r.View.EndingForAll, Session: r.Session, Room: closer{r}},
		),
		r.controls(),
	)
}

// closer lets the dialog close itself. It is a small value that compares equal
// from render to render, where a func would not.
type closer struct{ room *Room }

func (c closer) close() {
	c.room.ending = false
	ui.FocusOn("end-for-all")
}

func (r *Room) onKey(_ app.Context, e app.Event) {
	if e.Get("key").String() != "Escape" {
		return
	}
	switch {
	case r.ending:
		closer{r}.close()
	case r.story:
		r.story = false
		ui.FocusOn("story-button")
	}
}

// strip tells that the connection is away.
func (r *Room) strip() app.UI {
	text := ""
	switch {
	case r.View.Trouble.Code == client.TroubleTimeUp:
		text = "Time is up and the server cannot be reached. Reconnecting, in case the meeting was extended…"
	case r.View.Link == client.LinkReconnecting:
		text = "The connection was lost. Reconnecting… your place is kept."
	case r.View.MediaTrouble:
		text = "Sound and pictures are interrupted. Reconnecting…"
	}
	return app.Div().Class(ui.Classes("strip", ui.When(text == "", "absent"))).Attr("role", "status").Body(
		app.Span().Class("spinner").Aria("hidden", "true"), app.Span().Text(text))
}

// soundButton gives the browser the click it wants before it plays sound.
func (r *Room) soundButton() app.UI {
	return app.Button().Type("button").DataSet("testid", "unblock-sound").
		Class(ui.Classes("button primary large sound-button", ui.When(!r.View.SoundBlocked, "absent"))).
		OnClick(r.onSound).Body(ui.Icon("sound"), app.Span().Text("Turn on sound"))
}

func (r *Room) onSound(app.Context, app.Event) {
	if r.Stage != nil {
		r.Stage.UnblockSound()
	}
}

// toasts are the short-lived news, newest last.
func (r *Room) toasts() app.UI {
	now := r.Session.Now()
	list := make([]app.UI, 0, len(r.View.Toasts))
	for _, t := range r.View.Toasts {
		list = append(list, app.Div().Class("toast "+string(t.Kind)).DataSet("testid", "toast").DataSet("kind", string(t.Kind)).Body(
			ui.Icon(ui.ToastIcon(t.Kind)),
			app.Span().Class("toast-text").Text(ui.Toast(t, now)),
			app.Button().Type("button").Class("toast-close").Aria("label", "Dismiss").
				OnClick(r.onDismiss(t.ID), t.ID).Body(ui.Icon("close")),
		))
	}
	return app.Div().Class("toasts").Body(list...)
}

func (r *Room) onDismiss(id int) app.EventHandler {
	return func(app.Context, app.Event) { r.Session.DismissToast(id) }
}
