package control

import (
	"time"

	"overtime/internal/meeting"
)

// What a portal sees of a session, in REST and in webhooks alike. It knows
// people by what it calls them itself, never by what this server does.
type (
	// Person is somebody as the ledger names them.
	Person struct {
		Name    string `json:"name,omitempty" doc:"as others read it; empty for what nobody did"`
		UserRef string `json:"user_ref,omitempty" doc:"what the portal called them in their token"`
	}
	// Participant is somebody with a place in a session.
	Participant struct {
		ID         string            `json:"id" doc:"for one stay in the session"`
		Name       string            `json:"name" doc:"as the others read it"`
		Role       meeting.Role      `json:"role" enum:"moderator,participant,viewer" doc:"what they may do"`
		UserRef    string            `json:"user_ref,omitempty" doc:"what the portal called them in their token"`
		JoinedAt   time.Time         `json:"joined_at" doc:"when they came in"`
		Attributes map[string]string `json:"attributes,omitempty" doc:"what they, or a moderator, say of them, by name: hand is when they raised it. Webhooks have none"`
	}
	// Entry is one fact of a session.
	Entry struct {
		Kind    meeting.EntryKind `json:"kind" enum:"started,window_opened,extended,ended" doc:"what happened"`
		At      time.Time         `json:"at" doc:"when it happened"`
		EndsAt  time.Time         `json:"ends_at" doc:"the scheduled end that holds after it"`
		By      *Person           `json:"by,omitempty" doc:"whose doing it was; absent if it was the clock's"`
		Minutes int               `json:"minutes,omitempty" doc:"extended: by how much; window_opened: how many were left"`
		Window  meeting.Window    `json:"window,omitempty" enum:"first,final" doc:"window_opened: which; extended: the one that was answered"`
		Reason  meeting.Reason    `json:"reason,omitempty" enum:"expired,ended_by_moderator,ended_by_api" doc:"ended: why"`
		Text    string            `json:"text,omitempty" doc:"what was said about the end"`
	}
	// Ending is how a session ended.
	Ending struct {
		Reason  meeting.Reason `json:"reason" enum:"expired,ended_by_moderator,ended_by_api" doc:"why"`
		EndedAt time.Time      `json:"ended_at" doc:"when"`
		By      *Person        `json:"by,omitempty" doc:"whose doing it was; absent if the time was up"`
		Text    string         `json:"text,omitempty" doc:"what was said about it"`
	}
	// Session is a session with its ledger.
	Session struct {
		Number    int       `json:"number" doc:"1 for a room's first"`
		StartedAt time.Time `json:"started_at" doc:"when the first person came in"`
		EndsAt    time.Time `json:"ends_at" doc:"scheduled"`
		Ending    *Ending   `json:"ending,omitempty" doc:"absent while it runs"`
		Ledger    []Entry   `json:"ledger" nullable:"false" doc:"what happened, in order"`
	}
)

// PersonOf is p for a portal; nil is nobody.
func PersonOf(p meeting.Person) *Person {
	out := Person{Name: p.Name, UserRef: meeting.UserRef(p.Sub)}
	if out == (Person{}) {
		return nil
	}
	return &out
}

// EntryOf is e for a portal.
func EntryOf(e meeting.Entry) Entry {
	return Entry{
		Kind: e.Kind, At: e.At, EndsAt: e.EndsAt, By: PersonOf(e.By),
		Minutes: e.Minutes, Window: e.Window, Reason: e.Reason, Text: e.Text,
	}
}

// EndingOf is e for a portal.
func EndingOf(e *meeting.Ending) *Ending {
	if e == nil {
		return nil
	}
	return &Ending{Reason: e.Reason, EndedAt: e.At, By: PersonOf(e.By), Text: e.Text}
}

// SessionOf is s for a portal.
func SessionOf(s meeting.Session) Session {
	out := Session{
		Number: s.Number, StartedAt: s.StartedAt, EndsAt: s.EndsAt,
		Ending: EndingOf(s.Ending), Ledger: make([]Entry, len(s.Ledger)),
	}
	for i, e := range s.Ledger {
		out.Ledger[i] = EntryOf(e)
	}
	return out
}
