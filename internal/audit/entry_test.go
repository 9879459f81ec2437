package audit_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"overtime/internal/audit"
	"overtime/internal/event"
	"overtime/internal/meeting"
)

func TestFromEvent(t *testing.T) {
	who := event.Who{Sub: "p", Name: "Ada", Role: meeting.RoleParticipant, Ticket: "j", Address: "192.0.2.1", Key: "k", Op: "o"}
	e := event.Event{ID: "aaa-7", Kind: event.ParticipantRefused, At: now, Room: "aaa", Data: json.RawMessage(`{"code":"room_full","x":1}`), Who: who, Epoch: 3}
	want := audit.Entry{
		ID: "aaa-7", At: now, Room: "aaa", Kind: event.ParticipantRefused, Who: who, Outcome: audit.Refused, Code: "room_full", Epoch: 3, Data: e.Data,
	}
	if got := audit.FromEvent(e); !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	for kind, want := range map[event.Kind]audit.Outcome{
		event.SessionStarted: "", event.WindowOpened: "", event.SessionEnded: "", event.ParticipantLeft: "", event.WebhookDropped: "",
		event.ParticipantJoined: audit.Granted, event.SessionExtended: audit.Granted, event.RoomCreated: audit.Granted, event.RoomChanged: audit.Granted,
		event.RoomDeleted: audit.Granted, event.LinkRenewed: audit.Granted, event.TokenMade: audit.Granted,
		event.ParticipantDenied: audit.Refused, event.ParticipantRefused: audit.Refused, event.APIRefused: audit.Refused,
	} {
		if got := audit.FromEvent(event.Event{Kind: kind}); got.Outcome != want || got.Code != "" {
			t.Errorf("%s: %+v, want %s", kind, got, want)
		}
	}
	for _, data := range []string{"", "{", "[]", `{"code":7}`, `{"reason":"x"}`} {
		if got := audit.FromEvent(event.Event{Data: json.RawMessage(data)}); got.Code != "" {
			t.Errorf("the code of %q is %q", data, got.Code)
		}
	}
}

// TestFit: however large and strange an entry is, it is kept, within bounds.
func TestFit(t *testing.T) {
	l, f := start(t)
	all := func(text string) audit.Entry {
		return audit.Entry{
			ID: text, Room: text, Kind: event.Kind(text), Outcome: audit.Outcome(text), Code: text,
			Who: event.Who{Sub: text, Name: text, Role: meeting.Role(text), Ticket: text, Address: text, Key: text, Op: text},
		}
	}
	large, escaped := all(strings.Repeat("\U0001f600", 10_000)), all(strings.Repeat("<", 10_000))
	large.Data = json.RawMessage(`"` + strings.Repeat("x", 16<<10) + `"`)
	escaped.Data = json.RawMessage(`"` + strings.Repeat("<", 16<<10-2) + `"`)
	strange := all(" a\x00\u202eb\xff\r\nc ")
	strange.Data = json.RawMessage(`{`)
	mustAppend(t, l, large, escaped, strange)
	stored := mustRead(t, l)
	if got := stored[0]; utf8.RuneCountInString(got.Who.Name) != 256 || got.Who.Name != got.Who.Op || got.Who.Name != got.ID || string(got.Data) != `{"left_out_bytes":16386}` {
		t.Errorf("large is kept as %+v", got)
	}
	if got := stored[1]; got.Who.Name != strings.Repeat("<", 256) || len(got.Data) < 16<<10 {
		t.Errorf("escaped is kept as %+v", got)
	}
	want := all("ab  c")
	want.At, want.Data = now, json.RawMessage(`{"left_out":"not JSON"}`)
	if got := stored[2].Entry; !reflect.DeepEqual(got, want) {
		t.Errorf("strange is kept as %+v", got)
	}
	mustHold(t, l, 3)
	stream, err := f.Stream(t.Context(), "AUDIT")
	if err != nil {
		t.Fatal(err)
	}
	if m, err := stream.GetMsg(t.Context(), 3); err != nil || m.Subject != "audit.-" {
		t.Errorf("filed as %+v, %v", m, err)
	}
}
