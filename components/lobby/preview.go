package lobby

import (
	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"overtime/components/ui"
	"overtime/internal/client"
	"overtime/internal/meeting"
)

// preview shows the person to themself, with both switches and what is the
// matter with a device.
func (l *Lobby) preview() app.UI {
	v := l.View
	picture := v.Devices.Camera.Sends() && v.Devices.Camera.Running
	told := make([]app.UI, 0, 2)
	for _, s := range troubles(l.Words, v.Devices) {
		told = append(told, app.Li().Body(ui.Icon("warning"), app.Span().Text(s)))
	}
	return app.Section().Class("lobby-preview").Aria("label", l.Words.Say("lobby.preview")).Body(
		app.Div().Class("preview").Body(
			app.Video().ID(idPreview).Class(ui.Classes("mirrored", ui.When(!picture, "absent"))).
				Muted(true).AutoPlay(true).Attr("playsinline", true),
			app.Div().Class(ui.Classes("avatar", ui.When(picture, "absent"))).Aria("hidden", "true").
				Body(l.initials()),
			app.Div().Class("preview-bar").Body(
				app.Div().Class(ui.Classes("meter", ui.When(!v.Devices.Microphone.Sends(), "silent"))).Body(
					ui.Icon(l.icon(idMic, v.Devices.Microphone)),
					app.Div().Class("meter-track").Body(app.Div().ID(idMeter).Class("meter-level")),
				),
				l.toggle(idMic, client.MicrophoneDevice, l.Words.Say("word.microphone"), v.Devices.Microphone, l.onMic),
				l.toggle(idCamera, client.CameraDevice, l.Words.Say("word.camera"), v.Devices.Camera, l.onCamera),
			),
		),
		app.Ul().Class("device-troubles").Aria("live", "polite").Body(told...),
	)
}

// initials stand where the picture would.
func (l *Lobby) initials() app.UI {
	if name := meeting.Clean(l.name.String()); name != "" {
		return app.Text(ui.Initials(name))
	}
	return ui.Icon("person")
}

// toggle is one of the two switches.
func (l *Lobby) toggle(id string, of client.DeviceKind, what string, d client.DeviceView, onClick app.EventHandler) app.UI {
	on := l.on(id, d)
	return ui.Use(app.Button().ID(id).Type("button").
		Class(ui.Classes("round", ui.When(!on, "off"), ui.When(d.Trouble != client.DeviceFine, "troubled"))).
		Aria("label", what).Aria("pressed", on).Title(ui.DeviceSwitch(l.Words, of, on)).OnClick(onClick).Body(ui.Icon(l.icon(id, d))),
		id, ui.EarlyIf(!l.steers()).Or(ui.ViewersDevice(l.Words, d)))
}

// on reports whether a switch is on. Before the program knows, a device counts
// as on, which is how a meeting starts, unless it was switched off early.
func (l *Lobby) on(id string, d client.DeviceView) bool {
	if l.known() {
		return d.On
	}
	return id == idMic && !l.early.mic || id == idCamera && !l.early.camera
}

// icon shows whether others would hear or see the person. The switches' ids
// are the icons' names.
func (l *Lobby) icon(id string, d client.DeviceView) string {
	if l.on(id, d) && d.Trouble == client.DeviceFine {
		return id
	}
	return id + "-off"
}

// steers reports whether the switches work: in the lobby, and while the person
// waits to come in.
func (l *Lobby) steers() bool { return l.works() || l.mounted && l.Session != nil && l.waiting() }

func (l *Lobby) onMic(app.Context, app.Event) {
	if !l.steers() {
		l.early.mic = !l.early.mic
		return
	}
	l.Session.Do(client.ToggleDevice{Device: client.MicrophoneDevice})
}

func (l *Lobby) onCamera(app.Context, app.Event) {
	if !l.steers() {
		l.early.camera = !l.early.camera
		return
	}
	l.Session.Do(client.ToggleDevice{Device: client.CameraDevice})
}
