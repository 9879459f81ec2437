package httpd

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"github.com/klauspost/compress/gzip"
)

// ServeHTTP answers with a page: prerendered by go-app, mended, compressed.
func (s *shell) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		plain(w, http.StatusMethodNotAllowed, "only GET and HEAD here")
		return
	}
	page, ok := s.prerender(r.URL.Path)
	if !ok {
		s.notFound(w)
		return
	}
	writePage(w, r, page)
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
	return mend(recorder.Body.Bytes(), first, s.head), true
}

// notFound answers with our own page; it needs no program.
func (s *shell) notFound(w http.ResponseWriter) {
	content, err := s.lost.forms[identity].open()
	if err != nil {
		panic(err)
	}
	defer content.Close()
	w.Header().Set("Content-Type", s.lost.contentType)
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusNotFound)
	_, _ = io.Copy(w, content) // the browser may be gone
}

// writePage sends a page that the browser may keep but must ask about. It has
// no ETag: go-app writes attributes in another order each time.
func writePage(w http.ResponseWriter, r *http.Request, page []byte) {
	h := w.Header()
	h.Set("Content-Type", types[".html"])
	h.Set("Cache-Control", askFirst)
	h.Set("Vary", "Accept-Encoding")
	if isRoom(r.URL.Path) {
		h.Set("X-Robots-Tag", "noindex")
	}
	if weightOf(r.Header.Get("Accept-Encoding"), "gzip") > 0 {
		page = compressed(mustGzip, gzip.BestSpeed, page)
		h.Set("Content-Encoding", "gzip")
	}
	h.Set("Content-Length", strconv.Itoa(len(page)))
	if r.Method != http.MethodHead {
		_, _ = w.Write(page) // the browser may be gone
	}
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
// a page alone whose texts the program goes on writing; there is one language so
// far.
func mend(written []byte, first, last string) []byte {
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
	start = strings.Replace(start, "<html ", `<html translate="no" `, 1)
	page := firstElement.FindStringIndex(after)
	if page == nil {
		panic("httpd: go-app wrote a page without a body")
	}
	after = after[:page[1]] + ` id="` + pageID + `"` + after[page[1]:]
	after = strings.Replace(after, `id="app-wasm-loader-icon"`, `id="app-wasm-loader-icon" alt=""`, 1)
	return []byte(start + "<head>" + first + before + last + "</head>" + after)
}
