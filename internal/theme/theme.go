package theme

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Choice is what a portal chose, as it came. Empty is ours.
type Choice struct {
	Accent  string `json:"accent"`  // a CSS colour: buttons
	Surface string `json:"surface"` // a CSS colour: the stage, and what lies on it
	Radius  string `json:"radius"`  // 0 to 24, in pixels: corners
	Font    string `json:"font"`    // names of families
	Logo    string `json:"logo"`    // an address of a picture
	Theme   string `json:"theme"`   // dark, light, auto
}

// Theme is what came of it.
type Theme struct {
	// Properties are custom properties of the root element, by name.
	Properties map[string]string
	// Scheme is the root's data-theme: dark, light, auto (everything follows the
	// system) or empty (the stage is dark, the pages around it follow).
	Scheme string
	// Logo is shown instead of our mark; empty is the mark.
	Logo string
}

// The codes of complaints.
const (
	CodeBadLook     = "bad_look"     // it cannot be read, or is not what it should be
	CodeLowContrast = "low_contrast" // people could not read or see it
)

// Complaint is why something that was chosen is not done.
type Complaint struct {
	Code     string
	Property string // the field of Choice, as in JSON
	Message  string
}

// MaxRadius is the roundest that corners can be, in pixels.
const MaxRadius = 24

// Parse gives the theme that was chosen, as far as it can be had, and a
// complaint for the rest.
func Parse(w Choice) (Theme, []Complaint) {
	p := parser{theme: Theme{Properties: map[string]string{}}}
	p.scheme(w.Theme)
	accent, chosen := p.colour("accent", w.Accent)
	ground := p.surface(w)
	if chosen {
		p.accent(accent, ground)
	}
	p.radius(w.Radius)
	p.font(w.Font)
	p.logo(w.Logo)
	return p.theme, p.complaints
}

type parser struct {
	theme      Theme
	complaints []Complaint
}

func (p *parser) refuse(code, property, format string, args ...any) {
	p.complaints = append(p.complaints, Complaint{code, property, fmt.Sprintf(format, args...)})
}

func (p *parser) scheme(text string) {
	switch text = strings.ToLower(strings.TrimSpace(text)); text {
	case "", "dark", "light", "auto":
		p.theme.Scheme = text
	default:
		p.refuse(CodeBadLook, "theme", "The theme %s is none: it is dark, light or auto.", quoted(text))
	}
}

// colour reads one that has to be opaque: what would shine through it is
// unknown, and so would be the contrast.
func (p *parser) colour(property, text string) (colour, bool) {
	if strings.TrimSpace(text) == "" {
		return colour{}, false
	}
	c, alpha, ok := parseColour(text)
	switch {
	case !ok:
		p.refuse(CodeBadLook, property, "The %s %s cannot be read: write it as #rrggbb, rgb(…) or hsl(…).", property, quoted(text))
	case alpha < 1:
		p.refuse(CodeBadLook, property, "The %s %s is transparent: give an opaque colour.", property, quoted(text))
	default:
		return c, true
	}
	return colour{}, false
}

// surface takes the stage's colour and gives the sets that the accent will be
// seen on: both, if the system decides. It decides about dark and light.
func (p *parser) surface(w Choice) []palette {
	page, chosen := p.colour("surface", w.Surface)
	set := suited(page)
	switch {
	case chosen && set.tells() < partRatio:
		p.refuse(CodeLowContrast, "surface", "The surface %s is neither dark nor light enough: the colours that tell the time "+
			"reach %s:1 on it, and 3:1 is needed. It was not used.", page, short(set.tells()))
	case chosen:
		if asked := p.theme.Scheme; asked != set.theme && (asked == "dark" || asked == "light") {
			p.refuse(CodeBadLook, "theme", "The theme %s does not go with the surface %s, which is %s. The surface was used.", asked, page, set.theme)
		}
		p.theme.Scheme = set.theme
		set.dress(p.theme.Properties)
		return []palette{set}
	}
	switch p.theme.Scheme {
	case "dark":
		return []palette{darkSet}
	case "light":
		return []palette{lightSet}
	}
	return []palette{darkSet, lightSet}
}

// accent takes the colour of buttons, if they can be told from each ground.
func (p *parser) accent(c colour, grounds []palette) {
	for _, ground := range grounds {
		if r := ratio(c, ground.page); r < partRatio {
			more := ""
			if len(grounds) > 1 {
				more = fmt.Sprintf(" That is ours where the theme is %s: choose a theme or a surface that the accent goes with.", ground.theme)
			}
			p.refuse(CodeLowContrast, "accent", "The accent %s reaches %s:1 against the surface %s, and 3:1 is needed. It was not used.%s",
				c, short(r), ground.page, more)
			return
		}
	}
	ink := c.ink()
	away := black // from the ink, so that a button under the pointer reads better still
	if ink == black {
		away = white
	}
	p.theme.Properties["--accent"] = c.String()
	p.theme.Properties["--accent-strong"] = c.mix(away, 0.14).String()
	p.theme.Properties["--on-accent"] = ink.String()
	if len(grounds) == 1 {
		grounds[0].point(c, p.theme.Properties)
	}
}

func (p *parser) radius(text string) {
	text = strings.TrimSpace(text)
	if text == "" {
		return
	}
	n, ok := parseShare(strings.TrimSuffix(text, "px"), 1)
	if !ok || strings.Contains(text, "%") || n < 0 || n > MaxRadius {
		p.refuse(CodeBadLook, "radius", "The radius %s cannot be used: give a number of pixels from 0 to %d.", quoted(text), MaxRadius)
		return
	}
	p.theme.Properties["--radius"] = strconv.FormatFloat(math.Round(math.Abs(n)*100)/100, 'f', -1, 64) + "px"
}

func (p *parser) font(text string) {
	if strings.TrimSpace(text) == "" {
		return
	}
	families, ok := parseFont(text)
	if !ok {
		p.refuse(CodeBadLook, "font", "The font %s cannot be used: give names of families with commas between them, "+
			"of letters, digits, spaces and hyphens.", quoted(text))
		return
	}
	p.theme.Properties["--font"] = families
}

func (p *parser) logo(text string) {
	text = strings.TrimSpace(text)
	if text == "" {
		return
	}
	if trouble := checkLogo(text); trouble != "" {
		p.refuse(CodeBadLook, "logo", "The logo %s cannot be shown: %s.", quoted(text), trouble)
		return
	}
	p.theme.Logo = text
}

// short is a ratio with one digit, cut off and not rounded: what is refused
// must not read as if it reached.
func short(r float64) string { return strconv.FormatFloat(math.Floor(r*10)/10, 'f', 1, 64) }

// quoted is what somebody wrote, in a sentence.
func quoted(text string) string {
	if runes := []rune(text); len(runes) > 40 {
		text = string(runes[:40]) + "…"
	}
	return strconv.Quote(text)
}
