package room

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"slices"
	"time"

	"overtime/internal/event"
	"overtime/internal/meeting"
)

// Record is everything kept of a room while it is of use.
type Record struct {
	Version int `json:"v"`
	// Epoch counts the owners of the room; every word of a lower one is stale.
	Epoch uint64       `json:"epoch"`
	Owner Owner        `json:"owner,omitzero"`
	Room  meeting.Room `json:"room"`
	// Session is the running session, or the last one; nil before the first.
	Session *meeting.Session `json:"session,omitempty"`
	// Removed may not come back to the running session: Subs, and the ids of
	// tickets after a mark of their own.
	Removed []string `json:"removed,omitempty"`
	// Held are the roles that newer tokens gave to people of a portal in the running
	// session. They count more than Lately.Held.
	Held Roles `json:"held,omitempty"`
	// Moved is who was in the session, of a record as versions before kept it.
	Moved
	// Deleted is when the room was taken away; zero: it is there.
	Deleted time.Time `json:"deleted,omitzero"`
	// Swept is when all but this was taken from the record of a room that was over
	// for long; zero: it was not. Only ID, Epoch, Events, Deleted and Swept are left
	// then.
	Swept time.Time `json:"swept,omitzero"`
	// Outbox are the events that have not been passed on yet, oldest first.
	Outbox []event.Event `json:"outbox,omitempty"`
	// Events counts the room's events; the newest has this number.
	Events uint64 `json:"events,omitempty"`
	// Ops are the operations carried out last, oldest first, so that one that is
	// asked again gets the same answer and changes nothing.
	Ops []Op `json:"ops,omitempty"`
	// Write names the change that made this record, so that a writer that was
	// not told what came of its write can find out.
	Write string `json:"write"`
}

// Op is an operation that was carried out.
type Op struct {
	// ID is a digest of whose operation it is and the id that they gave it.
	ID string `json:"id"`
	// Asked is a digest of what was asked, so that another request under the same
	// id is not taken for this one; empty in records of an older server.
	Asked string         `json:"asked,omitempty"`
	Grant *meeting.Grant `json:"grant,omitempty"`
	// Ended is the number of the session that it ended, if it is a portal's end.
	Ended int `json:"ended,omitempty"`
}

// maxOps bounds what is remembered: far more than one person, or a portal, has
// waiting for an answer.
const maxOps = 256

// OpID is the ID of the operation that who calls id. It has one length whatever
// they wrote, for 256 of them are in each record.
func OpID(who, id string) string {
	sum := sha256.Sum256([]byte(who + "\x00" + id))
	return base64.RawURLEncoding.EncodeToString(sum[:12])
}

// Asked is the Op.Asked of a request. It is short for the same reason.
func Asked(request []byte) string {
	sum := sha256.Sum256(request)
	return base64.RawURLEncoding.EncodeToString(sum[:9])
}

// Is reports whether what was asked then is what is asked now.
func (o Op) Is(asked string) bool { return o.Asked == "" || o.Asked == asked }

// Done is the operation of that OpID, if it was carried out lately.
func (r Record) Done(id string) (Op, bool) {
	for _, op := range r.Ops {
		if op.ID == id {
			return op, true
		}
	}
	return Op{}, false
}

// With is r with one more operation carried out.
func (r Record) With(op Op) Record {
	ops := append(slices.Clip(r.Ops), op)
	r.Ops = ops[max(0, len(ops)-maxOps):]
	return r
}

// Begun is r without what belonged to the session before. A portal's end does
// not: asked again, it must not be an end of the next one.
func (r Record) Begun() Record {
	r.Removed, r.Held = nil, nil
	r.Ops = slices.DeleteFunc(slices.Clone(r.Ops), func(op Op) bool { return op.Ended == 0 })
	return r
}

// Tell puts an event into the outbox, numbered and dated.
func (r Record) Tell(e event.Event) Record {
	r.Events++
	e.Room, e.Epoch = r.Room.ID, r.Epoch
	e.ID = fmt.Sprintf("%s-%d", r.Room.ID, r.Events)
	r.Outbox = append(slices.Clip(r.Outbox), e)
	return r
}

// PassedOn is r without the events up to the one numbered upTo.
func (r Record) PassedOn(upTo uint64) Record {
	first := r.Events - uint64(len(r.Outbox)) + 1 // the number of the oldest
	if upTo >= first {
		r.Outbox = r.Outbox[min(int(upTo-first+1), len(r.Outbox)):]
	}
	return r
}

// Owner is the process that runs a room's actor.
type Owner struct {
	Node        string `json:"node"`
	Incarnation string `json:"incarnation"` // new at each start of the node
}
