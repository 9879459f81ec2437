package rooms

import (
	"encoding/json"
	"fmt"
	"time"

	"overtime/internal/control"
	"overtime/internal/event"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
	"overtime/internal/store"
)

// news is what portals are told of an event. Which fields there are depends on
// its kind; docs/api.md lists them.
type news struct {
	RoomID     string `json:"room_id"`
	ExternalID string `json:"external_id,omitempty"`
	RoomName   string `json:"room_name,omitempty"`
	Session    int    `json:"session,omitempty"` // its number

	StartedAt time.Time `json:"started_at,omitzero"`
	EndsAt    time.Time `json:"ends_at,omitzero"`
	EndedAt   time.Time `json:"ended_at,omitzero"`

	Participant *participant    `json:"participant,omitempty"`
	Was         *participant    `json:"was,omitempty"` // for the audit: before a newer token
	LeftAt      time.Time       `json:"left_at,omitzero"`
	Window      meeting.Window  `json:"window,omitempty"`
	MinutesLeft int             `json:"minutes_left,omitempty"`
	Grantable   *int            `json:"grantable_minutes,omitempty"`
	Extended    int             `json:"extended_minutes,omitempty"`
	By          *control.Person `json:"by,omitempty"`
	Reason      string          `json:"reason,omitempty"`
	Code        protocol.Code   `json:"code,omitempty"` // for the audit: why somebody was refused
	Text        string          `json:"text,omitempty"`
	Ledger      []control.Entry `json:"ledger,omitempty"` // added as it is passed on
	Settings    *meeting.Room   `json:"settings,omitempty"`
}

type participant struct {
	ID       string       `json:"id"`
	Name     string       `json:"name"`
	Role     meeting.Role `json:"role"`
	UserRef  string       `json:"user_ref,omitempty"`
	JoinedAt time.Time    `json:"joined_at"`
}

// doing is whose a change is, and when it was asked for.
type doing struct {
	who event.Who
	at  time.Time
	why protocol.LeftReason // of whoever leaves with it
}

// tellAll is after with every event that made it of before. It is the only
// place where events are made, so a change cannot be without its events, nor
// they without it: both are written at once. An end says goodbye to all.
func tellAll(before, after store.Record, d doing) store.Record {
	known, number := 0, 0
	if before.Session != nil {
		known, number = len(before.Session.Ledger), before.Session.Number
	}
	if s := after.Session; s != nil {
		if s.Number != number {
			known = 0
			before.People = nil // of a session that is over
		}
		for _, e := range s.Ledger[known:] {
			after = after.Tell(storyEvent(after.Room, *s, e, d.who))
		}
		if s.Ending != nil {
			after.People, after.Held, after.Former, after.Left = nil, nil, nil, nil
			before.People = nil
		}
	}
	after = tellPeople(before.People, after, d)
	after = tellKeptOut(before, after, d)
	return tellRoom(before, after, d)
}

// tellKeptOut is for the audit: whoever was removed when they had gone already,
// of whom portals were told then.
func tellKeptOut(before, after store.Record, d doing) store.Record {
	if d.why != protocol.LeftRemoved || len(after.Removed) == len(before.Removed) {
		return after
	}
	for _, f := range before.Former {
		if _, still := after.FormerOf(f.Who()); !still {
			n := about(after.Room, after.Session)
			n.Participant = &participant{ID: f.ID, UserRef: meeting.UserRef(f.Who())}
			after = after.Tell(n.event(event.ParticipantDenied, d.at, d.who))
		}
	}
	return after
}

func tellPeople(before []store.Place, after store.Record, d doing) store.Record {
	for _, p := range before {
		if placeIn(after.People, p.ID) != nil {
			continue
		}
		who := whoIs(p)
		if d.why == protocol.LeftRemoved {
			who = d.who
		}
		n := about(after.Room, after.Session)
		n.Participant, n.LeftAt, n.Reason = participantOf(p), d.at, string(d.why)
		after = after.Tell(n.event(event.ParticipantLeft, d.at, who))
	}
	for _, p := range after.People {
		was := placeIn(before, p.ID)
		who := whoIs(p)
		who.Address = d.who.Address
		n := about(after.Room, after.Session)
		n.Participant = participantOf(p)
		switch {
		case was == nil:
			after = after.Tell(n.event(event.ParticipantJoined, p.JoinedAt, who))
		case was.Role != p.Role || was.Name != p.Name || was.Ticket != p.Ticket:
			n.Was = participantOf(*was)
			after = after.Tell(n.event(event.ParticipantChanged, d.at, who))
		}
	}
	return after
}

// tellRoom is for the audit.
func tellRoom(before, after store.Record, d doing) store.Record {
	kinds := []struct {
		kind event.Kind
		is   bool
	}{
		{event.LinkRenewed, after.Room.Links != before.Room.Links},
		{event.RoomChanged, wireRoom(after.Room) != wireRoom(before.Room) || after.Room.Reusable != before.Room.Reusable},
		{event.RoomDeleted, !after.Deleted.IsZero() && before.Deleted.IsZero()},
	}
	for _, k := range kinds {
		if k.is {
			n := about(after.Room, after.Session)
			n.Settings = &after.Room
			after = after.Tell(n.event(k.kind, d.at, d.who))
		}
	}
	return after
}

// storyEvent is the event of a ledger's entry.
func storyEvent(room meeting.Room, s meeting.Session, e meeting.Entry, who event.Who) event.Event {
	n := about(room, &s)
	n.EndsAt, n.By, n.Window = e.EndsAt, control.PersonOf(e.By), e.Window
	if e.By == (meeting.Person{}) {
		who = event.Who{} // the clock's doing
	}
	switch e.Kind {
	case meeting.EntryStarted:
		n.StartedAt = e.At
		return n.event(event.SessionStarted, e.At, who)
	case meeting.EntryWindowOpened:
		n.MinutesLeft = e.Minutes
		if notice, ok := s.NoticeAt(room, e.At); ok {
			n.Grantable = &notice.Grantable
		}
		return n.event(event.WindowOpened, e.At, who)
	case meeting.EntryExtended:
		n.Extended = e.Minutes
		return n.event(event.SessionExtended, e.At, who)
	}
	n.StartedAt, n.EndedAt, n.Reason, n.Text = s.StartedAt, e.At, string(e.Reason), e.Text
	return n.event(event.SessionEnded, e.At, who)
}

// withLedger is a session's end as portals get it.
func withLedger(e event.Event, s meeting.Session) (event.Event, error) {
	var n news
	if err := json.Unmarshal(e.Data, &n); err != nil {
		return e, fmt.Errorf("rooms: an event that does not decode: %w", err)
	}
	n.Ledger = control.SessionOf(s).Ledger
	e.Whole = n.encode()
	return e, nil
}

func (n news) event(kind event.Kind, at time.Time, who event.Who) event.Event {
	return event.Event{Kind: kind, At: at, Who: who, Data: n.encode()}
}

// encode cannot fail: everything in it marshals.
func (n news) encode() json.RawMessage {
	text, err := json.Marshal(n)
	if err != nil {
		panic(fmt.Sprintf("rooms: news does not marshal: %v", err))
	}
	return text
}

// sessionOf is the number of the session that an event is about.
func sessionOf(e event.Event) (int, error) {
	var n news
	if err := json.Unmarshal(e.Data, &n); err != nil {
		return 0, fmt.Errorf("rooms: an event that does not decode: %w", err)
	}
	return n.Session, nil
}

func about(r meeting.Room, s *meeting.Session) news {
	n := news{RoomID: r.ID, ExternalID: r.ExternalID, RoomName: r.Name}
	if s != nil {
		n.Session = s.Number
	}
	return n
}

func participantOf(p store.Place) *participant {
	return &participant{ID: p.ID, Name: p.Name, Role: p.Role, UserRef: meeting.UserRef(p.Sub), JoinedAt: p.JoinedAt}
}

func whoIs(p store.Place) event.Who {
	return event.Who{Sub: p.Sub, Name: p.Name, Role: p.Role, Ticket: p.Ticket}
}

func placeIn(people []store.Place, id string) *store.Place {
	for i := range people {
		if people[i].ID == id {
			return &people[i]
		}
	}
	return nil
}
