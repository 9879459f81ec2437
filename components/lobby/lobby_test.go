package lobby

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"overtime/components/ui"
	"overtime/components/uitest"
	"overtime/internal/client"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
	"overtime/internal/words"
)

var now = time.Date(2026, 11, 23, 14, 37, 20, 0, time.Local)

func ready() client.View {
	return client.View{
		Phase:   client.PhaseLobby,
		Room:    &client.Room{Room: protocol.Room{ID: "r1", Name: "Review", DurationMinutes: 60, MinuteMS: 60_000}},
		Me:      &client.Me{Name: "Jun"},
		Devices: &client.DevicesView{Microphone: client.DeviceView{On: true}, Camera: client.DeviceView{On: true}},
	}.Complete()
}

func mount(t *testing.T, v client.View) (*Lobby, *uitest.Session, *uitest.Page) {
	t.Helper()
	s := &uitest.Session{Moment: now}
	l := &Lobby{View: v.Copy(), Session: s, Stage: &uitest.Stage{}}
	return l, s, uitest.Mount(t, l)
}

func TestPrerenderedLobbyHasNoIDsButReads(t *testing.T) {
	page := uitest.Parse(t, app.HTMLString(&Lobby{View: client.View{}.Complete()}))
	if ids := page.All(); len(ids) != 0 {
		t.Errorf("ids before the program works: %v", ids)
	}
	for _, want := range []string{"Your name", "Join", "Microphone", "Camera"} {
		if !strings.Contains(page.Text(), want) {
			t.Errorf("%q is not there", want)
		}
	}
}

func TestNothingCanBeJoinedWhileTheLinkIsLookedAt(t *testing.T) {
	_, _, p := mount(t, client.View{Phase: client.PhaseOpening})
	p.Must("display-name")
	for _, id := range []string{"join", "mic", "camera"} {
		if p.Find(id) != nil {
			t.Errorf("%s is offered", id)
		}
	}
}

func TestTimeBeforeAndDuringTheMeeting(t *testing.T) {
	_, _, p := mount(t, ready())
	if want := "60 minutes, starts when the first person joins."; !strings.Contains(p.Text(), want) {
		t.Errorf("%q is not in %q", want, p.Text())
	}
	v := ready()
	v.Roster.Here = 3
	v.Room.LatestEnd = now.Add(time.Hour)
	v.Timeline.Session = protocol.Session{StartedAt: now.Add(-time.Minute), EndsAt: now.Add(22*time.Minute + 40*time.Second)}
	_, _, p = mount(t, v)
	for _, want := range []string{"22:40 left, 3 people inside", "ends by 15:37 at the latest"} {
		if !strings.Contains(p.Text(), want) {
			t.Errorf("%q is not in %q", want, p.Text())
		}
	}
}

func TestJoinTellsTheName(t *testing.T) {
	_, s, p := mount(t, ready())
	p.MustRole("textbox", "Your name").Write(" Juno ")
	p.Press("button", "Join")
	if want := []string{"SetName Juno", "Join"}; !slices.Equal(s.Calls, want) {
		t.Errorf("got %v, want %v", s.Calls, want)
	}
}

func TestARememberedNameIsEnough(t *testing.T) {
	_, s, p := mount(t, ready())
	if got := p.Must("display-name").Attr("value"); got != "Jun" {
		t.Errorf("prefilled with %q", got)
	}
	p.MustRole("textbox", "Your name").Submit()
	if !slices.Equal(s.Calls, []string{"Join"}) {
		t.Errorf("got %v", s.Calls)
	}
}

func TestANameIsRequired(t *testing.T) {
	v := ready()
	v.Me.Name = ""
	_, s, p := mount(t, v)
	p.Press("button", "Join")
	if len(s.Calls) != 0 || !strings.Contains(p.Text(), "Write your name") {
		t.Errorf("calls %v, text %q", s.Calls, p.Text())
	}
}

// TestJoiningByPresses: once, and not while the meeting ends.
func TestJoiningByPresses(t *testing.T) {
	l, s, p := mount(t, ready())
	p.MustRole("textbox", "Your name").Write("Asha")
	p.Press("button", "Microphone")
	p.Press("button", "Join")
	if want := []string{"ToggleDevice microphone", "SetName Asha", "Join"}; !slices.Equal(s.Calls, want) {
		t.Errorf("got %v, want %v", s.Calls, want)
	}
	p.Do(l, func(app.Context) { l.View.Phase = client.PhaseJoining })
	if b := p.MustRole("button", "Joining…"); !b.Busy() || b.Why() != words.English().Say("why.waits") {
		t.Errorf("on the way in: busy %t because %q", b.Busy(), b.Why())
	}
	p.MustRole("textbox", "Your name").Submit()
	if len(s.Calls) != 3 {
		t.Errorf("joined twice: %v", s.Calls)
	}
}

// TestAFixedNameCannotBeChanged, neither in the field nor by what was written before
// it was known.
func TestAFixedNameCannotBeChanged(t *testing.T) {
	l, s, p := mount(t, client.View{Phase: client.PhaseOpening})
	p.MustRole("textbox", "Your name").Write("Mallory")
	v := ready()
	v.Me.NameFixed = true
	p.Do(l, func(ctx app.Context) { l.View = v.Copy(); l.OnUpdate(ctx) })
	if p.MustRole("textbox", "Your name").Attr("readonly") == "" || p.Must("display-name").Attr("value") != v.Me.Name {
		t.Error("the field is open")
	}
	p.Press("button", "Join")
	if !slices.Equal(s.Calls, []string{"Join"}) {
		t.Errorf("got %v", s.Calls)
	}
}

func TestDeviceTroublesAreToldAndJoiningWorks(t *testing.T) {
	v := ready()
	v.Devices.Microphone.Trouble, v.Devices.Camera.Trouble = client.DeviceRefused, client.DeviceBusy
	_, s, p := mount(t, v)
	for _, want := range []string{ui.Device(nil, client.MicrophoneDevice, client.DeviceRefused), ui.Device(nil, client.CameraDevice, client.DeviceBusy)} {
		if !strings.Contains(p.Text(), want) {
			t.Errorf("%q is not shown", want)
		}
	}
	p.Press("button", "Join")
	if !slices.Equal(s.Calls, []string{"Join"}) {
		t.Errorf("got %v", s.Calls)
	}
}

func TestSwitches(t *testing.T) {
	_, s, p := mount(t, ready())
	p.Press("button", "Microphone")
	p.Press("button", "Camera")
	if want := []string{"ToggleDevice microphone", "ToggleDevice camera"}; !slices.Equal(s.Calls, want) {
		t.Errorf("got %v, want %v", s.Calls, want)
	}
}

// TestAViewersSwitchesAreShut: they send nothing, and are told why.
func TestAViewersSwitchesAreShut(t *testing.T) {
	v := ready()
	v.Devices.Microphone.Trouble, v.Devices.Camera.Trouble = client.DeviceViewer, client.DeviceViewer
	_, _, p := mount(t, v)
	for _, name := range []string{"Microphone", "Camera"} {
		if c := p.MustRole("button", name); !c.Disabled() || c.Why() != words.English().Say("device.viewer") {
			t.Errorf("%s: disabled %t because %q", name, c.Disabled(), c.Why())
		}
	}
}

func TestEarlyPressesWaitForTheLobby(t *testing.T) {
	l, s, p := mount(t, client.View{Phase: client.PhaseOpening})
	p.MustRole("textbox", "Your name").Write("Early")
	p.Press("button", "Camera")
	p.Press("button", "Join")
	if len(s.Calls) != 0 {
		t.Fatalf("called too early: %v", s.Calls)
	}
	p.Do(l, func(ctx app.Context) { l.View = ready(); l.OnUpdate(ctx) })
	if want := []string{"ToggleDevice camera", "SetName Early", "Join"}; !slices.Equal(s.Calls, want) {
		t.Errorf("got %v, want %v", s.Calls, want)
	}
}

func TestANameThatCannotBeSeenIsNone(t *testing.T) {
	_, s, p := mount(t, ready())
	p.MustRole("textbox", "Your name").Write("\u200b")
	p.Press("button", "Join")
	if len(s.Calls) != 0 || !strings.Contains(p.Text(), "Write your name") {
		t.Errorf("calls %v, text %q", s.Calls, p.Text())
	}
}

func TestARefusalIsToldBesideJoin(t *testing.T) {
	v := ready()
	v.Trouble = client.Trouble{Code: protocol.CodeBadRequest}
	_, _, p := mount(t, v)
	if want := ui.NotJoined(v.Trouble, ui.Moment{}); !strings.Contains(p.Text(), want) {
		t.Errorf("%q is not in %q", want, p.Text())
	}
	p.Must("join")
}

func TestWhatStandsAtTheDoorIsTold(t *testing.T) {
	v := ready()
	v.Room.WaitingRoom = true
	_, _, p := mount(t, v)
	if p.Must("join").Text() != "Ask to join" || !strings.Contains(p.Text(), "A moderator lets people in") {
		t.Errorf("a waiting room: %q", p.Text())
	}
	v.Room.Locked = true
	if _, _, p = mount(t, v); !strings.Contains(p.Text(), "The meeting is locked: nobody new is let in at the moment.") {
		t.Errorf("locked: %q", p.Text())
	}
	v.Trouble.Code = protocol.CodeLocked
	if _, _, p = mount(t, v); strings.Count(p.Text(), "The meeting is locked") != 1 || p.Find("join") == nil {
		t.Errorf("refused because of that: %q", p.Text())
	}
	v.Trouble.Code, v.Me.Role = "", meeting.RoleModerator
	if _, _, p = mount(t, v); p.Must("join").Text() != "Join" || strings.Contains(p.Text(), "locked") {
		t.Errorf("to a moderator: %q", p.Text())
	}
}

func TestAServerThatIsAwayIsTold(t *testing.T) {
	for _, phase := range []client.Phase{client.PhaseOpening, client.PhaseLobby, client.PhaseWaiting} {
		v := ready()
		v.Phase, v.Connection.Link = phase, client.LinkReconnecting
		if _, _, p := mount(t, v); !strings.Contains(p.Text(), "The server cannot be reached. Trying again…") {
			t.Errorf("%s: %q", phase, p.Text())
		}
		for code, want := range map[protocol.Code]string{
			protocol.CodeUnavailable: "can let nobody in just now", protocol.CodeUnknown: "can let nobody in just now",
			protocol.CodeTooMany: "Too many are coming in", protocol.CodeInternal: "made a mistake",
		} {
			v.Connection.Away.Code = code
			if _, _, p := mount(t, v); !strings.Contains(p.Text(), want) || strings.Contains(p.Text(), "cannot be reached") {
				t.Errorf("%s, %s: %q", phase, code, p.Text())
			}
		}
	}
}

func TestWaiting(t *testing.T) {
	v := ready()
	v.Phase = client.PhaseWaiting
	_, s, p := mount(t, v)
	for _, want := range []string{"Somebody will let you in soon", "Review", "as Jun"} {
		if !strings.Contains(p.Must("waiting").Text(), want) {
			t.Errorf("%q is not in %q", want, p.Text())
		}
	}
	for _, id := range []string{"join", "display-name"} {
		if p.Find(id) != nil {
			t.Errorf("%s is offered", id)
		}
	}
	p.Must("mic")
	p.Must("leave")
	p.Press("button", "Camera")
	p.Press("button", "Leave")
	if want := []string{"ToggleDevice camera", "Leave"}; !slices.Equal(s.Calls, want) {
		t.Errorf("got %v, want %v", s.Calls, want)
	}
}

// The picture of oneself stays when the lobby gives way to the waiting page.
func TestThePreviewOutlivesTheTurn(t *testing.T) {
	l, _, p := mount(t, ready())
	stage := l.Stage.(*uitest.Stage)
	shown := slices.Clone(stage.Calls)
	p.Do(l, func(ctx app.Context) { l.View.Phase = client.PhaseWaiting; l.OnUpdate(ctx) })
	p.Must("waiting")
	if !slices.Equal(stage.Calls, shown) {
		t.Errorf("got %v, want %v", stage.Calls, shown)
	}
}

func TestNothingIsJoinedWhileItEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := ready()
		v.Timeline.Session = protocol.Session{StartedAt: time.Now(), EndsAt: time.Now().Add(2 * time.Second)}
		l := &Lobby{View: v.Copy(), Session: &uitest.Session{}}
		p := uitest.Mount(t, l)
		p.Must("join")
		<-time.After(2 * time.Second)
		synctest.Wait()
		p.Settle()
		if p.Find("join") != nil || !strings.Contains(p.Text(), "ending…") {
			t.Errorf("at the end: %q", p.Text())
		}
	})
}
