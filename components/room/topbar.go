package room

import (
	"strconv"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"overtime/components/ui"
	"overtime/internal/client"
	"overtime/internal/meeting"
	"overtime/internal/words"
)

// topBar has the meeting's name, the clock, and who is here.
func (r *Room) topBar() app.UI {
	v := r.View
	return app.Header().Class("top-bar").Body(
		app.Div().Class("top-name").Body(&ui.Logo{Address: r.Logo}, app.H1().ID(idTitle).TabIndex(-1).Attr("translate", ui.Untranslated).Title(r.name()).Text(r.name()),
			app.Span().Class(ui.Classes("locked-chip", ui.When(!v.Room.Locked, "absent"))).Title(r.Words.Say("room.locked.hint")).
				DataSet("testid", "locked").Body(ui.Icon("lock"), app.Span().Class("locked-words").Text(r.Words.Say("room.locked")))),
		&Pill{EndsAt: v.Timeline.EndsAt, StartedAt: v.Timeline.StartedAt, Minute: ui.Minute(v.Room),
			Session: r.Session, Words: r.Words, Open: r.story, Room: storyToggle{r}},
		app.Div().Class("top-side").Body(
			r.tellMeChip(),
			r.peopleButton(),
			r.inviteButton(),
		),
	)
}

// peopleButton counts the people here, and with a mark those who wait.
func (r *Room) peopleButton() app.UI {
	here, waiting := r.present(), len(r.View.Roster.Waiting)
	title := r.Words.Say("people.button.title", words.Count("here", here), words.Count("waiting", waiting))
	// Its name holds what is written on it, in that order, for who speaks it.
	name := r.Words.Say("people.button", words.Count("here", here), words.Count("waiting", waiting))
	return ui.Use(app.Button().ID(idPeopleButton).Type("button").Class("chip-button people-button").
		Title(title).Aria("expanded", r.people.open).Aria("controls", "people").OnClick(r.onPeople).Body(
		ui.Icon("people"),
		app.Span().Aria("hidden", "true").Body(&ui.Figures{Text: strconv.Itoa(here)}),
		app.Span().Class(ui.Classes("badge", ui.When(waiting == 0, "absent"))).Aria("hidden", "true").
			DataSet("testid", "people-waiting").Body(&ui.Figures{Text: strconv.Itoa(waiting)}),
		app.Span().Class("unseen").Text(name),
	), "people-open", ui.Gate{})
}

func (r *Room) inviteButton() app.UI {
	return ui.Use(app.Button().Type("button").Class("chip-button").
		Aria("label", r.Words.Say("room.invite.label")).Title(r.Words.Say("room.invite.hint")).OnClick(r.onInvite).
		Body(ui.Icon("link"), app.Span().Class("chip-words").Text(r.Words.Say("room.invite"))),
		"invite", ui.AbsentIf(r.View.Room.Guests == ""))
}

func (r *Room) onInvite(app.Context, app.Event) { r.Session.Do(client.CopyGuestsLink{}) }

// storyToggle opens and closes the story; see closer for why it is a value.
type storyToggle struct{ room *Room }

// toggle moves the keyboard into the story, or back to the button it came from.
func (s storyToggle) toggle(ctx app.Context) {
	if s.room.story {
		s.room.closeStory()
	} else {
		s.room.story, s.room.ending = true, false
		ctx.Defer(func(app.Context) { ui.FocusOn(idStoryClose) })
	}
	s.room.Update()
}

func (r *Room) closeStory() {
	r.story = false
	ui.FocusOn(idStoryButton)
}

// storyDialog stands over the stage. Its element is there for good, so that
// nothing beside it moves.
func (r *Room) storyDialog() app.UI {
	return app.Dialog().ID("story").Class(ui.Classes("popover story-popover", ui.When(!r.story, "absent"))).
		Open(r.story).TabIndex(-1).Aria("label", r.Words.Say("story.label")).Body(r.storyOf()...)
}

func (r *Room) onStoryClose(app.Context, app.Event) { r.closeStory() }

// storyOf is the session's story: started, each extension and by whom, the
// scheduled end.
func (r *Room) storyOf() []app.UI {
	if !r.story {
		return nil
	}
	now := r.now()
	s := r.View.Timeline
	story := ui.StoryOf(s.Session, now.Now)
	lines := make([]app.UI, 0, len(story.Extensions))
	for _, e := range story.Extensions {
		lines = append(lines, ui.ExtensionLine(e, now))
	}
	if len(lines) == 0 {
		lines = append(lines, app.Li().Class("hint").Text(r.Words.Say("story.not_extended")))
	}
	return append([]app.UI{
		app.Div().Class("facts").Body(
			fact(r.Words.Say("story.started"), now.At(s.StartedAt)),
			fact(r.Words.Say("story.ends"), now.At(s.EndsAt)),
			ui.Use(app.Button().ID(idStoryClose).Type("button").Class("icon-button").Aria("label", r.Words.Say("word.close")).
				OnClick(r.onStoryClose).Body(ui.Icon("close")), "story-close", ui.Gate{}),
		),
		&ui.StoryBar{Story: story, Now: now},
		app.Ul().Class("extensions").Body(lines...),
		app.P().Class("hint").Text(r.nextChance(now)),
	}, r.tellMeLine()...)
}

// nextChance says when the meeting can be extended next.
func (r *Room) nextChance(now ui.Moment) string {
	v := r.View
	opens := v.Timeline.EndsAt.Add(-10 * ui.Minute(v.Room))
	switch {
	case !v.Me.MayExtend(v.Room):
		return whoMay(r.Words, v.Room)
	case now.Now.Before(opens):
		return r.Words.Say("story.next", words.Text("time", now.At(opens)))
	}
	return r.Words.Say("story.now")
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
