package embed_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"overtime/internal/client"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

func TestEnter(t *testing.T) {
	w := newWorld(t)
	w.enter(`{"token":"t","name":"Jun","lobby":true,"slot":"2","microphone":false,"camera":true,"theme":"dark","look":{"accent":"#123456"}}`)
	slices.Sort(w.session.did)
	if want := []string{"camera on", "microphone off", "name Jun"}; !slices.Equal(w.session.did, want) {
		t.Errorf("did %q, want %q", w.session.did, want)
	}
	e := w.entries[0]
	if e.Token != "t" || e.Slot != "2" || !e.Lobby || e.Theme != "dark" || e.Look.Accent != "#123456" {
		t.Errorf("entered by %+v", e)
	}
	answer := w.host.ask("enter", entered)
	mustTell(t, w.host.take(), answer+`"error":{"code":"bad_arguments"`)
	if len(w.entries) != 1 {
		t.Error("entered twice")
	}
}

// TestRefusedCalls: whatever a page says, it is answered or dropped, and
// nothing is done.
func TestRefusedCalls(t *testing.T) {
	w := newWorld(t)
	for _, call := range []string{"join", "extend", "end", "leave", "session", "participants", "microphone", "look"} {
		answer := w.host.ask(call, "")
		mustTell(t, w.host.take(), answer+`"error":{"code":"not_joined"`)
	}
	mustTell(t, func() []string { w.host.ask("enter", `{"token":""}`); return w.host.take() }(), `"code":"bad_arguments"`)
	mustTell(t, func() []string { w.host.ask("enter", `"t"`); return w.host.take() }(), `"code":"bad_arguments"`)
	for _, junk := range []string{"", "{", "[]", `{"call":"end"}`, `{"id":"x","call":"end"}`, `{"id":1}` + strings.Repeat(" ", 1<<20)} {
		w.host.hear(junk)
	}
	if told := w.host.take(); len(told) != 0 {
		t.Errorf("junk is answered: %q", told)
	}
	w.enter(entered)
	w.host.take()
	for call, args := range map[string]string{"camera": `{}`, "extend": `{"minutes":"many"}`, "microphone": `{"on":1}`, "destroyEverything": ``} {
		answer := w.host.ask(call, args)
		mustTell(t, w.host.take(), answer+`"error":{"code":"bad_arguments"`)
	}
	for _, minutes := range []string{"0", "12.5", "1e300", "-0.1"} {
		w.host.ask("extend", `{"minutes":`+minutes+`}`)
		mustTell(t, w.host.take(), `"code":"bad_minutes"`)
	}
	if want := []string{"name Guest", "join"}; !slices.Equal(w.session.did, want) {
		t.Errorf("did %q, want %q", w.session.did, want)
	}
}

func TestJoinWithoutLobby(t *testing.T) {
	w := newWorld(t)
	answer := ""
	w.host.ask("enter", entered)
	answer = w.host.ask("join", "")
	w.session.follow(w.session.view)
	w.session.show(func(v *client.View) { v.Phase = client.PhaseLobby })
	w.session.show(func(v *client.View) { v.Phase = client.PhaseJoining })
	if want := []string{"name Guest", "join"}; !slices.Equal(w.session.did, want) {
		t.Fatalf("did %q, want %q", w.session.did, want)
	}
	w.host.take()
	w.inside()
	told := w.host.take()
	mustTell(t, told, answer+`"result":{"you":{"id":"p1","name":"Jun"`)
	if got := events(told); !slices.Equal(got, []string{"state", "joined", "session"}) {
		t.Errorf("events %q", got)
	}
	again := w.host.ask("join", "")
	mustTell(t, w.host.take(), again+`"result":{"you"`)
}

func TestJoinRefused(t *testing.T) {
	for name, refuse := range map[string]func(v *client.View){
		"in the lobby": func(v *client.View) { v.Phase, v.Trouble.Code = client.PhaseLobby, protocol.CodeLocked },
		"for good":     func(v *client.View) { v.Phase, v.Trouble.Code = client.PhaseClosed, protocol.CodeLocked },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.enter(entered)
			w.session.show(func(v *client.View) { v.Phase = client.PhaseJoining })
			answer := w.host.ask("join", "")
			w.session.show(refuse)
			mustTell(t, w.host.take(), answer+`"error":{"code":"locked","message":"about locked"}`)
			w.session.show(func(v *client.View) { v.Roster.Here = 4 })
			if got := slices.Index(w.session.did[2:], "join"); got >= 0 {
				t.Error("Join is pressed again by itself")
			}
		})
	}
}

// TestJoinAgain: from the page of somebody who left, through the lobby.
func TestJoinAgain(t *testing.T) {
	w := newWorld(t)
	w.enter(`{"token":"t","lobby":true}`)
	w.inside()
	w.session.show(func(v *client.View) { v.Phase = client.PhaseLeft })
	answer := w.host.ask("join", "")
	w.session.show(func(v *client.View) { v.Phase = client.PhaseLobby })
	if want := []string{"rejoin", "name Guest", "join"}; !slices.Equal(w.session.did, want) {
		t.Errorf("did %q, want %q", w.session.did, want)
	}
	w.host.take()
	w.inside()
	mustTell(t, w.host.take(), answer+`"result"`)
}

func TestWindowAndExtension(t *testing.T) {
	w := newWorld(t)
	w.enter(entered)
	w.host.take()
	notice := meeting.Notice{Window: meeting.FirstWindow, EndsAt: born.Add(30 * time.Minute), MinutesLeft: 10, Grantable: 30}
	w.session.view.Timeline.Notice = notice // whoever comes while a window is open is told as everybody was
	w.inside()
	told := w.host.take()
	if got := events(told); !slices.Equal(got, []string{"state", "joined", "session", "window-opened"}) {
		t.Errorf("events %q", got)
	}
	mustTell(t, told, `{"event":"window-opened","detail":{"window":"first","endsAt":"2026-11-26T10:30:00Z","minutesLeft":10,"grantableMinutes":30}}`)
	w.session.show(func(v *client.View) { v.Timeline.NoticeHidden = true })
	if got := events(w.host.take()); len(got) != 0 {
		t.Errorf("told %q of a hidden banner", got)
	}

	answer := w.host.ask("extend", `{"minutes":15}`)
	w.session.show(func(v *client.View) {
		v.Timeline.Notice = meeting.Notice{}
		v.Timeline.EndsAt = born.Add(45 * time.Minute)
		v.Timeline.Story = []protocol.StoryEntry{
			{Kind: meeting.EntryStarted, At: born},
			{Kind: meeting.EntryExtended, At: born.Add(21 * time.Minute), By: "Jun", Minutes: 15, Window: meeting.FirstWindow, EndsAt: born.Add(45 * time.Minute)},
		}
	})
	w.session.then(client.Outcome{Grant: meeting.Grant{Minutes: 15, EndsAt: born.Add(45 * time.Minute)}})
	told = w.host.take()
	if got := events(told); !slices.Equal(got, []string{"session", "extended"}) {
		t.Errorf("events %q", got)
	}
	mustTell(t, told, `{"event":"extended","detail":{"at":"2026-11-26T10:21:00Z","by":"Jun","minutes":15,"window":"first","endsAt":"2026-11-26T10:45:00Z"}}`)
	mustTell(t, told, answer+`"result":{"extendedMinutes":15,"endsAt":"2026-11-26T10:45:00Z"}}`)

	answer = w.host.ask("extend", "")
	w.session.then(client.Outcome{Trouble: client.Trouble{Code: protocol.CodeNoWindow, OpensAt: born.Add(35 * time.Minute)}})
	mustTell(t, w.host.take(), answer+`"error":{"code":"no_window","message":"about no_window","opensAt":"2026-11-26T10:35:00Z"}}`)
	w.session.show(func(v *client.View) { v.Timeline.Notice = notice }) // of another end: a new window
	mustTell(t, w.host.take(), `"window-opened"`)
}

// TestStoryBeforeOnesTime is no news.
func TestStoryBeforeOnesTime(t *testing.T) {
	w := newWorld(t)
	w.enter(entered)
	w.host.take()
	w.session.view.Timeline.Story = []protocol.StoryEntry{{Kind: meeting.EntryExtended, By: "Asha", Minutes: 10}}
	w.session.show(func(v *client.View) {
		v.Phase, v.Timeline.Number, v.Timeline.StartedAt = client.PhaseRoom, 1, born
	})
	told := w.host.take()
	if slices.Contains(events(told), "extended") {
		t.Error("an old extension is told as news")
	}
	mustTell(t, told, `"extensions":[{"at"`)
}

func TestPeople(t *testing.T) {
	w := newWorld(t)
	w.enter(entered)
	w.inside()
	w.host.take()
	asha := client.Participant{ID: "p2", Name: "Asha", Role: meeting.RoleModerator, Camera: true}
	w.session.show(func(v *client.View) { v.Roster.Slots = append(slices.Clone(v.Roster.Slots), asha) })
	mustTell(t, w.host.take(), `{"event":"participant-joined","detail":{"id":"p2","name":"Asha","role":"moderator","self":false,"microphone":false,"camera":true,"screen":false,"reconnecting":false,"hand":0}}`)
	w.session.show(func(v *client.View) {
		v.Roster.Slots = slices.Clone(v.Roster.Slots)
		v.Roster.Slots[1].Reconnecting = true
	})
	mustTell(t, w.host.take(), `{"event":"participant-changed","detail":{"id":"p2"`)
	answer := w.host.ask("participants", "")
	mustTell(t, w.host.take(), answer+`"result":[{"id":"p1"`)
	w.session.show(func(v *client.View) { v.Roster.Screens = []client.Screen{{Participant: "p2", Name: "Asha"}} })
	mustTell(t, w.host.take(), `"camera":true,"screen":true,"reconnecting":true`)
	w.session.show(func(v *client.View) { v.Devices.Screen.On = true })
	mustTell(t, w.host.take(), `{"event":"participant-changed","detail":{"id":"p1"`)
	w.session.show(func(v *client.View) { v.Roster.Slots = []client.Participant{v.Roster.Slots[0], {Empty: true}} })
	mustTell(t, w.host.take(), `{"event":"participant-left","detail":{"id":"p2"`)
}

func TestConnection(t *testing.T) {
	w := newWorld(t)
	w.enter(entered)
	w.inside()
	w.host.take()
	var states []string
	for _, change := range []func(v *client.View){
		func(v *client.View) { v.Connection.Link = client.LinkReconnecting },
		func(v *client.View) { v.Connection.Link = client.LinkGood },
		func(v *client.View) { v.Connection.Link = client.LinkReconnecting },
		func(v *client.View) { v.Phase = client.PhaseLeft },
		func(v *client.View) { v.Phase, v.Connection.Link = client.PhaseRoom, client.LinkGood },
		func(v *client.View) { v.Connection.Link = client.LinkReconnecting },
		func(v *client.View) { v.Phase, v.Trouble.Code = client.PhaseClosed, client.TroubleTimeUp },
	} {
		w.session.show(change)
		for _, text := range w.host.take() {
			if state, found := strings.CutPrefix(text, `{"event":"connection","detail":{"state":"`); found {
				states = append(states, strings.TrimSuffix(state, `"}}`))
			}
		}
	}
	if want := []string{"reconnecting", "good", "reconnecting", "good", "reconnecting", "lost"}; !slices.Equal(states, want) {
		t.Errorf("told %q, want %q", states, want)
	}
}

func TestOut(t *testing.T) {
	for name, tt := range map[string]struct {
		change func(v *client.View)
		want   []string
	}{
		"ended": {func(v *client.View) {
			v.Phase = client.PhaseEnded
			v.Timeline.Ending = &protocol.Ending{Reason: meeting.ReasonEndedByModerator, At: born, By: "Asha", Text: "All done"}
		}, []string{`{"event":"ended","detail":{"reason":"ended_by_moderator","at":"2026-11-26T10:00:00Z","by":"Asha","text":"All done","session":{`, `{"event":"left","detail":{"code":"over"`}},
		"left":    {func(v *client.View) { v.Phase = client.PhaseLeft }, []string{`{"event":"left","detail":{"code":"left"`}},
		"removed": {func(v *client.View) { v.Phase, v.Trouble.Code = client.PhaseClosed, protocol.CodeRemoved }, []string{`{"event":"left","detail":{"code":"removed","message":"about removed"}}`}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.enter(entered)
			w.inside()
			answer := w.host.ask("leave", "")
			w.host.take()
			w.session.show(tt.change)
			told := w.host.take()
			for _, want := range append(tt.want, answer+`"result":{}}`) {
				mustTell(t, told, want)
			}
			again := w.host.ask("leave", "")
			mustTell(t, w.host.take(), again+`"result":{}}`)
		})
	}
}

func TestEnd(t *testing.T) {
	w := newWorld(t)
	w.enter(entered)
	w.inside()
	answer := w.host.ask("end", `{"reason":"All done"}`)
	w.session.then(client.Outcome{Trouble: client.Trouble{Code: protocol.CodeForbidden}})
	mustTell(t, w.host.take(), answer+`"error":{"code":"forbidden","message":"about forbidden"}}`)
	answer = w.host.ask("end", `{"reason":"All done"}`)
	w.session.then(client.Outcome{})
	mustTell(t, w.host.take(), answer+`"result":{}}`)
	if got := w.session.did[len(w.session.did)-1]; got != "end All done" {
		t.Errorf("did %q", got)
	}
}

func TestDevices(t *testing.T) {
	w := newWorld(t)
	w.enter(entered)
	w.host.take()
	answer := w.host.ask("camera", `{"on":false}`)
	mustTell(t, w.host.take(), answer+`"result":{}}`)
	answer = w.host.ask("camera", `{"on":true}`)
	if told := w.host.take(); len(told) != 0 {
		t.Errorf("answered before it runs: %q", told)
	}
	w.session.show(func(v *client.View) { v.Devices.Camera = client.DeviceView{On: true, Running: true} })
	mustTell(t, w.host.take(), answer+`"result":{}}`)
	answer = w.host.ask("microphone", `{"on":true}`)
	w.session.show(func(v *client.View) {
		v.Devices.Microphone = client.DeviceView{On: true, Trouble: client.DeviceRefused}
	})
	mustTell(t, w.host.take(), answer+`"error":{"code":"device_refused","message":"add microphone"}}`)
	answer = w.host.ask("microphone", `{"on":true}`)
	defer func() {
		w.session.show(func(v *client.View) { v.Phase = client.PhaseLeft })
		mustTell(t, w.host.take(), answer+`"error":{"code":"not_joined"`)
		answer = w.host.ask("microphone", `{"on":true}`)
		mustTell(t, w.host.take(), answer+`"error":{"code":"not_joined"`)
	}()
	w.session.show(func(v *client.View) {
		v.Devices.Microphone.Trouble = client.DeviceFine // it is being tried again
		v.Devices.Camera = client.DeviceView{On: true, Trouble: client.DeviceBarred}
	})
	told := w.host.take()
	mustTell(t, told, `{"event":"camera","detail":{"on":true,"running":false,"trouble":"barred"}}`)
	mustTell(t, told, `{"event":"trouble","detail":{"code":"missing_allow","message":"add camera"}}`)
}

func TestStyleAndNotify(t *testing.T) {
	w := newWorld(t)
	w.enter(entered)
	w.host.ask("look", `{"theme":"light","lang":"de","look":{"radius":"4px"}}`)
	if len(w.styles) != 1 || w.styles[0].Theme != "light" || w.styles[0].Look.Radius != "4px" {
		t.Errorf("styles %+v", w.styles)
	}
	w.host.take()
	w.bridge.Notify("Ten minutes left", "Extend now")
	mustTell(t, w.host.take(), `{"event":"notify","detail":{"title":"Ten minutes left","body":"Extend now"}}`)
	w.bridge.Complain("low_contrast", "too pale")
	mustTell(t, w.host.take(), `{"event":"trouble","detail":{"code":"low_contrast","message":"too pale"}}`)
	w.bridge.Close()
	w.host.hear(`{"id":9,"call":"session"}`)
	if told := w.host.take(); len(told) != 0 {
		t.Errorf("told after the end: %q", told)
	}
}
