package sfu

import "errors"

// ErrBind is in every error of New that another port may avoid.
var ErrBind = errors.New("sfu: bind media port")

// Code says why a call was refused, in a word that stays the same between
// releases, for programs and for translation.
type Code string

const (
	CodeBadOffer Code = "bad_offer" // not an offer we can answer; sending it again will not help
	CodeClosed   Code = "closed"    // the peer, its room or the SFU was closed
	CodeTimeout  Code = "timeout"   // the context ended first
	CodeInternal Code = "internal"  // our fault; the cause is in the log
)

// Error is every error of this package that reaches a caller. Its text is for a
// person and holds nothing that came from a library or from the offer; the cause,
// if any, is only for the log (errors.Unwrap).
type Error struct {
	Code    Code
	Message string
	cause   error
}

func (e *Error) Error() string { return string(e.Code) + ": " + e.Message }

// Unwrap gives the cause, for logs.
func (e *Error) Unwrap() error { return e.cause }

func badOffer(message string) *Error { return &Error{Code: CodeBadOffer, Message: message} }

func closedError() *Error { return &Error{Code: CodeClosed, Message: "the connection was closed"} }

func internalError(cause error) *Error {
	return &Error{Code: CodeInternal, Message: "the media server could not do that", cause: cause}
}
