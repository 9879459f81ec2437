package ended

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"overtime/components/uitest"
	"overtime/internal/client"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
	"overtime/internal/words"
)

var start = time.Date(2026, 11, 23, 14, 0, 0, 0, time.Local)

func at(minute int) time.Time { return start.Add(time.Duration(minute) * time.Minute) }

func session(ending *protocol.Ending) protocol.Session {
	return protocol.Session{StartedAt: start, EndsAt: at(75), Ending: ending, Story: []protocol.StoryEntry{
		{Kind: meeting.EntryStarted, At: start, EndsAt: at(60)},
		{Kind: meeting.EntryExtended, At: at(52), By: "Asha", EndsAt: at(75), Minutes: 15},
	}}
}

// byPortal is a session that was extended through the API.
func byPortal() protocol.Session {
	s := session(nil)
	s.Story[1].By = ""
	return s
}

func TestWhatThePageSays(t *testing.T) {
	for name, c := range map[string]struct {
		view   client.View
		reason string
		says   []string
	}{
		"expired": {client.View{Phase: client.PhaseEnded, Timeline: &client.Timeline{Session: session(&protocol.Ending{Reason: meeting.ReasonExpired, At: at(75)})}},
			"expired", []string{"Time is up", "15:15", "Asha extended by 15 minutes at 14:52", "It took 75 minutes; 60 minutes were planned.", "New meeting"}},
		"moderator": {client.View{Phase: client.PhaseEnded, Timeline: &client.Timeline{Session: session(&protocol.Ending{Reason: meeting.ReasonEndedByModerator, At: at(60), By: "Maya", Text: "Fire drill"})}},
			"ended_by_moderator", []string{"Maya ended it for everyone at 15:00.", "Fire drill", "It took 60 minutes, as planned."}},
		"api":    {client.View{Phase: client.PhaseEnded, Timeline: &client.Timeline{Session: session(&protocol.Ending{Reason: meeting.ReasonEndedByAPI, At: at(30)})}}, "ended_by_api", []string{"closed it at 14:30"}},
		"left":   {client.View{Phase: client.PhaseLeft, Timeline: &client.Timeline{Session: session(nil)}}, "left", []string{"It goes on until 15:15", "Rejoin", "Back to start"}},
		"closed": {client.View{Phase: client.PhaseClosed, Trouble: client.Trouble{Code: client.TroubleIncomplete}}, "incomplete_link", []string{"This link is incomplete", "Back to start"}},
		"address": {client.View{Phase: client.PhaseClosed, Trouble: client.Trouble{Code: client.TroubleAddress, Open: "https://meet.example/r/abc#t"}},
			"wrong_address", []string{"People reach this server at https://meet.example, and at no other address.", "Open the meeting there"}},
		"replaced":    {client.View{Phase: client.PhaseClosed, Trouble: client.Trouble{Code: protocol.CodeReplaced}}, "replaced", []string{"You joined somewhere else", "Come back here"}},
		"denied":      {client.View{Phase: client.PhaseClosed, Trouble: client.Trouble{Code: protocol.CodeDenied}}, "denied", []string{"You were not let in", "Ask again"}},
		"removed":     {client.View{Phase: client.PhaseClosed, Trouble: client.Trouble{Code: protocol.CodeRemoved}}, "removed", []string{"You were removed", "Back to start"}},
		"locked":      {client.View{Phase: client.PhaseClosed, Trouble: client.Trouble{Code: protocol.CodeLocked}}, "locked", []string{"The meeting is locked", "Try again"}},
		"time up":     {client.View{Phase: client.PhaseClosed, Trouble: client.Trouble{Code: client.TroubleTimeUp}}, "time_up", []string{"the server cannot be reached", "Try again"}},
		"by a portal": {client.View{Phase: client.PhaseLeft, Timeline: &client.Timeline{Session: byPortal()}}, "left", []string{"The service that arranged it extended by 15 minutes at 14:52"}},
		"retry":       {client.View{Phase: client.PhaseClosed, Trouble: client.Trouble{Code: protocol.CodeRoomFull}}, "room_full", []string{"The meeting is full", "Try again"}},
	} {
		t.Run(name, func(t *testing.T) {
			p := uitest.Mount(t, &Ended{View: c.view.Complete(), Session: &uitest.Session{Moment: at(53)}})
			p.Must("ended")
			if got := p.Must("ended-reason").Attr("data-reason"); got != c.reason {
				t.Errorf("data-reason is %q, want %q", got, c.reason)
			}
			for _, want := range c.says {
				if !strings.Contains(p.Text(), want) {
					t.Errorf("%q is not in %q", want, p.Text())
				}
			}
			if gone := c.reason == "removed"; gone && p.Find("rejoin") != nil {
				t.Error("somebody who was removed is offered to try again")
			}
		})
	}
}

func TestWhereAPortalMakesTheMeetingsNoneIsOffered(t *testing.T) {
	over := client.View{Phase: client.PhaseEnded, Timeline: &client.Timeline{Session: session(&protocol.Ending{Reason: meeting.ReasonExpired, At: at(75)})}}
	p := uitest.Mount(t, &Ended{View: over.Complete(), Session: &uitest.Session{Moment: at(76)}, PortalOnly: true})
	if got := p.Must("back-to-start").Text(); got != "Back to start" {
		t.Errorf("offers %q", got)
	}
}

func TestRejoin(t *testing.T) {
	s := &uitest.Session{Moment: at(30)}
	e := &Ended{View: client.View{Phase: client.PhaseLeft, Timeline: &client.Timeline{Session: session(nil)}}.Complete(), Session: s}
	p := uitest.Mount(t, e)
	p.Must("rejoin")
	p.Press("button", "Rejoin")
	if !slices.Equal(s.Calls, []string{"Rejoin"}) {
		t.Errorf("got %v", s.Calls)
	}
	if b := p.MustRole("button", "One moment…"); !b.Busy() || b.Why() != words.English().Say("why.waits") {
		t.Errorf("on the way: busy %t because %q", b.Busy(), b.Why())
	}
}

func TestNobodyCanRejoinWhatIsOver(t *testing.T) {
	p := uitest.Mount(t, &Ended{View: client.View{Phase: client.PhaseEnded, Timeline: &client.Timeline{Session: session(&protocol.Ending{Reason: meeting.ReasonExpired, At: at(75)})}}.Complete(),
		Session: &uitest.Session{Moment: at(76)}})
	if p.Find("rejoin") != nil {
		t.Error("Rejoin is offered")
	}
}

func TestWhatIsSaidAboutComingBackHoldsUntilTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := protocol.Session{StartedAt: time.Now(), EndsAt: time.Now().Add(time.Minute)}
		p := uitest.Mount(t, &Ended{View: client.View{Phase: client.PhaseLeft, Timeline: &client.Timeline{Session: s}}.Complete(), Session: &uitest.Session{}})
		if !strings.Contains(p.Text(), "It goes on until") {
			t.Errorf("says %q", p.Text())
		}
		<-time.After(time.Minute)
		synctest.Wait()
		p.Settle()
		if strings.Contains(p.Text(), "goes on") || !strings.Contains(p.Text(), "If it was extended") {
			t.Errorf("after the end it says %q", p.Text())
		}
		p.Must("rejoin")
	})
}
