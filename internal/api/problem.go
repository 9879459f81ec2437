package api

import (
	"encoding/json"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"overtime/internal/meeting"
	"overtime/internal/protocol"
	"overtime/internal/store"
)

// The codes that only REST has.
const (
	codeNotFound  protocol.Code = "not_found"  // nothing is at the address
	codeBadMethod protocol.Code = "bad_method" // the address takes other methods
)

// Problem is every error's body (RFC 9457), with a stable code and a detail
// that says what to do.
type Problem struct {
	Title  string              `json:"title"`
	Status int                 `json:"status"`
	Detail string              `json:"detail"`
	Code   protocol.Code       `json:"code"`
	Errors []*huma.ErrorDetail `json:"errors,omitempty"`
}

func (p *Problem) Error() string  { return string(p.Code) + ": " + p.Detail }
func (p *Problem) GetStatus() int { return p.Status }

// ContentType is RFC 9457's.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

func problem(status int, code protocol.Code, detail string) *Problem {
	return &Problem{Title: http.StatusText(status), Status: status, Code: code, Detail: detail}
}

// explain is err as a problem; what is not meant for callers stays here.
func (a *api) explain(err error) *Problem {
	var refusal *meeting.Refusal
	switch {
	case errors.As(err, &refusal):
		return problem(http.StatusUnprocessableEntity, protocol.Code(refusal.Code), refusal.Message)
	case errors.Is(err, store.ErrUnavailable):
		a.cfg.Logger.Error("api: the store is unavailable", "error", err)
		return problem(http.StatusServiceUnavailable, protocol.CodeUnavailable, "it could not be saved just now; try again in a moment")
	default:
		a.cfg.Logger.Error("api: failed", "error", err)
		return problem(http.StatusInternalServerError, protocol.CodeInternal, "something went wrong on the server")
	}
}

// The library takes these from its package, so they are set once for the
// process.
func init() {
	// Its own errors become problems of ours, in its description as well.
	huma.NewError = libraryProblem
	// {"duration_minutes":60,"Duration_Minutes":600} would else be taken, and
	// be 600.
	huma.ValidateStrictCasing = true
}

// libraryProblem gives the library's own errors (a body that does not fit the
// description, mostly) a code and puts the first fault into the detail.
func libraryProblem(status int, message string, errs ...error) huma.StatusError {
	code := protocol.CodeInternal
	if status < http.StatusInternalServerError {
		code = protocol.CodeBadRequest
	}
	p := problem(status, code, message)
	for _, err := range errs {
		var detail huma.ErrorDetailer
		switch {
		case errors.As(err, &detail):
			p.Errors = append(p.Errors, detail.ErrorDetail())
		case err != nil:
			p.Errors = append(p.Errors, &huma.ErrorDetail{Message: err.Error()})
		}
	}
	if len(p.Errors) > 0 && p.Errors[0].Message != "" {
		p.Detail += ": " + p.Errors[0].Message
		if p.Errors[0].Location != "" {
			p.Detail += " (" + p.Errors[0].Location + ")"
		}
	}
	return p
}

func notFound(w http.ResponseWriter, _ *http.Request) {
	write(w, problem(http.StatusNotFound, codeNotFound, "there is nothing at this address; /api/v1/openapi.json describes what is"))
}

// only answers the methods that an address does not have.
func only(methods string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Allow", methods)
		write(w, problem(http.StatusMethodNotAllowed, codeBadMethod, "this address takes "+methods+" only"))
	}
}

func write(w http.ResponseWriter, p *Problem) {
	h := w.Header()
	h.Set("Content-Type", p.ContentType(""))
	for name, values := range p.GetHeaders() {
		if h.Get(name) == "" {
			h[name] = values
		}
	}
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // the caller may be gone
}
