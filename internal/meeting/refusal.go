package meeting

import "time"

// Code is a stable name for why the rules refused something.
type Code string

const (
	CodeOver            Code = "over"             // the session has ended
	CodeForbidden       Code = "forbidden"        // the role may not
	CodeAlreadyExtended Code = "already_extended" // an extension has answered the named window
	CodeNoWindow        Code = "no_window"        // no extension window is open now
	CodeBadMinutes      Code = "bad_minutes"      // not a whole number from MinGrant to MaxGrant
	CodeNoTimeLeft      Code = "no_time_left"     // less than MinGrant minutes before the room's latest end
	CodeTooLate         Code = "too_late"         // at or after the room's latest end, no session starts
	CodeBadRequest      Code = "bad_request"      // anything that no correct program asks
)

// Refusal is the rules' no, with the facts that explain it. Zero fields do
// not apply to its code.
type Refusal struct {
	Code    Code   `json:"code"`
	Message string `json:"message"` // a sentence in English that says what to do

	By      Person    `json:"by,omitzero"`       // already_extended: who; over: who ended it
	Minutes int       `json:"minutes,omitempty"` // already_extended: by how much
	EndsAt  time.Time `json:"ends_at,omitzero"`  // the scheduled end that now holds
	OpensAt time.Time `json:"opens_at,omitzero"` // no_window: when one opens
	Ending  *Ending   `json:"ending,omitempty"`  // over: how it ended
}

func (r *Refusal) Error() string { return string(r.Code) + ": " + r.Message }

func refuse(code Code, message string) *Refusal { return &Refusal{Code: code, Message: message} }
