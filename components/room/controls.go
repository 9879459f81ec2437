package room

import (
	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"overtime/components/ui"
	"overtime/internal/client"
	"overtime/internal/words"
)

// Controls is the bar below the stage. End for all stands apart from Leave.
type Controls struct {
	app.Compo

	Devices *client.DevicesView
	Me      *client.Me
	Away    bool // the server cannot be asked now
	Ending  bool // the question before End for all is open
	// Hand is the order of this person's raised hand; 0: it is not raised.
	Hand     int
	Raising  bool // a press on it waits for its answer
	Reacting bool // the reactions are open
	Session  ui.Session
	Words    *words.Catalogue
	Page     port
}

// Render draws the bar.
func (c *Controls) Render() app.UI {
	return app.Footer().Class("controls").Body(
		c.deviceButton("mic", c.Words.Say("word.microphone"), "mic", client.MicrophoneDevice, c.Devices.Microphone, c.onMic),
		c.deviceButton("camera", c.Words.Say("word.camera"), "camera", client.CameraDevice, c.Devices.Camera, c.onCamera),
		c.shareButton(),
		c.handButton(),
		app.Div().Class("react").Body(
			c.reactButtons(),
			ui.Use(app.Button().ID(idReact).Type("button").Class("round react-button").Aria("label", c.Words.Say("react.open")).
				Title(c.Words.Say("react.open")).Aria("expanded", c.Reacting).Aria("controls", "reactions").OnClick(c.onReact).Body(ui.Icon("react")),
				"react-open", ui.Gate{}),
		),
		app.Span().Class("divider").Aria("hidden", "true"),
		ui.Use(app.Button().ID(idEnd).Type("button").Class("button end-button").
			Aria("label", c.Words.Say("room.end")).Aria("haspopup", "dialog").Aria("expanded", c.Ending).OnClick(c.onEnd).
			Body(app.Span().Class("long").Text(c.Words.Say("room.end")), app.Span().Class("short").Text(c.Words.Say("room.end.short"))),
			"end-for-all", ui.AbsentIf(!c.Me.Moderates()).Or(ui.Asking(c.Words, c.Away, false))),
		ui.Use(app.Button().Type("button").Class("button leave-button").OnClick(c.onLeave).Text(c.Words.Say("word.leave")), "leave", ui.Gate{}),
	)
}

// deviceButton is the switch of one device. What is the matter with it is its
// description, and a mark that is not colour alone.
func (c *Controls) deviceButton(id, label, icon string, of client.DeviceKind, d client.DeviceView, onClick app.EventHandler) app.UI {
	on := d.Sends()
	if !on {
		icon += "-off"
	}
	title := ui.DeviceSwitch(c.Words, of, on)
	gate := ui.ViewersDevice(c.Words, d)
	trouble := ui.Device(c.Words, of, d.Trouble)
	if trouble != "" {
		title = trouble
	}
	return ui.Use(app.Button().Type("button").Class(ui.Classes("round", ui.When(!on, "off"), ui.When(trouble != "" && gate.Open(), "troubled"))).
		Aria("label", label).Aria("pressed", on).Title(title).OnClick(onClick).
		Body(ui.Icon(icon), app.Span().Class(ui.Classes("trouble-mark", ui.When(trouble == "" || !gate.Open(), "absent"))).Aria("hidden", "true").Text("!")),
		id, gate)
}

// shareButton shares a screen, and stops that, also while the browser asks which: not
// every browser says when the person turned away from its question. Who may never share is not offered
// it, and neither is anybody whose browser cannot.
func (c *Controls) shareButton() app.UI {
	s := c.Devices.Screen
	title, act := c.Words.Say("share.start"), c.onShare
	if s.On || s.Choosing {
		title, act = c.Words.Say("share.stop"), c.onStopSharing
	}
	gate := ui.AbsentIf(!s.Supported || !c.Me.Role.Sends()).Or(ui.ShutIf(!s.Allowed, c.Words.Say("share.moderators")))
	return ui.Use(app.Button().ID(idShare).Type("button").Class(ui.Classes("round", ui.When(s.On, "lit"))).Aria("label", c.Words.Say("share.start")).Aria("pressed", s.On).
		Title(title).OnClick(act, s.On, s.Choosing).Body(ui.Icon("screen")), "share-screen", gate)
}

func (c *Controls) onShare(app.Context, app.Event)       { c.Session.Do(client.ShareScreen{}) }
func (c *Controls) onStopSharing(app.Context, app.Event) { c.Session.Do(client.StopSharing{}) }

func (c *Controls) onMic(app.Context, app.Event) {
	c.Session.Do(client.ToggleDevice{Device: client.MicrophoneDevice})
}
func (c *Controls) onCamera(app.Context, app.Event) {
	c.Session.Do(client.ToggleDevice{Device: client.CameraDevice})
}
func (c *Controls) onLeave(app.Context, app.Event) { c.Session.Do(client.Leave{}) }

func (c *Controls) onEnd(ctx app.Context, _ app.Event)   { c.Page.toggle(ctx, panelEnd) }
func (c *Controls) onReact(ctx app.Context, _ app.Event) { c.Page.toggle(ctx, panelReact) }

// handButton raises this person's hand, and lowers it.
func (c *Controls) handButton() app.UI {
	up := c.Hand > 0
	title := c.Words.Say("hand.raise")
	if up {
		title = c.Words.Say("hand.lower")
	}
	return ui.Use(app.Button().ID(idHand).Type("button").Class(ui.Classes("round hand-button", ui.When(up, "raised"))).
		Aria("label", c.Words.Say("hand.raise")).Aria("pressed", up).Title(title).OnClick(c.onHand).Body(ui.Icon("hand")),
		"raise-hand", ui.Asking(c.Words, c.Away, c.Raising))
}

func (c *Controls) onHand(app.Context, app.Event) { c.Session.Do(client.RaiseHand{Up: c.Hand == 0}) }
