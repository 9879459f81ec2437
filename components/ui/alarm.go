package ui

import (
	"time"

	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// Alarm calls a component back at one moment, on the UI goroutine. The zero
// value is ready. It is stopped in OnDismount; unlike Context.After it leaves
// nothing sleeping behind, and can be set anew when the moment moves.
type Alarm struct{ timer *time.Timer }

// Set calls f in d, instead of what was set before.
func (a *Alarm) Set(ctx app.Context, d time.Duration, f func(app.Context)) {
	a.Stop()
	a.timer = time.AfterFunc(d, func() { ctx.Dispatch(f) })
}

// Stop lets go of what was set.
func (a *Alarm) Stop() {
	if a.timer != nil {
		a.timer.Stop()
	}
}
