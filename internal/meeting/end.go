package meeting

import (
	"time"
	"unicode/utf8"
)

// Reason is why a session ended.
type Reason string

const (
	ReasonExpired          Reason = "expired"
	ReasonEndedByModerator Reason = "ended_by_moderator"
	ReasonEndedByAPI       Reason = "ended_by_api"
)

// Ending is how a session ended.
type Ending struct {
	Reason Reason    `json:"reason"`
	At     time.Time `json:"at"`
	By     Person    `json:"by,omitzero"`    // nobody for an expiry
	Text   string    `json:"text,omitempty"` // what was said about it
}

// End ends the session before its time. Refusals, in order: over, forbidden
// (only moderators and the portal may), bad_request (text over MaxEndReason).
func (s Session) End(now time.Time, by Actor, text string) (Session, error) {
	now = Instant(now)
	if s.Over(now) {
		return s, s.over()
	}
	if !by.Role.Moderates() {
		return s, RefuseEnd()
	}
	text = Clean(text)
	if utf8.RuneCountInString(text) > MaxEndReason {
		return s, refuse(CodeBadRequest, "the reason is longer than 200 characters; shorten it")
	}
	reason := ReasonEndedByModerator
	if by.Role == RoleService {
		reason = ReasonEndedByAPI
	}
	return s.After(Entry{
		Kind: EntryEnded, At: now, By: by.Person, EndsAt: s.EndsAt, Reason: reason, Text: text,
	}), nil
}

// over is the refusal of anything asked of a session that has ended, recorded
// or not.
func (s Session) over() *Refusal {
	ending := Ending{Reason: ReasonExpired, At: s.EndsAt}
	if s.Ending != nil {
		ending = *s.Ending // a copy: who gets the refusal may not change the session
	}
	return &Refusal{
		Code: CodeOver, Message: "the meeting is over", By: ending.By, EndsAt: s.EndsAt, Ending: &ending,
	}
}

// RefuseEnd is the refusal of whoever may not end a session.
func RefuseEnd() *Refusal {
	return refuse(CodeForbidden, "only a moderator can end the meeting for everyone; you can leave it instead")
}
