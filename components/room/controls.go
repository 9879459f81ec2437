package room

import (
	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"overtime/components/ui"
	"overtime/internal/client"
)

// controls is the bar below the stage. End for all stands apart from Leave.
func (r *Room) controls() app.UI {
	v := r.View
	return app.Footer().Class("controls").Body(
		deviceButton("mic", "Microphone", "mic", client.MicrophoneDevice, v.Microphone, r.onMic),
		deviceButton("camera", "Camera", "camera", client.CameraDevice, v.Camera, r.onCamera),
		app.Span().Class("divider").Aria("hidden", "true"),
		ui.Use(app.Button().ID(idEnd).Type("button").Class("button end-button").
			Aria("label", "End for all").Aria("haspopup", "dialog").Aria("expanded", r.ending).OnClick(r.onEnd).
			Body(app.Span().Class("long").Text("End for all"), app.Span().Class("short").Text("End")),
			"end-for-all", ui.AbsentIf(!v.MayEnd()).Or(r.asks(false))),
		ui.Use(app.Button().Type("button").Class("button leave-button").OnClick(r.onLeave).Text("Leave"), "leave", ui.Gate{}),
	)
}

// deviceButton is the switch of one device. What is the matter with it is its
// description, and a mark that is not colour alone.
func deviceButton(id, label, icon string, of client.DeviceKind, d client.DeviceView, onClick app.EventHandler) app.UI {
	on := d.Sends()
	if !on {
		icon += "-off"
	}
	title := "Turn " + string(of) + " on"
	if on {
		title = "Turn " + string(of) + " off"
	}
	gate := ui.ViewersDevice(d)
	trouble := ui.Device(of, d.Trouble)
	if trouble != "" {
		title = trouble
	}
	return ui.Use(app.Button().Type("button").Class(ui.Classes("round", ui.When(!on, "off"), ui.When(trouble != "" && gate.Open(), "troubled"))).
		Aria("label", label).Aria("pressed", on).Title(title).OnClick(onClick).
		Body(ui.Icon(icon), app.Span().Class(ui.Classes("trouble-mark", ui.When(trouble == "" || !gate.Open(), "absent"))).Aria("hidden", "true").Text("!")),
		id, gate)
}

func (r *Room) onMic(app.Context, app.Event)    { r.Session.ToggleDevice(client.MicrophoneDevice) }
func (r *Room) onCamera(app.Context, app.Event) { r.Session.ToggleDevice(client.CameraDevice) }
func (r *Room) onLeave(app.Context, app.Event)  { r.Session.Leave() }

func (r *Room) onEnd(ctx app.Context, _ app.Event) {
	r.ending = !r.ending
	r.story = false
	if r.ending {
		ctx.Defer(func(app.Context) { ui.FocusOn(idEndReason) })
	}
}
