package client_test

import (
	"context"
	"testing"
	"time"

	"overtime/internal/client"
	"overtime/internal/protocol"
)

// TestWithoutWebRTC: the meeting can be joined; nothing is captured that could
// not be sent, and nothing is tried again and again.
func TestWithoutWebRTC(t *testing.T) {
	bubble(t, func(w *world) {
		w.tab.noRTC = true
		w.enter()
		w.pass(time.Minute)
		v := w.view()
		equal(t, "media", v.Connection.Media, client.MediaMissing)
		equal(t, "microphone", v.Devices.Microphone.Trouble, client.DeviceUnsent)
		equal(t, "camera", v.Devices.Camera.Trouble, client.DeviceUnsent)
		equal(t, "captures", len(w.tab.captures), 0)
		equal(t, "offers", len(all[protocol.Offer](w.server)), 0)
		equal(t, "sources", len(all[protocol.Hello](w.server)[0].Sending), 0)
		w.server.with(func() { w.server.dead = true })
		w.server.last().end(1006)
		w.settle()
		equal(t, "a lost server is told as one", w.view().Connection.Media, client.MediaFine)
		equal(t, "link", w.view().Connection.Link, client.LinkReconnecting)
		w.server.with(func() { w.server.dead = false })
		w.pass(time.Minute)
		equal(t, "media after coming back", w.view().Connection.Media, client.MediaMissing)
	})
}

// TestBlockedMediaPort: the server answers and its media port does not.
func TestBlockedMediaPort(t *testing.T) {
	bubble(t, func(w *world) {
		w.tab.stuck = true
		w.enter()
		w.pass(11 * time.Second)
		equal(t, "after one try", w.view().Connection.Media, client.MediaInterrupted)
		w.pass(11 * time.Second)
		equal(t, "after two", w.view().Connection.Media, client.MediaBlocked)
		equal(t, "link", w.view().Connection.Link, client.LinkGood)
		w.tab.with(func() { w.tab.stuck = false })
		w.pass(20 * time.Second)
		equal(t, "once it is open", w.view().Connection.Media, client.MediaFine)
		w.tab.lastPeer().tell(client.PeerFailed)
		w.settle()
		equal(t, "a later loss", w.view().Connection.Media == client.MediaBlocked, false)
	})
}

// socketless is a browser without WebSockets.
type socketless struct{}

func (socketless) Dial(context.Context) (client.Conn, error) { return nil, client.ErrNoSocket }

// TestWithoutWebSockets: it is said, and nothing is tried in vain.
func TestWithoutWebSockets(t *testing.T) {
	bubble(t, func(w *world) {
		w.session = client.NewTestSession(w.tab.browser(socketless{}), "room", 0, w.fault)
		w.settle()
		w.phase(client.PhaseClosed)
		w.trouble(client.TroubleNoSocket)
		w.session.Do(client.Rejoin{}) // the person turned them on, or not
		w.settle()
		w.trouble(client.TroubleNoSocket)
		equal(t, "captures", len(w.tab.running()), 0)
	})
}
