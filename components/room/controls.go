package room

import (
	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"overtime/components/ui"
	"overtime/internal/client"
)

// Controls is the bar below the stage. End for all stands apart from Leave.
type Controls struct {
	app.Compo

	Devices *client.DevicesView
	Me      *client.Me
	Away    bool // the server cannot be asked now
	Ending  bool // the question before End for all is open
	Session ui.Session
	Room    closer
}

// Render draws the bar.
func (c *Controls) Render() app.UI {
	return app.Footer().Class("controls").Body(
		deviceButton("mic", "Microphone", "mic", client.MicrophoneDevice, c.Devices.Microphone, c.onMic),
		deviceButton("camera", "Camera", "camera", client.CameraDevice, c.Devices.Camera, c.onCamera),
		app.Span().Class("divider").Aria("hidden", "true"),
		ui.Use(app.Button().ID(idEnd).Type("button").Class("button end-button").
			Aria("label", "End for all").Aria("haspopup", "dialog").Aria("expanded", c.Ending).OnClick(c.onEnd).
			Body(app.Span().Class("long").Text("End for all"), app.Span().Class("short").Text("End")),
			"end-for-all", ui.AbsentIf(!c.Me.Moderates()).Or(ui.ShutIf(c.Away, ui.WhyAway))),
		ui.Use(app.Button().Type("button").Class("button leave-button").OnClick(c.onLeave).Text("Leave"), "leave", ui.Gate{}),
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

func (c *Controls) onMic(app.Context, app.Event) {
	c.Session.Do(client.ToggleDevice{Device: client.MicrophoneDevice})
}
func (c *Controls) onCamera(app.Context, app.Event) {
	c.Session.Do(client.ToggleDevice{Device: client.CameraDevice})
}
func (c *Controls) onLeave(app.Context, app.Event) { c.Session.Do(client.Leave{}) }

func (c *Controls) onEnd(ctx app.Context, _ app.Event) { c.Room.toggle(ctx) }
