package room

import (
	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"overtime/components/ui"
	"overtime/internal/client"
	"overtime/internal/words"
)

// notifying is whether this person is told while the tab is hidden. Nothing
// asks them but their own press.
func (r *Room) notifying() client.Notifying {
	if r.Page == nil {
		return client.NotifyNever
	}
	return r.Page.Notifying()
}

// tellMeLine says in the session's story how it stands, and offers it there
// where the bar has no room. Who refused for good is told so after their press,
// and not each time.
func tellMeLine(w *words.Catalogue, now client.Notifying, asked bool, onTellMe app.EventHandler) []app.UI {
	switch now {
	case client.NotifyAsk:
		return []app.UI{ui.Use(app.Button().Type("button").Class("button story-tell-me").
			OnClick(onTellMe).Body(ui.Icon("bell"), app.Span().Text(w.Say("room.tell_me"))), "story-tell-me", ui.Gate{})}
	case client.NotifyOn:
		return []app.UI{app.P().Class("hint").Text(w.Say("room.will_tell"))}
	case client.NotifyOff:
		if !asked {
			return nil
		}
		return []app.UI{app.P().Class("hint").Text(w.Say("room.cannot_tell"))}
	}
	return nil
}

// tellMe has the browser ask. The button goes with the answer, so the keyboard
// moves on to the clock.
func (p port) tellMe(ctx app.Context) {
	p.room.asked = true
	p.room.Page.AskToNotify(func(now client.Notifying) {
		ctx.Dispatch(func(app.Context) { p.mayTell(now) })
	})
}

func (p port) mayTell(now client.Notifying) {
	r := p.room
	defer r.Update()
	switch now {
	case client.NotifyOn:
		r.attention.say(r.Words.Say("room.will_tell"))
	case client.NotifyOff:
		r.attention.say(r.Words.Say("room.cannot_tell"))
	default: // put aside, and offered on
		return
	}
	ui.FocusOn(idStoryButton)
}
