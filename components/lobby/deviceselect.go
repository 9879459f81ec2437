package lobby

import (
	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"overtime/components/ui"
	"overtime/internal/client"
	"overtime/internal/words"
)

// deviceSelect lets the person choose among the devices of a kind.
type deviceSelect struct {
	app.Compo

	Label   string
	Of      client.DeviceKind
	View    client.DeviceView
	Session ui.Session
	Words   *words.Catalogue
}

// OnMount sets the choice as a property, as OnUpdate does: as attributes the options'
// order of arrival would decide.
func (d *deviceSelect) OnMount(app.Context) { d.choose() }

// OnUpdate follows the session's choice.
func (d *deviceSelect) OnUpdate(app.Context) { d.choose() }

func (d *deviceSelect) choose() {
	if d.View.Chosen == "" {
		return
	}
	if e := app.Window().GetElementByID(d.id()); e.Truthy() {
		e.Set("value", d.View.Chosen)
	}
}

func (d *deviceSelect) id() string { return "choose-" + string(d.Of) }

// Render draws the select. With nothing to choose it says so.
func (d *deviceSelect) Render() app.UI {
	options := make([]app.UI, 0, len(d.View.Devices))
	for i, device := range d.View.Devices {
		label := device.Label
		if label == "" {
			label = d.Words.Say("lobby.device.numbered", words.Text("device", string(d.Of)), words.Count("number", i+1))
		}
		options = append(options, app.Option().Value(device.ID).Text(label))
	}
	gate := ui.ShutIf(len(options) == 0, d.Words.Say("lobby.device.nothing"))
	if len(options) == 0 || d.View.Trouble == client.DeviceViewer {
		options = []app.UI{app.Option().Value("").Text(d.none())}
	}
	s := ui.Use(app.Select().ID(d.id()).Class("input").OnChange(d.onChange), d.id(), gate)
	return app.Div().Class("field").Body(
		app.Label().For(d.id()).Text(d.Label),
		app.Div().Class("select").Body(s.Body(options...), ui.Icon("chevron")),
	)
}

// none is what stands there when there is nothing to choose from.
func (d *deviceSelect) none() string {
	switch d.View.Trouble {
	case client.DeviceRefused:
		return d.Words.Say("lobby.device.refused")
	case client.DeviceInsecure, client.DeviceBarred:
		return d.Words.Say("lobby.device.barred")
	case client.DeviceViewer:
		return d.Words.Say("lobby.device.viewer")
	case client.DeviceAbsent:
		return d.Words.Say("lobby.device.absent")
	}
	return d.Words.Say("lobby.device.yours", words.Text("device", string(d.Of)))
}

func (d *deviceSelect) onChange(ctx app.Context, _ app.Event) {
	if id := ctx.JSSrc().Get("value").String(); d.Session != nil && id != "" {
		d.Session.Do(client.ChooseDevice{Device: d.Of, ID: id})
	}
}
