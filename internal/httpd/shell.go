package httpd

import (
	"bytes"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"time"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"overtime/internal/words"
)

// shell is go-app's handler, kept in. It is asked for pages only, and once at
// the start for the scripts it generates. Everything else it would do is done
// by us, for these reasons (seen in v9.8.0):
//
//   - it fetches robots.txt, sitemap.xml and ads.txt from whatever host the
//     request names and keeps the answer for everybody;
//   - any address with the right If-None-Match is 304, even one that is not there;
//   - its wasm_exec.js is of another Go release than the one that compiles;
//   - it compresses nothing;
//   - its manifest cannot be extended;
//   - its service worker gives old pages first and stands before every request.
type shell struct {
	app    *app.Handler
	words  *words.Catalogue
	head   string            // what we add to the head of each page
	frame  string            // what comes first in the head of those for frames
	assets map[string]*asset // by address
	lost   *asset            // the page for an address that is none
	pages  *pages
}

const dark, light = "#0e1116", "#f6f7f9"

func newShell(d Deps, lib *library) *shell {
	if d.Register != nil {
		d.Register()
	}
	s := &shell{words: d.Words, head: headOf(lib), frame: frameOf(lib), lost: lib.must("notfound.html")}
	s.pages = &pages{make: s.page, made: map[string]*asset{}}
	s.app = &app.Handler{
		Name:            "Overtime",
		ShortName:       "Overtime",
		Title:           d.Words.Say("title.start"),
		Description:     d.Words.Say("description"),
		Lang:            d.Words.Language(),
		ThemeColor:      dark,
		BackgroundColor: dark,
		LoadingLabel:    d.Words.Say("loader.progress", words.Text("percent", "{progress}")),
		// Each one that is not named is a link to another host.
		Icon: app.Icon{
			Default:    "/web/icons/icon-192.png",
			Large:      "/web/icons/icon-512.png",
			SVG:        "/web/icons/icon.svg",
			AppleTouch: "/web/icons/apple-touch-icon.png",
		},
		Styles:                  styleSheets(lib),
		Scripts:                 []string{"/web/loader.js defer"},
		Resources:               resources{lib},
		Version:                 lib.version,
		WasmContentLengthHeader: sizeHeader,
		Env:                     maps.Clone(d.Env), // go-app adds to it
		InternalURLs:            d.Origins,
		// A tab left open learns of a new release; nothing reloads by itself.
		AutoUpdateInterval:    6 * time.Hour,
		ServiceWorkerTemplate: lib.text("worker.js"),
	}
	s.assets = map[string]*asset{
		"/app.js":               textAsset(types[".js"], forEveryDevice(s.generated("/app.js"))),
		"/app-worker.js":        textAsset(types[".js"], s.generated("/app-worker.js")),
		"/app.css":              lib.must("loader.css"),
		"/manifest.webmanifest": lib.must("manifest.webmanifest"),
	}
	if exec, ok := lib.assets["wasm_exec.js"]; ok {
		s.assets["/wasm_exec.js"] = exec
	}
	return s
}

// generated is a script that go-app writes from its configuration.
func (s *shell) generated(path string) []byte {
	w := httptest.NewRecorder()
	s.app.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	return w.Body.Bytes()
}

// botTest is how go-app's script decides whom to give no program. There are
// phones whose name contains "bot"; a search engine finds nothing in a page that
// it may look at which the program would spoil.
const botTest = `/bot|googlebot|crawler|spider|robot|crawling/i.test(navigator.userAgent)`

// forEveryDevice takes botTest out of go-app's script. It panics where another
// release of go-app has another test, which a test of ours notices first.
func forEveryDevice(script []byte) []byte {
	if bytes.Count(script, []byte(botTest)) != 1 {
		panic("httpd: go-app's script decides by other words whom to give the program; see forEveryDevice")
	}
	return bytes.Replace(script, []byte(botTest), []byte("false"), 1)
}

// firstStyles are what the other style sheets build upon; those that begin with
// lastStyles take away from all of them.
var firstStyles = []string{"styles/base.css", "styles/parts.css"}

const lastStyles = "styles/compact"

// styleSheets is every file in web/styles, in the order of the cascade: what
// the others build upon, then the others by name, then what takes away.
func styleSheets(lib *library) []string {
	names := lib.under("styles", ".css")
	slices.SortStableFunc(names, func(a, b string) int { return rank(a) - rank(b) })
	for i, name := range names {
		names[i] = "/web/" + name
	}
	return names
}

func rank(style string) int {
	if i := slices.Index(firstStyles, style); i >= 0 {
		return i
	}
	if strings.HasPrefix(style, lastStyles) {
		return len(firstStyles) + 1
	}
	return len(firstStyles)
}

// headOf is what go-app leaves out of a page's head: a viewport that may be
// zoomed, colours for both schemes, the script that keeps early presses (it is
// tiny, and before the page so that no press is missed), and the program's
// download at once instead of after two scripts.
func headOf(lib *library) string {
	return strings.Join([]string{
		`<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">`,
		`<meta name="color-scheme" content="dark light">`,
		`<meta name="theme-color" media="(prefers-color-scheme: light)" content="` + light + `">`,
		`<meta name="theme-color" content="` + dark + `">`,
		`<script src="` + lib.prefix() + `/web/early.js"></script>`,
		`<script src="` + lib.prefix() + `/web/texts.js"></script>`,
		`<link rel="preload" as="fetch" type="application/wasm" crossorigin href="` + lib.program() + `">`,
		`<noscript><link rel="stylesheet" href="` + lib.prefix() + `/web/noscript.css"></noscript>`,
		"",
	}, "\n")
}

// frameOf is the script that keeps what the page around a frame says first. It
// is not deferred and before all others: what is said before somebody listens
// is lost.
func frameOf(lib *library) string {
	lib.must("frame.js")
	return `<script src="` + lib.prefix() + `/web/frame.js"></script>`
}

// resources tells go-app the addresses that are kept forever.
type resources struct{ lib *library }

func (resources) Package() string   { return "" }
func (r resources) Static() string  { return r.lib.prefix() }
func (r resources) AppWASM() string { return r.lib.program() }
