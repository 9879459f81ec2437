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

// listParticipants is who has a place in the session that runs.
func (a *api) listParticipants(ctx context.Context, in *AtRoom) (*attendanceOutput, error) {
	rec, err := a.load(ctx, in.Room)
	if err != nil {
		return nil, a.explain(err)
	}
	out := &attendanceOutput{attendance{[]participant{}}}
	if s := a.sessionNow(rec.Room, rec.Session); s == nil || s.Ending != nil {
		return out, nil
	}
	for _, p := range rec.People {
		out.Body.Participants = append(out.Body.Participants, participant{
			ID: p.ID, Name: p.Name, Role: p.Role, UserRef: meeting.UserRef(p.Sub), JoinedAt: p.JoinedAt,
		})
	}
	return out, nil
}

// removeParticipant takes somebody out of the session, for good.
func (a *api) removeParticipant(ctx context.Context, in *removeInput) (*struct{}, error) {
	_, err := a.do(ctx, in.Room, control.Command{Remove: &control.Remove{Participant: in.Participant}})
	var no *Problem
	switch {
	case !errors.As(err, &no):
		return nil, err
	case no.Code == control.CodeNotStarted:
		return nil, refusal(protocol.CodeNotFound, "nobody of that id is there: no session has begun")
	case no.Code == protocol.CodeManyRemoved:
		return nil, refusal(control.CodeConflict, no.Detail)
	}
	return nil, err
}
