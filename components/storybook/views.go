//go:build storybook

package storybook

import (
	"fmt"
	"time"

	"overtime/internal/client"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

// start is when every story's meeting began: 14:00 on the viewer's clock.
var start = func() time.Time {
	now := time.Now()
	return time.Date(now.Year(), now.Month(), now.Day(), 14, 0, 0, 0, time.Local)
}()

func at(minute, second int) time.Time {
	return start.Add(time.Duration(minute)*time.Minute + time.Duration(second)*time.Second)
}

var theRoom = protocol.Room{
	ID: "r1", Name: "Weekly design review", DurationMinutes: 60, DefaultExtension: 15,
	ExtendBy: meeting.ExtendByAnyone, MinuteMS: 60_000,
}

func captured(label string) client.DeviceView {
	return client.DeviceView{On: true, Running: true, Chosen: "a", Devices: []client.Device{
		{ID: "a", Label: label}, {ID: "b", Label: "USB headset"}}}
}

func lobby(change func(*client.View)) client.View {
	v := client.View{
		Phase:   client.PhaseLobby,
		Room:    &client.Room{Room: theRoom},
		Me:      &client.Me{Name: "Jun Ito", Role: meeting.RoleParticipant},
		Devices: &client.DevicesView{Microphone: captured("Built-in microphone"), Camera: captured("FaceTime HD")},
	}.Complete()
	v.Devices.Camera.Running = false // no cameras in a storybook
	if change != nil {
		change(&v)
	}
	return v
}

var names = []string{"Asha Rao", "Maya Lind", "Tomás Vega", "Jun Ito", "Noor Aziz", "Kofi Mensah",
	"Lena Brandt", "Yuki Tanaka", "Omar Haddad", "Ines Duarte", "Sam O’Neill", "Wei Chen"}

// people are this tab's own and n others.
func people(n int) []client.Participant {
	out := []client.Participant{{ID: "me", Name: "Eli Novak", Self: true, Microphone: true, Role: meeting.RoleModerator}}
	for i := range n {
		id := names[i%len(names)]
		if i >= len(names) {
			id = fmt.Sprint(id, i)
		}
		out = append(out, client.Participant{ID: id, Name: names[i%len(names)], Microphone: i != 3})
	}
	return out
}

// waiters are n people to be let in.
func waiters(n int) []client.Waiter {
	var out []client.Waiter
	for i := range n {
		name := []string{"Cem Aydın", "Dr. Margarethe von Hohenzollern-Sigmaringen", "Ida"}[i]
		out = append(out, client.Waiter{ID: fmt.Sprint("w", i), Name: name})
	}
	return out
}

// hour is a session of an hour, extended at 14:52 if so.
func hour(extended bool) protocol.Session {
	s := protocol.Session{Number: 1, StartedAt: start, EndsAt: at(60, 0), Story: []protocol.StoryEntry{
		{Kind: meeting.EntryStarted, At: start, By: "Asha", EndsAt: at(60, 0)}}}
	if extended {
		s.EndsAt = at(75, 0)
		s.Story = append(s.Story, protocol.StoryEntry{Kind: meeting.EntryExtended, At: at(52, 0), By: "Asha",
			EndsAt: at(75, 0), Minutes: 15, Window: meeting.FirstWindow})
	}
	return s
}

func inRoom(change func(*client.View)) client.View {
	v := client.View{
		Phase:    client.PhaseRoom,
		Room:     &client.Room{Room: theRoom, Guests: "https://meet.example/r/r1#guest"},
		Timeline: &client.Timeline{Session: hour(false)},
		Roster:   &client.Roster{Slots: people(5)},
		Stage:    &client.StageView{Speaking: []string{names[1]}},
		Me:       &client.Me{ID: "me", Name: "Eli Novak", Role: meeting.RoleModerator},
		Devices:  &client.DevicesView{Microphone: captured("Built-in microphone"), Camera: captured("FaceTime HD")},
	}.Complete()
	if change != nil {
		change(&v)
	}
	return v
}

func notice(w meeting.Window, grantable int) meeting.Notice {
	left := 10
	if w == meeting.FinalWindow {
		left = 5
	}
	return meeting.Notice{Window: w, EndsAt: at(60, 0), MinutesLeft: left, Grantable: grantable}
}

func ended(reason meeting.Reason, by, text string, when time.Time) client.View {
	s := hour(true)
	s.Ending = &protocol.Ending{Reason: reason, At: when, By: by, Text: text}
	return client.View{Phase: client.PhaseEnded, Room: &client.Room{Room: theRoom}, Timeline: &client.Timeline{Session: s}}.Complete()
}
