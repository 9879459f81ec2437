package room

import (
	"encoding/json"
	"fmt"
	"time"

	"overtime/internal/control"
	"overtime/internal/event"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

// News is what portals are told of an event. Which fields there are depends on
// its kind; docs/api.md lists them.
type News struct {
	RoomID     string `json:"room_id"`
	ExternalID string `json:"external_id,omitempty"`
	RoomName   string `json:"room_name,omitempty"`
	Session    int    `json:"session,omitempty"` // its number

	StartedAt time.Time `json:"started_at,omitzero"`
	EndsAt    time.Time `json:"ends_at,omitzero"`
	EndedAt   time.Time `json:"ended_at,omitzero"`

	Participant *Participant    `json:"participant,omitempty"`
	Was         *Participant    `json:"was,omitempty"` // for the audit: before a newer token
	LeftAt      time.Time       `json:"left_at,omitzero"`
	Window      meeting.Window  `json:"window,omitempty"`
	MinutesLeft int             `json:"minutes_left,omitempty"`
	Grantable   *int            `json:"grantable_minutes,omitempty"`
	Extended    int             `json:"extended_minutes,omitempty"`
	By          *control.Person `json:"by,omitempty"`
	Reason      string          `json:"reason,omitempty"`
	Message     int             `json:"message,omitempty"` // its number
	Chat        *ChatNews       `json:"chat,omitempty"`
	Code        protocol.Code   `json:"code,omitempty"` // for the audit: why somebody was refused
	Text        string          `json:"text,omitempty"`
	Ledger      []control.Entry `json:"ledger,omitempty"` // added as it is passed on
	Settings    *meeting.Room   `json:"settings,omitempty"`
}

// Participant is somebody as portals are told of them.
type Participant struct {
	ID       string       `json:"id"`
	Name     string       `json:"name"`
	Role     meeting.Role `json:"role"`
	UserRef  string       `json:"user_ref,omitempty"`
	JoinedAt time.Time    `json:"joined_at"`
}

// About is the news of a room and its session, so far.
func About(r Record) News {
	n := News{RoomID: r.Room.ID, ExternalID: r.Room.ExternalID, RoomName: r.Room.Name}
	if r.Session != nil {
		n.Session = r.Session.Number
	}
	return n
}

// Event is n as an event of that kind.
func (n News) Event(kind event.Kind, at time.Time, who event.Who) event.Event {
	return event.Event{Kind: kind, At: at, Who: who, Data: n.encode()}
}

// encode cannot fail: everything in it marshals.
func (n News) encode() json.RawMessage {
	text, err := json.Marshal(n)
	if err != nil {
		panic(fmt.Sprintf("room: news does not marshal: %v", err))
	}
	return text
}

// entryNews is the event of an entry of the ledger of r, which is its newest.
func entryNews(r Record, e meeting.Entry, c Cause) event.Event {
	n, s, who := About(r), r.Session, c.Who
	n.EndsAt, n.By, n.Window = e.EndsAt, control.PersonOf(e.By), e.Window
	if e.By == (meeting.Person{}) {
		who = event.Who{} // the clock's doing
	}
	switch e.Kind {
	case meeting.EntryStarted:
		n.StartedAt = e.At
		return n.Event(event.SessionStarted, e.At, who)
	case meeting.EntryWindowOpened:
		n.MinutesLeft = e.Minutes
		if notice, ok := s.NoticeAt(r.Room, e.At); ok {
			n.Grantable = &notice.Grantable
		}
		return n.Event(event.WindowOpened, e.At, who)
	case meeting.EntryExtended:
		n.Extended = e.Minutes
		return n.Event(event.SessionExtended, e.At, who)
	}
	n.StartedAt, n.EndedAt, n.Reason, n.Text = s.StartedAt, e.At, string(e.Reason), e.Text
	return n.Event(event.SessionEnded, e.At, who)
}

func settingsNews(kind event.Kind, r Record, c Cause) event.Event {
	n := About(r)
	n.Settings = &r.Room
	return n.Event(kind, c.At, c.Who)
}

// Refused is for the audit: somebody was refused something.
func Refused(r Record, now time.Time, who event.Who, e protocol.Error) event.Event {
	n := About(r)
	n.Code, n.Text = e.Code, e.Message
	refused := n.Event(event.ParticipantRefused, now, who)
	refused.Room, refused.Epoch = r.Room.ID, r.Epoch
	return refused
}

// WithLedger is a session's end as portals get it.
func WithLedger(e event.Event, s meeting.Session) (event.Event, error) {
	n, err := read(e)
	if err != nil {
		return e, err
	}
	n.Ledger = control.SessionOf(s).Ledger
	e.Whole = n.encode()
	return e, nil
}

// SessionOf is the number of the session that an event is about.
func SessionOf(e event.Event) (int, error) {
	n, err := read(e)
	return n.Session, err
}

func read(e event.Event) (n News, err error) {
	if err := json.Unmarshal(e.Data, &n); err != nil {
		return n, fmt.Errorf("room: an event that does not decode: %w", err)
	}
	return n, nil
}

func participantOf(p Place) *Participant {
	return &Participant{ID: p.ID, Name: p.Name, Role: p.Role, UserRef: meeting.UserRef(p.Sub), JoinedAt: p.JoinedAt}
}

func whoIs(p Place) event.Who {
	return event.Who{Sub: p.Sub, Name: p.Name, Role: p.Role, Ticket: p.Ticket}
}
