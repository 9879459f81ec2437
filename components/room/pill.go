package room

import (
	"time"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"overtime/components/ui"
	"overtime/internal/words"
)

// Pill is the clock that is always there: a ring that empties, m:ss left, the
// end's time. Pressing it opens the session's story.
type Pill struct {
	app.Compo

	StartedAt, EndsAt time.Time
	Minute            time.Duration // how long one of the room's minutes lasts
	Session           ui.Session
	Words             *words.Catalogue
	Open              bool
	Page              port

	alarm ui.Alarm
}

// OnMount starts the ring.
func (p *Pill) OnMount(ctx app.Context) { p.tick(ctx) }

// OnUpdate follows a new end.
func (p *Pill) OnUpdate(ctx app.Context) { p.tick(ctx) }

// OnDismount stops the ring.
func (p *Pill) OnDismount() { p.alarm.Stop() }

func (p *Pill) left() time.Duration { return p.EndsAt.Sub(p.Session.Now()) }

func (p *Pill) tick(ctx app.Context) {
	if left := p.left(); left > 0 {
		p.alarm.Set(ctx, ui.UntilNextSecond(left), p.tick)
	}
}

// Render draws the pill. The whole of it can be pressed; the keyboard gets the
// button in it, and the figures stay a timer for screen readers.
func (p *Pill) Render() app.UI {
	left := p.left()
	tone := ui.ToneOf(left, p.Minute)
	ends := ui.MomentOf(p.Words, p.Minute, p.Session).At(p.EndsAt)
	note := p.Words.Say("pill.note", words.Text("time", ends))
	if left <= 0 {
		note = p.Words.Say("pill.ending")
	}
	share := 0.0
	if whole := p.EndsAt.Sub(p.StartedAt); whole > 0 {
		share = float64(left) / float64(whole)
	}
	return app.Div().Class("pill "+string(tone)).Title(p.Words.Say("pill.ends", words.Text("time", ends))).DataSet("tone", string(tone)).OnClick(p.onClick).Body(
		ui.Ring(share),
		app.Span().Class("pill-left figures").Attr("role", "timer").Aria("live", "off").Aria("label", p.Words.Say("pill.timer")).
			DataSet("testid", "time-left").DataSet("ends-at", ui.WireTime(p.EndsAt)).
			Attr("translate", ui.Untranslated).Body(&ui.Figures{Text: ui.MinutesSeconds(left)}),
		&ui.Figures{Text: note, Class: "pill-note"},
		ui.Use(app.Button().ID(idStoryButton).Type("button").Class(ui.Classes("pill-button", ui.When(p.Open, "open"))).
			Aria("expanded", p.Open).Aria("controls", "story").Aria("label", p.Words.Say("story.open", words.Text("time", ends))).
			Body(ui.Icon("chevron")), "story-open", ui.Gate{}),
	)
}

func (p *Pill) onClick(ctx app.Context, _ app.Event) { p.Page.toggle(ctx, panelStory) }
