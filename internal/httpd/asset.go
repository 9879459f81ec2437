package httpd

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
)

// asset is one file as browsers get it: the same content in up to three forms.
// It is itself the handler of an address that always asks whether the content
// changed; serve with forever for an address that holds the content's hash.
type asset struct {
	contentType string
	hash        string // of the plain content
	plain       form
	// forms are the plain one and the compressed, by Content-Encoding. Text is
	// compressed when it is first asked for: a server that starts has people waiting.
	forms   func() map[string]form
	headers map[string]string // further headers, may be nil
}

// form is the content in one Content-Encoding.
type form struct {
	size int64
	open func() (io.ReadSeekCloser, error)
}

// identity is the name of the form that is not compressed.
const identity = "identity"

// The two values of Cache-Control: keep but ask first, and never ask again.
const (
	revalidate = "no-cache"
	immutable  = "public, max-age=31536000, immutable"
)

// textAsset makes an asset of text that is small and known at the start.
func textAsset(contentType string, content []byte) *asset {
	return &asset{
		contentType: contentType, hash: hashOf(content), plain: formOf(content),
		forms: sync.OnceValue(func() map[string]form { return textForms(content) }),
	}
}

func textForms(content []byte) map[string]form {
	forms := map[string]form{identity: formOf(content)}
	if br := compressed(brotli.NewWriterLevel, brotli.DefaultCompression, content); len(br) < len(content) {
		forms["br"] = formOf(br)
	}
	if gz := compressed(mustGzip, gzip.BestCompression, content); len(gz) < len(content) {
		forms["gzip"] = formOf(gz)
	}
	return forms
}

func formOf(content []byte) form {
	return form{size: int64(len(content)), open: func() (io.ReadSeekCloser, error) {
		return readCloser{bytes.NewReader(content)}, nil
	}}
}

type readCloser struct{ *bytes.Reader }

func (readCloser) Close() error { return nil }

func compressed[W io.WriteCloser](newWriter func(io.Writer, int) W, level int, content []byte) []byte {
	var b bytes.Buffer
	w := newWriter(&b, level)
	_, _ = w.Write(content) // a bytes.Buffer takes everything
	_ = w.Close()
	return b.Bytes()
}

// mustGzip leaves out the error, which is for levels that do not exist.
func mustGzip(w io.Writer, level int) *gzip.Writer {
	z, err := gzip.NewWriterLevel(w, level)
	if err != nil {
		panic(err)
	}
	return z
}

func (a *asset) ServeHTTP(w http.ResponseWriter, r *http.Request) { a.serve(w, r, revalidate) }

// serve answers with the best form the browser takes, or with 304 if it has it.
func (a *asset) serve(w http.ResponseWriter, r *http.Request, cacheControl string) {
	forms := a.forms()
	encoding := negotiate(r.Header.Get("Accept-Encoding"), forms)
	etag := fmt.Sprintf("%q", a.hash+"-"+encoding)
	h := w.Header()
	h.Set("Cache-Control", cacheControl)
	h.Set("ETag", etag)
	if len(forms) > 1 {
		h.Set("Vary", "Accept-Encoding")
	}
	if matches(r.Header.Get("If-None-Match"), etag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	for name, value := range a.headers {
		h.Set(name, value)
	}
	h.Set("Content-Type", a.contentType)
	content, err := forms[encoding].open()
	if err != nil {
		panic(err) // it was there when the library was made
	}
	defer content.Close()
	if encoding == identity {
		// Ranges, which players of sounds ask for, are for plain content.
		http.ServeContent(w, r, "", time.Time{}, content)
		return
	}
	h.Set("Content-Encoding", encoding)
	h.Set("Content-Length", strconv.FormatInt(forms[encoding].size, 10))
	if r.Method != http.MethodHead {
		_, _ = io.Copy(w, content) // the browser may be gone
	}
}

// negotiate picks a form for an Accept-Encoding header (RFC 9110, 12.5.3). What
// is not named, and not covered by *, is not wanted; plain always is, since an
// answer in a form that was refused is better than none.
func negotiate(accept string, forms map[string]form) string {
	best, bestWeight := identity, 0.0
	for _, encoding := range []string{"br", "gzip"} { // the smaller one first
		if _, ok := forms[encoding]; !ok {
			continue
		}
		if weight := weightOf(accept, encoding); weight > bestWeight {
			best, bestWeight = encoding, weight
		}
	}
	return best
}

// weightOf is the q of an encoding in an Accept-Encoding header, 0 if unwanted.
func weightOf(accept, encoding string) float64 {
	others := 0.0
	for item := range strings.SplitSeq(accept, ",") {
		name, parameter, _ := strings.Cut(item, ";")
		weight := 1.0
		if q, ok := strings.CutPrefix(strings.TrimSpace(parameter), "q="); ok {
			weight, _ = strconv.ParseFloat(q, 64) // what cannot be read is unwanted
		}
		switch strings.ToLower(strings.TrimSpace(name)) {
		case encoding:
			return weight
		case "*":
			others = weight
		}
	}
	return others
}

// matches reports whether an If-None-Match header names the etag. The weak
// comparison of RFC 9110, 13.1.2 is meant: a proxy that compresses marks it W/.
func matches(header, etag string) bool {
	for item := range strings.SplitSeq(header, ",") {
		item = strings.TrimSpace(item)
		if item == "*" || strings.TrimPrefix(item, "W/") == etag {
			return true
		}
	}
	return false
}
