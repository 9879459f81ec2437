package event_test

import (
	"encoding/json"
	"reflect"
	"slices"
	"testing"
	"time"

	"overtime/internal/event"
	"overtime/internal/meeting"
)

// TestHook: what portals are told is exactly this; all else is for the audit.
func TestHook(t *testing.T) {
	for kind, want := range map[event.Kind]bool{
		event.SessionStarted: true, event.ParticipantJoined: true, event.ParticipantLeft: true,
		event.WindowOpened: true, event.SessionExtended: true, event.SessionEnded: true,

		event.RoomCreated: false, event.RoomChanged: false, event.RoomDeleted: false, event.LinkRenewed: false,
		event.ParticipantChanged: false,
		event.ParticipantDenied:  false, event.ParticipantRefused: false, event.TokenMade: false,
		event.APIRefused: false, event.WebhookDropped: false, event.RoomSwept: false, event.SessionSwept: false, event.ChatSwept: false, event.ChatDeleted: false, "something.else": false,
	} {
		if kind.Hook() != want {
			t.Errorf("%s: %v, want %v", kind, kind.Hook(), want)
		}
	}
}

// TestOptional: what portals have to ask for is exactly this.
func TestOptional(t *testing.T) {
	want := []event.Kind{"participant.hand_raised", "participant.hand_lowered", "screen.shared", "screen.stopped", "chat.message"}
	if got := event.Optional(); !slices.Equal(got, want) {
		t.Errorf("they are %q", got)
	}
	for _, kind := range want {
		if !kind.Optional() || kind.Hook() {
			t.Errorf("%s is not optional, or told unasked", kind)
		}
	}
	if event.ParticipantJoined.Optional() {
		t.Error("portals have to ask for who joined")
	}
}

// TestGolden: events are kept in streams that outlive this version.
func TestGolden(t *testing.T) {
	at := time.Date(2026, 3, 4, 9, 0, 0, 5e8, time.UTC)
	for golden, e := range map[string]event.Event{
		`{"id":"aaa-7","type":"session.extended","at":"2026-03-04T09:00:00.5Z","room":"aaa","data":{"extended_minutes":15},` +
			`"who":{"sub":"p","name":"Ada","role":"moderator","ticket":"j","address":"192.0.2.1","key":"k","op":"o"},"epoch":3}`: {
			ID: "aaa-7", Kind: event.SessionExtended, At: at, Room: "aaa", Data: json.RawMessage(`{"extended_minutes":15}`), Epoch: 3,
			Who: event.Who{Sub: "p", Name: "Ada", Role: meeting.RoleModerator, Ticket: "j", Address: "192.0.2.1", Key: "k", Op: "o"},
		},
		`{"id":"aaa-8","type":"window.opened","at":"2026-03-04T09:00:00.5Z","room":"aaa"}`: {ID: "aaa-8", Kind: event.WindowOpened, At: at, Room: "aaa"},
	} {
		text, err := json.Marshal(e)
		if err != nil || string(text) != golden {
			t.Errorf("written as %s, %v; want %s", text, err, golden)
		}
		var read event.Event
		if err := json.Unmarshal([]byte(golden), &read); err != nil || !reflect.DeepEqual(read, e) {
			t.Errorf("read as %+v, %v", read, err)
		}
	}
}
