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

func device(label string) client.DeviceView {
	return client.DeviceView{On: true, Running: true, Chosen: "a", Devices: []client.Device{
		{ID: "a", Label: label}, {ID: "b", Label: "USB headset"}}}
}

func lobby(change func(*client.View)) client.View {
	v := client.View{
		Phase: client.PhaseLobby, Room: theRoom, Link: client.LinkGood,
		Me:         client.Me{Name: "Jun Ito", Role: meeting.RoleParticipant},
		Microphone: device("Built-in microphone"), Camera: device("FaceTime HD"),
	}
	v.Camera.Running = false // no cameras in a storybook
	if change != nil {
		change(&v)
	}
	return v
}

var names = []string{"Asha Rao", "Maya Lind", "Tomás Vega", "Jun Ito", "Noor Aziz", "Kofi Mensah",
	"Lena Brandt", "Yuki Tanaka", "Omar Haddad", "Ines Duarte", "Sam O’Neill", "Wei Chen"}

// tiles are this tab's own and n others.
func tiles(n int) []client.Tile {
	out := []client.Tile{{ID: "me", Name: "Eli Novak", Self: true, Microphone: true, Role: meeting.RoleModerator}}
	for i := range n {
		out = append(out, client.Tile{ID: names[i%len(names)], Name: names[i%len(names)], Microphone: i != 3, Speaking: i == 1})
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
		Phase: client.PhaseRoom, Room: theRoom, Link: client.LinkGood, Session: hour(false), Tiles: tiles(5),
		Me:         client.Me{ID: "me", Name: "Eli Novak", Role: meeting.RoleModerator},
		Guests:     "https://meet.example/r/r1#guest",
		Microphone: device("Built-in microphone"), Camera: device("FaceTime HD"),
	}
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
	return client.View{Phase: client.PhaseEnded, Room: theRoom, Session: s}
}
