package ui

import (
	"strconv"
	"time"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"overtime/internal/meeting"
	"overtime/internal/protocol"
	"overtime/internal/words"
)

// Story is how a session went, as the story bar draws it: the planned time,
// then what was added.
type Story struct {
	StartedAt  time.Time
	PlannedEnd time.Time
	Extensions []protocol.StoryEntry
	// Until is how far it has come: now, or when it ended.
	Until time.Time
}

// StoryOf reads a session's story as far as until.
func StoryOf(s protocol.Session, until time.Time) Story {
	story := Story{StartedAt: s.StartedAt, PlannedEnd: s.EndsAt, Until: until}
	planned := false
	for _, e := range s.Story {
		switch {
		case e.Kind == meeting.EntryStarted && !planned:
			story.PlannedEnd, planned = e.EndsAt, true
		case e.Kind == meeting.EntryExtended:
			story.Extensions = append(story.Extensions, e)
		}
	}
	return story
}

// End is the scheduled end that the story comes to.
func (s Story) End() time.Time {
	if n := len(s.Extensions); n > 0 {
		return s.Extensions[n-1].EndsAt
	}
	return s.PlannedEnd
}

// labelGap is how near, in hundredths of the bar, two times may stand; each
// ends at what it names, and takes about as much on a narrow screen.
func labelGap(now Moment) int {
	if now.seconds() {
		return 27
	}
	return 17
}

// StoryBar draws a story: one segment for the planned time, an amber one for
// each extension, times below.
type StoryBar struct {
	app.Compo

	Story Story
	Now   Moment
}

// OnMount gives the parts of the bar their lengths.
func (b *StoryBar) OnMount(app.Context) { b.measure() }

// OnUpdate gives them again, as another story has others.
func (b *StoryBar) OnUpdate(app.Context) { b.measure() }

// measure hands what the data attributes say to the styles, each as a custom
// property. An attribute style would be refused by the page's policy.
func (b *StoryBar) measure() {
	for _, name := range []string{"share", "at"} {
		parts := b.JSValue().Call("querySelectorAll", "[data-"+name+"]")
		for i := range parts.Get("length").Int() {
			part := parts.Index(i)
			part.Get("style").Call("setProperty", "--"+name, part.Get("dataset").Get(name))
		}
	}
}

// Render draws the bar.
func (b *StoryBar) Render() app.UI {
	s := b.Story
	segments := []app.UI{s.segment("planned", s.StartedAt, s.PlannedEnd)}
	from := s.PlannedEnd
	for _, e := range s.Extensions {
		segments = append(segments, s.segment("added", from, e.EndsAt))
		from = e.EndsAt
	}
	return app.Div().Class("story-bar").Attr("role", "img").Aria("label", s.words(b.Now)).Body(
		app.Div().Class("story-track").Body(segments...),
		app.Div().Class("story-times").Body(s.labels(b.Now)...),
	)
}

func (s Story) segment(kind string, from, to time.Time) app.UI {
	return app.Div().Class("story-segment", kind).
		DataSet("share", percent(to.Sub(from), s.End().Sub(s.StartedAt))).
		Body(app.Div().Class("story-fill").DataSet("share", percent(s.Until.Sub(from), to.Sub(from))))
}

// labels are the times below the bar: the start, the end, and between them
// what has room.
func (s Story) labels(now Moment) []app.UI {
	total := s.End().Sub(s.StartedAt)
	gap := labelGap(now)
	last := gap
	out := []app.UI{app.Span().Class("story-time").Attr("translate", Untranslated).Text(now.At(s.StartedAt))}
	between := []time.Time{s.PlannedEnd}
	for _, e := range s.Extensions {
		between = append(between, e.EndsAt)
	}
	for _, t := range between[:len(between)-1] {
		at, _ := strconv.Atoi(percent(t.Sub(s.StartedAt), total))
		if at-last < gap || 100-at < gap {
			continue
		}
		last = at
		out = append(out, app.Span().Class("story-time between").Attr("translate", Untranslated).DataSet("at", at).Text(now.At(t)))
	}
	return append(out, app.Span().Class("story-time").Attr("translate", Untranslated).Text(now.At(s.End())))
}

// words say what the bar shows.
func (s Story) words(now Moment) string {
	text := now.Words.Say("story.bar", words.Text("start", now.At(s.StartedAt)), words.Text("planned", now.At(s.PlannedEnd)))
	for _, e := range s.Extensions {
		text = now.Words.Say("story.bar.extended", words.Text("before", text), words.Count("minutes", e.Minutes), words.Text("time", now.At(e.EndsAt)))
	}
	return text
}

// percent is part of whole in whole hundredths, from 0 to 100.
func percent(part, whole time.Duration) string {
	if whole <= 0 || part <= 0 {
		return "0"
	}
	return strconv.Itoa(int(min(100*float64(part)/float64(whole)+0.5, 100)))
}

// ExtensionLine is one extension in a list: who, by how much, when.
func ExtensionLine(e protocol.StoryEntry, now Moment) app.UI {
	line := now.Words.Parts("story.extension", words.Slot("by"), words.Count("minutes", e.Minutes), words.Slot("time"))
	return app.Li().Class("extension").Body(
		app.Span().Class("extension-mark").Aria("hidden", "true"),
		app.Span().Body(Sentence(line, map[string]app.UI{
			"by":   app.Strong().Attr("translate", Untranslated).Text(Somebody(now.Words, e.By)),
			"time": app.Span().Class("figures").Attr("translate", Untranslated).Text(now.At(e.At)),
		})...),
	)
}
