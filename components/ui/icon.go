package ui

import "github.com/maxence-charriere/go-app/v9/pkg/app"

// icons are drawn on a 24-unit square with one stroke of the text's colour.
// They are constants, so Raw can never carry what a person wrote.
var icons = map[string]string{
	"mic":           `<path d="M12 3a3 3 0 0 0-3 3v5a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3Z"/><path d="M5.5 11a6.5 6.5 0 0 0 13 0M12 17.5V21"/>`,
	"mic-off":       `<path d="M15 10.5V6a3 3 0 0 0-5.7-1.3M9 9v2a3 3 0 0 0 4.6 2.5M5.5 11a6.5 6.5 0 0 0 10.4 5.2M18.5 11a6.4 6.4 0 0 1-.6 2.7M12 17.5V21M4 4l16 16"/>`,
	"camera":        `<rect x="3" y="6" width="12.5" height="12" rx="2.5"/><path d="m15.5 10.5 5-3v9l-5-3"/>`,
	"camera-off":    `<path d="M8.5 6H13a2.5 2.5 0 0 1 2.5 2.5v5M14.8 16.9A2.5 2.5 0 0 1 13 18H5.5A2.5 2.5 0 0 1 3 15.5v-7c0-.8.4-1.6 1-2M15.5 10.5l5-3v9l-3-1.8M4 4l16 16"/>`,
	"screen":        `<rect x="3" y="5" width="18" height="12" rx="2.5"/><path d="M8.5 20.5h7M12 14V8.2M9.2 10.6 12 8l2.8 2.6"/>`,
	"pin":           `<path d="M9 4h6l-.6 6.2 2.6 3.3H7l2.6-3.3L9 4ZM12 13.5V20"/>`,
	"people":        `<circle cx="9" cy="8.5" r="3.2"/><path d="M3 19.5c.3-3.4 2.7-5.3 6-5.3s5.7 1.9 6 5.3M15.5 5.6a3.2 3.2 0 0 1 0 5.8M17.5 14.7c2 .7 3.3 2.4 3.5 4.8"/>`,
	"person":        `<circle cx="12" cy="8.5" r="3.6"/><path d="M5 20c.4-4 3.1-6.2 7-6.2s6.6 2.2 7 6.2"/>`,
	"person-remove": `<circle cx="10" cy="8.5" r="3.6"/><path d="M3.5 20c.4-4 3-6.2 6.5-6.2 2.1 0 3.9.8 5.1 2.3M16 11h5"/>`,
	"hand":          `<path d="M8 13V5.8a1.4 1.4 0 0 1 2.8 0V11M10.8 10V4.4a1.4 1.4 0 0 1 2.8 0V11M13.6 10.5V5.8a1.4 1.4 0 0 1 2.8 0V13M16.4 9.8a1.4 1.4 0 0 1 2.8 0v5.4c0 3.6-2.4 5.8-5.8 5.8-2.9 0-4.4-1.2-5.8-3.6L5.2 13.6c-.9-1.5 1-2.9 2.2-1.7L8 12.6"/>`,
	"chat":          `<path d="M5.5 4.5h13a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2H11l-4.5 3.6v-3.6h-1a2 2 0 0 1-2-2v-8a2 2 0 0 1 2-2ZM8 9h8M8 12.2h5"/>`,
	"send":          `<path d="M4.5 12 3.6 5.2c-.1-.8.7-1.4 1.4-1l14.8 7c.7.3.7 1.3 0 1.6L5 19.8c-.7.4-1.5-.2-1.4-1L4.5 12Zm0 0h7"/>`,
	"delete":        `<path d="M4.5 7h15M9.5 7V5a1 1 0 0 1 1-1h3a1 1 0 0 1 1 1v2M6.5 7l.8 11a2 2 0 0 0 2 1.8h5.4a2 2 0 0 0 2-1.8l.8-11"/>`,
	"react":         `<circle cx="11" cy="13" r="7.5"/><path d="M8 14.5a3.4 3.4 0 0 0 6 0M8.6 10.6v.2M13.4 10.6v.2M19 2.5v5M16.5 5h5"/>`,
	"clap":          `<path d="m9.4 14.6-3-5a1.3 1.3 0 0 1 2.2-1.3l2.6 4.4M9 9.1 7.6 6.8a1.3 1.3 0 0 1 2.2-1.3l3.5 5.9M10.4 6.5a1.3 1.3 0 0 1 2.2-1.3l3.2 5.4.1-2.4a1.3 1.3 0 0 1 2.6 0l.4 5.2c.2 2.9-1 5.1-3.4 6.5-2.8 1.6-5.5.9-7.6-1.5l-4-4.4a1.3 1.3 0 0 1 1.8-1.8l1.5 1.1M16.8 2.8v2M20 4.2l-1.3 1.5M21.3 7.4l-2 .3"/>`,
	"heart":         `<path d="M12 20S4 15.2 4 9.6A4.4 4.4 0 0 1 12 7a4.4 4.4 0 0 1 8 2.6C20 15.2 12 20 12 20Z"/>`,
	"laugh":         `<circle cx="12" cy="12" r="8.5"/><path d="M7.6 13.4h8.8a4.4 4.4 0 0 1-8.8 0ZM8 9.8l1.4-1.3 1.4 1.3M13.2 9.8l1.4-1.3L16 9.8"/>`,
	"wow":           `<circle cx="12" cy="12" r="8.5"/><ellipse cx="12" cy="15.4" rx="1.9" ry="2.3"/><path d="M9 9v.6M15 9v.6"/>`,
	"thumbs_up":     `<path d="M7.5 11v9H4.6v-9ZM7.5 11l4-7.4c1.5 0 2.4 1.2 2 2.7l-.9 3.2h5.3a2 2 0 0 1 2 2.4l-1.2 6.3a2.2 2.2 0 0 1-2.2 1.8h-9"/>`,
	"party":         `<path d="m4 20 4.7-11.6 6.9 6.9ZM7 16.2l1.4 1.6M14.3 3.6c1.3.9 1.4 2.6.2 3.8M17.2 12.4c1.1-1.2 2.7-1.2 3.7-.1M16.6 7.8l2.6-2.6M11 3.6v.1M20.6 8.6v.1"/>`,
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
