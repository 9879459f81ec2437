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

// contentPolicy is the Content-Security-Policy of an answer. Nothing is loaded
// from another host, no script or style sheet stands in a page. portals are the
// origins that may show the answer in a frame; all that comes from them is a
// picture, which is their logo.
func contentPolicy(portals []string) string {
	return strings.Join([]string{
		"default-src 'none'",
		// WebAssembly may be compiled; JavaScript text may not be evaluated.
		"script-src 'self' 'wasm-unsafe-eval'",
		"style-src 'self'",
		strings.Join(append([]string{"img-src 'self' data: blob:"}, portals...), " "),
		"media-src 'self' blob:",
		"font-src 'self'",
		// 'self' covers ws: and wss: of our own host.
		"connect-src 'self'",
		"worker-src 'self'",
		"manifest-src 'self'",
		"base-uri 'none'",
		"form-action 'self'",
		strings.Join(append([]string{"frame-ancestors 'self'"}, portals...), " "),
	}, "; ")
}

// withHeaders sets what every answer carries, before the handler that gives it;
// the API may tighten it. Portals may show what is below /embed/, and nothing
// else.
func withHeaders(portals []string, next http.Handler) http.Handler {
	everywhere, inFrames := contentPolicy(nil), contentPolicy(portals)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", everywhere)
		h.Set("Permissions-Policy", permissions)
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		if isEmbedded(r.URL.Path) {
			h.Set("Content-Security-Policy", inFrames)
			h.Set("Cross-Origin-Resource-Policy", "cross-origin")
		}
		if r.TLS != nil {
			// Without TLS it would be ignored, and a proxy that has the
			// certificate says for itself how long it will.
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		next.ServeHTTP(w, r)
	})
}
