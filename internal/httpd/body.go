package httpd

import (
	"errors"
	"io"
	"net/http"
)

// maxBody is the largest body of a request; the largest we know of is a room's
// description, under 2 KiB.
const maxBody = 64 << 10

// closeUnlessRead makes an answer the last one of its connection, unless the request's
// body was read to its end, or it is in HTTP/1.0: net/http does not see every
// body there. What follows a body that was left unread would else
// be read as another request: its answer would go to whoever a proxy in front
// sends down the same connection next.
//
// It never changes the server's own request: net/http looks at the body there
// to see where the next request begins, and finds nothing in a body of ours.
func closeUnlessRead(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !r.ProtoAtLeast(1, 1) {
			w.Header().Set("Connection", "close")
		}
		if r.ContentLength == 0 {
			next.ServeHTTP(w, r)
			return
		}
		body := &body{ReadCloser: http.MaxBytesReader(w, r.Body, maxBody)}
		copied := *r
		copied.Body = body
		if r.ProtoMajor > 1 { // each request has a stream of its own
			next.ServeHTTP(w, &copied)
			return
		}
		answer := &closingWriter{ResponseWriter: w, body: body}
		defer answer.mark() // of a handler that writes nothing
		next.ServeHTTP(answer, &copied)
	})
}

// refuseBody refuses a request with a body where the connection becomes something
// else than HTTP: the body would be read as that.
func refuseBody(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ContentLength != 0 {
			plainText(w, http.StatusBadRequest, "a request for a WebSocket has no body; leave it out")
			return
		}
		next.ServeHTTP(w, r)
	})
}

// body knows whether it was read to its end. One goroutine reads it, the
// handler's.
type body struct {
	io.ReadCloser
	ended bool
}

func (b *body) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if errors.Is(err, io.EOF) {
		b.ended = true
	}
	return n, err
}

// closingWriter closes the connection after the answer if the body has not ended
// by the time the answer begins. It is used by the handler's goroutine.
type closingWriter struct {
	http.ResponseWriter
	body *body
}

func (a *closingWriter) WriteHeader(status int) {
	a.mark()
	a.ResponseWriter.WriteHeader(status)
}

func (a *closingWriter) Write(p []byte) (int, error) {
	a.mark()
	return a.ResponseWriter.Write(p)
}

// Unwrap is for http.ResponseController.
func (a *closingWriter) Unwrap() http.ResponseWriter { return a.ResponseWriter }

// mark has no effect once the header was written.
func (a *closingWriter) mark() {
	if !a.body.ended {
		a.Header().Set("Connection", "close")
	}
}
