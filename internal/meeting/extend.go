package meeting

import "time"

// ExtendRequest asks for more time.
type ExtendRequest struct {
	// Answers is the scheduled end whose window the request answers; zero
	// answers whichever window is open.
	Answers time.Time
	// Minutes asked for; nil takes the room's default.
	Minutes *int
}

// Grant is an extension that was given.
type Grant struct {
	Minutes int       `json:"extended_minutes"`
	EndsAt  time.Time `json:"ends_at"` // the new scheduled end
}

// Extend moves the scheduled end. now is the request's arrival and stays the
// same when the caller has to ask again. Refusals, in the order they are
// checked: over, forbidden, already_extended or bad_request (the end that was
// named), no_window, bad_minutes, no_time_left.
func (s Session) Extend(r Room, now time.Time, by Actor, req ExtendRequest) (Session, Grant, error) {
	now = Instant(now)
	if s.Over(now) {
		return s, Grant{}, s.over()
	}
	if !r.ExtendBy.Allows(by.Role) {
		return s, Grant{}, RefuseExtend(r)
	}
	if err := s.checkAnswers(req.Answers); err != nil {
		return s, Grant{}, err
	}
	w := s.WindowAt(r, now)
	if w == NoWindow {
		return s, Grant{}, &Refusal{
			Code:    CodeNoWindow,
			Message: "the meeting cannot be extended yet; wait for the window to open",
			OpensAt: s.OpensAt(r),
			EndsAt:  s.EndsAt,
		}
	}
	minutes, err := s.grant(r, req.Minutes)
	if err != nil {
		return s, Grant{}, err
	}
	end := s.EndsAt.Add(r.minutes(minutes))
	s = s.After(Entry{Kind: EntryExtended, At: now, By: by.Person, EndsAt: end, Minutes: minutes, Window: w})
	return s, Grant{Minutes: minutes, EndsAt: end}, nil
}

// Allows reports whether a role may extend.
func (e ExtendBy) Allows(role Role) bool {
	if e == ExtendByModerators {
		return role.Moderates()
	}
	return role.Moderates() || role == RoleParticipant
}

// RefuseExtend is the refusal of whoever may not extend in r.
func RefuseExtend(r Room) *Refusal {
	if r.ExtendBy == ExtendByModerators {
		return refuse(CodeForbidden, "only a moderator can extend this meeting; ask one of them")
	}
	return refuse(CodeForbidden, "viewers cannot extend a meeting; ask somebody who takes part")
}

// checkAnswers refuses a named end that is not the present one.
func (s Session) checkAnswers(named time.Time) error {
	if named.IsZero() || Instant(named).Equal(s.EndsAt) {
		return nil
	}
	// An entry carries the end that holds after it, so the end an extension
	// answered is the one that the entry before it carries.
	for i := 1; i < len(s.Ledger); i++ {
		e := s.Ledger[i]
		if e.Kind == EntryExtended && s.Ledger[i-1].EndsAt.Equal(Instant(named)) {
			return &Refusal{
				Code:    CodeAlreadyExtended,
				Message: "the meeting has been extended already; there is nothing left to do",
				By:      e.By,
				Minutes: e.Minutes,
				EndsAt:  s.EndsAt,
			}
		}
	}
	return &Refusal{
		Code:    CodeBadRequest,
		Message: "the meeting never had that end; name the scheduled end that the window's notice showed",
		EndsAt:  s.EndsAt,
	}
}

// grant is how many minutes an extension asking for asked gets.
func (s Session) grant(r Room, asked *int) (int, error) {
	minutes := r.DefaultExtension
	if asked != nil {
		minutes = *asked
	}
	if minutes < MinGrant || minutes > MaxGrant {
		return 0, refuse(CodeBadMinutes, "an extension is a whole number of minutes from 10 to 30")
	}
	most := s.grantable(r)
	if most == 0 {
		return 0, &Refusal{
			Code:    CodeNoTimeLeft,
			Message: "the room is needed by somebody else afterwards; this meeting cannot be longer",
			EndsAt:  s.EndsAt,
		}
	}
	return min(minutes, most), nil
}
