package ended

import (
	"time"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"overtime/components/ui"
	"overtime/internal/words"
)

// story is how the session went: when, how long, what was added and by whom.
// Nothing, if this tab never learned of one.
func (e *Ended) story() app.UI {
	v := e.View
	if v.Timeline.StartedAt.IsZero() {
		return app.Div().Class("absent")
	}
	now := e.now()
	until := now.Now
	if v.Timeline.Ending != nil {
		until = v.Timeline.Ending.At
	}
	s := ui.StoryOf(v.Timeline.Session, until)
	lines := make([]app.UI, 0, len(s.Extensions))
	for _, x := range s.Extensions {
		lines = append(lines, ui.ExtensionLine(x, now))
	}
	return app.Div().Class("ended-story").Body(
		&ui.StoryBar{Story: s, Now: now},
		app.P().Class("ended-took figures").Text(took(e.Words, s, ui.Minute(v.Room), v.Timeline.Ending != nil)),
		app.Ul().Class("extensions").Body(lines...),
	)
}

// took compares how long it was with what was planned.
func took(w *words.Catalogue, s ui.Story, minute time.Duration, over bool) string {
	planned := ui.Lasted(s.PlannedEnd.Sub(s.StartedAt), minute)
	if !over {
		return w.Say("ended.planned", words.Count("planned", planned))
	}
	actual := ui.Lasted(s.Until.Sub(s.StartedAt), minute)
	if actual == planned {
		return w.Say("ended.took_planned", words.Count("took", actual))
	}
	return w.Say("ended.took", words.Count("took", actual), words.Count("planned", planned))
}
