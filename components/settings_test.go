package components_test

import (
	"slices"
	"testing"

	"overtime/components"
)

// What the server decides arrives in the browser by way of the environment.
func TestSettingsTravel(t *testing.T) {
	for _, want := range []components.Settings{
		{}, {PortalOnly: true},
		{EmbedOrigins: []string{"https://portal.example"}},
		{PortalOnly: true, EmbedOrigins: []string{"https://portal.example", "http://localhost:3000"}},
	} {
		env := want.Env()
		if got := components.ReadSettings(func(name string) string { return env[name] }); got.PortalOnly != want.PortalOnly || !slices.Equal(got.EmbedOrigins, want.EmbedOrigins) {
			t.Errorf("got %+v, want %+v", got, want)
		}
	}
}

// Whoever writes the environment by hand may use either.
func TestEmbedOriginsBySpaceOrComma(t *testing.T) {
	want := []string{"https://a.example", "https://b.example"}
	for _, text := range []string{"https://a.example https://b.example", "https://a.example,https://b.example", " https://a.example, https://b.example,"} {
		got := components.ReadSettings(func(name string) string {
			return map[string]string{"OVERTIME_PAGES_EMBED_ORIGINS": text}[name]
		})
		if !slices.Equal(got.EmbedOrigins, want) {
			t.Errorf("%q: %q", text, got.EmbedOrigins)
		}
	}
}
