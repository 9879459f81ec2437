package ended

import (
	"fmt"
	"time"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"overtime/components/ui"
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
		ui.StoryBar(s, now),
		app.P().Class("ended-took figures").Text(took(s, ui.Minute(v.Room), v.Timeline.Ending != nil)),
		app.Ul().Class("extensions").Body(lines...),
	)
}

// took compares how long it was with what was planned.
func took(s ui.Story, minute time.Duration, over bool) string {
	planned := s.PlannedEnd.Sub(s.StartedAt)
	if !over {
		return fmt.Sprintf("Planned for %s.", ui.Lasted(planned, minute))
	}
	actual, plan := ui.Lasted(s.Until.Sub(s.StartedAt), minute), ui.Lasted(planned, minute)
	if actual == plan {
		return fmt.Sprintf("It took %s, as planned.", actual)
	}
	return fmt.Sprintf("It took %s; %s were planned.", actual, plan)
}
