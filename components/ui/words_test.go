package ui_test

import (
	"strings"
	"testing"
	"time"

	"overtime/components/ui"
	"overtime/internal/client"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

var now = time.Date(2026, 11, 23, 15, 0, 0, 0, time.Local)

// codes are all that can keep a tab out of a meeting; refusals also those of
// what a person asked for in it.
var (
	codes = append(protocol.Codes(), client.TroubleIncomplete, client.TroubleOffline, client.TroubleTimeUp, client.TroubleNoSocket,
		client.TroubleAddress, client.TroubleProxy, client.TroubleBlocked)
	refusals = append(codes, client.TroubleUnanswered, client.TroubleCopy)
)

func TestEveryCodeHasAClosingSentence(t *testing.T) {
	unknown := ui.Closed(client.Trouble{Code: "no such code"}, ui.Moment{Now: now, Minute: time.Minute})
	for _, code := range codes {
		c := ui.Closed(client.Trouble{Code: code}, ui.Moment{Now: now, Minute: time.Minute})
		if c == unknown || c.Title == "" || !sentence(c.Text) {
			t.Errorf("%s: %+v says nothing of its own", code, c)
		}
		if strings.Contains(c.Text, string(code)) && strings.Contains(string(code), "_") {
			t.Errorf("%s: the code itself is shown: %q", code, c.Text)
		}
	}
}

func TestEveryCodeHasARefusalSentence(t *testing.T) {
	unknown := ui.Refusal(client.Trouble{Code: "no such code"}, ui.Moment{Now: now, Minute: time.Minute})
	for _, code := range refusals {
		got := ui.Refusal(client.Trouble{Code: code, By: "Asha", Minutes: 15, EndsAt: now, OpensAt: now}, ui.Moment{Now: now, Minute: time.Minute})
		if got == unknown || !sentence(got) {
			t.Errorf("%s: %q says nothing of its own", code, got)
		}
	}
}

func TestRefusalNamesWhoWon(t *testing.T) {
	got := ui.Refusal(client.Trouble{Code: protocol.CodeAlreadyExtended, By: "Asha", Minutes: 15, EndsAt: now}, ui.Moment{Now: now, Minute: time.Minute})
	if want := "Asha extended by 15 minutes just before you. The meeting now ends at 15:00."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestEveryReasonHasItsWords(t *testing.T) {
	seen := map[string]bool{}
	for _, reason := range []meeting.Reason{meeting.ReasonExpired, meeting.ReasonEndedByModerator, meeting.ReasonEndedByAPI, ""} {
		title, text := ui.Ended(protocol.Ending{Reason: reason, At: now, By: "Asha"}, ui.Moment{Now: now, Minute: time.Minute})
		if title == "" || !sentence(text) || !strings.Contains(text, "15:00") || seen[title] {
			t.Errorf("%q: %q, %q", reason, title, text)
		}
		seen[title] = true
	}
}

func TestEveryDeviceTroubleHasItsSentence(t *testing.T) {
	seen := map[string]bool{}
	for _, kind := range []client.DeviceKind{client.MicrophoneDevice, client.CameraDevice} {
		if got := ui.Device(nil, kind, client.DeviceFine); got != "" {
			t.Errorf("%s: nothing is the matter, but it says %q", kind, got)
		}
		for _, trouble := range []client.DeviceTrouble{client.DeviceRefused, client.DeviceBarred, client.DeviceAbsent, client.DeviceBusy,
			client.DeviceInsecure, client.DeviceMuted, client.DeviceUnsent, client.DeviceFailed} {
			got := ui.Device(nil, kind, trouble)
			if !sentence(got) || seen[got] {
				t.Errorf("%s %s: %q", kind, trouble, got)
			}
			seen[got] = true
		}
	}
}

func TestEveryToastHasItsWords(t *testing.T) {
	for toast, want := range map[client.Toast]string{
		{Kind: client.ToastExtended, By: "Asha", Minutes: 15, EndsAt: now}:                              "Asha extended by 15 minutes, now ends at 15:00",
		{Kind: client.ToastExtended, Minutes: 10, EndsAt: now}:                                          "The service that arranged it extended by 10 minutes, now ends at 15:00",
		{Kind: client.ToastRefused, Trouble: client.Trouble{Code: protocol.CodeNoTimeLeft}}:             "The room is booked afterwards, so this meeting cannot be longer.",
		{Kind: client.ToastRefused, Trouble: client.Trouble{Code: protocol.CodeNoWindow, OpensAt: now}}: "The meeting cannot be extended yet. It can from 15:00 on.",
		{Kind: client.ToastJoined, By: "Noor"}:                                                          "Noor joined",
		{Kind: client.ToastLeft, By: "Noor"}:                                                            "Noor left",
		{Kind: client.ToastRemoved, By: "Noor"}:                                                         "Noor was removed",
		{Kind: client.ToastLocked}:                                                                      "The meeting is locked: nobody new can come in",
		{Kind: client.ToastUnlocked}:                                                                    "The meeting is open again: people can come in",
		{Kind: client.ToastBooked, EndsAt: now}:                                                         "This room is booked until 15:00",
		{Kind: client.ToastBooked}:                                                                      "Nothing is booked after this meeting any more",
		{Kind: client.ToastRenewed}:                                                                     "There is a new guests’ link. Earlier ones no longer work.",
		{Kind: client.ToastBack}:                                                                        "You are connected again",
		{Kind: client.ToastCopied}:                                                                      "The guests’ link is copied",
	} {
		if got := ui.Toast(toast, ui.Moment{Now: now, Minute: time.Minute}); got != want {
			t.Errorf("%s: got %q, want %q", toast.Kind, got, want)
		}
	}
}

func TestNotCreatedSaysWhatToDo(t *testing.T) {
	for _, code := range append(codes, "") {
		if got := ui.NotCreated(nil, code); !sentence(got) {
			t.Errorf("%s: %q", code, got)
		}
	}
}

// sentence reports whether text is one: a capital first, a full stop last.
func sentence(text string) bool {
	return text != "" && strings.ToUpper(text[:1]) == text[:1] && strings.HasSuffix(text, ".")
}

func TestEveryMediaTroubleHasItsWords(t *testing.T) {
	seen := map[string]bool{"": true}
	if got := ui.Media(nil, client.MediaFine); got != "" {
		t.Errorf("nothing is the matter, but it says %q", got)
	}
	for _, trouble := range []client.MediaTrouble{client.MediaInterrupted, client.MediaBlocked, client.MediaMissing} {
		got := ui.Media(nil, trouble)
		if seen[got] {
			t.Errorf("%s: %q", trouble, got)
		}
		seen[got] = true
	}
}
