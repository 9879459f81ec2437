package ui

import (
	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"overtime/internal/client"
	"overtime/internal/words"
)

// Gate is whether a control can be used now, and if not, why. The zero Gate is
// open. Use gives a control its gate; nothing else disables one, so that what
// is seen, what is read out, and what tests and tools find never differ.
type Gate struct {
	state gateState
	why   string // for people; of a shut or busy gate only
}

type gateState int

const (
	gateOpen gateState = iota
	gateEarly
	gateShut
	gateBusy
	gateAbsent
)

// ShutIf is a gate that is shut if so. The reason is a sentence.
func ShutIf(shut bool, why string) Gate {
	if !shut {
		return Gate{}
	}
	return Gate{state: gateShut, why: why}
}

// BusyIf is the gate of a control that was pressed, if its answer is on its way. The
// control keeps the keyboard, which a disabled one would lose.
func BusyIf(busy bool, why string) Gate {
	if !busy {
		return Gate{}
	}
	return Gate{state: gateBusy, why: why}
}

// EarlyIf is the gate of what stands there before the program works, as on a
// prerendered page: it can be pressed, and web/early.js keeps that for later.
func EarlyIf(early bool) Gate {
	if !early {
		return Gate{}
	}
	return Gate{state: gateEarly}
}

// AbsentIf is the gate of what is not shown if so.
func AbsentIf(absent bool) Gate {
	if !absent {
		return Gate{}
	}
	return Gate{state: gateAbsent}
}

// ViewersDevice is the gate of what turns a device on or off: viewers send nothing.
func ViewersDevice(w *words.Catalogue, d client.DeviceView) Gate {
	return ShutIf(d.Trouble == client.DeviceViewer, w.Say("device.viewer"))
}

// Asking is the gate of what needs an answer of the server's: it cannot be
// reached now, or an answer is on its way.
func Asking(w *words.Catalogue, away, waits bool) Gate {
	return ShutIf(away, w.Say("why.away")).Or(BusyIf(waits, w.Say("why.waits")))
}

// Or is g unless it is open: then it is the first of the others that is not.
func (g Gate) Or(others ...Gate) Gate {
	for _, other := range others {
		if g.state != gateOpen {
			break
		}
		g = other
	}
	return g
}

// Open reports whether a press is carried out at once.
func (g Gate) Open() bool { return g.state == gateOpen }

// control is what Use needs of an element that can be pressed or filled in; E
// is the element's own type.
type control[E any] interface {
	Class(...string) E
	Disabled(bool) E
	Title(string, ...any) E
	Aria(string, any) E
	DataSet(string, any) E
	OnClick(app.EventHandler, ...any) E
}

// Use gives a control the id that tests and tools know it by, and what its gate
// asks for. The id is in data-testid while it can be used; in data-early before
// the program works, and in data-shut while it is disabled or waits, with the reason
// as its title and its description. It comes last of what is said of an element.
func Use[E control[E]](e E, id string, g Gate) E {
	if g.why != "" {
		// A description of its own would be read instead of the reason.
		e = e.Title("%s", g.why).Aria("describedby", "").DataSet("shut", id)
	}
	switch g.state {
	case gateEarly:
		return e.DataSet("early", id)
	case gateShut:
		return e.Disabled(true)
	case gateBusy:
		return e.Aria("disabled", true).Aria("busy", true).OnClick(refuse)
	case gateAbsent:
		return e.Class("absent")
	}
	return e.DataSet("testid", id)
}

// refuse is a press on what waits: it does nothing, and sends no form.
func refuse(_ app.Context, e app.Event) { e.PreventDefault() }
