//go:build js && wasm

package browser

import (
	"errors"
	"syscall/js"

	"overtime/internal/client"
	"overtime/internal/protocol"
)

// lane is one send-only section of the offer.
type lane struct {
	source      protocol.Source
	transceiver js.Value
}

// lanes adds the four send-only sections, in the order that the server and
// both ends' tests know. Microphone and camera are of one stream and the two
// of the screen of another, so that a receiver can keep lips and sound
// together.
func lanes(pc js.Value) ([]lane, error) {
	person, err := construct("MediaStream")
	if err != nil {
		return nil, err
	}
	screen, err := construct("MediaStream")
	if err != nil {
		return nil, err
	}
	plan := []struct {
		source    protocol.Source
		kind      string
		stream    js.Value
		encodings []any
	}{
		{protocol.Microphone, "audio", person, nil},
		{protocol.Camera, "video", person, cameraLayers()},
		{protocol.Screen, "video", screen, []any{map[string]any{"maxBitrate": screenBitrate}}},
		{protocol.ScreenAudio, "audio", screen, nil},
	}
	var made []lane
	for _, p := range plan {
		init := map[string]any{"direction": "sendonly", "streams": []any{p.stream}}
		if p.encodings != nil {
			init["sendEncodings"] = p.encodings
		}
		transceiver, err := call(pc, "addTransceiver", p.kind, init)
		if err != nil {
			return nil, err
		}
		made = append(made, lane{p.source, transceiver})
	}
	return made, nil
}

// receivers adds n receive-only sections of a kind, the seats.
func receivers(pc js.Value, kind string, n int) ([]js.Value, error) {
	var made []js.Value
	for range n {
		transceiver, err := call(pc, "addTransceiver", kind, map[string]any{"direction": "recvonly"})
		if err != nil {
			return nil, err
		}
		made = append(made, transceiver)
	}
	return made, nil
}

// mid is the name that the offer gave to a section.
func mid(transceiver js.Value) (string, error) {
	name := text(transceiver.Get("mid"))
	if name == "" {
		return "", errors.New("a section of the offer has no mid")
	}
	return name, nil
}

// received is the track that a seat brings. It is there from the start, silent
// until the server sends.
func received(transceiver js.Value) js.Value {
	return transceiver.Get("receiver").Get("track")
}

// hint tells the encoder what a track shows. Text on a screen is worth more
// than smooth motion.
func hint(source protocol.Source, media js.Value) {
	if source == protocol.Screen {
		_ = set(media, "contentHint", "detail")
	}
}

// peerState joins the browser's two states of a connection: connectionState,
// which also knows DTLS, and iceConnectionState, which is first to notice that
// a network is gone. ok is false for a connection that this side closed.
func peerState(connection, ice string) (state client.PeerState, ok bool) {
	switch {
	case connection == "closed":
		return "", false
	case connection == "failed" || ice == "failed":
		return client.PeerFailed, true
	case connection == "disconnected" || ice == "disconnected":
		return client.PeerDisconnected, true
	case connection == "connected":
		return client.PeerConnected, true
	}
	return client.PeerConnecting, true
}
