package components_test

import (
	"testing"

	"overtime/components"
)

// What the server decides arrives in the browser by way of the environment.
func TestSettingsTravel(t *testing.T) {
	for _, want := range []components.Settings{{}, {PortalOnly: true}} {
		env := want.Env()
		if got := components.ReadSettings(func(name string) string { return env[name] }); got != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
	}
}
