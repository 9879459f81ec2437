package httpd

import (
	"net/http"

	"overtime/internal/invitation"
)

// redirectMangledLinks sends a link to a room that mail, a chat or a person changed on
// its way to the address it was made with. The browser keeps what stood after
// the #; what an encoded # made a part of the path goes behind one again, where
// nobody logs it.
func redirectMangledLinks(pages http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a, ok := invitation.Parse(r.URL.Path, "")
		if !ok || a.Path() == r.URL.Path || r.Method != http.MethodGet && r.Method != http.MethodHead {
			pages.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Location", a.String())
		w.Header().Set("Cache-Control", "no-store")
		plainText(w, http.StatusFound, "this link goes on at "+a.Path())
	})
}
