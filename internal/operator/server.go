package operator

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"time"

	"overtime/internal/datafolder"
)

// backupPath is where a running server gives a backup of itself.
const backupPath = "/operator/backup"

// Server answers the commands at the server's end of the socket.
type Server struct {
	// API serves what is below /api/, to somebody who may do everything.
	API http.Handler
	// URL is where people reach the server, for links.
	URL    string
	Folder *datafolder.Folder
	// Snapshot writes all rooms.
	Snapshot func(ctx context.Context, to io.Writer) error
	// Verify reads the whole audit and says in sentences what of it is as it was
	// written, and why it is not all.
	Verify func(ctx context.Context) (whole string, err error)
}

// ServeHTTP answers one request.
func (s Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.URL.Path == backupPath && r.Method == http.MethodGet:
		s.backup(w, r)
	case r.URL.Path == verifyPath && r.Method == http.MethodGet:
		s.verify(w, r)
	default:
		s.API.ServeHTTP(w, s.asFromOutside(r))
	}
}

// asFromOutside is r as if it came to the address at which people reach the
// server, so that links name that.
func (s Server) asFromOutside(r *http.Request) *http.Request {
	at, err := url.Parse(s.URL)
	if err != nil {
		return r
	}
	r = r.Clone(r.Context())
	r.Host = at.Host
	r.Header.Set("Origin", at.Scheme+"://"+at.Host)
	return r
}

// backup writes an archive. If it cannot be finished the connection is cut, so
// that what arrived cannot be taken for one.
func (s Server) backup(w http.ResponseWriter, r *http.Request) {
	identity, err := s.Folder.Text()
	if err != nil {
		http.Error(w, "the identity cannot be read", http.StatusInternalServerError)
		return
	}
	_ = http.NewResponseController(w).SetWriteDeadline(time.Time{}) // it takes as long as it takes
	w.Header().Set("Content-Type", "application/zip")
	err = writeArchive(w, identity, func(to io.Writer) error { return s.Snapshot(r.Context(), to) })
	if err != nil {
		panic(http.ErrAbortHandler)
	}
}
