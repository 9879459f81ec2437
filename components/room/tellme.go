package room

import (
	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"overtime/components/ui"
	"overtime/internal/client"
)

// notifying is whether this person is told while the tab is hidden. Nothing
// asks them but their own press.
func (r *Room) notifying() client.Notifying {
	if r.Page == nil {
		return client.NotifyNever
	}
	return r.Page.Notifying()
}

// tellMeChip offers it in the bar, where there is room, until it is answered.
func (r *Room) tellMeChip() app.UI {
	return ui.Use(app.Button().Type("button").Class("chip-button tell-me").
		OnClick(r.onTellMe).Body(ui.Icon("bell"), app.Span().Text(r.Words.Say("room.tell_me"))),
		"tell-me", ui.AbsentIf(r.notifying() != client.NotifyAsk))
}

// tellMeLine says in the session's story how it stands, and offers it there
// where the bar has no room. Who refused for good is told so after their press,
// and not each time.
func (r *Room) tellMeLine() []app.UI {
	switch r.notifying() {
	case client.NotifyAsk:
		return []app.UI{ui.Use(app.Button().Type("button").Class("button story-tell-me").
			OnClick(r.onTellMe).Body(ui.Icon("bell"), app.Span().Text(r.Words.Say("room.tell_me"))), "story-tell-me", ui.Gate{})}
	case client.NotifyOn:
		return []app.UI{app.P().Class("hint").Text(r.Words.Say("room.will_tell"))}
	case client.NotifyOff:
		if !r.asked {
			return nil
		}
		return []app.UI{app.P().Class("hint").Text(r.Words.Say("room.cannot_tell"))}
	}
	return nil
}

// onTellMe has the browser ask. The button goes with the answer, so the keyboard
// moves on to the clock.
func (r *Room) onTellMe(ctx app.Context, _ app.Event) {
	r.asked = true
	r.Page.AskToNotify(func(now client.Notifying) {
		ctx.Dispatch(func(app.Context) { r.answered(now) })
	})
}

func (r *Room) answered(now client.Notifying) {
	switch now {
	case client.NotifyOn:
		r.say(r.Words.Say("room.will_tell"))
	case client.NotifyOff:
		r.say(r.Words.Say("room.cannot_tell"))
	default: // put aside, and offered on
		return
	}
	ui.FocusOn(idStoryButton)
}
