package rooms

import (
	"errors"
	"slices"

	"overtime/internal/meeting"
	"overtime/internal/protocol"
	"overtime/internal/room"
)

// once carries an operation out, saves it and gives the outcome to done. One
// that was carried out before is answered the same and changes nothing; another
// request under its id is refused. One that was refused is refused again;
// refusals are this process's memory only: they changed nothing, and whoever was
// answered by an earlier process does not ask again. For the same reason another
// request may have their ids.
func (a *actor) once(c room.Command, ask room.Ask, done func(op room.Op, err error)) {
	id, asked := ask.Op()
	if before, there := a.refused.byID[id]; there && before.asked == asked && (ask.Lasting() || before.session == a.live.state.Number()) {
		done(room.Op{}, before.err)
		return
	}
	var op room.Op
	var refusal error
	a.writer.commit(ask.Cause(c), func(rec room.Record) (facts []room.Kept, err error) {
		refusal = nil
		if facts, op, err = c.Keep(ask, rec); err != nil && room.Shaky(err, rec) {
			refusal = err
			return same(rec) // which shows whether it is
		}
		return facts, err
	}, func(err error) {
		if err == nil {
			err = refusal
		}
		if err != nil {
			op = room.Op{}
			a.remember(ask, err)
		}
		done(op, err)
	})
}

// refused is what an operation was refused for, and in which session.
type refused struct {
	err     error
	asked   string
	session int
}

// maxRefused bounds the refusals that are remembered.
const maxRefused = 256

// refusals are what the newest operations were refused for, by their ids.
type refusals struct {
	byID map[string]refused
	ids  []string // oldest first
}

func (r *refusals) add(id string, refusal refused) {
	if _, there := r.byID[id]; !there {
		r.ids = append(r.ids, id)
	}
	r.byID[id] = refusal
	if len(r.ids) > maxRefused {
		delete(r.byID, r.ids[0])
		r.ids = slices.Delete(r.ids, 0, 1)
	}
}

// remember notes a refusal of the rules for the audit, and keeps it for whoever asks
// again. A portal goes on asking under the same id until the time has come for it,
// so what is only too early is not kept from it then.
func (a *actor) remember(ask room.Ask, err error) {
	var refusal *meeting.Refusal
	var said protocol.Error
	if !errors.As(err, &refusal) && !errors.As(err, &said) || said.Code == protocol.CodeInternal {
		return // nobody decided: it may be asked again
	}
	id, asked := ask.Op()
	if id == "" && !ask.Portal() {
		return // it was refused for want of one, whoever asked: the audit has no use for it
	}
	a.outbox.refused(ask.Who, err)
	if id == "" || room.OtherRequest(err) || ask.Portal() && room.TooEarly(err) {
		return // the id is the other request's, or is asked again
	}
	a.refused.add(id, refused{err, asked, a.live.state.Number()})
}
