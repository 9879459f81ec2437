package api

import (
	"context"
	"errors"

	"overtime/internal/control"
	"overtime/internal/protocol"
)

type (
	attendance struct {
		Participants []control.Participant `json:"participants" nullable:"false" doc:"who has a place in the session that runs, in order of arrival"`
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
	out := &attendanceOutput{attendance{[]control.Participant{}}}
	if s := o.records.sessionNow(rec.Room, rec.Session); s == nil || s.Ending != nil {
		return out, nil
	}
	answer, err := o.actors.do(ctx, in.Room, control.Command{List: &control.List{}})
	if err == nil && answer.People != nil {
		out.Body.Participants = answer.People
	}
	return out, err
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
