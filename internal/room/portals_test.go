package room_test

import (
	"encoding/json"

	"overtime/internal/control"
	"overtime/internal/event"
	"overtime/internal/meeting"
	"overtime/internal/room"
)

// portalCommands are what a portal asks in the model.
var portalCommands = []func(step) control.Command{
	func(s step) control.Command {
		return control.Command{Key: "k", ID: "e", Extend: &control.Extend{Minutes: &s.minutes}}
	},
	func(s step) control.Command {
		return control.Command{Key: "k", Change: &meeting.Settings{Locked: new(s.minutes > 15)}}
	},
	func(step) control.Command { return control.Command{Key: "k", Renew: &control.Renew{}} },
	func(step) control.Command {
		return control.Command{Key: "k", Remove: &control.Remove{Participant: "p_x"}}
	},
	func(step) control.Command {
		return control.Command{Key: "k", LowerHands: &control.LowerHands{}}
	},
	func(s step) control.Command {
		return control.Command{Key: "k", Change: &meeting.Settings{Capacity: new(5 + s.minutes%2)}}
	},
}

func mustRead(e event.Event) (n room.News) {
	if err := json.Unmarshal(e.Data, &n); err != nil {
		panic(err)
	}
	return n
}

// setRoom is a portal's change of the settings.
func (h *house) setRoom(s meeting.Settings) {
	must(h.carryOut(room.PortalAsks(h.state, control.Command{Key: "k", Change: &s}, h.now)))
}
