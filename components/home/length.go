package home

import (
	"strconv"
	"strings"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"overtime/components/ui"
	"overtime/internal/meeting"
	"overtime/internal/words"
)

const (
	defaultChoice = "60"
	otherChoice   = "other"
)

// lengthTrouble is what is the matter with a length; empty: nothing.
type lengthTrouble string

const (
	lengthMissing lengthTrouble = "missing"
	lengthWrong   lengthTrouble = "wrong"
)

var choices = []string{"5", "15", "30", "45", "60", "90", otherChoice}

// length is how long the meeting shall be, as it was chosen.
type length struct {
	choice string // one of choices
	// written is the choice that the program put there. What a person chooses is
	// the browser's own and never written back: to write it between the two
	// halves of the next press would take that press away.
	written string
	other   ui.Text // as typed
	trouble lengthTrouble
}

func usualLength() length { return length{choice: defaultChoice, written: defaultChoice} }

func (l *length) choose(choice string) {
	l.choice = choice
	l.trouble = ""
}

// readEarly takes over what was chosen before the program came.
func (l *length) readEarly(early ui.Early) {
	for _, choice := range choices {
		if early.Checked(choiceID(choice)) {
			l.choice, l.written = choice, choice
		}
	}
	if other, found := early.Value(idOther); found {
		l.other = ui.Written(other)
	}
}

// check is the length in minutes; if it is none, trouble says why.
func (l *length) check() (minutes int, ok bool) {
	text := l.choice
	if text == otherChoice {
		text = strings.TrimSpace(l.other.String())
	}
	minutes, err := strconv.Atoi(text)
	switch {
	case text == "":
		l.trouble = lengthMissing
	case err != nil || minutes < meeting.MinDuration || minutes > meeting.MaxDuration:
		l.trouble = lengthWrong
	default:
		l.trouble = ""
		return minutes, true
	}
	return 0, false
}

// field draws the chips. They are radio buttons, so that the keyboard's arrows
// work and a choice made before the program came is the browser's own.
func (l length) field(w *words.Catalogue, works bool, onChoice, onOther app.EventHandler) app.UI {
	chips := make([]app.UI, 0, len(choices))
	for _, choice := range choices {
		chips = append(chips, l.chip(w, choice, works, onChoice))
	}
	describe := "minutes-hint"
	wrong := w.Say("home.length.wrong", words.Count("least", meeting.MinDuration), words.Count("most", meeting.MaxDuration))
	hint := w.Say("home.length.hint", words.Count("least", meeting.MinDuration), words.Count("most", meeting.MaxDuration))
	switch l.trouble {
	case lengthWrong:
		hint = wrong
	case lengthMissing:
		hint = w.Say("home.length.none")
	}
	return app.FieldSet().Class("field length").Body(
		app.Legend().Text(w.Say("home.length")),
		app.Div().Class("chips").Body(chips...),
		// Which of the two is shown is the styles' matter, program or not. Both
		// take their room, so that a choice moves nothing.
		app.Div().Class("length-more").Body(
			app.P().Class("usual hint").Text(w.Say("home.length.usual")),
			app.Div().Class("other").Body(
				l.otherField(w, works, describe, onOther),
				ui.Steady(hint, wrong).ID(describe).Class(ui.Classes("hint", ui.When(l.trouble != "", "trouble"))).
					Aria("live", "polite"),
			),
		),
	)
}

// otherField is for a length that no chip has.
func (l length) otherField(w *words.Catalogue, works bool, describe string, onOther app.EventHandler) app.UI {
	wrong := l.trouble != ""
	return ui.Use(app.Input().ID(idOther).Class(ui.Classes("input short figures", ui.When(wrong, "wrong"))).
		Type("text").Attr("inputmode", "numeric").Attr("name", "minutes-other").
		Attr("autocomplete", "off").MaxLength(5).Aria("label", w.Say("home.length")).Aria("describedby", describe).
		Aria("invalid", wrong).Value(l.other.Value()).OnInput(onOther), "duration-minutes", ui.EarlyIf(!works))
}

func (l length) chip(w *words.Catalogue, choice string, works bool, onChoice app.EventHandler) app.UI {
	text := choice
	if choice == otherChoice {
		text = w.Say("home.length.other")
	}
	input := app.Input().ID(choiceID(choice)).Type("radio").Name("minutes").Value(choice).
		OnChange(onChoice, choice)
	if minutes, err := strconv.Atoi(choice); err == nil {
		input = input.Aria("label", w.Say("home.length.chip", words.Count("minutes", minutes)))
	}
	if !works {
		input = input.DataSet("early", "")
	}
	if choice == l.written {
		input = input.Checked(true)
	}
	return app.Label().Class("chip").DataSet(ui.Key(works), choiceID(choice)).Body(input, app.Span().Text(text))
}

func choiceID(choice string) string { return "duration-" + choice }
