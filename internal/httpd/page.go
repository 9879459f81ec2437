package httpd

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"

	"overtime/internal/invitation"
	"overtime/internal/words"
)

// ServeHTTP answers with a page: prerendered by go-app, mended, compressed.
func (s *shell) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		plainText(w, http.StatusMethodNotAllowed, "only GET and HEAD here")
		return
	}
	page := s.pages.of(r.URL.Path)
	if page == nil {
		s.notFound(w)
		return
	}
	if isRoom(r.URL.Path) {
		w.Header().Set("X-Robots-Tag", "noindex")
	}
	page.serve(w, r, revalidate)
}

// pages are made once for each kind: all rooms have the same one, which learns in
// the browser whose it is. It is safe for concurrent use.
type pages struct {
	make func(path string) *asset // nil: there is no such page

	mu   sync.Mutex // guards made, and is held while one is made
	made map[string]*asset
}

// of is the page at a path; nil if there is none.
func (p *pages) of(path string) *asset {
	kind := kindOf(path)
	if kind == "" {
		return p.make(path)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.made[kind] == nil {
		p.made[kind] = p.make(kind)
	}
	return p.made[kind]
}

// kindOf is the path of which a path has the page; empty if it is of no kind.
func kindOf(path string) string {
	a, ok := invitation.Parse(path, "")
	switch {
	case path == "/":
		return path
	case !ok || a.Path() != path:
		return ""
	case a.Embedded():
		return "/embed/room"
	}
	return "/r/room"
}

// page makes the page of a path.
func (s *shell) page(path string) *asset {
	text, ok := s.prerender(path)
	if !ok {
		return nil
	}
	return textAsset(types[".html"], text)
}

// prerender asks go-app for the page of a path. The request it sees holds the
// path and nothing else: go-app writes host and query into the page unescaped.
func (s *shell) prerender(path string) (page []byte, ok bool) {
	recorder := httptest.NewRecorder()
	s.app.ServeHTTP(recorder, &http.Request{
		Method: http.MethodGet,
		URL:    &url.URL{Path: path},
		Host:   "localhost",
		Header: http.Header{},
	})
	if recorder.Code != http.StatusOK {
		return nil, false
	}
	first := ""
	if isEmbedded(path) {
		first = s.frame
	}
	return mend(recorder.Body.Bytes(), first, s.head, s.words), true
}

// notFound answers with our own page; it needs no program.
func (s *shell) notFound(w http.ResponseWriter) {
	content, err := s.lost.plain.open()
	if err != nil {
		panic(err)
	}
	defer content.Close()
	w.Header().Set("Content-Type", s.lost.contentType)
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusNotFound)
	_, _ = io.Copy(w, content) // the browser may be gone
}

var (
	firstElement = regexp.MustCompile(`<body>\s*<\w+`)
	metaTag      = regexp.MustCompile(`[ \t]*<meta [^>]*>\n?`)
	// unwanted are go-app's tags that we leave out: a viewport that forbids
	// zooming, an address it guesses, a colour for one scheme only, and tags
	// that say nothing (it writes an empty content without quotes).
	unwanted = regexp.MustCompile(`name="viewport"|property="og:url"|name="theme-color"|content[ >]`)
)

// pageID marks the page's element, which go-app's program takes to be the first
// of the body: something else may have been put in front by the time it starts
// (internal/browser/root.go).
const pageID = "overtime-page"

// mend puts our tags at the beginning and at the end of the head that go-app
// wrote and takes the unwanted ones out, marks the page's element, and tells
// screen readers that the loader's picture says nothing, and translators to leave
// a page alone whose texts the program goes on writing. What the loader says
// stands in the page, because its script is the same in every language.
func mend(written []byte, first, last string, w *words.Catalogue) []byte {
	start, rest, begins := strings.Cut(string(written), "<head>")
	before, after, ends := strings.Cut(rest, "</head>")
	if !begins || !ends {
		panic("httpd: go-app wrote a page without a head")
	}
	before = metaTag.ReplaceAllStringFunc(before, func(tag string) string {
		if unwanted.MatchString(tag) {
			return ""
		}
		return tag
	})
	start = strings.Replace(start, "<html ", `<html translate="no" dir="`+w.Direction()+`" `, 1)
	page := firstElement.FindStringIndex(after)
	if page == nil {
		panic("httpd: go-app wrote a page without a body")
	}
	after = after[:page[1]] + ` id="` + pageID + `"` + after[page[1]:]
	after = strings.Replace(after, `id="app-wasm-loader"`, `id="app-wasm-loader"`+loaderWords(w), 1)
	after = strings.Replace(after, `id="app-wasm-loader-icon"`, `id="app-wasm-loader-icon" alt=""`, 1)
	return []byte(start + "<head>" + first + before + last + "</head>" + after)
}
