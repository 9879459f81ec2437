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

// problems gives the library's own errors (a body that does not fit the
// description, mostly) a code.
func problems(_ huma.Context, _ string, v any) (any, error) {
	m, ok := v.(*huma.ErrorModel)
	if !ok {
		return v, nil
	}
	code := protocol.CodeInternal
	if m.Status < http.StatusInternalServerError {
		code = protocol.CodeBadRequest
	}
	p := problem(m.Status, code, m.Detail)
	p.Errors = m.Errors
	for i, e := range m.Errors {
		if i == 0 && e.Message != "" {
			p.Detail += ": " + e.Message
			if e.Location != "" {
				p.Detail += " (" + e.Location + ")"
			}
		}
	}
	return p, nil
}

func notFound(w http.ResponseWriter, _ *http.Request) {
	p := problem(http.StatusNotFound, "not_found", "there is nothing at this address; /api/v1/openapi.json describes what is")
	w.Header().Set("Content-Type", p.ContentType(""))
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // the caller may be gone
}
