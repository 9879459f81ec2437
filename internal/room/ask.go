package room

import (
	"encoding/json"
	"errors"
	"time"

	"overtime/internal/control"
	"overtime/internal/event"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

// Ask is one thing that somebody asks of the room: a person who is in it, or a
// portal, which is another role on the same path.
type Ask struct {
	State   State
	Message any       // a protocol.ClientMessage, or one of a portal's own
	At      time.Time // when it arrived; it stays the same when a rule has to be asked again
	Now     time.Time // by the clock
	ID      string    // the request's; empty: it is not remembered
	By      meeting.Actor
	Self    Person // who asks; zero for a portal
	Who     event.Who

	op    string // the OpID
	asked string
}

// PersonAsks is what p, who is in the room, asks.
func PersonAsks(s State, p Person, f protocol.ClientFrame, at, now time.Time) Ask {
	a := Ask{State: s, Message: f.Message, At: at, Now: now, ID: f.ID, By: p.Actor(), Self: p, Who: p.Who()}
	a.Who.Op = f.ID
	if f.ID != "" {
		a.op = OpID(p.Sub, f.ID)
	}
	a.asked = Asked(f.Encode())
	return a
}

// PortalAsks is what a portal asks.
func PortalAsks(s State, c control.Command, at time.Time) Ask {
	a := Ask{
		State: s, Message: portalMessage(c), At: at, Now: at, ID: c.ID,
		By:  meeting.Actor{Person: meeting.Person{Sub: "api:" + c.Key, Name: portalName(c)}, Role: meeting.RoleService},
		Who: event.Who{Key: c.Key, Address: c.Address, Role: meeting.RoleService, Op: c.ID},
	}
	switch {
	case c.ID == "":
	case c.End != nil: // which may have the key of an extension
		a.op = OpID("api end", c.ID)
	default:
		a.op = OpID("api", c.ID)
	}
	a.asked = portalAsked(c)
	return a
}

// Portal reports whether a portal asks.
func (a Ask) Portal() bool { return a.By.Role == meeting.RoleService }

// Lasting reports whether a asked again in a later session is still the same
// operation. Others belong to the session that they were asked in.
func (a Ask) Lasting() bool {
	_, ends := a.Message.(protocol.End)
	return a.Portal() && ends
}

// Op is the id under which the operation is remembered, empty if it is not, and
// what was asked.
func (a Ask) Op() (id, asked string) { return a.op, a.asked }

// Cause is whose doing it is, for the audit.
func (a Ask) Cause(c Command) Cause { return Cause{Who: a.Who, At: a.At, Why: c.Leaves} }

// Allow refuses what is not for the asker, whatever it is. Every command passes it.
func (c Command) Allow(a Ask) error {
	rec := a.State.Saved
	switch {
	case a.Portal() && !rec.Deleted.IsZero():
		return errDeleted
	case a.Portal() && !c.Portals, !a.Portal() && !c.People:
		return errUnknownAsk
	case !a.Portal() && c.Durability == Committed && a.ID == "":
		return errNoID
	case (c.Session || !a.Portal()) && rec.Session == nil:
		return errNotStarted
	case !a.Portal() && c.Durability == Committed && rec.Session.Over(a.At):
		_, err := rec.Session.End(a.At, a.By, "")
		return err
	case !c.Who.may(rec.Room, a.By.Role):
		return c.Who.refusal(rec.Room)
	}
	return nil
}

// Keep decides about a record: what it gains, and what the asker gets. What was
// carried out before gains nothing and has the same outcome.
func (c Command) Keep(a Ask, rec Record) ([]Kept, Op, error) {
	a.State.Saved = rec
	if a.op != "" {
		switch op, before := rec.Done(a.op); {
		case before && !op.Is(a.asked):
			return nil, Op{}, a.otherRequest()
		case before:
			return nil, op, nil
		}
	}
	if err := c.Allow(a); err != nil {
		return nil, Op{}, err
	}
	facts, op, err := c.keeps(a)
	if err != nil || a.op == "" {
		return facts, op, err
	}
	op.ID, op.Asked = a.op, a.asked
	return append(facts, OpDone{Op: op}), op, nil
}

// Happen decides about the state: what happens in the room, and what the asker gets.
func (c Command) Happen(a Ask) ([]Fact, Reply, error) {
	if err := c.Allow(a); err != nil || c.happens == nil {
		return nil, Reply{}, err
	}
	return c.happens(a)
}

func (a Ask) otherRequest() protocol.Error {
	if a.Portal() {
		return errOtherKey
	}
	return errOtherRequest
}

// OtherRequest reports whether something was refused because its id belongs to
// another request, whose it stays.
func OtherRequest(err error) bool {
	var said protocol.Error
	return errors.As(err, &said) && (said == errOtherRequest || said == errOtherKey)
}

// Shaky reports whether a refusal holds only if the room is still this process's:
// another one may have moved the end since.
func Shaky(err error, rec Record) bool {
	var refusal *meeting.Refusal
	var said protocol.Error
	switch {
	case errors.As(err, &said):
		return said.Code == control.CodeNotStarted
	case !errors.As(err, &refusal):
		return false
	}
	switch refusal.Code {
	case meeting.CodeOver:
		return rec.Session.Ending == nil // by the clock only
	case meeting.CodeNoWindow, meeting.CodeNoTimeLeft, meeting.CodeBadRequest:
		return true
	}
	return false
}

// TooEarly reports whether a refusal may be over in a while, by itself or by what
// others do.
func TooEarly(err error) bool {
	var refusal *meeting.Refusal
	var said protocol.Error
	return errors.As(err, &said) && said.Code == control.CodeNotStarted ||
		errors.As(err, &refusal) && (refusal.Code == meeting.CodeNoWindow || refusal.Code == meeting.CodeNoTimeLeft)
}

// portalAsked is the Asked of a command: what is to be done, whoever asks.
func portalAsked(c control.Command) string {
	c.Key, c.Address, c.ID = "", "", ""
	if c.Extend != nil {
		at := *c.Extend
		at.Answers = meeting.Instant(at.Answers) // however it was written
		c.Extend = &at
	}
	text, err := json.Marshal(c)
	if err != nil {
		return "" // it came as JSON
	}
	return Asked(text)
}
