package client_test

import (
	"strings"
	"testing"

	"overtime/internal/client"
)

// TestLaunch: what a person expects who presses an invitation while the app is open.
func TestLaunch(t *testing.T) {
	const origin = "https://meet.example:8443"
	token := "eyJhbGciOiJIUzI1NiJ9.eyJyb29tIjoiYSJ9." + strings.Repeat("s", 43)
	link := origin + "/r/a#" + token
	for _, c := range []struct {
		address, room string
		phase         client.Phase
		want          client.Launch
		to            string
	}{
		{link, "", "", client.LaunchOpen, "/r/a#" + token},
		{origin + "/r/A/#" + token + ").", "", "", client.LaunchOpen, "/r/a#" + token},
		{link, "a", client.PhaseOpening, client.LaunchOpen, "/r/a#" + token},
		{link, "a", client.PhaseLobby, client.LaunchOpen, "/r/a#" + token},
		{link, "a", client.PhaseJoining, client.LaunchNothing, ""},
		{link, "a", client.PhaseWaiting, client.LaunchNothing, ""},
		{link, "a", client.PhaseRoom, client.LaunchNothing, ""},
		{link, "a", client.PhaseLeft, client.LaunchLoad, "/r/a#" + token},
		{link, "a", client.PhaseEnded, client.LaunchLoad, "/r/a#" + token},
		{link, "a", client.PhaseClosed, client.LaunchLoad, "/r/a#" + token},
		{link, "b", client.PhaseLobby, client.LaunchOpen, "/r/a#" + token},
		{link, "b", client.PhaseEnded, client.LaunchOpen, "/r/a#" + token},
		{link, "b", client.PhaseJoining, client.LaunchAsk, "/r/a#" + token},
		{link, "b", client.PhaseWaiting, client.LaunchAsk, "/r/a#" + token},
		{link, "b", client.PhaseRoom, client.LaunchAsk, "/r/a#" + token},
		{origin + "/r/a#cut%zzoff", "", "", client.LaunchOpen, "/r/a#cut%25zzoff"}, // the server says what is the matter
		{origin + "/", "b", client.PhaseRoom, client.LaunchNothing, ""},            // the app's icon
		{origin + "/", "b", client.PhaseLobby, client.LaunchNothing, ""},
		{origin + "/embed/a#" + token, "", "", client.LaunchNothing, ""},
		{"https://meet.example/r/a#" + token, "", "", client.LaunchNothing, ""},
		{"http://meet.example:8443/r/a#" + token, "", "", client.LaunchNothing, ""},
		{"javascript:alert(1)//r/a", "", "", client.LaunchNothing, ""},
		{"", "", "", client.LaunchNothing, ""},
	} {
		got, to := client.LaunchOf(c.address, origin, c.room, c.phase)
		if got != c.want || to != c.to {
			t.Errorf("%s in %s of %q: got %q %s, want %q", strings.ReplaceAll(c.address, token, "TOKEN"), c.phase, c.room, got, to, c.want)
		}
	}
}
