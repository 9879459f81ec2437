package components

import "strings"

// Settings are what the server decides about the pages. The server prerenders
// by them and hands them to the browser's program as go-app's environment,
// which anybody can read.
type Settings struct {
	// PortalOnly: meetings are made through the API alone, so the pages offer
	// to make none.
	PortalOnly bool
	// EmbedOrigins are the origins whose pages may show a meeting in a frame
	// and talk to it, as browsers write them.
	EmbedOrigins []string
}

// The environment's names for PortalOnly and EmbedOrigins.
const (
	envPortalOnly   = "OVERTIME_PAGES_PORTAL_ONLY"
	envEmbedOrigins = "OVERTIME_PAGES_EMBED_ORIGINS"
)

// Env is the environment that ReadSettings reads in the browser.
func (s Settings) Env() map[string]string {
	env := map[string]string{}
	if s.PortalOnly {
		env[envPortalOnly] = "yes"
	}
	if len(s.EmbedOrigins) > 0 {
		env[envEmbedOrigins] = strings.Join(s.EmbedOrigins, " ") // no origin has one in it
	}
	return env
}

// ReadSettings reads what the server decided; app.Getenv gives it.
func ReadSettings(getenv func(string) string) Settings {
	between := func(r rune) bool { return r == ' ' || r == ',' }
	return Settings{
		PortalOnly:   getenv(envPortalOnly) == "yes",
		EmbedOrigins: strings.FieldsFunc(getenv(envEmbedOrigins), between),
	}
}
