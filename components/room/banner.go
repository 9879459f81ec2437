package room

import (
	"fmt"
	"time"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"overtime/components/ui"
	"overtime/internal/client"
	"overtime/internal/meeting"
	"overtime/internal/words"
)

// lengths are the extensions offered beside the room's own.
var lengths = []int{10, 15, 20, 30}

// Banner slides over the stage while a window is open: what ends when, who may
// extend, and by how much.
type Banner struct {
	app.Compo

	Me       *client.Me
	Room     *client.Room
	Timeline *client.Timeline
	Away     bool // the server cannot be asked now
	Session  ui.Session
	Words    *words.Catalogue

	alarm ui.Alarm
}

// OnMount waits for the moments at which the banner changes by itself.
func (b *Banner) OnMount(ctx app.Context) { b.await(ctx) }

// OnUpdate follows the view.
func (b *Banner) OnUpdate(ctx app.Context) { b.await(ctx) }

// OnDismount stops waiting.
func (b *Banner) OnDismount() { b.alarm.Stop() }

// await sets the alarm to the last minute's beginning, then to the end.
func (b *Banner) await(ctx app.Context) {
	left := b.left()
	if last := left - ui.Minute(b.Room); last >= 0 {
		left = last + time.Millisecond
	}
	if left > 0 && b.Timeline.Notice.Window != meeting.NoWindow {
		b.alarm.Set(ctx, left, b.await)
	}
}

func (b *Banner) left() time.Duration { return b.Timeline.Notice.EndsAt.Sub(b.Session.Now()) }

func (b *Banner) lastMinute() bool { return b.left() <= ui.Minute(b.Room) }

// shown: in the last minute it cannot be hidden, and at the end an answer
// would come too late.
func (b *Banner) shown() bool {
	if b.Timeline.Notice.Window == meeting.NoWindow || b.left() <= 0 {
		return false
	}
	return !b.Timeline.NoticeHidden || b.lastMinute()
}

// Render draws the banner.
func (b *Banner) Render() app.UI {
	if !b.shown() {
		return app.Section().Class("banner absent")
	}
	n := b.Timeline.Notice
	tone := ui.ToneFirst
	if n.Window == meeting.FinalWindow {
		tone = ui.ToneFinal
	}
	title, text := b.words()
	return app.Section().Class("banner "+string(tone)).Aria("label", b.Words.Say("banner.label")).
		DataSet("testid", "extension-banner").DataSet("window", string(n.Window)).Body(
		app.Div().Class("banner-left").Body(&ui.Countdown{Clock: b.Session, EndsAt: n.EndsAt}),
		app.Div().Class("banner-words").Body(
			app.P().Class("banner-title").Text(title), app.P().Class("banner-text").Text(text)),
		app.Div().Class("banner-actions").Body(append(b.actions(), b.notNowButton())...),
	)
}

func (b *Banner) notNowButton() app.UI {
	return ui.Use(app.Button().Type("button").Class("button quiet not-now").OnClick(b.onNotNow).Text(b.notNow()),
		"not-now", ui.AbsentIf(b.lastMinute()))
}

func (b *Banner) mayExtend() bool { return b.Me.MayExtend(b.Room) && b.Timeline.Notice.Grantable > 0 }

// gate is that of all extensions: shut while one waits for its answer, or the
// server cannot be reached.
func (b *Banner) gate() ui.Gate {
	return ui.Asking(b.Words, b.Away, b.Timeline.Extending)
}

// notNow: where there is nothing to refuse, the press only closes.
func (b *Banner) notNow() string {
	if b.mayExtend() {
		return b.Words.Say("banner.not_now")
	}
	return b.Words.Say("banner.ok")
}

func (b *Banner) words() (title, text string) {
	ends := ui.MomentIn(b.Words, b.Room, b.Session).At(b.Timeline.Notice.EndsAt)
	final := b.Timeline.Notice.Window == meeting.FinalWindow
	w := b.Words
	title = w.Say("banner.ends", words.Text("time", ends))
	switch {
	case b.Timeline.Notice.Grantable == 0:
		return title, w.Say("banner.booked")
	case !b.Me.MayExtend(b.Room):
		return title, whoMay(w, b.Room)
	case final:
		return w.Say("banner.last"), w.Say("banner.last.text", words.Text("time", ends))
	case b.Room.ExtendBy == meeting.ExtendByModerators:
		return title, w.Say("banner.moderator")
	}
	return title, w.Say("banner.anyone")
}

// actions are the large press and the small choice, as far as the room is free.
func (b *Banner) actions() []app.UI {
	if !b.mayExtend() {
		return nil
	}
	usual := min(max(b.Room.DefaultExtension, meeting.MinGrant), b.Timeline.Notice.Grantable)
	offer := b.Words.Say("banner.extend", words.Count("minutes", usual))
	extending := b.Words.Say("banner.extending")
	text := offer
	if b.Timeline.Extending {
		text = extending
	}
	out := []app.UI{ui.Use(app.Button().Type("button").Class("button extend").OnClick(b.onExtend(usual), usual).
		Body(ui.Steady(text, offer, extending)), "extend", b.gate())}
	choice := make([]app.UI, 0, len(lengths))
	for _, minutes := range lengths {
		if minutes <= b.Timeline.Notice.Grantable {
			choice = append(choice, b.length(minutes))
		}
	}
	return append(out, app.Div().Class("grants").Attr("role", "group").Aria("label", b.Words.Say("banner.other")).Body(choice...))
}

// length offers one extension, with the end it leads to.
func (b *Banner) length(minutes int) app.UI {
	ends := ui.MomentIn(b.Words, b.Room, b.Session).At(b.Timeline.Notice.EndsAt.Add(time.Duration(minutes) * ui.Minute(b.Room)))
	// Its name begins with what is written on it, for who speaks it.
	return ui.Use(app.Button().Type("button").Class("grant").
		Aria("label", b.Words.Say("banner.length.label", words.Count("minutes", minutes), words.Text("time", ends))).
		OnClick(b.onExtend(minutes), minutes).Body(
		app.Span().Class("grant-minutes figures").Text(b.Words.Say("banner.length", words.Count("minutes", minutes))),
		app.Text(" "),
		app.Span().Class("grant-end figures").Attr("translate", ui.Untranslated).Text(ends),
	), fmt.Sprintf("extend-%d", minutes), b.gate())
}

func (b *Banner) onExtend(minutes int) app.EventHandler {
	return func(app.Context, app.Event) {
		b.Session.Do(client.Extend{Minutes: minutes})
		ui.FocusOn(idStoryButton)
	}
}

// onNotNow also moves the keyboard on, as a press on Extend does: the banner
// goes away, and the clock is what it was about.
func (b *Banner) onNotNow(app.Context, app.Event) {
	b.Session.Do(client.HideNotice{})
	ui.FocusOn(idStoryButton)
}
