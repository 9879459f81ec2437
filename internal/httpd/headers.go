package httpd

import (
	"net/http"
	"strings"
)

// permissions lets our own pages, and those of others we are embedded in who
// pass them on, use what a meeting needs, and nothing else.
const permissions = "camera=(self), microphone=(self), display-capture=(self), fullscreen=(self), " +
	"autoplay=(self), screen-wake-lock=(self), picture-in-picture=(self), clipboard-write=(self), " +
	"geolocation=(), payment=(), usb=(), serial=(), midi=()"

// contentPolicy is the Content-Security-Policy of every answer. Nothing is
// loaded from another host, no script or style sheet stands in a page.
var contentPolicy = strings.Join([]string{
	"default-src 'none'",
	// WebAssembly may be compiled; JavaScript text may not be evaluated.
	"script-src 'self' 'wasm-unsafe-eval'",
	"style-src 'self'",
	// go-app writes Style() as an attribute. Attributes cannot select
	// or load anything by themselves; style sheets in the page stay out.
	"style-src-attr 'unsafe-inline'",
	"img-src 'self' data: blob:",
	"media-src 'self' blob:",
	"font-src 'self'",
	// 'self' covers ws: and wss: of our own host.
	"connect-src 'self'",
	"worker-src 'self'",
	"manifest-src 'self'",
	"base-uri 'none'",
	"form-action 'self'",
	"frame-ancestors 'self'",
}, "; ")

// withHeaders sets what every answer carries, before the handler that gives it;
// the API may tighten it.
func withHeaders(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", contentPolicy)
		h.Set("Permissions-Policy", permissions)
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		if r.TLS != nil {
			// Without TLS it would be ignored, and a proxy that has the
			// certificate says for itself how long it will.
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		next.ServeHTTP(w, r)
	})
}
