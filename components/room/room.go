package room

import (
	"time"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"overtime/components/ui"
	"overtime/internal/client"
	"overtime/internal/meeting"
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
	idHand        = "raise-hand"
	idReact       = "react-button"
)

// places are where the keyboard goes when what had it is gone.
var places = []ui.Place{
	{In: ".banner, #story, .pill, .tell-me", To: []string{idStoryButton}},
	{In: ".end-dialog", To: []string{idEndReason, idEnd}},
	{In: ".people", To: []string{idPeopleTitle, idPeopleButton}},
	{In: ".pages", To: []string{idPageBack, idPageOn}},
	{In: ".chat-scroll", To: []string{idChatScroll}},
	{In: ".chat", To: []string{idChatInput, idChatTitle, idChatButton}},
	{In: ".knock, .top-side", To: []string{idPeopleButton}},
	{In: ".sharing", To: []string{idShare}},
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

	panels    panels
	asked     bool // to be told of time, here
	unhook    []func()
	keeper    ui.Keeper
	attention attention
}

// OnMount starts telling what happens, and gives the keyboard a place: the
// lobby, which had it, is gone.
func (r *Room) OnMount(ctx app.Context) {
	r.keeper.Places = places
	r.unhook = append(port{r}.watch(ctx), ui.RoundTab("#story, .end-dialog"), r.keeper.Watch())
	ui.FocusOn(idTitle)
	r.attention.room = r
	r.attention.arrive(r.View)
	r.attention.follow(ctx)
}

// OnUpdate tells what changed.
func (r *Room) OnUpdate(ctx app.Context) {
	if asked := r.panels.asked; asked.participant != "" && !present(r.View.Roster, asked.participant) || asked.message != 0 && !stands(r.View.Chat, asked.message) {
		r.panels.answer() // what it was about is no longer here
	}
	r.attention.attend(r.View)
	r.attention.follow(ctx)
	ctx.Defer(func(app.Context) { r.keeper.Keep() })
}

// OnDismount stops what waits.
func (r *Room) OnDismount() {
	for _, unhook := range r.unhook {
		unhook()
	}
	r.attention.stop()
}

func (r *Room) now() ui.Moment { return ui.MomentIn(r.Words, r.View.Room, r.Session) }

func (r *Room) left() time.Duration { return r.View.Timeline.EndsAt.Sub(r.Session.Now()) }

// Render draws the page.
func (r *Room) Render() app.UI {
	v, page := r.View, port{r}
	beside := r.panels.beside != ""
	return app.Div().Class("room").Body(
		app.P().Class("spoken").Attr("role", "status").Aria("live", "polite").Text(r.attention.spoken),
		&TopBar{Room: v.Room, Timeline: v.Timeline, Roster: v.Roster, Writing: writing(v), Unread: v.Chat.Unread, Panels: r.panels, Notifying: r.notifying(),
			Logo: r.Logo, Session: r.Session, Words: r.Words, Page: page},
		app.Main().Class(ui.Classes("stage-area", ui.When(beside, "with-panel"))).Body(
			&Stage{Roster: v.Roster, Live: v.Stage, Layout: v.Layout, Session: r.Session, Pictures: r.Stage, Words: r.Words, Reactions: v.Reactions},
			app.Div().Class("over-stage").Body(
				r.strip(),
				r.mutedStrip(),
				&Sharing{Screen: v.Devices.Screen, Session: r.Session, Words: r.Words},
				&Banner{Me: v.Me, Room: v.Room, Timeline: v.Timeline, Away: r.away(), Session: r.Session, Words: r.Words},
				&Knock{Roster: v.Roster, Hidden: r.panels.shows(panelPeople), Away: r.away(), Session: r.Session, Words: r.Words, Page: page},
				&Story{Open: r.panels.shows(panelStory), Me: v.Me, Room: v.Room, Timeline: v.Timeline, Notifying: r.notifying(),
					Asked: r.asked, Session: r.Session, Words: r.Words, Page: page},
				&Toasts{Room: v.Room, News: v.News, Session: r.Session, Words: r.Words},
				&EndDialog{Open: r.panels.shows(panelEnd), Waiting: v.Timeline.EndingForAll, Away: r.away(), Session: r.Session, Words: r.Words, Page: page},
				&People{Open: r.panels.shows(panelPeople), Asked: r.panels.asked, Me: v.Me, Room: v.Room, Roster: v.Roster,
					Away: r.away(), Session: r.Session, Words: r.Words, Page: page},
				&Chat{Open: r.panels.shows(panelChat), Asked: r.panels.asked, Me: v.Me, Room: v.Room, Chat: v.Chat,
					Away: r.away(), Session: r.Session, Words: r.Words, Page: page},
			),
			&Gathered{Reactions: v.Reactions, Words: r.Words},
			r.soundButton(),
		),
		&Controls{Devices: v.Devices, Me: v.Me, Away: r.away(), Ending: r.panels.shows(panelEnd), Reacting: r.panels.shows(panelReact),
			Hand: r.hand(), Raising: v.Roster.Raising, Session: r.Session, Words: r.Words, Page: page},
	)
}

// away reports whether the server cannot be reached now: what needs it at once
// is not offered, and the strip says why.
func (r *Room) away() bool { return r.View.Connection.Lost() }

func (r *Room) name() string { return nameOf(r.Words, r.View.Room) }

// hand is the order of this person's raised hand; 0: it is not raised.
func (r *Room) hand() int {
	if len(r.View.Roster.Slots) == 0 {
		return 0
	}
	return r.View.Roster.Slots[0].Hand
}

// writing reports whether there is a chat: what was written is read on where
// nobody writes any more.
func writing(v client.View) bool {
	return v.Room.Chat != meeting.ChatByNobody || len(v.Chat.Messages) > 0
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
