package build

import (
	"runtime/debug"
	"testing"
)

// TestWhatTheToolchainKnows fills the gaps of a build without make, and nothing
// that make said.
func TestWhatTheToolchainKnows(t *testing.T) {
	binary := &debug.BuildInfo{
		Settings: []debug.BuildSetting{{Key: "vcs.revision", Value: "abc"}, {Key: "vcs.time", Value: "2026-11-30T10:00:00Z"}},
		Deps: []*debug.Module{
			{Path: "github.com/pion/webrtc/v3", Version: "v3.3.6"}, {Path: "github.com/nats-io/nats-server/v2", Version: "v2.15.2"},
		},
	}
	got := Info{Version: "v1", Commit: "def"}
	got.complete(binary)
	if want := (Info{Version: "v1", Commit: "def", Date: "2026-11-30T10:00:00Z", Pion: "v3.3.6", NATS: "v2.15.2"}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

// TestNothingIsEmpty: whoever reads a line of it sees what is not known.
func TestNothingIsEmpty(t *testing.T) {
	if got := Read(); got.Version != Unknown || got.Commit == "" || got.Date == "" || got.Go == "" || got.Pion == "" || got.NATS == "" {
		t.Errorf("a test's binary says %+v", got)
	}
}
