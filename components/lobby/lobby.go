package lobby

import (
	"slices"
	"time"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"overtime/components/ui"
	"overtime/internal/client"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
	"overtime/internal/words"
)

// DOM ids, the same from the prerendered page to the program's.
const (
	idName    = "display-name"
	idJoin    = "join"
	idMic     = "mic"
	idCamera  = "camera"
	idPreview = "self-preview"
	idMeter   = "self-meter"
	idWaiting = "waiting-title"
)

// Lobby is the page before the meeting. Without a Session it is the skeleton
// that a server prerenders.
type Lobby struct {
	app.Compo

	View    client.View
	Session ui.Session
	Stage   client.Stage
	// Embedded: the page is a part of another, and leads nowhere else.
	Embedded bool
	// Logo is the address of a portal's, shown instead of our mark.
	Logo string
	// Words are the sentences; nil: in English.
	Words *words.Catalogue

	mounted  bool
	early    pressed
	focus    ui.Focus
	name     ui.Text // as typed here
	typed    bool    // the person wrote something, so the session's name no longer holds
	nameless bool    // Join was pressed without a name
	waited   bool    // the page drawn last was of somebody who waits
	alarm    ui.Alarm
}

// pressed is what was pressed before it could be carried out.
type pressed struct{ join, mic, camera bool }

// OnInit reads what the person did to the prerendered page.
func (l *Lobby) OnInit() {
	var early ui.Early
	if name, found := early.Value(idName); found && name != "" {
		l.name, l.typed = ui.Written(name), true
	}
	l.early = pressed{
		join:   early.Presses(idJoin) > 0,
		mic:    early.Presses(idMic)%2 == 1,
		camera: early.Presses(idCamera)%2 == 1,
	}
	l.focus = early.Focus()
}

// OnMount makes the page work.
func (l *Lobby) OnMount(ctx app.Context) {
	l.mounted = true
	l.focus.Restore()
	if l.Stage != nil {
		l.Stage.ShowSelf(idPreview)
		l.Stage.Meter(idMeter)
	}
	l.follow(ctx)
}

// OnUpdate follows the view.
func (l *Lobby) OnUpdate(ctx app.Context) { l.follow(ctx) }

func (l *Lobby) follow(ctx app.Context) {
	l.catchUp(ctx)
	l.turn(ctx)
	l.awaitEnd(ctx)
}

// turn gives the keyboard a place when the page of who waits comes or goes:
// what had it is gone.
func (l *Lobby) turn(ctx app.Context) {
	if l.waited == l.waiting() {
		return
	}
	l.waited = l.waiting()
	at := idJoin
	if l.waited {
		at = idWaiting
	}
	ctx.Defer(func(app.Context) { ui.FocusOn(at) })
}

// awaitEnd draws the page anew at the end: there is nothing to join until the
// server has said how it went.
func (l *Lobby) awaitEnd(ctx app.Context) {
	l.alarm.Stop()
	if l.running() && !l.ending() {
		l.alarm.Set(ctx, l.left(), l.awaitEnd)
	}
}

// OnDismount lets go of the preview.
func (l *Lobby) OnDismount() {
	l.alarm.Stop()
	if l.Stage != nil {
		l.Stage.Clear(idPreview)
		l.Stage.Clear(idMeter)
	}
}

// catchUp carries out what was pressed too early, once it can be.
func (l *Lobby) catchUp(ctx app.Context) {
	if l.Session == nil || !l.open() {
		return
	}
	early := l.early
	l.early = pressed{}
	if early.mic {
		l.Session.Do(client.ToggleDevice{Device: client.MicrophoneDevice})
	}
	if early.camera {
		l.Session.Do(client.ToggleDevice{Device: client.CameraDevice})
	}
	if early.join {
		l.join(ctx)
	}
}

// open reports whether the lobby works: the meeting behind the link is known.
func (l *Lobby) open() bool { return l.View.Phase == client.PhaseLobby }

// works reports whether what is pressed is carried out at once.
func (l *Lobby) works() bool { return l.mounted && l.Session != nil && l.open() }

// waiting reports whether somebody has to let the person in.
func (l *Lobby) waiting() bool { return l.View.Phase == client.PhaseWaiting }

// prefill puts the session's name into the field for as long as it holds.
func (l *Lobby) prefill() {
	if !l.typed || l.View.Me.NameFixed {
		l.name = ui.Written(l.View.Me.Name)
	}
}

// Render draws the page.
func (l *Lobby) Render() app.UI {
	l.prefill()
	return app.Div().Class("page lobby").Body(
		app.Header().Class("page-top").Body(ui.Brand(l.Logo, l.Embedded)),
		app.Main().Class("lobby-body").Body(
			l.preview(),
			l.side(),
		),
	)
}

// side is what stands beside the preview, which stays as it is when one page
// gives way to the other.
func (l *Lobby) side() app.UI {
	if l.waiting() {
		return l.waitingSide()
	}
	return app.Form().Class("lobby-side").Attr("method", "dialog").Attr("novalidate", "novalidate").OnSubmit(l.onSubmit).Body(
		l.head(),
		l.nameField(),
		&deviceSelect{Words: l.Words, Label: l.Words.Say("word.microphone"), Of: client.MicrophoneDevice, View: l.View.Devices.Microphone, Session: l.Session},
		&deviceSelect{Words: l.Words, Label: l.Words.Say("word.camera"), Of: client.CameraDevice, View: l.View.Devices.Camera, Session: l.Session},
		l.awayLine(),
		app.P().Class(ui.Classes("trouble", ui.When(l.trouble() == "", "absent"))).Attr("role", "alert").Text(l.trouble()),
		l.joinButton(),
	)
}

// awayLine says why the server cannot be had, which passes by itself.
func (l *Lobby) awayLine() app.UI {
	away := l.View.Connection.Link == client.LinkReconnecting
	text := ""
	if away {
		text = ui.Away(l.Words, l.View.Connection.Away)
	}
	return app.P().Class(ui.Classes("away-line", ui.When(!away, "absent"))).Attr("role", "status").Body(
		app.Span().Class("spinner").Aria("hidden", "true"), app.Span().Text(text))
}

// head says which meeting this is and what time there is.
func (l *Lobby) head() app.UI {
	name := l.View.Room.Name
	switch {
	case name != "":
	case l.known():
		name = l.Words.Say("word.meeting")
	default:
		name = l.Words.Say("lobby.join.title")
	}
	return app.Div().Class("lobby-head").Body(
		app.H1().Title(name).Attr("translate", ui.Untranslated).Text(name),
		app.P().Class("lobby-time").Body(l.time()...),
		note(l.latestEnd()),
		note(l.door()),
	)
}

func note(text string) app.UI {
	return app.P().Class(ui.Classes("note", ui.When(text == "", "absent"))).Text(text)
}

// known reports whether the server has told what meeting this is.
func (l *Lobby) known() bool { return l.View.Room.ID != "" }

func (l *Lobby) running() bool { return l.known() && !l.View.Timeline.StartedAt.IsZero() }

func (l *Lobby) left() time.Duration {
	if l.Session == nil {
		return 0
	}
	return l.View.Timeline.EndsAt.Sub(l.Session.Now())
}

// ending: the end has passed, and the server has not yet said how it went.
func (l *Lobby) ending() bool { return l.running() && l.left() <= 0 }

func (l *Lobby) time() []app.UI {
	switch {
	case !l.known():
		return []app.UI{app.Span().Text(l.Words.Say("lobby.looking"))}
	case l.ending():
		return []app.UI{app.Span().Text(l.Words.Say("lobby.ending", words.Text("time", ui.MinutesSeconds(0))))}
	case l.running():
		return ui.Sentence(l.Words.Parts("lobby.running", words.Slot("time"), words.Count("people", l.View.Roster.Here)), map[string]app.UI{
			"time": &ui.Countdown{Clock: l.Session, EndsAt: l.View.Timeline.EndsAt},
		})
	}
	return []app.UI{app.Span().Text(l.Words.Say("lobby.not_started", words.Count("minutes", l.View.Room.DurationMinutes)))}
}

// latestEnd says that somebody else needs the room afterwards.
func (l *Lobby) latestEnd() string {
	latest := l.View.Room.LatestEnd
	if latest.IsZero() || l.Session == nil {
		return ""
	}
	return l.Words.Say("lobby.latest_end", words.Text("time", ui.MomentIn(l.Words, l.View.Room, l.Session).At(latest)))
}

// door says what stands between the person and the meeting. Moderators open
// both doors; others may have a place inside that is still theirs.
func (l *Lobby) door() string {
	switch {
	case l.View.Me.Role.Moderates(), l.View.Trouble.Code == protocol.CodeLocked: // told beside Join
		return ""
	case l.View.Room.Locked:
		return l.Words.Say("lobby.locked")
	case l.View.Room.WaitingRoom:
		return l.Words.Say("lobby.door")
	}
	return ""
}

func (l *Lobby) nameField() app.UI {
	input := app.Input().ID(idName).Class(ui.Classes("input", ui.When(l.nameless, "wrong"))).Type("text").
		Attr("name", "name").Attr("autocomplete", "name").Attr("enterkeyhint", "go").
		MaxLength(meeting.MaxPersonName).Placeholder(l.Words.Say("lobby.name.example")).
		Aria("describedby", "name-trouble").Required(true).
		Value(l.name.Value()).OnInput(l.onName)
	if l.nameless {
		input = input.Aria("invalid", "true")
	}
	if l.View.Me.NameFixed {
		input = input.ReadOnly(true).Title(l.Words.Say("lobby.name.fixed"))
	}
	text := ""
	if l.nameless {
		text = l.Words.Say("lobby.name.missing")
	}
	return app.Div().Class("field").Body(
		// Beside the label, so that it moves nothing.
		app.Div().Class("field-head").Body(
			app.Label().For(idName).Text(l.Words.Say("lobby.name")),
			app.P().ID("name-trouble").Class("trouble").Aria("live", "polite").Text(text),
		),
		ui.Use(input, "display-name", ui.EarlyIf(!l.mounted || l.Session == nil)),
	)
}

// trouble is why Join did nothing.
func (l *Lobby) trouble() string {
	if l.Session == nil || !l.open() {
		return ""
	}
	return ui.NotJoined(l.View.Trouble, ui.MomentIn(l.Words, l.View.Room, l.Session))
}

func (l *Lobby) joinButton() app.UI {
	text := l.Words.Say("lobby.join")
	if l.View.Room.WaitingRoom && !l.View.Me.Role.Moderates() {
		text = l.Words.Say("lobby.ask")
	}
	joining := l.View.Phase == client.PhaseJoining || l.early.join
	if joining {
		text = l.Words.Say("lobby.joining")
	}
	return ui.Use(app.Button().ID(idJoin).Type("submit").Class("button primary large wide").Text(text), "join",
		ui.ShutIf(l.ending(), l.Words.Say("lobby.is_ending")).Or(ui.Asking(l.Words, false, joining), ui.EarlyIf(!l.works())))
}

func (l *Lobby) onName(ctx app.Context, _ app.Event) {
	l.name.Type(ctx.JSSrc().Get("value").String())
	l.typed = true
	l.nameless = false
}

func (l *Lobby) onSubmit(ctx app.Context, e app.Event) {
	e.PreventDefault()
	switch {
	case !l.works():
		l.early.join = true // carried out by catchUp
	case !l.ending():
		l.join(ctx)
	}
}

func (l *Lobby) join(app.Context) {
	name := meeting.Clean(l.name.String())
	if name == "" {
		l.nameless = true
		ui.FocusOn(idName)
		return
	}
	if l.typed && !l.View.Me.NameFixed {
		l.Session.Do(client.SetName{Name: name})
	}
	l.Session.Do(client.Join{})
}

// troubles are what is the matter with the devices, in words.
func troubles(w *words.Catalogue, devices *client.DevicesView) []string {
	var out []string
	for _, d := range []struct {
		kind client.DeviceKind
		view client.DeviceView
	}{{client.MicrophoneDevice, devices.Microphone}, {client.CameraDevice, devices.Camera}} {
		if s := ui.Device(w, d.kind, d.view.Trouble); s != "" && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}
