package room

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"overtime/components/uitest"
	"overtime/internal/client"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

var start = time.Date(2026, 11, 23, 14, 0, 0, 0, time.Local)

func at(minute int) time.Time { return start.Add(time.Duration(minute) * time.Minute) }

func tile(name string) client.Participant {
	return client.Participant{ID: strings.ToLower(name), Name: name, Camera: true}
}

// calm is a room of two, an hour long, of which a moderator sees the middle.
func calm() client.View {
	self := tile("Eli")
	self.Self, self.Microphone = true, true
	other := tile("Asha")
	return client.View{
		Phase: client.PhaseRoom,
		Room: &client.Room{Guests: "https://m/r/r1#g", Room: protocol.Room{ID: "r1", Name: "Review", DurationMinutes: 60, DefaultExtension: 15,
			ExtendBy: meeting.ExtendByAnyone, MinuteMS: 60_000}},
		Timeline: &client.Timeline{Session: protocol.Session{StartedAt: start, EndsAt: at(60), Story: []protocol.StoryEntry{
			{Kind: meeting.EntryStarted, At: start, EndsAt: at(60)}}}},
		Me:      &client.Me{ID: "eli", Name: "Eli", Role: meeting.RoleModerator},
		Roster:  &client.Roster{Slots: []client.Participant{self, other}},
		Stage:   &client.StageView{Seats: []protocol.Seat{{Mid: "4", Participant: "asha", Source: protocol.Camera}}},
		Devices: &client.DevicesView{Microphone: client.DeviceView{On: true}, Camera: client.DeviceView{On: true}},
	}.Complete()
}

// opened is calm with an open window.
func opened(w meeting.Window, grantable int) client.View {
	v := calm()
	v.Timeline.Notice = meeting.Notice{Window: w, EndsAt: at(60), MinutesLeft: 10, Grantable: grantable}
	return v
}

type world struct {
	*uitest.Page
	t     *testing.T
	room  *Room
	s     *uitest.Session
	stage *uitest.Stage
	tab   *uitest.Tab
}

func mount(t *testing.T, v client.View, now time.Time) *world {
	t.Helper()
	w := &world{t: t, s: &uitest.Session{Moment: now}, stage: &uitest.Stage{}, tab: &uitest.Tab{}}
	w.room = &Room{View: v.Copy(), Session: w.s, Stage: w.stage, Page: w.tab}
	w.Page = uitest.Mount(t, w.room)
	return w
}

func (w *world) show(v client.View) {
	w.Do(w.room, func(ctx app.Context) { w.room.View = v.Copy(); w.room.OnUpdate(ctx) })
}

func TestTheClock(t *testing.T) {
	w := mount(t, calm(), at(37).Add(20*time.Second))
	if w.Find("unblock-sound") != nil {
		t.Error("sound that is on can be turned on")
	}
	left := w.Must("time-left")
	if got := left.Text(); got != "22:40" {
		t.Errorf("shows %q", got)
	}
	if got, want := left.Attr("data-ends-at"), at(60).UTC().Format("2006-01-02T15:04:05.000Z"); got != want {
		t.Errorf("data-ends-at is %q, want %q", got, want)
	}
	if left.Attr("role") != "timer" {
		t.Error("it is no timer")
	}
	if !strings.Contains(w.Class("pill").Text(), "ends 15:00") {
		t.Errorf("the pill says %q", w.Class("pill").Text())
	}
}

func TestAtZeroItIsEnding(t *testing.T) {
	w := mount(t, opened(meeting.FinalWindow, 30), at(60))
	if got := w.Must("time-left").Text(); got != "0:00" || !strings.Contains(w.Text(), "ending…") {
		t.Errorf("shows %q in %q", got, w.Text())
	}
	if w.Find("extend") != nil {
		t.Error("an extension is offered after the end")
	}
}

// TestNoLinkToGive: who is given no guests' link is offered no way to copy it.
func TestNoLinkToGive(t *testing.T) {
	v := calm()
	v.Room.Guests = ""
	w := mount(t, v, at(10))
	w.pressPeople()
	if w.Find("invite") != nil || w.Find("copy-link") != nil {
		t.Error("a link is offered that is not there")
	}
}

func TestControlsByRole(t *testing.T) {
	w := mount(t, calm(), at(10))
	for _, id := range []string{"mic", "camera", "leave", "end-for-all", "invite", "participant-0", "participant-1"} {
		w.Must(id)
	}
	v := calm()
	v.Me.Role = meeting.RoleParticipant
	if w := mount(t, v, at(10)); w.Find("end-for-all") != nil {
		t.Error("a participant is offered the end for all")
	}
}

func TestEndForAllAsksOnce(t *testing.T) {
	w := mount(t, calm(), at(10))
	if w.Find("confirm-end") != nil {
		t.Fatal("asked before it was pressed")
	}
	w.Press("button", "End for all")
	w.Must("end-reason")
	w.Must("confirm-end")
	w.MustRole("textbox", "Reason (everyone reads it)").Write("Fire drill")
	w.MustRole("textbox", "Reason (everyone reads it)").Submit()
	w.show(with(calm(), func(v *client.View) { v.Timeline.EndingForAll = true }))
	w.MustRole("textbox", "Reason (everyone reads it)").Submit()
	if want := []string{"End Fire drill"}; !slices.Equal(w.s.Calls, want) {
		t.Errorf("got %v, want %v", w.s.Calls, want)
	}
}

func TestTilesKeepTheirVideo(t *testing.T) {
	v := calm()
	v.Roster.Slots = append(v.Roster.Slots, tile("Maya"))
	w := mount(t, v, at(10))
	if want := []string{"ShowSelf tile-0", "ShowSeat tile-1 4"}; !slices.Equal(w.stage.Calls, want) {
		t.Fatalf("got %v, want %v", w.stage.Calls, want)
	}
	v.Roster.Slots = slices.Clone(v.Roster.Slots)
	v.Roster.Slots[1] = client.Participant{Empty: true}
	w.show(v)
	if want := []string{"ShowSelf tile-0", "ShowSeat tile-1 4", "Clear tile-1"}; !slices.Equal(w.stage.Calls, want) {
		t.Errorf("got %v, want %v", w.stage.Calls, want)
	}
	if w.Find("participant-1") != nil || w.Must("participant-2").Attr("data-name") != "Maya" {
		t.Error("Maya's tile moved")
	}
}

func TestToastsAndTheirDismissal(t *testing.T) {
	v := calm()
	v.News.Toasts = []client.Toast{{ID: 7, Kind: client.ToastExtended, By: "Asha", Minutes: 15, EndsAt: at(75)}}
	w := mount(t, v, at(52))
	if want := "Asha extended by 15 minutes, now ends at 15:15"; w.Must("toast").Text() != want {
		t.Errorf("got %q, want %q", w.Must("toast").Text(), want)
	}
	w.Press("button", "Dismiss")
	if !slices.Equal(w.s.Calls, []string{"DismissToast 7"}) {
		t.Errorf("got %v", w.s.Calls)
	}
}

func TestStoryOpensFromThePill(t *testing.T) {
	v := calm()
	v.Timeline.EndsAt = at(75)
	v.Timeline.Story = append(v.Timeline.Story, protocol.StoryEntry{Kind: meeting.EntryExtended, At: at(52), By: "Asha", EndsAt: at(75), Minutes: 15})
	w := mount(t, v, at(53))
	w.pressStory()
	text := w.Class("story-popover").Text()
	for _, want := range []string{"Started14:00", "Ends15:15", "Asha extended by 15 minutes at 14:52", "from 15:05 on"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in %q", want, text)
		}
	}
}

func TestTroublesAreTold(t *testing.T) {
	v := calm()
	v.Connection.Link, v.Stage.SoundBlocked = client.LinkReconnecting, true
	w := mount(t, v, at(10))
	if !strings.Contains(w.Class("strip").Text(), "Reconnecting") {
		t.Error("the lost connection is not told")
	}
	v.Connection.Away.Code = protocol.CodeRoomFull
	if text := mount(t, v, at(10)).Class("strip").Text(); !strings.Contains(text, "The meeting is full") || strings.Contains(text, "place is kept") {
		t.Errorf("whoever came back too late reads %q", text)
	}
	w.Must("unblock-sound")
	w.Press("button", "Turn on sound")
	if !slices.Contains(w.stage.Calls, "UnblockSound") {
		t.Error("the press is lost")
	}
}

func TestOneMinuteIsSpokenOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := calm()
		v.Timeline.EndsAt = time.Now().Add(61 * time.Second)
		w := mount(t, v, time.Time{})
		if w.room.attention.spoken != "" {
			t.Errorf("spoke too early: %q", w.room.attention.spoken)
		}
		<-time.After(1100 * time.Millisecond)
		synctest.Wait()
		w.Settle()
		if w.room.attention.spoken != "One minute left." {
			t.Errorf("said %q", w.room.attention.spoken)
		}
	})
}

func TestTheStoryAndTheQuestionTakeTurns(t *testing.T) {
	w := mount(t, calm(), at(10))
	open := func() (story, question bool) {
		return w.Class("story-popover") != nil, w.Find("confirm-end") != nil
	}
	w.pressStory()
	w.Press("button", "End for all")
	if story, question := open(); story || !question {
		t.Errorf("after End: story %t, question %t", story, question)
	}
	w.Do(w.room, func(ctx app.Context) { port{w.room}.pressedOutside(ctx, panelStory) })
	if _, question := open(); !question {
		t.Error("a press outside closes the question")
	}
	w.pressStory()
	if story, question := open(); !story || question {
		t.Errorf("after the pill: story %t, question %t", story, question)
	}
	w.Do(w.room, func(ctx app.Context) { port{w.room}.pressedOutside(ctx, panelStory) })
	if story, _ := open(); story {
		t.Error("a press outside leaves the story open")
	}
}

func TestEscapeClosesWhatIsOpen(t *testing.T) {
	w := mount(t, calm(), at(10))
	w.pressStory()
	w.Do(w.room, port{w.room}.escape)
	if w.Class("story-popover") != nil {
		t.Error("the story stays")
	}
	w.Press("button", "End for all")
	w.Do(w.room, port{w.room}.escape)
	if w.Find("confirm-end") != nil {
		t.Error("the question stays")
	}
}
