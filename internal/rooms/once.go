package rooms

import (
	"errors"
	"slices"

	"overtime/internal/control"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
	"overtime/internal/room"
	"overtime/internal/store"
)

// operation is a change that somebody may ask for more than once, because they
// did not hear the answer.
type operation struct {
	doing
	// id is a room.OpID; empty is an operation that is not remembered.
	id string
	// asked is the room.Asked of the request: the same id with another one is a
	// mistake of the asker's.
	asked string
	// lasting: asked again in a later session it is still the same operation.
	// Others belong to the session that they were asked in.
	lasting bool
	// patient: whoever asks goes on asking under the same id until the time has
	// come for it, so what is only too early is not kept from them then.
	patient bool
	change  func(store.Record) (store.Record, store.Op, error)
}

// errOtherRequest refuses an id that was given to another request before.
var errOtherRequest = protocol.Error{Code: protocol.CodeBadRequest, Message: "this id belongs to another request that was carried out; give each request an id of its own"}

// once carries an operation out, saves it and gives the outcome to done. One
// that was carried out before is answered the same and changes nothing; another
// request under its id is refused. One that was refused is refused again;
// refusals are this process's memory only: they changed nothing, and whoever was
// answered by an earlier process does not ask again. For the same reason another
// request may have their ids.
func (a *actor) once(o operation, done func(op store.Op, err error)) {
	if no, there := a.refused.byID[o.id]; there && no.asked == o.asked && (o.lasting || no.session == a.number()) {
		done(store.Op{}, no.err)
		return
	}
	var op store.Op
	var refusal error
	a.commit(o.doing, func(rec store.Record) (next store.Record, err error) {
		refusal = nil
		if o.id != "" {
			var before bool
			switch op, before = rec.Done(o.id); {
			case before && !op.Is(o.asked):
				return rec, errOtherRequest
			case before:
				return rec, store.ErrUnchanged
			}
		}
		if next, op, err = o.change(rec); err != nil {
			if needsRoom(err, rec) {
				refusal = err
				return same(rec) // which shows whether it is
			}
			return rec, err
		}
		if o.id != "" {
			op.ID, op.Asked = o.id, o.asked
			next = next.With(op)
		}
		return next, nil
	}, func(err error) {
		if err == nil {
			err = refusal
		}
		if err != nil {
			op = store.Op{}
			a.remember(o, err)
		}
		done(op, err)
	})
}

// needsRoom reports whether a refusal holds only if the room is still this
// actor's: another process may have moved the end since.
func needsRoom(err error, rec store.Record) bool {
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

// refused is what an operation was refused for, and in which session.
type refused struct {
	err     error
	asked   string
	session int
}

// number is the session's, 0 before the first.
func (a *actor) number() int {
	if a.have.Session == nil {
		return 0
	}
	return a.have.Session.Number
}

// tooEarly reports whether a refusal may be over in a while, by itself or by
// what others do.
func tooEarly(err error) bool {
	var refusal *meeting.Refusal
	var said protocol.Error
	return errors.As(err, &said) && said.Code == control.CodeNotStarted ||
		errors.As(err, &refusal) && (refusal.Code == meeting.CodeNoWindow || refusal.Code == meeting.CodeNoTimeLeft)
}

// maxRefused bounds the refusals that are remembered.
const maxRefused = 256

// refusals are what the newest operations were refused for, by their ids.
type refusals struct {
	byID map[string]refused
	ids  []string // oldest first
}

func (r *refusals) add(id string, no refused) {
	if _, there := r.byID[id]; !there {
		r.ids = append(r.ids, id)
	}
	r.byID[id] = no
	if len(r.ids) > maxRefused {
		delete(r.byID, r.ids[0])
		r.ids = slices.Delete(r.ids, 0, 1)
	}
}

// remember keeps a refusal of the rules, for whoever asks again, and notes it.
func (a *actor) remember(o operation, err error) {
	var refusal *meeting.Refusal
	var said protocol.Error
	if !errors.As(err, &refusal) && !errors.As(err, &said) || said.Code == protocol.CodeInternal {
		return // nobody decided: it may be asked again
	}
	a.noteRefusal(o.who, err)
	if said == errOtherRequest {
		return // the id is the other request's
	}
	if o.id != "" && !(o.patient && tooEarly(err)) {
		a.refused.add(o.id, refused{err, o.asked, a.number()})
	}
}

// mostCommits is with how many changes that wait for the store people's requests
// are refused. The end, and those who come in, are not.
const mostCommits = 512

var errManyChanges = protocol.Error{Code: protocol.CodeUnavailable, Message: "so many changes wait to be saved that this one could not be taken; try again in a moment"}

// ask carries out what a person asks in the running session, and answers.
func (a *actor) ask(r request, p *person, m protocol.ClientMessage, why protocol.LeftReason, change func(store.Record) (store.Record, store.Op, error)) {
	if r.id == "" {
		a.refuse(r, protocol.Error{Code: protocol.CodeBadRequest, Message: "give the request an id, so that it can be asked again"})
		return
	}
	if len(a.commits) >= mostCommits {
		a.refuse(r, errManyChanges)
		return
	}
	o := operation{doing: doing{who: p.who(), at: r.now, why: why}, id: room.OpID(p.sub, r.id)}
	o.asked = room.Asked(protocol.ClientFrame{ID: r.id, Message: m}.Encode())
	o.who.Op = r.id
	o.change = func(rec store.Record) (store.Record, store.Op, error) {
		if rec.Session == nil {
			return rec, store.Op{}, errNoSession
		}
		return change(rec)
	}
	a.once(o, func(op store.Op, err error) {
		if err != nil {
			a.refuse(r, err)
			return
		}
		a.ok(r, protocol.OK{Grant: op.Grant})
	})
}

// errNoSession cannot happen to somebody who is in the room.
var errNoSession = errors.New("rooms: no session")
