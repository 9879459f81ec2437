package client_test

import (
	"testing"
	"time"

	"overtime/internal/client"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

// TestViewersSendNothing: what this tab learns of its role stops its devices, in the
// lobby and in the room, and a role that may send starts them.
func TestViewersSendNothing(t *testing.T) {
	bubble(t, func(w *world) {
		w.server.you.Role = meeting.RoleViewer
		silent := func(where string) {
			t.Helper()
			v := w.view()
			for _, d := range []client.DeviceView{v.Devices.Microphone, v.Devices.Camera} {
				if d.Running || d.Trouble != client.DeviceViewer {
					t.Errorf("%s: a device runs: %v, its trouble is %q", where, d.Running, d.Trouble)
				}
			}
		}
		w.open()
		silent("in the lobby")
		w.session.Do(client.ToggleDevice{Device: client.MicrophoneDevice})
		w.settle()
		silent("after a press")
		w.session.Do(client.Join{})
		w.settle()
		silent("in the room")
		w.tab.fire("devices")
		w.pass(time.Minute)
		silent("a minute later")
		for _, hello := range all[protocol.Hello](w.server) {
			equal(t, "hello names", len(hello.Sending), 0)
		}
		for _, m := range all[protocol.Sending](w.server) {
			equal(t, "sending names", len(m.Sources), 0)
		}
		you := w.server.you
		you.Role = meeting.RoleParticipant
		w.server.event(protocol.PersonChanged{Person: you})
		w.settle()
		v := w.view()
		equal(t, "runs", v.Devices.Microphone.Running && v.Devices.Camera.Running, true)
		said := all[protocol.Sending](w.server)
		equal(t, "says", len(said[len(said)-1].Sources), 2)
	})
}
