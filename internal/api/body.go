package api

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"os"
	"time"

	"overtime/internal/protocol"
)

const (
	// maxBody is the largest body of a request, in bytes.
	maxBody = 64 << 10
	// bodyTimeout is how long a body may take.
	bodyTimeout = 5 * time.Second
)

// readBody reads a request's body before anything is done about it, and refuses one
// that does not arrive whole: what comes behind it on the connection could not be
// told from the next request. The request that goes on is a copy, since net/http
// must go on seeing its own body.
func readBody(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ContentLength == 0 {
			next.ServeHTTP(w, r)
			return
		}
		// The end of the body ends the deadline, too.
		_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(bodyTimeout))
		text, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
		if err == nil && len(text) > maxBody {
			err = &http.MaxBytesError{Limit: maxBody}
		}
		if err != nil {
			w.Header().Set("Connection", "close")
			write(w, bodyProblem(err))
			return
		}
		copied := *r
		copied.Body = io.NopCloser(bytes.NewReader(text))
		next.ServeHTTP(w, &copied)
	})
}

// bodyProblem says why a body did not arrive whole.
func bodyProblem(err error) *Problem {
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return problem(http.StatusRequestEntityTooLarge, protocol.CodeBadRequest, "the body is larger than 64 KiB; send less")
	case errors.Is(err, os.ErrDeadlineExceeded):
		return problem(http.StatusRequestTimeout, protocol.CodeBadRequest, "the body did not arrive in 5 seconds; send it at once")
	}
	return problem(http.StatusBadRequest, protocol.CodeBadRequest, "the body ends before its time, or its chunks cannot be read; send all of it, as its headers say")
}
