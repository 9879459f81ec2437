package httpd

import (
	"context"
	"io/fs"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"

	"overtime/internal/words"
)

// Deps is what New needs. Files is required; nil handlers answer 404.
type Deps struct {
	Files    fs.FS  // the tree of package web
	Register func() // tells go-app which component is at which path
	// Words are the sentences of the pages and files; nil: in English.
	Words *words.Catalogue
	// Env is what the server decides about the pages, for their program to
	// read (app.Getenv). It is public.
	Env map[string]string
	// Origins are those at which people reach the server, if they are listed: a
	// page at another address leads there in its own tab.
	Origins []string
	// EmbedOrigins are the origins whose pages may show the pages below /embed/
	// in a frame, as browsers write them.
	EmbedOrigins []string
	WebSocket    http.Handler // GET /ws
	Reach        http.Handler // POST /reach: why a page cannot connect
	API          http.Handler // /api/ and all below
	// Ready says why this process cannot take people now; nil means it can.
	Ready func(context.Context) error
	// Limit wraps everything but the health checks: the place for limits that
	// count requests by address. nil: no such limits.
	Limit func(http.Handler) http.Handler
	Log   *slog.Logger // nil: slog.Default()
}

// New makes the handler of the whole site. A process makes one, because go-app
// keeps routes and environment in globals. It panics if Files lacks a file that
// is in the repository, which is a mistake in building.
func New(d Deps) http.Handler {
	if d.Log == nil {
		d.Log = slog.Default()
	}
	lib := newLibrary(d.Files, d.Words)
	site := newShell(d, lib)
	portals := newEmbedding(lib, d.EmbedOrigins)

	mux := http.NewServeMux()
	mux.Handle("GET /web/", lib)
	mux.Handle("GET /v/{version}/web/", lib)
	for path, a := range site.assets {
		mux.Handle("GET "+path, a)
	}
	portals.route(mux)
	mux.Handle("GET /robots.txt", lib.must("robots.txt"))
	// go-app fetches these two from whatever host the request names, and keeps
	// the answer for everybody. We have neither.
	mux.Handle("GET /sitemap.xml", http.HandlerFunc(notFound))
	mux.Handle("GET /ads.txt", http.HandlerFunc(notFound))
	mux.Handle("GET /ws", refuseBody(orNotFound(d.WebSocket)))
	mux.Handle("POST /reach", orNotFound(d.Reach))
	mux.Handle("/", redirectMangledLinks(site))

	limited := apiFirst(orNotFound(d.API), mux)
	if d.Limit != nil {
		limited = d.Limit(limited)
	}
	root := http.NewServeMux()
	root.HandleFunc("GET /healthz", healthy)
	root.HandleFunc("GET /readyz", ready(d.Ready))
	root.Handle("/", limited)
	return withHeaders(d.EmbedOrigins, recoverPanics(d.Log, apiFirst(limited, root)))
}

// apiFirst has the API see its addresses as they are asked for: a ServeMux sends
// whoever asks for one with .. or // in it elsewhere, in HTML.
func apiFirst(api, others http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/api/") {
			api.ServeHTTP(w, r)
			return
		}
		others.ServeHTTP(w, r)
	})
}

// healthy says that the process answers at all.
func healthy(w http.ResponseWriter, _ *http.Request) {
	plainText(w, http.StatusOK, "ok")
}

// ready says whether a load balancer may send people here.
func ready(check func(context.Context) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if check != nil {
			if err := check(r.Context()); err != nil {
				plainText(w, http.StatusServiceUnavailable, "not ready: "+err.Error())
				return
			}
		}
		plainText(w, http.StatusOK, "ready")
	}
}

func notFound(w http.ResponseWriter, _ *http.Request) {
	plainText(w, http.StatusNotFound, "not found")
}

func orNotFound(h http.Handler) http.Handler {
	if h == nil {
		return http.HandlerFunc(notFound)
	}
	return h
}

// plainText answers with one line of text that nobody keeps.
func plainText(w http.ResponseWriter, status int, line string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(line + "\n")) // the caller may be gone; nothing is lost
}

// recoverPanics turns a panic of a handler into a 500 and a line in the log. The path
// is safe to log: tokens travel in fragments, headers and messages only.
func recoverPanics(log *slog.Logger, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			switch p := recover(); p {
			case nil:
			case http.ErrAbortHandler:
				panic(p)
			default:
				log.Error("a request failed", "method", r.Method, "path", r.URL.Path,
					"panic", p, "stack", string(debug.Stack()))
				plainText(w, http.StatusInternalServerError, "something went wrong here; try again")
			}
		}()
		next.ServeHTTP(w, r)
	})
}

// isRoom reports whether a page belongs to one room.
func isRoom(path string) bool { return strings.HasPrefix(path, "/r/") || isEmbedded(path) }
