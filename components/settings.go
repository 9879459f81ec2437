package components

// Settings are what the server decides about the pages. The server prerenders
// by them and hands them to the browser's program as go-app's environment,
// which anybody can read.
type Settings struct {
	// PortalOnly: meetings are made through the API alone, so the pages offer
	// to make none.
	PortalOnly bool
}

// envPortalOnly is the environment's name for PortalOnly.
const envPortalOnly = "OVERTIME_PAGES_PORTAL_ONLY"

// Env is the environment that ReadSettings reads in the browser.
func (s Settings) Env() map[string]string {
	if !s.PortalOnly {
		return nil
	}
	return map[string]string{envPortalOnly: "yes"}
}

// ReadSettings reads what the server decided; app.Getenv gives it.
func ReadSettings(getenv func(string) string) Settings {
	return Settings{PortalOnly: getenv(envPortalOnly) == "yes"}
}
