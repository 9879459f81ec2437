package ui

import "github.com/maxence-charriere/go-app/v9/pkg/app"

// icons are drawn on a 24-unit square with one stroke of the text's colour.
// They are constants, so Raw can never carry what a person wrote.
var icons = map[string]string{
	"mic":           `<path d="M12 3a3 3 0 0 0-3 3v5a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3Z"/><path d="M5.5 11a6.5 6.5 0 0 0 13 0M12 17.5V21"/>`,
	"mic-off":       `<path d="M15 10.5V6a3 3 0 0 0-5.7-1.3M9 9v2a3 3 0 0 0 4.6 2.5M5.5 11a6.5 6.5 0 0 0 10.4 5.2M18.5 11a6.4 6.4 0 0 1-.6 2.7M12 17.5V21M4 4l16 16"/>`,
	"camera":        `<rect x="3" y="6" width="12.5" height="12" rx="2.5"/><path d="m15.5 10.5 5-3v9l-5-3"/>`,
	"camera-off":    `<path d="M8.5 6H13a2.5 2.5 0 0 1 2.5 2.5v5M14.8 16.9A2.5 2.5 0 0 1 13 18H5.5A2.5 2.5 0 0 1 3 15.5v-7c0-.8.4-1.6 1-2M15.5 10.5l5-3v9l-3-1.8M4 4l16 16"/>`,
	"people":        `<circle cx="9" cy="8.5" r="3.2"/><path d="M3 19.5c.3-3.4 2.7-5.3 6-5.3s5.7 1.9 6 5.3M15.5 5.6a3.2 3.2 0 0 1 0 5.8M17.5 14.7c2 .7 3.3 2.4 3.5 4.8"/>`,
	"person":        `<circle cx="12" cy="8.5" r="3.6"/><path d="M5 20c.4-4 3.1-6.2 7-6.2s6.6 2.2 7 6.2"/>`,
	"person-remove": `<circle cx="10" cy="8.5" r="3.6"/><path d="M3.5 20c.4-4 3-6.2 6.5-6.2 2.1 0 3.9.8 5.1 2.3M16 11h5"/>`,
	"lock":          `<rect x="5" y="10.5" width="14" height="9.5" rx="2.5"/><path d="M8 10.5V8a4 4 0 0 1 8 0v2.5"/>`,
	"unlock":        `<rect x="5" y="10.5" width="14" height="9.5" rx="2.5"/><path d="M8 10.5V8a4 4 0 0 1 7.7-1.5"/>`,
	"link":          `<path d="M10 14a4 4 0 0 0 5.7 0l3.1-3.1a4 4 0 0 0-5.7-5.7L12 6.3M14 10a4 4 0 0 0-5.7 0l-3.1 3.1a4 4 0 0 0 5.7 5.7L12 17.7"/>`,
	"copy":          `<rect x="8.5" y="8.5" width="11" height="11" rx="2.5"/><path d="M15.5 8.5V7A2.5 2.5 0 0 0 13 4.5H7A2.5 2.5 0 0 0 4.5 7v6A2.5 2.5 0 0 0 7 15.5h1.5"/>`,
	"check":         `<path d="m5 12.5 4.5 4.5L19 7.5"/>`,
	"chevron":       `<path d="m7 10 5 5 5-5"/>`,
	"close":         `<path d="m6.5 6.5 11 11M17.5 6.5l-11 11"/>`,
	"warning":       `<path d="M12 4 2.8 19.5h18.4L12 4ZM12 10v4.5M12 17.2v.1"/>`,
	"sound":         `<path d="M4 9.5v5h3.5L12 18.5v-13L7.5 9.5H4ZM15.5 9a4 4 0 0 1 0 6M18 6.5a7.5 7.5 0 0 1 0 11"/>`,
	"clock":         `<circle cx="12" cy="12" r="8.5"/><path d="M12 7v5l3.2 2"/>`,
	"bell":          `<path d="M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15L6 16.5ZM10 20.5a2.2 2.2 0 0 0 4 0"/>`,
	"plus":          `<path d="M12 5v14M5 12h14"/>`,
	"moderator":     `<path d="M12 3.5 5 6v5.5c0 4.3 2.9 7.4 7 9 4.1-1.6 7-4.7 7-9V6l-7-2.5ZM9 12l2.2 2.2L15.2 10"/>`,
	"door":          `<path d="M13.5 4.5H6.5v15h7M17 8.5l3.5 3.5-3.5 3.5M20 12h-9.5"/>`,
}

// Icon draws an icon by name; it says nothing to a screen reader, so whatever
// holds it needs words of its own.
func Icon(name string) app.UI {
	return app.Raw(`<svg class="icon" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.7" ` +
		`stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">` + icons[name] + `</svg>`)
}

// Mark is the product's mark: a ring with an arc that runs past it.
func Mark() app.UI {
	return app.Raw(`<svg class="mark" viewBox="0 0 32 32" fill="none" aria-hidden="true" focusable="false">` +
		`<circle class="mark-ring" cx="15" cy="18" r="9.5" stroke="currentColor" stroke-width="3.2"/>` +
		`<path class="mark-arc" d="M15 4.7A13.3 13.3 0 0 1 27.6 13.7" stroke-width="3.2" stroke-linecap="round"/></svg>`)
}
