package client_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"overtime/internal/client"
	"overtime/internal/protocol"
)

func TestPreviewInTheLobby(t *testing.T) {
	bubble(t, func(w *world) {
		w.open()
		v := w.view()
		equal(t, "microphone", v.Devices.Microphone.Running && v.Devices.Microphone.On, true)
		equal(t, "camera", v.Devices.Camera.Running && v.Devices.Camera.On, true)
		equal(t, "chosen", v.Devices.Camera.Chosen, "cam-1")
		equal(t, "cameras", len(v.Devices.Camera.Devices), 2)
		equal(t, "microphones", len(v.Devices.Microphone.Devices), 1)
	})
}

func TestDeviceTroubles(t *testing.T) {
	for _, trouble := range []client.DeviceTrouble{
		client.DeviceRefused, client.DeviceAbsent, client.DeviceBusy, client.DeviceFailed,
	} {
		t.Run(string(trouble), func(t *testing.T) {
			bubble(t, func(w *world) {
				w.tab.trouble[client.CameraDevice] = trouble
				w.enter()
				v := w.view()
				equal(t, "camera", v.Devices.Camera.Trouble, trouble)
				equal(t, "wanted", v.Devices.Camera.On, true)
				equal(t, "runs", v.Devices.Camera.Running, false)
				equal(t, "microphone", v.Devices.Microphone.Trouble, client.DeviceFine)
				equal(t, "tile", v.Roster.Slots[0].Camera, false)
				hello := all[protocol.Hello](w.server)[0]
				if !slices.Equal(hello.Sending, []protocol.Source{protocol.Microphone}) {
					t.Errorf("sending %v", hello.Sending)
				}
				// Something is plugged in; who was refused is not asked again.
				w.tab.with(func() { delete(w.tab.trouble, client.CameraDevice) })
				w.tab.fire("devices")
				w.settle()
				equal(t, "runs later", w.view().Devices.Camera.Running, trouble != client.DeviceRefused)
				// Pressing the button asks again.
				if trouble == client.DeviceRefused {
					w.session.Do(client.ToggleDevice{Device: client.CameraDevice})
					w.settle()
				}
				equal(t, "runs at last", w.view().Devices.Camera.Running, true)
			})
		})
	}
}

func TestDeviceErrorsOfOtherTypes(t *testing.T) {
	bubble(t, func(w *world) {
		w.tab.odd = errors.New("odd")
		w.open()
		equal(t, "trouble", w.view().Devices.Camera.Trouble, client.DeviceFailed)
	})
}

func TestInsecurePage(t *testing.T) {
	bubble(t, func(w *world) {
		w.tab.insecure = true
		w.enter() // works without any device
		v := w.view()
		equal(t, "camera", v.Devices.Camera.Trouble, client.DeviceInsecure)
		equal(t, "microphone", v.Devices.Microphone.Trouble, client.DeviceInsecure)
		equal(t, "captures", len(w.tab.captures), 0)
		equal(t, "offer answered", len(w.tab.lastPeer().answers), 1)
		w.tab.fire("devices")
		w.settle()
		equal(t, "captures later", len(w.tab.captures), 0)
	})
}

func TestCameraOffReallyStopsIt(t *testing.T) {
	bubble(t, func(w *world) {
		w.enter()
		first := w.tab.lastTrack(client.CameraDevice)
		w.session.Do(client.ToggleDevice{Device: client.CameraDevice})
		w.settle()
		equal(t, "stopped", first.stopped, true)
		equal(t, "tile", w.view().Roster.Slots[0].Camera, false)
		equal(t, "on", w.view().Devices.Camera.On, false)
		w.session.Do(client.ToggleDevice{Device: client.CameraDevice})
		w.settle()
		second := w.tab.lastTrack(client.CameraDevice)
		p := w.tab.lastPeer()
		want := []client.Track{first, nil, second}
		if got := p.sending(protocol.Camera); !slices.Equal(got, want) {
			t.Errorf("the camera's source got %v, want %v", got, want)
		}
		offers, _ := p.offered()
		equal(t, "offers", offers, 1)
		sent := all[protocol.Sending](w.server)
		equal(t, "told", len(sent), 2)
		if !slices.Equal(sent[0].Sources, []protocol.Source{protocol.Microphone}) || len(sent[1].Sources) != 2 {
			t.Errorf("told %v", sent)
		}
	})
}

func TestCaptureThatComesTooLateIsStopped(t *testing.T) {
	for name, turn := range map[string]func(*world){
		"off": func(w *world) {
			w.session.Do(client.ToggleDevice{Device: client.CameraDevice})
			w.session.Do(client.ToggleDevice{Device: client.MicrophoneDevice})
		},
		"left":   func(w *world) { w.session.Do(client.Leave{}) },
		"closed": func(w *world) { w.session.Close() },
		"off again": func(w *world) {
			w.session.Do(client.ToggleDevice{Device: client.MicrophoneDevice})
			w.session.Do(client.Leave{})
		},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(w *world) {
				w.tab.prompt = make(chan struct{})
				w.open()
				turn(w)
				w.settle()
				close(w.tab.prompt)
				w.settle()
				equal(t, "captures", len(w.tab.tracks), 2)
				equal(t, "running", len(w.tab.running()), 0)
			})
		})
	}
}

func TestPermissionGivenInTheRoom(t *testing.T) {
	bubble(t, func(w *world) {
		w.tab.prompt = make(chan struct{})
		w.enter()
		equal(t, "runs", w.view().Devices.Camera.Running, false)
		close(w.tab.prompt)
		w.settle()
		equal(t, "runs later", w.view().Devices.Camera.Running, true)
		sent := all[protocol.Sending](w.server)
		equal(t, "told", len(sent[len(sent)-1].Sources), 2)
		equal(t, "given to the peer", len(w.tab.lastPeer().sending(protocol.Camera)), 1)
	})
}

func TestChoosingADevice(t *testing.T) {
	bubble(t, func(w *world) {
		w.enter()
		first := w.tab.lastTrack(client.CameraDevice)
		w.session.Do(client.ChooseDevice{Device: client.CameraDevice, ID: "cam-2"})
		w.settle()
		equal(t, "old one", first.stopped, true)
		equal(t, "chosen", w.view().Devices.Camera.Chosen, "cam-2")
		equal(t, "remembered", w.tab.local["overtime.device.camera"], "cam-2")
		n := len(w.tab.captures)
		w.session.Do(client.ChooseDevice{Device: client.CameraDevice, ID: "cam-2"}) // has it already
		w.settle()
		equal(t, "captures", len(w.tab.captures), n)
		w.session.Do(client.ToggleDevice{Device: client.MicrophoneDevice})
		w.session.Do(client.ChooseDevice{Device: client.MicrophoneDevice, ID: "mic-9"}) // for later
		w.settle()
		equal(t, "microphone", w.view().Devices.Microphone.Running, false)
		equal(t, "choice", w.view().Devices.Microphone.Chosen, "mic-9")
		w.close()
		w.open()
		w.session.Do(client.ToggleDevice{Device: client.MicrophoneDevice})
		w.settle()
		if !slices.Contains(w.tab.captures[n:], "camera cam-2") || !slices.Contains(w.tab.captures[n:], "microphone mic-9") {
			t.Errorf("captures after a reload: %v", w.tab.captures[n:])
		}
	})
}

func TestLostDevice(t *testing.T) {
	t.Run("another takes its place", func(t *testing.T) {
		bubble(t, func(w *world) {
			w.enter()
			w.pass(time.Minute)
			lost := w.tab.lastTrack(client.MicrophoneDevice)
			lost.lose()
			w.settle()
			equal(t, "runs", w.view().Devices.Microphone.Running, true)
			now := w.tab.lastTrack(client.MicrophoneDevice)
			want := []client.Track{lost, nil, now}
			if got := w.tab.lastPeer().sending(protocol.Microphone); !slices.Equal(got, want) {
				t.Errorf("the microphone's source got %v, want %v", got, want)
			}
			lost.lose() // once more means nothing
			w.settle()
			equal(t, "captures", w.tab.lastTrack(client.MicrophoneDevice), now)
		})
	})
	t.Run("there is no other", func(t *testing.T) {
		bubble(t, func(w *world) {
			w.enter()
			w.pass(time.Minute)
			w.tab.with(func() { w.tab.trouble[client.CameraDevice] = client.DeviceAbsent })
			w.tab.lastTrack(client.CameraDevice).lose()
			w.settle()
			v := w.view()
			equal(t, "trouble", v.Devices.Camera.Trouble, client.DeviceAbsent)
			equal(t, "tile", v.Roster.Slots[0].Camera, false)
			sent := all[protocol.Sending](w.server)
			equal(t, "told", len(sent[len(sent)-1].Sources), 1)
		})
	})
	t.Run("it dies at birth", func(t *testing.T) {
		bubble(t, func(w *world) {
			w.enter()
			w.tab.lastTrack(client.CameraDevice).lose()
			w.settle()
			equal(t, "trouble", w.view().Devices.Camera.Trouble, client.DeviceFailed)
			equal(t, "captures", len(w.tab.captures), 2)
		})
	})
}

func TestSendingIsToldAgainIfTheServerRefusedToHear(t *testing.T) {
	bubble(t, func(w *world) {
		w.enter()
		refusals := 1
		w.server.with(func() {
			w.server.script = func(_ *conn, f protocol.ClientFrame) (protocol.ServerMessage, bool) {
				_, sending := f.Message.(protocol.Sending)
				if sending && refusals > 0 {
					refusals--
					return protocol.Error{Code: protocol.CodeTooMany}, true
				}
				return nil, false
			}
		})
		w.session.Do(client.ToggleDevice{Device: client.CameraDevice})
		w.pass(6 * time.Second)
		equal(t, "told", len(all[protocol.Sending](w.server)), 2)
		w.pass(time.Minute)
		equal(t, "told later", len(all[protocol.Sending](w.server)), 2)
	})
}

func TestTwoQuickPressesAreOffAndOn(t *testing.T) {
	bubble(t, func(w *world) {
		w.enter()
		for _, kind := range []client.DeviceKind{client.MicrophoneDevice, client.CameraDevice} {
			w.session.Do(client.ToggleDevice{Device: kind})
			w.session.Do(client.ToggleDevice{Device: kind})
		}
		w.settle()
		v := w.view()
		equal(t, "on", v.Devices.Microphone.On && v.Devices.Camera.On, true)
		equal(t, "running", v.Devices.Microphone.Running && v.Devices.Camera.Running, true)
		equal(t, "captures", len(w.tab.running()), 2)
	})
}

// TestMutedByTheSystem: a device that the system or the browser keeps silent is
// on for nobody: not for the person, not for the server, not for the others.
func TestMutedByTheSystem(t *testing.T) {
	for name, inside := range map[string]bool{"in the lobby": false, "in the room": true} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(w *world) {
				w.open()
				if inside {
					w.session.Do(client.SetName{Name: "Me"})
					w.session.Do(client.Join{})
					w.settle()
				}
				mic := w.tab.lastTrack(client.MicrophoneDevice)
				mic.mute(true)
				w.pass(1900 * time.Millisecond)
				equal(t, "at once", w.view().Devices.Microphone.Trouble, client.DeviceFine)
				mic.mute(false) // a hiccup
				w.settle()
				mic.mute(true)
				w.pass(1900 * time.Millisecond)
				equal(t, "after a hiccup", w.view().Devices.Microphone.Trouble, client.DeviceFine)
				w.pass(200 * time.Millisecond)
				v := w.view()
				equal(t, "trouble", v.Devices.Microphone.Trouble, client.DeviceMuted)
				equal(t, "shows as sending", v.Devices.Microphone.Sends(), false)
				equal(t, "camera", v.Devices.Camera.Trouble, client.DeviceFine)
				equal(t, "runs still", v.Devices.Microphone.Running, true)
				if !inside {
					w.session.Do(client.SetName{Name: "Me"})
					w.session.Do(client.Join{})
					w.settle()
				}
				equal(t, "own tile", w.view().Roster.Slots[0].Microphone, false)
				heard := all[protocol.Hello](w.server)[0].Sending
				if sent := all[protocol.Sending](w.server); len(sent) > 0 {
					heard = sent[len(sent)-1].Sources
				}
				if !slices.Equal(heard, []protocol.Source{protocol.Camera}) {
					t.Errorf("the server is told of %v", heard)
				}
				mic.mute(false)
				w.settle()
				equal(t, "trouble afterwards", w.view().Devices.Microphone.Trouble, client.DeviceFine)
				sent := all[protocol.Sending](w.server)
				equal(t, "sources afterwards", len(sent[len(sent)-1].Sources), 2)
				equal(t, "captured anew by itself", w.tab.lastTrack(client.MicrophoneDevice), mic)
			})
		})
	}
}

// TestPressOnAMutedDevice captures it anew: that is all a page can try.
func TestPressOnAMutedDevice(t *testing.T) {
	bubble(t, func(w *world) {
		w.enter()
		first := w.tab.lastTrack(client.MicrophoneDevice)
		first.mute(true)
		w.pass(3 * time.Second)
		w.session.Do(client.ToggleDevice{Device: client.MicrophoneDevice})
		w.settle()
		again := w.tab.lastTrack(client.MicrophoneDevice)
		equal(t, "the old capture is stopped", first.stopped && again != first, true)
		equal(t, "trouble", w.view().Devices.Microphone.Trouble, client.DeviceFine)
		first.mute(false) // of a capture that is gone
		w.settle()
		w.session.Do(client.ToggleDevice{Device: client.MicrophoneDevice})
		w.settle()
		equal(t, "on", w.view().Devices.Microphone.On, false)
	})
}
