package httpd_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"overtime/internal/httpd"
)

// program stands in for the browser program, which a clean checkout lacks.
var program = bytes.Repeat([]byte("\x00asm, as it were. "), 1000)

// tree is the folder web as it is in the repository, with a program.
func tree() fstest.MapFS {
	files := fstest.MapFS{}
	real := os.DirFS("../../web")
	err := fs.WalkDir(real, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.HasPrefix(name, "app.wasm") {
			return err
		}
		content, err := fs.ReadFile(real, name)
		files[name] = &fstest.MapFile{Data: content}
		return err
	})
	if err != nil {
		panic(err)
	}
	var br, gz bytes.Buffer
	for _, w := range []io.WriteCloser{brotli.NewWriter(&br), gzip.NewWriter(&gz)} {
		_, _ = w.Write(program)
		_ = w.Close()
	}
	files["app.wasm"] = &fstest.MapFile{Data: program}
	files["app.wasm.br"] = &fstest.MapFile{Data: br.Bytes()}
	files["app.wasm.gz"] = &fstest.MapFile{Data: gz.Bytes()}
	if files["wasm_exec.js"] == nil {
		files["wasm_exec.js"] = &fstest.MapFile{Data: []byte("globalThis.Go = class {};\n")}
	}
	files["styles/zz-test.css"] = &fstest.MapFile{Data: []byte("body { margin: 0 }\n")}
	return files
}

// aPage is what go-app prerenders in these tests.
type aPage struct{ app.Compo }

func (*aPage) Render() app.UI {
	rendered.Add(1)
	return app.Main().Body(app.H1().Text("Meetings that end on time"))
}

// rendered is how often go-app has made a page.
var rendered atomic.Int32

// portals may show the meetings of these tests.
var portals = []string{"https://portal.example", "http://localhost:3000"}

// site is the one handler of this process (go-app's routes are global).
var site = sync.OnceValue(func() http.Handler {
	return httpd.New(httpd.Deps{
		Files: tree(),
		Register: func() {
			page := func() app.Composer { return &aPage{} }
			app.RouteFunc("/", page)
			app.RouteWithRegexpFunc("^/r/[A-Za-z0-9_-]+$", page)
			app.RouteWithRegexpFunc("^/embed/[A-Za-z0-9_-]+$", page)
			app.RouteFunc("/broken", func() app.Composer { panic("a page broke") })
		},
		Env:          map[string]string{"PAGES_SAY": "hello"},
		EmbedOrigins: portals,
		WebSocket:    http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "socket") }),
		API: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if _, err := io.Copy(io.Discard, r.Body); err != nil {
				w.WriteHeader(http.StatusRequestEntityTooLarge)
				return
			}
			io.WriteString(w, "api")
		}),
		Log: slog.New(slog.DiscardHandler),
	})
})

// get asks for an address, with headers given as name, value, …
func get(address string, headers ...string) *httptest.ResponseRecorder {
	return ask(site(), http.MethodGet, address, nil, headers...)
}

func ask(h http.Handler, method, address string, body io.Reader, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, address, body)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	if host := r.Header.Get("Host"); host != "" {
		r.Host = host
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestRoutes(t *testing.T) {
	for _, c := range []struct {
		method, address string
		status          int
		contentType     string
	}{
		{"GET", "/", 200, "text/html; charset=utf-8"},
		{"HEAD", "/", 200, "text/html; charset=utf-8"},
		{"POST", "/", 405, "text/plain; charset=utf-8"},
		{"GET", "/r/abc", 200, "text/html; charset=utf-8"},
		{"GET", "/embed/abc", 200, "text/html; charset=utf-8"},
		{"GET", "/embed/abc/def", 404, "text/html; charset=utf-8"},
		{"GET", "/embed/", 404, "text/html; charset=utf-8"},
		{"GET", "/embed", 404, "text/html; charset=utf-8"},
		{"GET", "/embed/origin", 200, "application/json"},
		{"POST", "/embed/origin", 405, "text/plain; charset=utf-8"},
		{"GET", "/embed.js", 200, "text/javascript; charset=utf-8"},
		{"HEAD", "/embed.js", 200, "text/javascript; charset=utf-8"},
		{"GET", "/embed.d.ts", 200, "text/plain; charset=utf-8"},
		{"GET", "/v/1.2.0/embed.js", 200, "text/javascript; charset=utf-8"},
		{"GET", "/v/2.0.0/embed.js", 404, "text/plain; charset=utf-8"},
		{"GET", "/web/embed/README.md", 404, "text/plain; charset=utf-8"},
		{"GET", "/nowhere", 404, "text/html; charset=utf-8"},
		{"GET", "/broken", 500, "text/plain; charset=utf-8"},
		{"GET", "/app.js", 200, "text/javascript; charset=utf-8"},
		{"GET", "/app-worker.js", 200, "text/javascript; charset=utf-8"},
		{"GET", "/wasm_exec.js", 200, "text/javascript; charset=utf-8"},
		{"GET", "/app.css", 200, "text/css; charset=utf-8"},
		{"GET", "/manifest.webmanifest", 200, "application/manifest+json"},
		{"GET", "/robots.txt", 200, "text/plain; charset=utf-8"},
		{"GET", "/sitemap.xml", 404, "text/plain; charset=utf-8"},
		{"GET", "/ads.txt", 404, "text/plain; charset=utf-8"},
		{"GET", "/web/app.wasm", 200, "application/wasm"},
		{"GET", "/web/app.0123456789abcdef.wasm", 200, "application/wasm"},
		{"GET", "/web/loader.js", 200, "text/javascript; charset=utf-8"},
		{"GET", "/web/embed.go", 404, "text/plain; charset=utf-8"},
		{"GET", "/web/app.wasm.br", 404, "text/plain; charset=utf-8"},
		{"GET", "/web/nothing.css", 404, "text/plain; charset=utf-8"},
		{"GET", "/v/0123456789abcdef/web/styles/zz-test.css", 200, "text/css; charset=utf-8"},
		{"GET", "/healthz", 200, "text/plain; charset=utf-8"},
		{"GET", "/readyz", 200, "text/plain; charset=utf-8"},
		{"GET", "/ws", 200, "text/plain; charset=utf-8"},
		{"GET", "/api/v1/rooms/x", 200, "text/plain; charset=utf-8"},
		{"POST", "/api/v1/rooms", 200, "text/plain; charset=utf-8"},
		{"GET", "/api/v1/rooms/../x", 200, "text/plain; charset=utf-8"}, // which the API has to answer itself
		{"POST", "/api//v1/rooms", 200, "text/plain; charset=utf-8"},
	} {
		w := ask(site(), c.method, c.address, nil)
		if w.Code != c.status || w.Result().Header.Get("Content-Type") != c.contentType {
			t.Errorf("%s %s: %d %s, want %d %s", c.method, c.address, w.Code, w.Result().Header.Get("Content-Type"), c.status, c.contentType)
		}
		checkHeaders(t, c.method+" "+c.address, c.address, w.Header())
	}
}

// checkHeaders is for every answer, whatever it says.
func checkHeaders(t *testing.T, what, address string, h http.Header) {
	t.Helper()
	readers := "same-origin"
	if strings.HasPrefix(address, "/embed/") || strings.Contains(address, "/embed.") && !strings.Contains(address, "/web/") {
		readers = "cross-origin" // embedding_test.go
	}
	for name, want := range map[string]string{
		"Referrer-Policy":              "no-referrer",
		"X-Content-Type-Options":       "nosniff",
		"Cross-Origin-Opener-Policy":   "same-origin",
		"Cross-Origin-Resource-Policy": readers,
		"Strict-Transport-Security":    "",
	} {
		if got := h.Get(name); got != want {
			t.Errorf("%s: %s is %q, want %q", what, name, got, want)
		}
	}
	policy := h.Get("Content-Security-Policy")
	for _, want := range []string{"default-src 'none'", "script-src 'self' 'wasm-unsafe-eval';", "style-src 'self';", "base-uri 'none'", "frame-ancestors 'self'"} {
		if !strings.Contains(policy, want) {
			t.Errorf("%s: the policy lacks %s: %s", what, want, policy)
		}
	}
	if strings.Contains(policy, "unsafe-inline") || strings.Contains(policy, "'unsafe-eval'") {
		t.Errorf("%s: the policy lets in what stands in a page: %s", what, policy)
	}
	for _, want := range []string{"camera=(self)", "microphone=(self)", "display-capture=(self)", "geolocation=()"} {
		if !strings.Contains(h.Get("Permissions-Policy"), want) {
			t.Errorf("%s: the permissions lack %s", what, want)
		}
	}
}

func TestTransportSecurityOnlyWithTLS(t *testing.T) {
	// A request for https:// comes with TLS.
	if got := get("https://meet.example/healthz").Header().Get("Strict-Transport-Security"); got == "" {
		t.Error("missing with TLS")
	}
}

func TestReadiness(t *testing.T) {
	var trouble error
	h := httpd.New(httpd.Deps{Files: tree(), Ready: func(context.Context) error { return trouble }})
	if w := ask(h, "GET", "/readyz", nil); w.Code != 200 {
		t.Errorf("ready: %d", w.Code)
	}
	trouble = errors.New("draining")
	if w := ask(h, "GET", "/readyz", nil); w.Code != 503 || w.Body.String() != "not ready: draining\n" {
		t.Errorf("not ready: %d %q", w.Code, w.Body)
	}
	if w := ask(h, "GET", "/healthz", nil); w.Code != 200 {
		t.Errorf("health follows readiness: %d", w.Code)
	}
}

func TestLimitLeavesHealthAlone(t *testing.T) {
	h := httpd.New(httpd.Deps{Files: tree(), Limit: func(http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTooManyRequests) })
	}})
	for address, want := range map[string]int{"/": 429, "/ws": 429, "/api/v1/rooms": 429, "/healthz": 200, "/readyz": 200} {
		if w := ask(h, "GET", address, nil); w.Code != want {
			t.Errorf("%s: %d, want %d", address, w.Code, want)
		}
	}
}

func TestLargeBodyIsRefused(t *testing.T) {
	w := ask(httpd.NewServer(site(), nil).Handler, "POST", "/api/v1/rooms", strings.NewReader(strings.Repeat("x", 64<<10+1)))
	if w.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("got %d", w.Code)
	}
}

func TestLargeHeaderIsRefused(t *testing.T) {
	s := httptest.NewUnstartedServer(nil)
	s.Config = httpd.NewServer(site(), nil)
	s.Start()
	defer s.Close()
	r, err := http.NewRequest(http.MethodGet, s.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("X-Large", strings.Repeat("x", 32<<10))
	res, err := s.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("got %s", res.Status)
	}
}
