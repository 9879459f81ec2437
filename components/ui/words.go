package ui

import (
	"fmt"
	"strings"

	"overtime/internal/client"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

// This file is the one place where codes become sentences. A sentence says
// what is the matter and what to do about it.

// Refusal is why something was not done, for a toast.
func Refusal(t client.Trouble, now Moment) string {
	switch t.Code {
	case protocol.CodeAlreadyExtended:
		return fmt.Sprintf("%s extended by %s just before you. The meeting now ends at %s.",
			Somebody(t.By), Minutes(t.Minutes), now.At(t.EndsAt))
	case protocol.CodeNoWindow:
		if !t.OpensAt.IsZero() {
			return fmt.Sprintf("The meeting cannot be extended yet. It can from %s on.", now.At(t.OpensAt))
		}
		return "The meeting cannot be extended yet. You will be told when it can."
	}
	if s, ok := refusals[t.Code]; ok {
		return s
	}
	return Closed(t, now).Text
}

var refusals = map[protocol.Code]string{
	protocol.CodeForbidden:   "You are not allowed to do that. Ask a moderator.",
	protocol.CodeBadMinutes:  "An extension is 10 to 30 minutes. Choose one of the lengths offered.",
	protocol.CodeNoTimeLeft:  "The room is booked afterwards, so this meeting cannot be longer.",
	protocol.CodeTooMany:     "That was too much at once. Wait a moment, then try again.",
	protocol.CodeUnavailable: "The server could not do that just now. Try again in a moment.",
	protocol.CodeUnknown:     "The server does not know whether that was done. See whether it was, then try again.",
	protocol.CodeManyRemoved: "So many people were removed that no more can be. Lock the meeting instead.",
	client.TroubleUnanswered: "No answer came, so it may have been done or not. See which, then try again.",
	protocol.CodeInternal:    "The server made a mistake. Try again.",
	client.TroubleCopy:       "The browser did not allow copying. Allow the clipboard for this page, then try again.",
	client.TroubleOffline:    "The server cannot be reached, so that was not done. Try again once you are connected.",
	protocol.CodeBadRequest:  "The server did not accept that. Reload the page if it happens again.",
	protocol.CodeNotFound:    "That person is no longer there.",
	protocol.CodeRoomFull:    "There is no room at the moment. This page goes on trying, and lets you in as soon as there is.",
	protocol.CodeLocked:      "The meeting is locked. Ask a moderator to let people in again, then join.",
}

// Closing is what a page says about a meeting that this tab cannot be in.
type Closing struct {
	Title, Text string
	Retry       bool // trying again can help
}

// Closed is why this tab cannot be in the meeting.
func Closed(t client.Trouble, now Moment) Closing {
	if t.Code == protocol.CodeTooLate && !t.EndsAt.IsZero() {
		return Closing{Title: "This room's time has passed",
			Text: fmt.Sprintf("It was booked until %s. Ask for a new meeting.", now.At(t.EndsAt))}
	}
	if origin, _, ok := strings.Cut(t.Open, "/r/"); ok && t.Code == client.TroubleAddress {
		return Closing{Title: closings[t.Code].Title,
			Text: fmt.Sprintf("People reach this server at %s, and at no other address. Open the meeting there.", origin)}
	}
	if t.Code == protocol.CodeUnknownName && t.Open != "" {
		return Closing{Title: closings[t.Code].Title, Retry: true,
			Text: fmt.Sprintf("The server was not told that people reach it at %s, and anybody could have a name of theirs lead there. Tell whoever runs it to start it with --public-url %s.", t.Open, t.Open)}
	}
	if c, ok := closings[t.Code]; ok {
		return c
	}
	return Closing{"Something went wrong", "The meeting could not be opened. Try again.", true}
}

var closings = map[protocol.Code]Closing{
	client.TroubleIncomplete: {"This link is incomplete",
		"The part after the # is missing. Open the link you were sent, whole; a copied address bar does not have it.", false},
	protocol.CodeRemoved: {"You were removed",
		"You cannot come back to this meeting. If you think it was a mistake, speak to whoever invited you.", false},
	protocol.CodeDenied: {"You were not let in",
		"A moderator turned you away for now. If they expect you, tell them, then ask again.", true},
	protocol.CodeLocked: {"The meeting is locked",
		"Nobody new is let in at the moment. Ask a moderator to open it again, then try again.", true},
	protocol.CodeNotFound: {"There is nobody by that name",
		"Whoever it was about is no longer there.", true},
	client.TroubleOffline: {"The server cannot be reached",
		"Check your connection, then try again. Your place in the meeting is kept for a while.", true},
	client.TroubleNoSocket: {"This browser cannot connect",
		"It has no WebSockets, or a setting or an extension turns them off. Turn them on for this page, or open the link in another browser.", true},
	client.TroubleAddress: {"The meeting is at another address",
		"People reach this server at its own address, and at no other. Open the meeting there.", false},
	client.TroubleProxy: {"This address is not set up for meetings",
		"The page arrives, but the meeting cannot: a proxy in front of the server leaves out what it needs. Tell whoever runs this server: the proxy has to keep the Host header and pass WebSockets on.", true},
	protocol.CodeUnknownName: {"The server does not know this address",
		"The server was not told that people reach it by this name, and anybody could have a name of theirs lead there. Tell whoever runs it to start it with --public-url and this page’s address.", true},
	client.TroubleBlocked: {"The meeting does not get through",
		"Pages of this server arrive, but no WebSockets: a proxy, a firewall or a VPN blocks them. Try another network, or without the VPN; tell whoever runs this server if it stays.", true},
	client.TroubleTimeUp: {"Time is up",
		"The meeting's scheduled end has passed and the server cannot be reached. If it was extended, you can still come back.", true},
	protocol.CodeBadToken: {"This link does not work",
		"It is damaged, was replaced by a new one, or is for something else. Copy it again, whole, or ask for a new link.", false},
	protocol.CodeExpiredToken: {"This link no longer works",
		"Its time has passed, or it was replaced by a new one. Ask whoever invited you for the new link.", false},
	protocol.CodeRoomFull: {"The meeting is full",
		"As many people are inside as the room takes. Try again when somebody has left.", true},
	protocol.CodeReplaced: {"You joined somewhere else",
		"You are in this meeting in another tab or on another device. Come back here to take your place over.", true},
	protocol.CodeTooLate: {"This room's time has passed",
		"It was booked until a time that has passed. Ask for a new meeting.", false},
	protocol.CodeOver: {"The meeting is over",
		"It has ended for everyone.", false},
	protocol.CodeTooMany: {"Too many tries",
		"The server asks you to slow down. Wait a minute, then try again.", true},
	protocol.CodeNetworkFull: {"Too many from your network",
		"As many people of your network are inside as this server takes from one. Try again when one of them has left, or from another network; whoever runs the server can allow more.", true},
	protocol.CodeUnavailable: {"The server is busy",
		"It cannot let you in just now. Try again in a moment.", true},
	protocol.CodeUnknown: {"The server is busy",
		"It does not know whether you are inside. Try again in a moment.", true},
	protocol.CodeManyRemoved: {"Too many were removed",
		"Nobody more can be removed from this meeting. Lock it instead.", false},
	protocol.CodeTooMuchMedia: {"You were disconnected",
		"Your browser went on sending more sound or pictures than a meeting takes. Try again; if it happens again, use another browser or device.", true},
	protocol.CodeInternal: {"The server made a mistake",
		"It is not your fault. Try again; tell whoever runs this service if it stays.", true},
	protocol.CodeForbidden: {"You may not enter",
		"Your link does not allow that. Ask whoever invited you for another one.", false},
	protocol.CodeBadMessage:      newerProgram,
	protocol.CodeUnknownType:     newerProgram,
	protocol.CodeBadRequest:      newerProgram,
	protocol.CodeBadOffer:        {"Your browser's pictures and sound do not fit", "The server cannot use what this browser offers. Update the browser, or use another one.", true},
	protocol.CodeNotJoined:       {"You are not in the meeting", "Your place was given up. Join again.", true},
	protocol.CodeAlreadyExtended: {"Already extended", "Somebody was faster; there is nothing left to do.", true},
	protocol.CodeNoWindow:        {"Not yet", "The meeting cannot be extended yet. You will be told when it can.", true},
	protocol.CodeBadMinutes:      {"Not that long", "An extension is 10 to 30 minutes.", true},
	protocol.CodeChatOff:         {"There is no chat here", "Nobody writes in this room.", false},
	protocol.CodeChatFull:        {"The chat is full", "No more can be written in this meeting. What was written stays.", false},
	protocol.CodeNoTimeLeft:      {"No time left", "The room is booked afterwards, so this meeting cannot be longer.", false},
}

// newerProgram: the server does not understand this page, so one is newer.
var newerProgram = Closing{"This page is out of date",
	"It and the server do not understand each other. Reload the page, then try again.", true}

// Ended is the headline and the sentence about a session that ended.
func Ended(e protocol.Ending, now Moment) (title, text string) {
	at := now.At(e.At)
	switch e.Reason {
	case meeting.ReasonExpired:
		return "Time is up", fmt.Sprintf("The meeting reached its scheduled end at %s.", at)
	case meeting.ReasonEndedByModerator:
		by := e.By
		if by == "" {
			by = "A moderator"
		}
		return "The meeting was ended", fmt.Sprintf("%s ended it for everyone at %s.", by, at)
	case meeting.ReasonEndedByAPI:
		return "The meeting was closed", fmt.Sprintf("%s closed it at %s.", Somebody(e.By), at)
	}
	return "The meeting is over", fmt.Sprintf("It ended at %s.", at)
}

// Device is what is the matter with a device, empty if nothing.
func Device(kind client.DeviceKind, t client.DeviceTrouble) string {
	mic := kind == client.MicrophoneDevice
	switch t {
	case client.DeviceFine:
		return ""
	case client.DeviceViewer:
		return "You are here as a viewer: you hear and see everyone, and nobody hears or sees you."
	case client.DeviceRefused:
		if mic {
			return "The microphone is not allowed. Allow it in the address bar, or join without: you will hear everyone."
		}
		return "The camera is not allowed. Allow it in the address bar, or join without: you will see everyone."
	case client.DeviceBarred:
		if mic {
			return "The page around this meeting does not let it use the microphone. Whoever makes that page has to add microphone to the frame’s allow list."
		}
		return "The page around this meeting does not let it use the camera. Whoever makes that page has to add camera to the frame’s allow list."
	case client.DeviceAbsent:
		if mic {
			return "No microphone was found. Plug one in, or join and listen."
		}
		return "No camera was found. Plug one in, or join without a picture."
	case client.DeviceBusy:
		if mic {
			return "Another program is using the microphone. Close it and turn the microphone on again."
		}
		return "Another program is using the camera. Close it and turn the camera on again."
	case client.DeviceUnsent:
		if mic {
			return "Without WebRTC this browser carries no sound: you will neither hear anybody nor be heard. Turn WebRTC on for this page, or open the link in another browser."
		}
		return "Without WebRTC this browser carries no pictures: you will neither see anybody nor be seen. Turn WebRTC on for this page, or open the link in another browser."
	case client.DeviceMuted:
		if mic {
			return "Nobody hears you: the system or the browser has muted this microphone. Unmute it there, or turn it on again here."
		}
		return "Nobody sees you: the system or the browser keeps this camera dark. Open it there, or turn it on again here."
	case client.DeviceInsecure:
		if mic {
			return "Browsers allow microphones on secure pages only. Open this page by https to be heard."
		}
		return "Browsers allow cameras on secure pages only. Open this page by https to be seen."
	}
	if mic {
		return "The microphone could not be started. Choose another one, or turn it off and on again."
	}
	return "The camera could not be started. Choose another one, or turn it off and on again."
}

// Media is why there is neither sound nor picture, empty if there is.
func Media(t client.MediaTrouble) string {
	switch t {
	case client.MediaFine:
		return ""
	case client.MediaBlocked:
		return "Sound and pictures do not get through, though the server does: this network, a firewall or a VPN blocks them. Try another network, or without the VPN; tell whoever runs this server if it stays."
	case client.MediaMissing:
		return "This browser has no WebRTC, or it is turned off, so there is neither sound nor picture. Turn it on for this page, or open the link in another browser."
	}
	return "Sound and pictures are interrupted. Reconnecting…"
}

// NotJoined is why Join did nothing, in the lobby.
func NotJoined(t client.Trouble, now Moment) string {
	switch t.Code {
	case "":
		return ""
	case protocol.CodeBadRequest:
		return "The server did not accept this name. Change it, then join again."
	}
	return Refusal(t, now)
}

// Away is why a page tries to get through again and again.
func Away(t client.Trouble) string {
	switch t.Code {
	case "":
		return "The server cannot be reached. Trying again…"
	case client.TroubleBlocked:
		return "The page gets through, but the meeting does not: a proxy, a firewall or a VPN blocks WebSockets. Try another network, or without the VPN; tell whoever runs this server if it stays. Trying again…"
	case protocol.CodeNetworkFull:
		return "As many people of your network are inside as this server takes from one. You come in when one of them leaves, or by another network; whoever runs the server can allow more. Trying again…"
	case protocol.CodeTooMany:
		return "Too many are coming in at once. Trying again…"
	case protocol.CodeRoomFull:
		return "The meeting is full. Trying again until there is room…"
	case protocol.CodeInternal:
		return "The server made a mistake; tell whoever runs this service if it stays. Trying again…"
	}
	return "The server is there, but can let nobody in just now; tell whoever runs it if that stays. Trying again…"
}

// NotCreated is why no meeting was made.
func NotCreated(code protocol.Code) string {
	switch code {
	case protocol.CodeForbidden, protocol.CodeBadToken:
		return "On this server, meetings are made by its portal only. Ask whoever runs it for a link."
	case protocol.CodeUnknownName:
		return "The server was not told that people reach it by this name. Tell whoever runs it to start it with --public-url and this page’s address; then try again."
	case protocol.CodeBadRequest:
		return "The server did not accept that name or length. Change them and try again."
	case protocol.CodeTooMany:
		return "Too many meetings were made at once. Wait a minute, then try again."
	case client.TroubleOffline:
		return "The server cannot be reached. Check your connection and try again."
	}
	return "The server could not make the meeting. Try again in a moment."
}

// Toast is a toast in words.
func Toast(t client.Toast, now Moment) string {
	switch t.Kind {
	case client.ToastExtended:
		return fmt.Sprintf("%s extended by %s, now ends at %s", Somebody(t.By), Minutes(t.Minutes), now.At(t.EndsAt))
	case client.ToastRefused:
		return Refusal(t.Trouble, now)
	case client.ToastJoined:
		return t.By + " joined"
	case client.ToastLeft:
		return t.By + " left"
	case client.ToastRemoved:
		return t.By + " was removed"
	case client.ToastLocked:
		return "The meeting is locked: nobody new can come in"
	case client.ToastUnlocked:
		return "The meeting is open again: people can come in"
	case client.ToastBooked:
		if t.EndsAt.IsZero() {
			return "Nothing is booked after this meeting any more"
		}
		return "This room is booked until " + now.At(t.EndsAt)
	case client.ToastRenewed:
		return "There is a new guests’ link. Earlier ones no longer work."
	case client.ToastBack:
		return "You are connected again"
	case client.ToastCopied:
		return "The guests’ link is copied"
	}
	return ""
}
