package room

import (
	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"overtime/components/ui"
	"overtime/internal/client"
	"overtime/internal/words"
)

// Toasts are the short-lived news, newest last.
type Toasts struct {
	app.Compo

	Room    *client.Room
	News    *client.News
	Session ui.Session
	Words   *words.Catalogue
}

// Render draws them.
func (t *Toasts) Render() app.UI {
	now := ui.MomentIn(t.Words, t.Room, t.Session)
	list := make([]app.UI, 0, len(t.News.Toasts))
	for _, toast := range t.News.Toasts {
		list = append(list, app.Div().Class("toast "+string(toast.Kind)).DataSet("testid", "toast").DataSet("kind", string(toast.Kind)).Body(
			ui.Icon(ui.ToastIcon(toast.Kind)),
			app.Span().Class("toast-text").Text(ui.Toast(toast, now)),
			app.Button().Type("button").Class("toast-close").Aria("label", t.Words.Say("room.dismiss")).
				OnClick(t.onDismiss(toast.ID), toast.ID).Body(ui.Icon("close")),
		))
	}
	return app.Div().Class("toasts").Body(list...)
}

func (t *Toasts) onDismiss(id int) app.EventHandler {
	return func(app.Context, app.Event) { t.Session.Do(client.DismissToast{ID: id}) }
}
