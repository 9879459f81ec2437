package room

import (
	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"overtime/components/ui"
	"overtime/internal/client"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
	"overtime/internal/words"
)

// chatForm is where a message is written. The field's text is the browser's own
// while it is there.
type chatForm struct {
	app.Compo

	Barred  string // why this person cannot write; empty if they can
	Session ui.Session
	Words   *words.Catalogue
	// Draft is what is being written. It is the panel's, which is there for longer.
	Draft *string
}

// OnMount writes what was begun before the panel was closed.
func (f *chatForm) OnMount(ctx app.Context) { ctx.Defer(f.fill) }

// OnUpdate writes it into a field that is new: this person may write again.
func (f *chatForm) OnUpdate(ctx app.Context) { ctx.Defer(f.fill) }

func (f *chatForm) fill(app.Context) {
	if at := app.Window().GetElementByID(idChatInput); at.Truthy() && at.Get("value").String() != *f.Draft {
		at.Set("value", *f.Draft)
	}
}

// Render draws the form.
func (f *chatForm) Render() app.UI {
	if f.Barred != "" {
		return app.Form().Class("chat-form").Body(app.P().Class("hint").Text(f.Barred))
	}
	return app.Form().Class("chat-form").Attr("method", "dialog").OnSubmit(f.onSubmit).Body(
		app.Label().Class("unseen").For(idChatInput).Text(f.Words.Say("chat.field")),
		ui.Use(app.Textarea().ID(idChatInput).Class("input").Rows(1).MaxLength(protocol.MaxChatText).Attr("dir", "auto").
			Attr("autocomplete", "off").Attr("enterkeyhint", "send").Placeholder(f.Words.Say("chat.field.example")).
			OnInput(f.onInput).OnKeyDown(f.onKey), "chat-input", ui.Gate{}),
		ui.Use(app.Button().Type("submit").Class("round chat-send").Aria("label", f.Words.Say("chat.send")).Title(f.Words.Say("chat.send")).
			Body(ui.Icon("send")), "chat-send", ui.Gate{}),
	)
}

func (f *chatForm) onInput(ctx app.Context, _ app.Event) {
	*f.Draft = ctx.JSSrc().Get("value").String()
}

// composes is the keyCode of a key that an input method takes (UI Events, 7.3.1).
// Safari says so of the Enter that ends it, and no longer by isComposing.
const composes = 229

// onKey sends by Enter. With Shift it is a line break, and while an input method
// composes it is that one's.
func (f *chatForm) onKey(ctx app.Context, e app.Event) {
	if e.Get("key").String() != "Enter" || e.Get("shiftKey").Truthy() || e.Get("isComposing").Truthy() || e.Get("keyCode").Int() == composes {
		return
	}
	e.PreventDefault()
	f.send()
}

func (f *chatForm) onSubmit(_ app.Context, e app.Event) {
	e.PreventDefault()
	f.send()
}

func (f *chatForm) send() {
	text := *f.Draft
	if meeting.CleanLines(text) == "" {
		return
	}
	*f.Draft = ""
	if at := app.Window().GetElementByID(idChatInput); at.Truthy() {
		at.Set("value", "")
		at.Call("focus")
	}
	f.Session.Do(client.SendChat{Text: text})
}
