package httpd

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"overtime/internal/origin"
)

// embedding is what portals get: the script that makes a frame, with its types,
// and the answer to whether they may.
//
//	/embed.js              kept for an hour, for pages that take what is new
//	/v/{version}/embed.js  kept for a year, if the version is ours
//	/embed.d.ts            the types
//	/embed/origin          whether the page that asks may show meetings
//	/embed/goodbye.html    says goodbye for a frame that was taken out
type embedding struct {
	script, types *asset
	goodbye       *asset
	version       string // of the script
	portals       []string
}

// anHour is for what pages of other origins load by a name that stays.
const anHour = "public, max-age=3600"

// newEmbedding reads the script's version where npm does.
func newEmbedding(lib *library, portals []string) *embedding {
	var about struct {
		Version string `json:"version"`
	}
	if err := json.Unmarshal([]byte(lib.text("embed/package.json")), &about); err != nil || !versions.MatchString(about.Version) || strings.Count(about.Version, ".") != 2 {
		panic("httpd: web/embed/package.json has no version such as 1.0.0")
	}
	return &embedding{
		script: lib.must("embed/embed.js"), types: lib.must("embed/embed.d.ts"),
		goodbye: lib.must("goodbye.html"),
		version: about.Version, portals: portals,
	}
}

func (e *embedding) route(mux *http.ServeMux) {
	mux.Handle("GET /embed.js", crossOrigin(func(w http.ResponseWriter, r *http.Request) { e.script.serve(w, r, anHour) }))
	mux.Handle("GET /embed.d.ts", crossOrigin(func(w http.ResponseWriter, r *http.Request) { e.types.serve(w, r, anHour) }))
	mux.Handle("GET /v/{version}/embed.js", crossOrigin(e.serveVersion))
	mux.Handle("GET /embed/goodbye.html", e.goodbye)
	mux.Handle("GET /embed/origin", crossOrigin(e.serveOrigin))
}

// crossOrigin lets pages of any origin load and read the answer. Nothing in it is
// anybody's own: no cookie is ever looked at.
func crossOrigin(h http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
		w.Header().Set("Access-Control-Allow-Origin", "*")
		h(w, r)
	})
}

// versions are what the script's version may be, or the beginning of one.
var versions = regexp.MustCompile(`^(0|[1-9][0-9]*)(\.(0|[1-9][0-9]*)){0,2}$`)

// serveVersion answers with the script. Whoever asks for another version with the
// same first number gets ours: what was promised holds in all of them. It is not
// kept for long, because it is not what was named.
func (e *embedding) serveVersion(w http.ResponseWriter, r *http.Request) {
	asked := r.PathValue("version")
	major, _, _ := strings.Cut(asked, ".")
	switch {
	case asked == e.version:
		e.script.serve(w, r, immutable)
	case versions.MatchString(asked) && strings.HasPrefix(e.version, major+"."):
		e.script.serve(w, r, anHour)
	default:
		plainText(w, http.StatusNotFound, "there is no such version of embed.js here: this server has "+e.version+
			"; write /v/"+e.version+"/embed.js, or /embed.js for whatever is newest")
	}
}

// serveOrigin tells a page whether it may show meetings. A browser says no more to a
// page than that a frame stayed empty, so the script asks.
func (e *embedding) serveOrigin(w http.ResponseWriter, r *http.Request) {
	page := r.Header.Get("Origin")
	answer, err := json.Marshal(struct {
		Origin     string `json:"origin"`
		Embeddable bool   `json:"embeddable"`
	}{page, slices.Contains(e.portals, page) || isOwn(r, page)})
	if err != nil {
		panic(err) // a string and a bool
	}
	h := w.Header()
	h.Set("Content-Type", types[".json"])
	h.Set("Cache-Control", "no-store")
	h.Set("Vary", "Origin")
	_, _ = w.Write(answer) // the page may be gone
}

// isOwn reports whether a page of this server asks. Browsers name no origin
// then, as a rule.
func isOwn(r *http.Request, page string) bool {
	if page == "" {
		return r.Header.Get("Sec-Fetch-Site") == "same-origin"
	}
	return origin.IsOwn(r, page)
}

// isEmbedded reports whether a page is for the frames of portals.
func isEmbedded(path string) bool { return strings.HasPrefix(path, "/embed/") }
