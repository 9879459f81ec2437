package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"overtime/internal/control"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

type (
	extend struct {
		Minutes *int       `json:"minutes,omitempty" doc:"10 to 30; the room's default_minutes if left out"`
		EndsAt  *time.Time `json:"ends_at,omitempty" doc:"the scheduled end whose window this answers, as window.opened or the session said it; whichever is open if left out, and then an Idempotency-Key is needed"`
		By      string     `json:"by,omitempty" maxLength:"64" doc:"a name to show"`
	}
	extendInput struct {
		AtRoom
		IdempotencyKey string `header:"Idempotency-Key" minLength:"1" maxLength:"128" pattern:"^[!-~]*$" patternDescription:"printable ASCII without spaces" doc:"a repetition with it is answered the same and extends nothing; each API key has its own"`
		Body           *extend
	}
	grant struct {
		ExtendedMinutes int       `json:"extended_minutes" doc:"by how much: less than asked for if latest_end leaves no more"`
		EndsAt          time.Time `json:"ends_at" doc:"the new scheduled end"`
	}
	extendOutput struct{ Body grant }
)

// extend answers an extension window that is open. A request that names
// no end has an id instead: without either, one that is repeated because its
// answer was lost would extend twice.
func (o *sessions) extend(ctx context.Context, in *extendInput) (*extendOutput, error) {
	asked := extend{}
	if in.Body != nil {
		asked = *in.Body
	}
	c := control.Command{ID: operationOf(ctx, in.IdempotencyKey), Extend: &control.Extend{Minutes: asked.Minutes, By: asked.By}}
	switch {
	case asked.EndsAt == nil && c.ID == "":
		return nil, problem(http.StatusBadRequest, protocol.CodeBadRequest,
			"say which scheduled end this answers (ends_at), or send an Idempotency-Key, so that a repetition extends nothing twice")
	case asked.EndsAt == nil:
	case meeting.Instant(*asked.EndsAt).IsZero():
		return nil, refusal(protocol.CodeBadRequest, "the meeting never had that end; name the scheduled end that the window's notice showed")
	default:
		c.Extend.Answers = *asked.EndsAt
	}
	answer, err := o.actors.do(ctx, in.Room, c)
	if err != nil {
		return nil, err
	}
	if answer.Grant == nil {
		return nil, errors.New("an extension that was granted is not there")
	}
	return &extendOutput{grant{answer.Grant.Minutes, answer.Grant.EndsAt}}, nil
}
