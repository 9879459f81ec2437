//go:build js && wasm

package main

import (
	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"overtime/components"
	"overtime/internal/browser"
	"overtime/internal/client"
)

func main() {
	b := browser.New()
	components.Register(components.Program{
		Settings: components.ReadSettings(app.Getenv),
		Open:     func(room string) components.Session { return client.NewSession(b, room) },
		Meetings: &client.Meetings{API: b.API, Tab: b.Tab},
		Stage:    b.Stage,
		Page:     b.Page,
	})
	app.RunWhenOnBrowser()
}
