package api

import (
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"overtime/internal/audit"
	"overtime/internal/control"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
	"overtime/internal/store"
	"overtime/internal/throttle"
)

// Problem is every error's body (RFC 9457), with a stable code and a detail
// that says what to do.
type Problem struct {
	Title  string        `json:"title" doc:"the status in words"`
	Status int           `json:"status" doc:"the HTTP status"`
	Detail string        `json:"detail" doc:"what is wrong and what to do, for people"`
	Code   protocol.Code `json:"code" doc:"why, for programs; a code never changes its meaning"`

	// The facts that explain some codes.
	Reason          meeting.Reason  `json:"reason,omitempty" enum:"expired,ended_by_moderator,ended_by_api" doc:"over: why"`
	EndedAt         time.Time       `json:"ended_at,omitzero" doc:"over: when"`
	Text            string          `json:"text,omitempty" doc:"over: what was said about it"`
	By              *control.Person `json:"by,omitempty" doc:"over, already_extended: whose doing it was"`
	ExtendedMinutes int             `json:"extended_minutes,omitempty" doc:"already_extended: by how much"`
	EndsAt          time.Time       `json:"ends_at,omitzero" doc:"the scheduled end that holds"`
	OpensAt         time.Time       `json:"opens_at,omitzero" doc:"no_window: when one opens"`

	Errors []*huma.ErrorDetail `json:"errors,omitempty" doc:"bad_request: each fault of the request"`

	wait time.Duration // before it is worth another try
}

func (p *Problem) Error() string  { return string(p.Code) + ": " + p.Detail }
func (p *Problem) GetStatus() int { return p.Status }

// ContentType is RFC 9457's.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

func problem(status int, code protocol.Code, detail string) *Problem {
	return &Problem{Title: http.StatusText(status), Status: status, Code: code, Detail: detail}
}

const retryAfter = "Retry-After"

// GetHeaders are the headers that go with some statuses.
func (p *Problem) GetHeaders() http.Header {
	switch p.Status {
	case http.StatusUnauthorized:
		return http.Header{"Www-Authenticate": {"Bearer"}}
	case http.StatusTooManyRequests:
		return http.Header{retryAfter: {throttle.RetryAfter(p.wait)}}
	case http.StatusServiceUnavailable:
		return http.Header{retryAfter: {"5"}}
	}
	return nil
}

// explain is err as a problem; what is not meant for callers goes to the log.
func explain(logger *slog.Logger, err error) *Problem {
	var known *Problem
	var refused *meeting.Refusal
	switch {
	case errors.As(err, &known):
		return known
	case errors.As(err, &refused):
		return refusal(protocol.Code(refused.Code), refused.Message)
	case errors.Is(err, store.ErrNotFound):
		return noRoom()
	case errors.Is(err, store.ErrUnavailable), errors.Is(err, audit.ErrUnavailable):
		logger.Error("api: the store is unavailable", "error", err)
		return refusal(protocol.CodeUnavailable, "the store does not answer just now; try again in a moment")
	default:
		logger.Error("api: failed", "error", err)
		return mistake(http.StatusInternalServerError)
	}
}

// mistake is one of the server's own, which only its log explains.
func mistake(status int) *Problem {
	return problem(status, protocol.CodeInternal, "the server made a mistake, which its log describes; try once more, and tell whoever runs the server if it comes again")
}

func noRoom() *Problem {
	return refusal(protocol.CodeNotFound, "there is no such room; it may have been deleted, or have been over for longer than rooms are kept here")
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
	if status >= http.StatusInternalServerError {
		return mistake(status)
	}
	if status == http.StatusUnsupportedMediaType {
		return notJSON()
	}
	p := problem(status, protocol.CodeBadRequest, message)
	for _, err := range errs {
		var detail huma.ErrorDetailer
		switch {
		case errors.As(err, &detail):
			d := detail.ErrorDetail()
			if d.Location == "body" {
				d.Value = nil // all of it, which the caller knows
			}
			p.Errors = append(p.Errors, d)
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

// notJSON refuses a body that is not called JSON.
func notJSON() *Problem {
	return problem(http.StatusUnsupportedMediaType, protocol.CodeBadRequest, "the body is not sent as JSON; send it in UTF-8 with Content-Type: application/json")
}

func notFound(w http.ResponseWriter, _ *http.Request) {
	write(w, refusal(protocol.CodeNotFound, "there is nothing at this address; /api/v1/ shows what is"))
}

// only answers the methods that an address does not have.
func only(methods []string) http.HandlerFunc {
	allow := strings.Join(methods, ", ")
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Allow", allow)
		write(w, refusal(codeBadMethod, "this address takes "+allow+" only"))
	}
}

func write(w http.ResponseWriter, p *Problem) {
	h := w.Header()
	h.Set("Content-Type", p.ContentType(""))
	h.Set("Cache-Control", "no-store")
	for name, values := range p.GetHeaders() {
		h[name] = values
	}
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // the caller may be gone
}
