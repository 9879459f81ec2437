package ui

import (
	"strings"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"overtime/internal/client"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
	"overtime/internal/words"
)

// This file is the one place where codes become sentences. A sentence says
// what is the matter and what to do about it.

// Sentence draws a sentence that has something in it which is drawn in a way of
// its own: each part's slot has its element.
func Sentence(parts []words.Part, slots map[string]app.UI) []app.UI {
	drawn := make([]app.UI, 0, len(parts))
	for _, p := range parts {
		if slot, ok := slots[p.Slot]; ok {
			drawn = append(drawn, slot)
			continue
		}
		drawn = append(drawn, app.Text(p.Text))
	}
	return drawn
}

// Refusal is why something was not done, for a toast.
func Refusal(t client.Trouble, now Moment) string {
	w := now.Words
	switch t.Code {
	case protocol.CodeAlreadyExtended:
		return w.Say("refused.already_extended", words.Text("by", Somebody(w, t.By)),
			words.Count("minutes", t.Minutes), words.Text("time", now.At(t.EndsAt)))
	case protocol.CodeNoWindow:
		if !t.OpensAt.IsZero() {
			return w.Say("refused.no_window_until", words.Text("time", now.At(t.OpensAt)))
		}
		return w.Say("refused.no_window")
	}
	if key, ok := refusals[t.Code]; ok {
		return w.Say(key)
	}
	return Closed(t, now).Text
}

var refusals = map[protocol.Code]words.Key{
	protocol.CodeForbidden:   "refused.forbidden",
	protocol.CodeBadMinutes:  "refused.bad_minutes",
	protocol.CodeNoTimeLeft:  "refused.no_time_left",
	protocol.CodeTooMany:     "refused.too_many",
	protocol.CodeUnavailable: "refused.unavailable",
	protocol.CodeUnknown:     "refused.unknown",
	protocol.CodeManyRemoved: "refused.many_removed",
	client.TroubleUnanswered: "refused.unanswered",
	protocol.CodeInternal:    "refused.internal",
	client.TroubleCopy:       "refused.copy_failed",
	client.TroubleScreen:     "refused.screen_failed",
	client.TroubleOffline:    "refused.offline",
	protocol.CodeBadRequest:  "refused.bad_request",
	protocol.CodeNotFound:    "refused.not_found",
	protocol.CodeRoomFull:    "refused.room_full",
	protocol.CodeLocked:      "refused.locked",
}

// Closing is what a page says about a meeting that this tab cannot be in.
type Closing struct {
	Title, Text string
	Retry       bool // trying again can help
}

// Closed is why this tab cannot be in the meeting.
func Closed(t client.Trouble, now Moment) Closing {
	w := now.Words
	c, ok := closings[t.Code]
	if !ok {
		c = closing{"closed.other.title", "closed.other.text", true}
	}
	told := Closing{w.Say(c.title), w.Say(c.text), c.retry}
	origin, _, meetings := strings.Cut(t.Open, "/r/")
	switch {
	case t.Code == protocol.CodeTooLate && !t.EndsAt.IsZero():
		told.Text = w.Say("closed.too_late.text_until", words.Text("time", now.At(t.EndsAt)))
	case t.Code == client.TroubleAddress && meetings:
		told.Text = w.Say("closed.wrong_address.text_at", words.Text("address", origin))
	case t.Code == protocol.CodeUnknownName && t.Open != "":
		told.Text = w.Say("closed.unknown_name.text_at", words.Text("address", t.Open))
	}
	return told
}

type closing struct {
	title, text words.Key
	retry       bool
}

var closings = map[protocol.Code]closing{
	client.TroubleIncomplete:     {"closed.incomplete_link.title", "closed.incomplete_link.text", false},
	protocol.CodeRemoved:         {"closed.removed.title", "closed.removed.text", false},
	protocol.CodeDenied:          {"closed.denied.title", "closed.denied.text", true},
	protocol.CodeLocked:          {"closed.locked.title", "closed.locked.text", true},
	protocol.CodeNotFound:        {"closed.not_found.title", "closed.not_found.text", true},
	client.TroubleOffline:        {"closed.offline.title", "closed.offline.text", true},
	client.TroubleNoSocket:       {"closed.no_websocket.title", "closed.no_websocket.text", true},
	client.TroubleAddress:        {"closed.wrong_address.title", "closed.wrong_address.text", false},
	client.TroubleProxy:          {"closed.proxy.title", "closed.proxy.text", true},
	protocol.CodeUnknownName:     {"closed.unknown_name.title", "closed.unknown_name.text", true},
	client.TroubleBlocked:        {"closed.blocked.title", "closed.blocked.text", true},
	client.TroubleTimeUp:         {"closed.time_up.title", "closed.time_up.text", true},
	protocol.CodeBadToken:        {"closed.bad_token.title", "closed.bad_token.text", false},
	protocol.CodeExpiredToken:    {"closed.expired_token.title", "closed.expired_token.text", false},
	protocol.CodeRoomFull:        {"closed.room_full.title", "closed.room_full.text", true},
	protocol.CodeReplaced:        {"closed.replaced.title", "closed.replaced.text", true},
	protocol.CodeTooLate:         {"closed.too_late.title", "closed.too_late.text", false},
	protocol.CodeOver:            {"closed.over.title", "closed.over.text", false},
	protocol.CodeTooMany:         {"closed.too_many.title", "closed.too_many.text", true},
	protocol.CodeNetworkFull:     {"closed.network_full.title", "closed.network_full.text", true},
	protocol.CodeUnavailable:     {"closed.unavailable.title", "closed.unavailable.text", true},
	protocol.CodeUnknown:         {"closed.unavailable.title", "closed.unknown.text", true},
	protocol.CodeManyRemoved:     {"closed.many_removed.title", "closed.many_removed.text", false},
	protocol.CodeTooMuchMedia:    {"closed.too_much_media.title", "closed.too_much_media.text", true},
	protocol.CodeInternal:        {"closed.internal.title", "closed.internal.text", true},
	protocol.CodeForbidden:       {"closed.forbidden.title", "closed.forbidden.text", false},
	protocol.CodeBadMessage:      newerProgram,
	protocol.CodeUnknownType:     newerProgram,
	protocol.CodeBadRequest:      newerProgram,
	protocol.CodeBadOffer:        {"closed.bad_offer.title", "closed.bad_offer.text", true},
	protocol.CodeNotJoined:       {"closed.not_joined.title", "closed.not_joined.text", true},
	protocol.CodeAlreadyExtended: {"closed.already_extended.title", "closed.already_extended.text", true},
	protocol.CodeNoWindow:        {"closed.no_window.title", "refused.no_window", true},
	protocol.CodeBadMinutes:      {"closed.bad_minutes.title", "closed.bad_minutes.text", true},
	protocol.CodeChatOff:         {"closed.chat_off.title", "closed.chat_off.text", false},
	protocol.CodeChatFull:        {"closed.chat_full.title", "closed.chat_full.text", false},
	protocol.CodeNoTimeLeft:      {"closed.no_time_left.title", "refused.no_time_left", false},
}

// newerProgram: the server does not understand this page, so one is newer.
var newerProgram = closing{"closed.newer.title", "closed.newer.text", true}

// Ended is the headline and the sentence about a session that ended.
func Ended(e protocol.Ending, now Moment) (title, text string) {
	w := now.Words
	switch e.Reason {
	case meeting.ReasonExpired:
		return w.Say("ended.expired.title"), w.Say("ended.expired.text", words.Text("time", now.At(e.At)))
	case meeting.ReasonEndedByModerator:
		by := e.By
		if by == "" {
			by = w.Say("who.moderator")
		}
		return w.Say("ended.moderator.title"), w.Say("ended.moderator.text", words.Text("by", by), words.Text("time", now.At(e.At)))
	case meeting.ReasonEndedByAPI:
		return w.Say("ended.api.title"), w.Say("ended.api.text", words.Text("by", Somebody(w, e.By)), words.Text("time", now.At(e.At)))
	}
	return w.Say("closed.over.title"), w.Say("ended.other.text", words.Text("time", now.At(e.At)))
}

// Device is what is the matter with a device, empty if nothing.
func Device(w *words.Catalogue, kind client.DeviceKind, t client.DeviceTrouble) string {
	switch t {
	case client.DeviceFine:
		return ""
	case client.DeviceViewer:
		return w.Say("device.viewer")
	}
	of := deviceTroubles[kind]
	if key, ok := of[t]; ok {
		return w.Say(key)
	}
	return w.Say(of[client.DeviceFailed])
}

var deviceTroubles = map[client.DeviceKind]map[client.DeviceTrouble]words.Key{
	client.MicrophoneDevice: {
		client.DeviceRefused:  "microphone.refused",
		client.DeviceBarred:   "microphone.barred",
		client.DeviceAbsent:   "microphone.absent",
		client.DeviceBusy:     "microphone.busy",
		client.DeviceUnsent:   "microphone.unsupported",
		client.DeviceMuted:    "microphone.muted",
		client.DeviceInsecure: "microphone.insecure",
		client.DeviceFailed:   "microphone.failed",
	},
	client.CameraDevice: {
		client.DeviceRefused:  "camera.refused",
		client.DeviceBarred:   "camera.barred",
		client.DeviceAbsent:   "camera.absent",
		client.DeviceBusy:     "camera.busy",
		client.DeviceUnsent:   "camera.unsupported",
		client.DeviceMuted:    "camera.muted",
		client.DeviceInsecure: "camera.insecure",
		client.DeviceFailed:   "camera.failed",
	},
}

// DeviceSwitch is what a press on a device's button does, if it is on or off.
func DeviceSwitch(w *words.Catalogue, kind client.DeviceKind, on bool) string {
	return w.Say("device.switch", words.Text("device", string(kind)), words.Text("on", When(on, "on")))
}

// Media is why there is neither sound nor picture, empty if there is.
func Media(w *words.Catalogue, t client.MediaTrouble) string {
	switch t {
	case client.MediaFine:
		return ""
	case client.MediaBlocked:
		return w.Say("media.blocked")
	case client.MediaMissing:
		return w.Say("media.missing")
	}
	return w.Say("media.interrupted")
}

// NotJoined is why Join did nothing, in the lobby.
func NotJoined(t client.Trouble, now Moment) string {
	switch t.Code {
	case "":
		return ""
	case protocol.CodeBadRequest:
		return now.Words.Say("lobby.bad_name")
	}
	return Refusal(t, now)
}

// Away is why a page tries to get through again and again.
func Away(w *words.Catalogue, t client.Trouble) string {
	if key, ok := aways[t.Code]; ok {
		return w.Say(key)
	}
	return w.Say("away.unavailable")
}

var aways = map[protocol.Code]words.Key{
	"":                       "away.offline",
	client.TroubleBlocked:    "away.blocked",
	protocol.CodeNetworkFull: "away.network_full",
	protocol.CodeTooMany:     "away.too_many",
	protocol.CodeRoomFull:    "away.room_full",
	protocol.CodeInternal:    "away.internal",
}

// NotCreated is why no meeting was made.
func NotCreated(w *words.Catalogue, code protocol.Code) string {
	if key, ok := notCreated[code]; ok {
		return w.Say(key)
	}
	return w.Say("home.failed")
}

var notCreated = map[protocol.Code]words.Key{
	protocol.CodeForbidden:   "home.failed.portal",
	protocol.CodeBadToken:    "home.failed.portal",
	protocol.CodeUnknownName: "home.failed.unknown_name",
	protocol.CodeBadRequest:  "home.failed.bad_request",
	protocol.CodeTooMany:     "home.failed.too_many",
	client.TroubleOffline:    "home.failed.offline",
}

// Toast is a toast in words.
func Toast(t client.Toast, now Moment) string {
	w := now.Words
	switch t.Kind {
	case client.ToastExtended:
		return w.Say("toast.extended", words.Text("by", Somebody(w, t.By)), words.Count("minutes", t.Minutes), words.Text("time", now.At(t.EndsAt)))
	case client.ToastRefused:
		return Refusal(t.Trouble, now)
	case client.ToastJoined:
		return w.Say("toast.joined", words.Text("by", t.By))
	case client.ToastLeft:
		return w.Say("toast.left", words.Text("by", t.By))
	case client.ToastRemoved:
		return w.Say("toast.removed", words.Text("by", t.By))
	case client.ToastLocked:
		return w.Say("toast.locked")
	case client.ToastUnlocked:
		return w.Say("toast.unlocked")
	case client.ToastBooked:
		if t.EndsAt.IsZero() {
			return w.Say("toast.not_booked")
		}
		return w.Say("toast.booked", words.Text("time", now.At(t.EndsAt)))
	case client.ToastRenewed:
		return w.Say("toast.renewed")
	case client.ToastBack:
		return w.Say("toast.back")
	case client.ToastCopied:
		return w.Say("toast.copied")
	}
	return ""
}
