package theme

// The ratios of WCAG 2.2, AA: text, and what is not text but has to be seen.
const (
	textRatio = 4.5
	partRatio = 3.0
)

// palette is one of the two sets of colours in web/styles/base.css, as far as
// it matters for what a portal chooses; a test holds them equal.
type palette struct {
	theme              string
	page, surface      colour
	raised, sunken     colour
	line               colour
	text               colour
	trouble, addedText colour
	focus              colour
	planned, added     colour
	// The three colours of time. They are nobody's to choose: what amber means
	// must not depend on the portal.
	calm, first, final colour
}

var (
	darkSet = palette{
		theme: "dark",
		page:  colour{0x0e, 0x11, 0x16}, surface: colour{0x17, 0x1b, 0x22},
		raised: colour{0x1f, 0x25, 0x2e}, sunken: colour{0x11, 0x15, 0x1b},
		line: colour{0x2a, 0x30, 0x3a}, text: colour{0xe8, 0xec, 0xf2},
		trouble: colour{0xff, 0x8a, 0x80}, addedText: colour{0xf2, 0xb2, 0x3f},
		focus:   colour{0x8d, 0xb4, 0xff},
		planned: colour{0x70, 0x89, 0xaa}, added: colour{0xf2, 0xb2, 0x3f},
		calm: colour{0x82, 0xbf, 0xa2}, first: colour{0xf2, 0xb2, 0x3f}, final: colour{0xff, 0x6b, 0x5e},
	}
	lightSet = palette{
		theme: "light",
		page:  colour{0xf6, 0xf7, 0xf9}, surface: colour{0xfd, 0xfd, 0xfe},
		raised: white, sunken: colour{0xf1, 0xf3, 0xf6},
		line: colour{0xdf, 0xe3, 0xea}, text: colour{0x14, 0x18, 0x1f},
		trouble: colour{0xb3, 0x26, 0x1e}, addedText: colour{0x83, 0x52, 0x00},
		focus:   colour{0x25, 0x63, 0xeb},
		planned: colour{0x9b, 0xb1, 0xcd}, added: colour{0xf2, 0xb2, 0x3f},
		calm: colour{0x2f, 0x7d, 0x5f}, first: colour{0x9a, 0x61, 0x00}, final: colour{0xc4, 0x30, 0x2b},
	}
)

// on is the set with its surfaces made of another page's colour. On a dark page
// what lies higher is lighter; on a light one it is whiter than the page.
func (p palette) on(page colour) palette {
	p.page = page
	if p.theme == "dark" {
		p.surface, p.raised, p.sunken, p.line = page.mix(white, 0.04), page.mix(white, 0.075), page.mix(white, 0.015), page.mix(white, 0.12)
	} else {
		p.surface, p.raised, p.sunken, p.line = page.mix(white, 0.75), page.mix(white, 0.9), page.mix(black, 0.02), page.mix(black, 0.09)
	}
	return p
}

// grounds is everything that something is written on, what the pointer is over
// included.
func (p palette) grounds() []colour {
	return []colour{p.page, p.surface, p.raised, p.sunken, p.line}
}

// panels is what buttons, rings and marks stand on.
func (p palette) panels() []colour { return []colour{p.page, p.surface, p.raised, p.sunken} }

// tells is how well the colours of time can be told from the set's panels.
func (p palette) tells() float64 {
	return min(worst(p.calm, p.panels()), worst(p.first, p.panels()), worst(p.final, p.panels()))
}

// suited is the set that reads better on a page, made for it.
func suited(page colour) palette {
	dark, light := darkSet.on(page), lightSet.on(page)
	if dark.tells() >= light.tells() {
		return dark
	}
	return light
}

// dress writes the properties that depend on the page's colour.
func (p palette) dress(properties map[string]string) {
	text := p.text.legible(p.page.ink(), p.grounds(), textRatio)
	for name, c := range map[string]colour{
		"--page":         p.page,
		"--surface":      p.surface,
		"--raised":       p.raised,
		"--sunken":       p.sunken,
		"--line":         p.line,
		"--line-strong":  p.page.mix(text, 0.45).legible(text, p.panels(), partRatio),
		"--text":         text,
		"--quiet":        p.page.mix(text, 0.6).legible(text, p.grounds(), textRatio),
		"--trouble":      p.trouble.legible(text, p.panels(), textRatio),
		"--added-text":   p.addedText.legible(text, p.panels(), textRatio),
		"--planned-rest": p.raised.mix(p.planned, 0.25),
		"--added-rest":   p.raised.mix(p.added, 0.25),
		"--track":        p.surface.mix(text, 0.14),
	} {
		properties[name] = c.String()
	}
	p.point(p.focus, properties)
}

// point writes the properties of what shows where the keyboard is and who
// speaks, in a colour as near to c as can be seen.
func (p palette) point(c colour, properties map[string]string) {
	seen := c.legible(p.page.ink(), p.panels(), partRatio).String()
	properties["--focus"], properties["--speaking"] = seen, seen
}
