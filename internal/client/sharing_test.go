package client_test

import (
	"slices"
	"testing"
	"time"

	"overtime/internal/client"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

// sending is what the server was told last that this person sends.
func (w *world) sending() []protocol.Source {
	said := all[protocol.Sending](w.server)
	if len(said) == 0 {
		return nil
	}
	return said[len(said)-1].Sources
}

// share presses Share screen.
func (w *world) share() {
	w.Helper()
	w.session.Do(client.ShareScreen{})
	w.settle()
	if !w.view().Devices.Screen.On {
		w.Fatalf("nothing is shared: %+v", w.view().Devices.Screen)
	}
}

var withScreen = []protocol.Source{protocol.Microphone, protocol.Camera, protocol.Screen, protocol.ScreenAudio}

func TestShareAScreen(t *testing.T) {
	bubble(t, func(w *world) {
		w.enter()
		equal(t, "before", w.view().Devices.Screen, client.ScreenView{Supported: true, Allowed: true})
		w.share()
		equal(t, "shared", w.view().Devices.Screen, client.ScreenView{On: true, Sound: true, Supported: true, Allowed: true})
		if got := w.sending(); !slices.Equal(got, withScreen) {
			t.Errorf("the server is told %v", got)
		}
		p := w.tab.lastPeer()
		equal(t, "picture", p.sending(protocol.Screen)[0], client.Track(w.tab.shared[0]))
		equal(t, "sound", p.sending(protocol.ScreenAudio)[0], client.Track(w.tab.shared[1]))
		w.session.Do(client.ShareScreen{}) // once is enough
		w.settle()
		equal(t, "captures", len(w.tab.shared), 2)

		w.session.Do(client.StopSharing{})
		w.settle()
		equal(t, "stopped", w.view().Devices.Screen.On || w.view().Devices.Screen.Sound, false)
		equal(t, "told", len(w.sending()), 2)
		equal(t, "tracks stopped", w.tab.shared[0].stopped && w.tab.shared[1].stopped, true)
		for _, source := range []protocol.Source{protocol.Screen, protocol.ScreenAudio} {
			sent := p.sending(source)
			equal(t, string(source), sent[len(sent)-1], client.Track(nil))
		}
	})
}

// TestTheBrowsersBarStopsSharing: as does a tab that is closed.
func TestTheBrowsersBarStopsSharing(t *testing.T) {
	bubble(t, func(w *world) {
		w.enter()
		w.share()
		w.tab.shared[1].lose() // its sound alone
		w.settle()
		equal(t, "without sound", w.view().Devices.Screen, client.ScreenView{On: true, Supported: true, Allowed: true})
		equal(t, "told", len(w.sending()), 3)
		w.tab.shared[0].lose()
		w.settle()
		equal(t, "over", w.view().Devices.Screen.On, false)
		equal(t, "told", len(w.sending()), 2)
		w.share()
		w.tab.shared[0].lose() // the old one says it again
		w.settle()
		equal(t, "the new one", w.view().Devices.Screen.On, true)
	})
}

func TestSharingWithoutSound(t *testing.T) {
	bubble(t, func(w *world) {
		w.tab.mute = true
		w.enter()
		w.share()
		equal(t, "sound", w.view().Devices.Screen.Sound, false)
		if got := w.sending(); !slices.Equal(got, withScreen[:3]) {
			t.Errorf("the server is told %v", got)
		}
	})
}

// TestChangedTheirMind: who closes the browser's question is told nothing; what
// went wrong is told.
func TestChangedTheirMind(t *testing.T) {
	bubble(t, func(w *world) {
		w.enter()
		for trouble, toasts := range map[client.DeviceTrouble]int{client.DeviceRefused: 0, client.DeviceBusy: 1, client.DeviceBarred: 1} {
			w.tab.trouble[screenDevice] = trouble
			w.session.Do(client.ShareScreen{})
			w.settle()
			equal(t, string(trouble)+": shares", w.view().Devices.Screen.On || w.view().Devices.Screen.Choosing, false)
			equal(t, string(trouble)+": toasts", len(w.toasts()), toasts)
			if toasts > 0 {
				equal(t, "why", w.toast(client.ToastRefused).Trouble.Code, client.TroubleScreen)
			}
			w.pass(time.Minute)
		}
	})
}

// TestStoppedWhileChoosing: what is chosen after all is let go.
func TestStoppedWhileChoosing(t *testing.T) {
	bubble(t, func(w *world) {
		w.enter()
		prompt := make(chan struct{})
		w.tab.with(func() { w.tab.prompt = prompt })
		w.session.Do(client.ShareScreen{})
		w.settle()
		equal(t, "choosing", w.view().Devices.Screen.Choosing, true)
		w.session.Do(client.StopSharing{})
		w.settle()
		equal(t, "given up", w.view().Devices.Screen.Choosing, false)
		close(prompt)
		w.settle()
		equal(t, "shares", w.view().Devices.Screen.On, false)
		equal(t, "stopped", w.tab.shared[0].stopped && w.tab.shared[1].stopped, true)
	})
}

// TestSharingOutlivesAReconnect: the server is told again, and a new peer
// connection has the same picture.
func TestSharingOutlivesAReconnect(t *testing.T) {
	bubble(t, func(w *world) {
		w.enter()
		w.share()
		w.server.with(func() { w.server.instance = "media-2" })
		w.server.last().end(protocol.CloseRestart)
		w.pass(5 * time.Second)
		equal(t, "on", w.view().Devices.Screen.On, true)
		hellos := all[protocol.Hello](w.server)
		if got := hellos[len(hellos)-1].Sending; !slices.Equal(got, withScreen) {
			t.Errorf("hello names %v", got)
		}
		equal(t, "peers", len(w.tab.peers), 2)
		equal(t, "picture", w.tab.lastPeer().sending(protocol.Screen)[0], client.Track(w.tab.shared[0]))
	})
}

// TestWhoMayShare: a viewer never, others as the room says, and what was shared
// ends when that changes.
func TestWhoMayShare(t *testing.T) {
	bubble(t, func(w *world) {
		w.server.you.Role = meeting.RoleParticipant
		w.enter()
		w.share()
		room := w.view().Room.Room
		room.ScreenShare = meeting.ScreenByModerators
		w.server.event(protocol.RoomChanged{Room: room})
		w.settle()
		equal(t, "still shared", w.view().Devices.Screen, client.ScreenView{Supported: true})
		equal(t, "stopped", w.tab.shared[0].stopped, true)
		w.session.Do(client.ShareScreen{})
		w.settle()
		equal(t, "asked all the same", len(w.tab.shared), 2)
		you := w.server.you
		you.Role = meeting.RoleModerator
		w.server.event(protocol.PersonChanged{Person: you})
		w.settle()
		w.share()
		you.Role = meeting.RoleViewer
		w.server.event(protocol.PersonChanged{Person: you})
		w.settle()
		equal(t, "as a viewer", w.view().Devices.Screen, client.ScreenView{Supported: true})
	})
}

// TestTheServerForbidsSharing: this side did not know of it yet.
func TestTheServerForbidsSharing(t *testing.T) {
	bubble(t, func(w *world) {
		w.enter()
		w.server.script = func(_ *conn, f protocol.ClientFrame) (protocol.ServerMessage, bool) {
			m, ok := f.Message.(protocol.Sending)
			if ok && slices.Contains(m.Sources, protocol.Screen) {
				return protocol.Error{Code: protocol.CodeForbidden}, true
			}
			return nil, false
		}
		w.session.Do(client.ShareScreen{})
		w.settle()
		equal(t, "on", w.view().Devices.Screen.On, false)
		equal(t, "why", w.toast(client.ToastRefused).Trouble.Code, protocol.CodeForbidden)
		equal(t, "told", len(w.sending()), 2)
	})
}

func TestLeavingStopsSharing(t *testing.T) {
	bubble(t, func(w *world) {
		w.enter()
		w.share()
		w.session.Do(client.Leave{})
		w.settle()
		equal(t, "stopped", w.tab.shared[0].stopped && w.tab.shared[1].stopped, true)
	})
}

func TestNoScreensHere(t *testing.T) {
	bubble(t, func(w *world) {
		w.tab.noScreen = true
		w.enter()
		equal(t, "offered", w.view().Devices.Screen, client.ScreenView{Allowed: true})
		w.session.Do(client.ShareScreen{})
		w.settle()
		equal(t, "captures", len(w.tab.shared), 0)
	})
}
