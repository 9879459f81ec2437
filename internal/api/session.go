package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"overtime/internal/control"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
	"overtime/internal/store"
)

type (
	// runningSession is a session and what holds in it at this moment.
	runningSession struct {
		control.Session
		Window     *openWindow `json:"window,omitempty" doc:"the extension window that is open; absent while none is"`
		ServerTime time.Time   `json:"server_time" doc:"when this was so; ends_at less this is what is left"`
	}
	openWindow struct {
		Name             meeting.Window `json:"name" enum:"first,final" doc:"first opens 10 minutes before the scheduled end, final 5 minutes before it"`
		MinutesLeft      int            `json:"minutes_left" doc:"until the scheduled end, rounded up"`
		GrantableMinutes int            `json:"grantable_minutes" doc:"the most an extension can be; 0 if latest_end leaves no room for one"`
	}
	runningOutput struct{ Body runningSession }
	sessionOutput struct{ Body control.Session }
)

// AtSession is the session of a room that an operation is about.
type AtSession struct {
	AtRoom
	Number int `path:"number" minimum:"1" doc:"1 for the room's first session"`
}

// sessions are the operations on what runs in a room, or ran.
type sessions struct {
	store   Store
	records records
	actors  *actors
	now     func() time.Time
}

// read is the session that runs, or the last one.
func (o *sessions) read(ctx context.Context, in *AtRoom) (*runningOutput, error) {
	rec, err := o.records.load(ctx, in.Room)
	if err != nil {
		return nil, err
	}
	s := o.records.sessionNow(rec.Room, rec.Session)
	if s == nil {
		return nil, problem(http.StatusNotFound, control.CodeNotStarted, "no session has begun in this room; one starts when the first person joins")
	}
	now := meeting.Instant(o.now())
	out := runningSession{Session: control.SessionOf(*s), ServerTime: now}
	if n, open := s.NoticeAt(rec.Room, now); open {
		out.Window = &openWindow{Name: n.Window, MinutesLeft: n.MinutesLeft, GrantableMinutes: n.Grantable}
	}
	return &runningOutput{out}, nil
}

// readLedger is a session by its number, whether or not it has ended.
func (o *sessions) readLedger(ctx context.Context, in *AtSession) (*sessionOutput, error) {
	rec, err := o.records.load(ctx, in.Room)
	if err != nil {
		return nil, err
	}
	if s := o.records.sessionNow(rec.Room, rec.Session); s != nil && s.Number == in.Number {
		return &sessionOutput{control.SessionOf(*s)}, nil
	}
	s, err := o.store.Ledger(ctx, in.Room, in.Number)
	if errors.Is(err, store.ErrNotFound) {
		err = refusal(protocol.CodeNotFound, "the room has no session of that number")
	}
	if err != nil {
		return nil, err
	}
	return &sessionOutput{control.SessionOf(s)}, nil
}

type (
	end struct {
		Reason string `json:"reason,omitempty" maxLength:"200" doc:"what people read about it"`
		By     string `json:"by,omitempty" maxLength:"64" doc:"a name to show"`
	}
	endInput struct {
		AtRoom
		IdempotencyKey string `header:"Idempotency-Key" minLength:"1" maxLength:"128" pattern:"^[!-~]*$" patternDescription:"printable ASCII without spaces" doc:"a repetition with it is answered the same and ends no later session; each API key has its own"`
		Body           *end
	}
)

// end ends the session that runs, for everybody. By the time it is asked
// again under its key another may have begun.
func (o *sessions) end(ctx context.Context, in *endInput) (*sessionOutput, error) {
	c := control.End{}
	if in.Body != nil {
		c = control.End{Text: in.Body.Reason, By: in.Body.By}
	}
	answer, err := o.actors.do(ctx, in.Room, control.Command{ID: operationOf(ctx, in.IdempotencyKey), End: &c})
	switch {
	case err != nil:
		return nil, err
	case answer.Session == nil:
		return nil, errors.New("a session that ended is not there")
	case answer.Ended != 0 && answer.Ended != answer.Session.Number:
		return o.readLedger(ctx, &AtSession{AtRoom: in.AtRoom, Number: answer.Ended})
	}
	return &sessionOutput{control.SessionOf(*answer.Session)}, nil
}
