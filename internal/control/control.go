// Package control is what a portal may ask of a room's actor, and the answer:
// the words that api and rooms share across the bus. People ask by package
// protocol; the two have the rules in common and nothing else.
//
// It is used by api, which asks, and rooms, which answers. It must not know HTTP
// or how a question travels.
package control

import (
	"time"

	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

// Command is one thing to do. Exactly one of the pointers is set.
type Command struct {
	// Key is the id of the API key that asks, Address the network's, for the
	// audit.
	Key     string `json:"key"`
	Address string `json:"address,omitempty"`
	// ID, if it is not empty, makes a repetition of the command the same
	// operation: it is answered the same and changes nothing. An extension's is
	// good for its session, an end's for the room. Another command under it is
	// refused with CodeConflict.
	ID string `json:"id,omitempty"`

	Extend *Extend           `json:"extend,omitempty"`
	End    *End              `json:"end,omitempty"`
	Change *meeting.Settings `json:"change,omitempty"`
	Remove *Remove           `json:"remove,omitempty"`
	Renew  *Renew            `json:"renew,omitempty"`
	Delete *Delete           `json:"delete,omitempty"`

	LowerHands *LowerHands `json:"lower_hands,omitempty"`
	DeleteChat *DeleteChat `json:"delete_chat,omitempty"`
	List       *List       `json:"list,omitempty"`
}

const (
	// CodeNotStarted refuses what needs a session where none has begun.
	CodeNotStarted protocol.Code = "not_started"
	// CodeConflict refuses an ID that belongs to another command.
	CodeConflict protocol.Code = "conflict"
)

type (
	// Extend answers the window that is open.
	Extend struct {
		Minutes *int      `json:"minutes,omitempty"` // nil: the room's default
		Answers time.Time `json:"answers,omitzero"`  // zero: whichever is open
		By      string    `json:"by,omitempty"`      // a name to show
	}
	// End ends the session for everyone.
	End struct {
		Text string `json:"text,omitempty"`
		By   string `json:"by,omitempty"`
	}
	// Remove takes a person out of the session for good.
	Remove struct {
		Participant string `json:"participant"`
	}
	// LowerHands lowers somebody's hand, or all that are up.
	LowerHands struct {
		Participant string `json:"participant,omitempty"` // empty: everybody
	}
	// Renew makes the guests' links given out so far useless.
	Renew struct{}
	// Delete ends a session that runs and takes the room away.
	Delete struct{}
	// List asks who has a place in the session that runs.
	List struct{}
	// DeleteChat takes the text of a message away for good, whose session may be over.
	DeleteChat struct {
		Session int `json:"session"`
		Number  int `json:"number"`
	}
)

// Answer is what came of a command.
type Answer struct {
	// Error is why nothing was done; the rest is empty then, but for Ending.
	Error *protocol.Error `json:"error,omitempty"`
	// Ending goes with the code over.
	Ending *meeting.Ending `json:"ending,omitempty"`

	Room    meeting.Room     `json:"room,omitzero"`
	Session *meeting.Session `json:"session,omitempty"`
	Grant   *meeting.Grant   `json:"grant,omitempty"`
	People  []Participant    `json:"people,omitempty"` // of a List
	// Ended is the number of the session that an End ended. If it was asked
	// again, Session may be a later one.
	Ended int `json:"ended,omitempty"`
}
