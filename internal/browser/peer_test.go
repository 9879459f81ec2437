//go:build js && wasm

package browser

import (
	"testing"

	"overtime/internal/client"
)

func TestPeerState(t *testing.T) {
	for _, c := range []struct {
		connection, ice string
		want            client.PeerState
		ok              bool
	}{
		{"new", "new", client.PeerConnecting, true},
		{"connecting", "checking", client.PeerConnecting, true},
		{"connecting", "connected", client.PeerConnecting, true}, // DTLS is on its way
		{"connected", "connected", client.PeerConnected, true},
		{"connected", "completed", client.PeerConnected, true},
		{"connected", "disconnected", client.PeerDisconnected, true}, // ICE knows first
		{"disconnected", "disconnected", client.PeerDisconnected, true},
		{"connecting", "failed", client.PeerFailed, true},
		{"failed", "connected", client.PeerFailed, true}, // DTLS failed
		{"closed", "closed", "", false},
	} {
		if got, ok := peerState(c.connection, c.ice); got != c.want || ok != c.ok {
			t.Errorf("%s, %s: got %q, %v", c.connection, c.ice, got, ok)
		}
	}
}

func TestLoudness(t *testing.T) {
	constant := func(v float32) []float32 {
		out := make([]float32, meterSamples)
		for i := range out {
			out[i] = v
		}
		return out
	}
	if got := loudness(constant(0)); got != 0 {
		t.Errorf("silence is %v", got)
	}
	if got := loudness(constant(1)); got != 1 {
		t.Errorf("the loudest is %v", got)
	}
	if low, high := loudness(constant(0.01)), loudness(constant(0.1)); low <= 0 || high <= low || high >= 1 {
		t.Errorf("speech is %v to %v", low, high)
	}
}
