package room

import (
	"time"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"overtime/components/ui"
	"overtime/internal/client"
	"overtime/internal/protocol"
	"overtime/internal/words"
)

// DOM ids of what the keyboard is moved to.
const (
	idTitle       = "room-title"
	idStoryButton = "story-button"
	idEnd         = "end-for-all"
	idEndReason   = "end-reason"
	idStoryClose  = "story-close"
)

// places are where the keyboard goes when what had it is gone.
var places = []ui.Place{
	{In: ".banner, #story, .pill, .tell-me", To: []string{idStoryButton}},
	{In: ".end-dialog", To: []string{idEndReason, idEnd}},
	{In: ".people", To: []string{idPeopleTitle, idPeopleButton}},
	{In: ".knock, .top-side", To: []string{idPeopleButton}},
	{To: []string{idTitle}},
}

// Room is the page of the meeting. Its skeleton never changes: what is not
// shown is hidden by a class, so that nothing before or in the stage moves and
// no <video> is ever made anew.
type Room struct {
	app.Compo

	View    client.View
	Session ui.Session
	Stage   client.Stage
	Page    client.Page
	// Logo is the address of a portal's, shown instead of our mark.
	Logo string
	// Words are the sentences; nil: in English.
	Words *words.Catalogue

	story   bool // the session's story is open; then ending is not, and the other way round
	ending  bool // the question before End for all is open
	people  panel
	asked   bool // to be told of time, here
	unhook  []func()
	keeper  ui.Keeper
	told    told
	spoken  string   // what the polite live region says
	saying  []string // what the present View brought of it
	minute  ui.Alarm // one minute is left
	seconds ui.Alarm // the title's figures
}

// OnMount starts telling what happens, and gives the keyboard a place: the
// lobby, which had it, is gone.
func (r *Room) OnMount(ctx app.Context) {
	r.keeper.Places = places
	r.unhook = []func(){
		ui.OnEscape(func() { ctx.Dispatch(r.onEscape) }),
		ui.OnPressOutside("#story, .pill", func() { ctx.Dispatch(r.onPressOutside) }),
		ui.RoundTab("#story, .end-dialog"),
		r.keeper.Watch(),
	}
	ui.FocusOn(idTitle)
	r.arrive(r.View)
	r.follow(ctx)
}

// OnUpdate tells what changed.
func (r *Room) OnUpdate(ctx app.Context) {
	r.people.keep(r.View.Roster.Slots)
	r.attend(r.View)
	r.follow(ctx)
	ctx.Defer(func(app.Context) { r.keeper.Keep() })
}

// OnDismount stops what waits.
func (r *Room) OnDismount() {
	for _, unhook := range r.unhook {
		unhook()
	}
	r.minute.Stop()
	r.seconds.Stop()
}

// follow sets what depends on the time that passes, and not on a new View.
func (r *Room) follow(ctx app.Context) {
	r.awaitLastMinute(ctx)
	r.title(ctx)
}

func (r *Room) now() ui.Moment { return ui.MomentIn(r.Words, r.View.Room, r.Session) }

func (r *Room) left() time.Duration { return r.View.Timeline.EndsAt.Sub(r.Session.Now()) }

// Render draws the page.
func (r *Room) Render() app.UI {
	return app.Div().Class("room").Body(
		app.P().Class("spoken").Attr("role", "status").Aria("live", "polite").Text(r.spoken),
		r.topBar(),
		app.Main().Class(ui.Classes("stage-area", ui.When(r.people.open, "with-people"))).Body(
			&Stage{Roster: r.View.Roster, Live: r.View.Stage, Session: r.Session, Pictures: r.Stage, Words: r.Words, Beside: r.people.open},
			app.Div().Class("over-stage").Body(
				r.strip(),
				r.mutedStrip(),
				&Banner{Me: r.View.Me, Room: r.View.Room, Timeline: r.View.Timeline, Away: r.away(), Session: r.Session, Words: r.Words},
				r.knock(),
				r.storyDialog(),
				r.toasts(),
				&EndDialog{Open: r.ending, Waiting: r.View.Timeline.EndingForAll, Away: r.away(), Session: r.Session, Words: r.Words, Room: closer{r}},
				r.peoplePanel(),
			),
			r.soundButton(),
		),
		&Controls{Devices: r.View.Devices, Me: r.View.Me, Away: r.away(), Ending: r.ending, Session: r.Session, Words: r.Words, Room: closer{r}},
	)
}

// closer opens and closes the question before the end. It is a small value that
// compares equal from render to render, where a func would not.
type closer struct{ room *Room }

func (c closer) close() {
	c.room.ending = false
	ui.FocusOn(idEnd)
}

func (c closer) toggle(ctx app.Context) {
	c.room.ending = !c.room.ending
	c.room.story = false
	if c.room.ending {
		ctx.Defer(func(app.Context) { ui.FocusOn(idEndReason) })
	}
	c.room.Update()
}

// onEscape closes what is open.
func (r *Room) onEscape(app.Context) {
	switch {
	case r.ending:
		closer{r}.close()
	case r.story:
		r.closeStory()
	case r.people.asks():
		r.people = panel{open: true}
		ui.FocusOn(idPeopleTitle)
	case r.people.open:
		r.closePeople()
	}
}

// onPressOutside closes the story. The question before the end stays: what was
// typed into it would be lost.
func (r *Room) onPressOutside(ctx app.Context) {
	r.story = false
	ctx.Defer(func(app.Context) { r.keeper.Keep() })
}

// away reports whether the server cannot be reached now: what needs it at once
// is not offered, and the strip says why.
func (r *Room) away() bool { return r.View.Connection.Lost() }

// asks is the gate of what needs an answer of the server's; waits says that one
// is on its way.
func (r *Room) asks(waits bool) ui.Gate {
	return ui.Asking(r.Words, r.away(), waits)
}

// strip tells that the connection is away.
func (r *Room) strip() app.UI {
	text := ""
	switch {
	case r.View.Trouble.Code == client.TroubleTimeUp:
		text = r.Words.Say("room.strip.time_up")
	case r.away() && r.View.Connection.Away.Code == protocol.CodeRoomFull:
		text = ui.Away(r.Words, r.View.Connection.Away)
	case r.away():
		text = r.Words.Say("room.strip.away")
	default:
		text = ui.Media(r.Words, r.View.Connection.Media)
	}
	return app.Div().Class(ui.Classes("strip", ui.When(text == "", "absent"))).Attr("role", "status").Body(
		app.Span().Class(ui.Classes("spinner", ui.When(r.View.Connection.Media == client.MediaMissing && !r.away(), "absent"))).Aria("hidden", "true"),
		app.Span().Text(text))
}

// mutedStrip tells that the system keeps a device silent or dark, which nobody
// would look for at a button.
func (r *Room) mutedStrip() app.UI {
	text := ""
	switch client.DeviceMuted {
	case r.View.Devices.Microphone.Trouble:
		text = ui.Device(r.Words, client.MicrophoneDevice, client.DeviceMuted)
	case r.View.Devices.Camera.Trouble:
		text = ui.Device(r.Words, client.CameraDevice, client.DeviceMuted)
	}
	return app.Div().Class(ui.Classes("strip", ui.When(text == "", "absent"))).Attr("role", "status").
		DataSet("testid", "device-muted").Body(ui.Icon("warning"), app.Span().Text(text))
}

// soundButton gives the browser the click it wants before it plays sound.
func (r *Room) soundButton() app.UI {
	return ui.Use(app.Button().Type("button").Class("button primary large sound-button").
		OnClick(r.onSound).Body(ui.Icon("sound"), app.Span().Text(r.Words.Say("room.sound"))),
		"unblock-sound", ui.AbsentIf(!r.View.Stage.SoundBlocked))
}

func (r *Room) onSound(app.Context, app.Event) {
	if r.Stage != nil {
		r.Stage.UnblockSound()
	}
}

// toasts are the short-lived news, newest last.
func (r *Room) toasts() app.UI {
	now := r.now()
	list := make([]app.UI, 0, len(r.View.News.Toasts))
	for _, t := range r.View.News.Toasts {
		list = append(list, app.Div().Class("toast "+string(t.Kind)).DataSet("testid", "toast").DataSet("kind", string(t.Kind)).Body(
			ui.Icon(ui.ToastIcon(t.Kind)),
			app.Span().Class("toast-text").Text(ui.Toast(t, now)),
			app.Button().Type("button").Class("toast-close").Aria("label", r.Words.Say("room.dismiss")).
				OnClick(r.onDismiss(t.ID), t.ID).Body(ui.Icon("close")),
		))
	}
	return app.Div().Class("toasts").Body(list...)
}

func (r *Room) onDismiss(id int) app.EventHandler {
	return func(app.Context, app.Event) { r.Session.Do(client.DismissToast{ID: id}) }
}
