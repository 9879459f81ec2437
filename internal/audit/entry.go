package audit

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"overtime/internal/event"
	"overtime/internal/meeting"
)

const (
	// maxText bounds each text of an entry, in characters.
	maxText = 256
	// maxData bounds an entry's data, in bytes.
	maxData = 16 << 10
)

// Outcome is what came of something that was asked for.
type Outcome string

const (
	Granted Outcome = "granted"
	Refused Outcome = "refused"
)

// Dropped is the kind of an entry that says how many others are missing.
const Dropped event.Kind = "audit.dropped"

// Entry is one thing that happened.
type Entry struct {
	// ID is the same however often the entry is appended, so that it is kept
	// once; empty if nobody appends it again.
	ID      string          `json:"id,omitempty" doc:"the event's: the same in webhooks"`
	At      time.Time       `json:"at" doc:"when it happened"` // zero: when it is appended
	Room    string          `json:"room,omitempty" doc:"the id of the room that it is about"`
	Kind    event.Kind      `json:"kind" doc:"what happened, such as session.extended"`
	Who     event.Who       `json:"who,omitzero" doc:"whose doing it was, as far as it is known"`
	Outcome Outcome         `json:"outcome,omitempty" doc:"granted or refused; absent for what nobody asked for"`
	Code    string          `json:"code,omitempty" doc:"why it was refused"`
	Epoch   uint64          `json:"epoch,omitempty" doc:"which owner of the room said so"`
	Data    json.RawMessage `json:"data,omitempty" doc:"the facts, as webhooks have them"`
}

// FromEvent is the entry of an event. Its code is the one in the event's data.
func FromEvent(e event.Event) Entry {
	return Entry{
		ID: e.ID, At: e.At, Room: e.Room, Kind: e.Kind, Who: e.Who, Outcome: outcomeOf(e.Kind), Code: codeIn(e.Data),
		Epoch: e.Epoch, Data: e.Data,
	}
}

func outcomeOf(k event.Kind) Outcome {
	switch k {
	case event.ParticipantDenied, event.ParticipantRefused, event.APIRefused:
		return Refused
	case event.SessionStarted, event.WindowOpened, event.SessionEnded, event.ParticipantLeft, event.WebhookDropped,
		event.RoomSwept, event.SessionSwept, event.ChatSwept:
		return "" // these happen, whoever asked
	}
	return Granted
}

func codeIn(data json.RawMessage) string {
	var said struct {
		Code string `json:"code"`
	}
	if json.Unmarshal(data, &said) != nil {
		return "" // most events have none
	}
	return said.Code
}

// fit is e as it can be kept: nothing in it is larger than it may be, nor hides
// anything from whoever reads it. It is never an error to be too large, or those
// who make what is could do so unseen.
func (e Entry) fit(now time.Time) Entry {
	if e.At.IsZero() {
		e.At = now
	}
	e.At = e.At.UTC().Truncate(time.Millisecond)
	for _, text := range []*string{
		&e.ID, &e.Room, (*string)(&e.Kind), (*string)(&e.Outcome), &e.Code,
		&e.Who.Sub, &e.Who.Name, (*string)(&e.Who.Role), &e.Who.Ticket, &e.Who.Address, &e.Who.Key, &e.Who.Op,
	} {
		*text = short(*text)
	}
	switch {
	case len(e.Data) > maxData:
		e.Data = json.RawMessage(fmt.Sprintf(`{"left_out_bytes":%d}`, len(e.Data)))
	case len(e.Data) > 0 && !json.Valid(e.Data):
		e.Data = json.RawMessage(`{"left_out":"not JSON"}`)
	}
	return e
}

// short is a text without what cannot be seen, and no longer than it may be.
func short(text string) string {
	const widest = 4 // bytes of a character
	text = meeting.Clean(text[:min(len(text), widest*maxText)])
	if runes := []rune(text); len(runes) > maxText {
		return strings.TrimSpace(string(runes[:maxText]))
	}
	return text
}

// noRoom stands in subjects for what is of no room, or of one that no room can
// be named; that is in the entry.
const noRoom = "-"

// subjectFor is where an entry is filed.
func subjectFor(e Entry) string {
	if e.Kind == Anchored {
		return anchorSubject
	}
	return subjectOf(e.Room)
}

// subjectOf is the subject of a room's entries.
func subjectOf(room string) string {
	if room == "" || strings.ContainsAny(room, " .*>@") {
		room = noRoom
	}
	return "audit." + room
}
