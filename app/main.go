//go:build js && wasm

package main

import (
	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"overtime/components"
	"overtime/internal/browser"
	"overtime/internal/client"
	"overtime/internal/embed"
)

func main() {
	b := browser.New()
	settings := components.ReadSettings(app.Getenv)
	components.Register(components.Program{
		Settings: settings,
		Open:     func(room string) components.Session { return client.NewSession(b, room) },
		Meetings: &client.Meetings{API: b.API, Tab: b.Tab},
		Stage:    b.Stage,
		Page:     b.Page,
		Zone:     b.Zone,
		Launches: b.Launches,
		History:  b.History,
		Embedding: &components.Embedding{
			Host: browser.NewHost(settings.EmbedOrigins),
			Open: func(room string, e embed.Entry) components.EmbeddedSession {
				return client.NewSession(embed.Frame(b, e), room)
			},
		},
	})
	browser.PutPageFirst()
	app.RunWhenOnBrowser()
}
