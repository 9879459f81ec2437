package room

import (
	"time"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"overtime/components/ui"
	"overtime/internal/client"
	"overtime/internal/meeting"
	"overtime/internal/words"
)

// Story stands over the stage and tells how the session goes: started, each
// extension and by whom, the scheduled end. Its element is there for good, so
// that nothing beside it moves.
type Story struct {
	app.Compo

	Open      bool
	Me        *client.Me
	Room      *client.Room
	Timeline  *client.Timeline
	Notifying client.Notifying
	Asked     bool // to be told of time, here
	Session   ui.Session
	Words     *words.Catalogue
	Page      port
}

// Render draws it.
func (s *Story) Render() app.UI {
	return app.Dialog().ID("story").Class(ui.Classes("popover story-popover", ui.When(!s.Open, "absent"))).
		Open(s.Open).TabIndex(-1).Aria("label", s.Words.Say("story.label")).Body(s.body()...)
}

func (s *Story) body() []app.UI {
	if !s.Open {
		return nil
	}
	now := ui.MomentIn(s.Words, s.Room, s.Session)
	story := ui.StoryOf(s.Timeline.Session, now.Now)
	lines := make([]app.UI, 0, len(story.Extensions))
	for _, e := range story.Extensions {
		lines = append(lines, ui.ExtensionLine(e, now))
	}
	if len(lines) == 0 {
		lines = append(lines, app.Li().Class("hint").Text(s.Words.Say("story.not_extended")))
	}
	return append([]app.UI{
		app.Div().Class("facts").Body(
			fact(s.Words.Say("story.started"), now.At(s.Timeline.StartedAt)),
			fact(s.Words.Say("story.ends"), now.At(s.Timeline.EndsAt)),
			ui.Use(app.Button().ID(idStoryClose).Type("button").Class("icon-button").Aria("label", s.Words.Say("word.close")).
				OnClick(s.onClose).Body(ui.Icon("close")), "story-close", ui.Gate{}),
		),
		&ui.StoryBar{Story: story, Now: now},
		app.Ul().Class("extensions").Body(lines...),
		app.P().Class("hint").Text(s.nextChance(now)),
	}, tellMeLine(s.Words, s.Notifying, s.Asked, s.onTellMe)...)
}

func (s *Story) onClose(ctx app.Context, _ app.Event)  { s.Page.close(ctx, panelStory) }
func (s *Story) onTellMe(ctx app.Context, _ app.Event) { s.Page.tellMe(ctx) }

// nextChance says when the meeting can be extended next.
func (s *Story) nextChance(now ui.Moment) string {
	opens := s.Timeline.EndsAt.Add(-time.Duration(meeting.FirstWindow.Opens()) * ui.Minute(s.Room))
	switch {
	case !s.Me.MayExtend(s.Room):
		return whoMay(s.Words, s.Room)
	case now.Now.Before(opens):
		return s.Words.Say("story.next", words.Text("time", now.At(opens)))
	}
	return s.Words.Say("story.now")
}

// whoMay says who may extend, to somebody who may not.
func whoMay(w *words.Catalogue, r *client.Room) string {
	if r.ExtendBy == meeting.ExtendByModerators {
		return w.Say("story.moderators")
	}
	return w.Say("story.not_viewers")
}

func fact(name, value string) app.UI {
	return app.Div().Class("fact").Body(
		app.Span().Class("fact-name").Text(name), &ui.Figures{Text: value, Class: "fact-value"})
}
