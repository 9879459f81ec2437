//go:build storybook

package storybook

import (
	"time"

	"overtime/internal/client"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

// story is one state of the meeting's page at one moment.
type story struct {
	view client.View
	now  time.Time
}

var stories = map[string]story{
	"opening":        {client.View{Phase: client.PhaseOpening}, start},
	"lobby":          {lobby(nil), start},
	"lobby-running":  {lobby(func(v *client.View) { v.Timeline.Session, v.Roster.Here = hour(false), 3; v.Room.LatestEnd = at(90, 0) }), at(37, 20)},
	"lobby-fixed":    {lobby(func(v *client.View) { v.Me.NameFixed = true; v.Devices.Camera.On = false }), start},
	"lobby-nameless": {lobby(func(v *client.View) { v.Me.Name = "" }), start},
	"lobby-refused": {lobby(func(v *client.View) {
		v.Devices.Microphone = client.DeviceView{On: true, Trouble: client.DeviceRefused}
		v.Devices.Camera = client.DeviceView{On: true, Trouble: client.DeviceAbsent}
	}), start},
	"lobby-busy": {lobby(func(v *client.View) {
		v.Devices.Camera.Trouble, v.Devices.Microphone.Trouble = client.DeviceBusy, client.DeviceInsecure
	}), start},
	"lobby-muted": {lobby(func(v *client.View) {
		v.Devices.Microphone.Trouble, v.Devices.Camera.Trouble = client.DeviceMuted, client.DeviceMuted
	}), start},
	"lobby-without-webrtc": {lobby(func(v *client.View) {
		v.Devices.Microphone = client.DeviceView{On: true, Trouble: client.DeviceUnsent}
		v.Devices.Camera = client.DeviceView{On: true, Trouble: client.DeviceUnsent}
	}), start},
	"lobby-viewer": {lobby(func(v *client.View) {
		v.Me.Role = meeting.RoleViewer
		v.Devices.Microphone = client.DeviceView{On: true, Trouble: client.DeviceViewer}
		v.Devices.Camera = client.DeviceView{On: true, Trouble: client.DeviceViewer}
	}), start},
	"lobby-not-joined": {lobby(func(v *client.View) { v.Trouble.Code = protocol.CodeBadRequest }), start},
	"lobby-ending":     {lobby(func(v *client.View) { v.Timeline.Session, v.Roster.Here = hour(false), 1 }), at(60, 0)},
	"lobby-door":       {lobby(func(v *client.View) { v.Room.WaitingRoom = true }), start},
	"lobby-locked":     {lobby(func(v *client.View) { v.Timeline.Session, v.Roster.Here, v.Room.Locked = hour(false), 3, true }), at(37, 20)},
	"lobby-shut": {lobby(func(v *client.View) {
		v.Timeline.Session, v.Roster.Here, v.Room.Locked, v.Trouble.Code = hour(false), 3, true, protocol.CodeLocked
	}), at(37, 20)},
	"lobby-full": {lobby(func(v *client.View) {
		v.Timeline.Session, v.Roster.Here, v.Trouble.Code = hour(false), 50, protocol.CodeRoomFull
	}), at(37, 20)},
	"lobby-away":   {lobby(func(v *client.View) { v.Connection.Link = client.LinkReconnecting }), start},
	"opening-away": {client.View{Phase: client.PhaseOpening, Connection: &client.Connection{Link: client.LinkReconnecting}}, start},
	"waiting":      {lobby(func(v *client.View) { v.Phase = client.PhaseWaiting }), start},
	"waiting-away": {lobby(func(v *client.View) { v.Phase, v.Connection.Link = client.PhaseWaiting, client.LinkReconnecting }), start},
	"joining":      {lobby(func(v *client.View) { v.Phase = client.PhaseJoining }), start},

	"room-calm": {inRoom(func(v *client.View) {
		v.Timeline.Session = hour(true)
		v.News.Toasts = []client.Toast{{ID: 1, Kind: client.ToastExtended, By: "Asha", Minutes: 15, EndsAt: at(75, 0)}}
	}), at(52, 20)},
	"room-alone": {inRoom(func(v *client.View) { v.Roster.Slots = people(0) }), at(2, 0)},
	"room-two":   {inRoom(func(v *client.View) { v.Roster.Slots = people(1); v.Me.Role = meeting.RoleParticipant }), at(12, 0)},
	"room-full":  {inRoom(func(v *client.View) { v.Roster.Slots = people(24) }), at(12, 0)},
	"room-slots": {inRoom(func(v *client.View) {
		v.Roster.Slots[2] = client.Participant{Empty: true}
		v.Roster.Slots[4].Reconnecting = true
	}), at(12, 0)},
	"room-screen": {inRoom(func(v *client.View) {
		v.Roster.Screens = []client.Screen{{Participant: names[0], Name: names[0]}}
		v.Devices.Screen = client.ScreenView{Supported: true, Allowed: true}
	}), at(12, 0)},
	"room-screens": {inRoom(func(v *client.View) {
		v.Roster.Screens = []client.Screen{{Participant: names[0], Name: names[0]}, {Participant: names[3], Name: names[3]}}
		v.Devices.Screen = client.ScreenView{On: true, Sound: true, Supported: true, Allowed: true}
	}), at(12, 0)},
	"room-first": {inRoom(func(v *client.View) { v.Timeline.Notice = notice(meeting.FirstWindow, 30) }), at(50, 19)},
	"room-final": {inRoom(func(v *client.View) { v.Timeline.Notice = notice(meeting.FinalWindow, 30) }), at(56, 12)},
	"room-last": {inRoom(func(v *client.View) {
		v.Timeline.Notice, v.Timeline.NoticeHidden = notice(meeting.FinalWindow, 30), true
	}), at(59, 13)},
	"room-extending": {inRoom(func(v *client.View) {
		v.Timeline.Notice, v.Timeline.Extending = notice(meeting.FirstWindow, 30), true
	}), at(51, 0)},
	"room-booked":  {inRoom(func(v *client.View) { v.Timeline.Notice = notice(meeting.FirstWindow, 0) }), at(51, 0)},
	"room-limited": {inRoom(func(v *client.View) { v.Timeline.Notice = notice(meeting.FirstWindow, 12) }), at(51, 0)},
	"room-viewer": {inRoom(func(v *client.View) {
		v.Devices.Microphone = client.DeviceView{On: true, Trouble: client.DeviceViewer}
		v.Devices.Camera = client.DeviceView{On: true, Trouble: client.DeviceViewer}
		v.Timeline.Notice, v.Me.Role = notice(meeting.FirstWindow, 30), meeting.RoleViewer
	}), at(51, 0)},
	"room-knock": {inRoom(func(v *client.View) { v.Roster.Waiting = waiters(1) }), at(12, 0)},
	"room-knocks": {inRoom(func(v *client.View) {
		v.Roster.Waiting, v.Timeline.Notice = waiters(3), notice(meeting.FirstWindow, 30)
	}), at(50, 19)},
	"room-locked": {inRoom(func(v *client.View) {
		v.Room.Locked = true
		v.News.Toasts = []client.Toast{{ID: 1, Kind: client.ToastLocked}, {ID: 2, Kind: client.ToastRemoved, By: "Sam O’Neill"},
			{ID: 3, Kind: client.ToastBooked, EndsAt: at(90, 0)}, {ID: 4, Kind: client.ToastRenewed}}
	}), at(12, 0)},
	"room-people": {inRoom(func(v *client.View) {
		v.Roster.Waiting, v.Room.Locked = waiters(2), true
		v.Roster.Waiting[1].Answering = true
		v.Roster.Slots[2].Reconnecting, v.Roster.Slots[3].Role, v.Roster.Slots[4].Removing = true, meeting.RoleModerator, true
	}), at(12, 0)},
	"room-people-window": {inRoom(func(v *client.View) { v.Timeline.Notice = notice(meeting.FinalWindow, 30) }), at(56, 12)},
	"room-people-many":   {inRoom(func(v *client.View) { v.Roster.Slots = people(40) }), at(12, 0)},
	"room-people-guest": {inRoom(func(v *client.View) {
		v.Me.Role, v.Roster.Slots[0].Role = meeting.RoleParticipant, meeting.RoleParticipant
	}), at(12, 0)},
	"room-portal": {inRoom(func(v *client.View) {
		v.Timeline.Session = hour(true)
		v.Timeline.Story[1].By = ""
		v.News.Toasts = []client.Toast{{ID: 1, Kind: client.ToastExtended, Minutes: 15, EndsAt: at(75, 0)}}
	}), at(52, 20)},
	"room-muted": {inRoom(func(v *client.View) {
		v.Devices.Microphone.Trouble, v.Timeline.Notice = client.DeviceMuted, notice(meeting.FirstWindow, 30)
	}), at(52, 0)},
	"room-blocked":        {inRoom(func(v *client.View) { v.Connection.Media = client.MediaBlocked }), at(52, 0)},
	"room-without-webrtc": {inRoom(func(v *client.View) { v.Connection.Media = client.MediaMissing }), at(52, 0)},
	"room-zero":           {inRoom(func(v *client.View) { v.Timeline.Notice = notice(meeting.FinalWindow, 30) }), at(60, 2)},
	"room-troubles": {inRoom(func(v *client.View) {
		v.Connection.Link, v.Stage.SoundBlocked = client.LinkReconnecting, true
		v.Devices.Camera.Trouble, v.Devices.Microphone.On = client.DeviceBusy, false
		v.Timeline.Notice = notice(meeting.FirstWindow, 30)
		v.News.Toasts = []client.Toast{
			{ID: 1, Kind: client.ToastRefused, Trouble: client.Trouble{Code: protocol.CodeAlreadyExtended, By: "Maya Lind", Minutes: 15, EndsAt: at(75, 0)}},
			{ID: 2, Kind: client.ToastJoined, By: "Noor Aziz"},
		}
	}), at(52, 0)},

	"ended-expired":   {ended(meeting.ReasonExpired, "", "", at(75, 0)), at(75, 5)},
	"ended-moderator": {ended(meeting.ReasonEndedByModerator, "Asha Rao", "The building closes. See you on Thursday!", at(58, 30)), at(58, 40)},
	"ended-api":       {ended(meeting.ReasonEndedByAPI, "", "", at(61, 0)), at(61, 5)},
	"left":            {func() client.View { v := inRoom(nil); v.Phase = client.PhaseLeft; return v }(), at(30, 0)},
	"closed-link":     {client.View{Phase: client.PhaseClosed, Trouble: client.Trouble{Code: client.TroubleIncomplete}}, start},
	"closed-replaced": {client.View{Phase: client.PhaseClosed, Room: &client.Room{Room: theRoom}, Trouble: client.Trouble{Code: protocol.CodeReplaced}}, start},
	"closed-denied":   {client.View{Phase: client.PhaseClosed, Room: &client.Room{Room: theRoom}, Trouble: client.Trouble{Code: protocol.CodeDenied}}, start},
	"closed-media":    {client.View{Phase: client.PhaseClosed, Room: &client.Room{Room: theRoom}, Trouble: client.Trouble{Code: protocol.CodeTooMuchMedia}}, start},
	"closed-removed":  {client.View{Phase: client.PhaseClosed, Room: &client.Room{Room: theRoom}, Trouble: client.Trouble{Code: protocol.CodeRemoved}}, start},
	"closed-locked":   {client.View{Phase: client.PhaseClosed, Room: &client.Room{Room: theRoom}, Trouble: client.Trouble{Code: protocol.CodeLocked}}, start},
	"closed-expired":  {client.View{Phase: client.PhaseClosed, Trouble: client.Trouble{Code: protocol.CodeExpiredToken}}, start},
	"closed-address": {client.View{Phase: client.PhaseClosed, Trouble: client.Trouble{
		Code: client.TroubleAddress, Open: "https://meet.example.org/r/abc#token",
	}}, start},
	"closed-name": {client.View{Phase: client.PhaseClosed, Trouble: client.Trouble{
		Code: protocol.CodeUnknownName, Open: "http://meet.example.org:8080",
	}}, start},
	"closed-proxy":     {client.View{Phase: client.PhaseClosed, Trouble: client.Trouble{Code: client.TroubleProxy}}, start},
	"opening-blocked":  {client.View{Phase: client.PhaseOpening, Connection: &client.Connection{Link: client.LinkReconnecting, Away: client.Trouble{Code: client.TroubleBlocked}}}, start},
	"closed-no-socket": {client.View{Phase: client.PhaseClosed, Room: &client.Room{Room: theRoom}, Trouble: client.Trouble{Code: client.TroubleNoSocket}}, start},
	"closed-timeup": {func() client.View {
		v := inRoom(nil)
		v.Phase, v.Trouble = client.PhaseClosed, client.Trouble{Code: client.TroubleTimeUp}
		return v
	}(), at(60, 20)},
}
