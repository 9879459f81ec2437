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
)

// AtParticipant is the person that an operation is about.
type AtParticipant struct {
	AtRoom
	Participant string `path:"participant" maxLength:"256" doc:"the participant's id"`
}

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
func (o participants) remove(ctx context.Context, in *AtParticipant) (*struct{}, error) {
	_, err := o.actors.do(ctx, in.Room, control.Command{Remove: &control.Remove{Participant: in.Participant}})
	if refused := refusedBy(err); refused.Code == protocol.CodeManyRemoved {
		return nil, refusal(control.CodeConflict, refused.Detail)
	}
	return nil, nobodyYet(err)
}

// lowerHand lowers somebody's hand, if it is up.
func (o participants) lowerHand(ctx context.Context, in *AtParticipant) (*struct{}, error) {
	_, err := o.actors.do(ctx, in.Room, control.Command{LowerHands: &control.LowerHands{Participant: in.Participant}})
	return nil, nobodyYet(err)
}

// lowerHands lowers all hands that are up, which may be none.
func (o participants) lowerHands(ctx context.Context, in *AtRoom) (*struct{}, error) {
	_, err := o.actors.do(ctx, in.Room, control.Command{LowerHands: &control.LowerHands{}})
	if refusedBy(err).Code == control.CodeNotStarted {
		return nil, nil
	}
	return nil, err
}

// refusedBy is the problem that err is; without a code if it is none.
func refusedBy(err error) (p Problem) {
	var refused *Problem
	if errors.As(err, &refused) {
		p = *refused
	}
	return p
}

// nobodyYet is err of what was to be done to somebody: before a session has begun,
// nobody is there.
func nobodyYet(err error) error {
	if refusedBy(err).Code == control.CodeNotStarted {
		return refusal(protocol.CodeNotFound, "nobody of that id is there: no session has begun")
	}
	return err
}
