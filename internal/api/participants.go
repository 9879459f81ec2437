package api

import (
	"context"
	"errors"
	"time"

	"overtime/internal/control"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

type (
	participant struct {
		ID       string       `json:"id" doc:"for one stay in the session"`
		Name     string       `json:"name" doc:"as the others read it"`
		Role     meeting.Role `json:"role" enum:"moderator,participant,viewer" doc:"what they may do"`
		UserRef  string       `json:"user_ref,omitempty" doc:"what the portal called them in their token"`
		JoinedAt time.Time    `json:"joined_at" doc:"when they came in"`
	}
	attendance struct {
		Participants []participant `json:"participants" nullable:"false" doc:"who has a place in the session that runs, in order of arrival"`
	}
	attendanceOutput struct{ Body attendance }
	removeInput      struct {
		AtRoom
		Participant string `path:"participant" maxLength:"256" doc:"the participant's id"`
	}
)

// participants are the operations on who is there.
type participants struct {
	records records
	actors  *actors
}

// list is who has a place in the session that runs.
func (o participants) list(ctx context.Context, in *AtRoom) (*attendanceOutput, error) {
	rec, err := o.records.load(ctx, in.Room)
	if err != nil {
		return nil, err
	}
	out := &attendanceOutput{attendance{[]participant{}}}
	if s := o.records.sessionNow(rec.Room, rec.Session); s == nil || s.Ending != nil {
		return out, nil
	}
	for _, p := range rec.People {
		out.Body.Participants = append(out.Body.Participants, participant{
			ID: p.ID, Name: p.Name, Role: p.Role, UserRef: meeting.UserRef(p.Sub), JoinedAt: p.JoinedAt,
		})
	}
	return out, nil
}

// remove takes somebody out of the session, for good.
func (o participants) remove(ctx context.Context, in *removeInput) (*struct{}, error) {
	_, err := o.actors.do(ctx, in.Room, control.Command{Remove: &control.Remove{Participant: in.Participant}})
	var refused *Problem
	switch {
	case !errors.As(err, &refused):
		return nil, err
	case refused.Code == control.CodeNotStarted:
		return nil, refusal(protocol.CodeNotFound, "nobody of that id is there: no session has begun")
	case refused.Code == protocol.CodeManyRemoved:
		return nil, refusal(control.CodeConflict, refused.Detail)
	}
	return nil, err
}
