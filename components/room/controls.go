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
		app.Button().ID("end-for-all").Type("button").
			Class(ui.Classes("button end-button", ui.When(!v.MayEnd(), "absent"))).Disabled(r.away()).
			Aria("haspopup", "dialog").Aria("expanded", r.ending).
			DataSet(ui.Key(v.MayEnd() && !r.away()), "end-for-all").OnClick(r.onEnd).
			Body(app.Span().Class("long").Text("End for all"), app.Span().Class("short").Aria("hidden", "true").Text("End")),
		app.Button().Type("button").Class("button leave-button").
			DataSet("testid", "leave").OnClick(r.onLeave).Text("Leave"),
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
	trouble := ui.Device(of, d.Trouble)
	if trouble != "" {
		title = trouble
	}
	return app.Button().Type("button").Class(ui.Classes("round", ui.When(!on, "off"), ui.When(trouble != "", "troubled"))).
		Aria("label", label).Aria("pressed", on).Title(title).
		DataSet("testid", id).OnClick(onClick).
		Body(ui.Icon(icon), app.Span().Class(ui.Classes("trouble-mark", ui.When(trouble == "", "absent"))).Aria("hidden", "true").Text("!"))
}

func (r *Room) onMic(app.Context, app.Event)    { r.Session.ToggleDevice(client.MicrophoneDevice) }
func (r *Room) onCamera(app.Context, app.Event) { r.Session.ToggleDevice(client.CameraDevice) }
func (r *Room) onLeave(app.Context, app.Event)  { r.Session.Leave() }

func (r *Room) onEnd(ctx app.Context, _ app.Event) {
	r.ending = !r.ending
	r.story = false
	if r.ending {
		ctx.Defer(func(app.Context) { ui.FocusOn("end-reason") })
	}
}
