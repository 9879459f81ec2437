package room

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"overtime/components/uitest"
	"overtime/internal/client"
	"overtime/internal/meeting"
	"overtime/internal/words"
)

// offered are the ids of all extensions on offer.
func (w *world) offered() []string {
	var out []string
	for _, id := range []string{"extend", "extend-10", "extend-15", "extend-20", "extend-30"} {
		if w.Find(id) != nil {
			out = append(out, id)
		}
	}
	return out
}

func TestWhatTheBannerOffers(t *testing.T) {
	all := []string{"extend", "extend-10", "extend-15", "extend-20", "extend-30"}
	for name, c := range map[string]struct {
		view    client.View
		offered []string
		says    string
	}{
		"first":     {opened(meeting.FirstWindow, 30), all, "Anyone can extend it, once, now."},
		"final":     {opened(meeting.FinalWindow, 30), all, "Last chance to extend"},
		"limited":   {opened(meeting.FirstWindow, 20), all[:4], "Extend by 15 min"},
		"short":     {opened(meeting.FirstWindow, 12), all[:2], "Extend by 12 min"},
		"booked":    {opened(meeting.FirstWindow, 0), nil, "The room is booked afterwards"},
		"viewer":    {with(opened(meeting.FirstWindow, 30), func(v *client.View) { v.Me.Role = meeting.RoleViewer }), nil, "Viewers cannot extend it"},
		"moderated": {with(opened(meeting.FirstWindow, 30), func(v *client.View) { v.Room.ExtendBy = meeting.ExtendByModerators }), all, "A moderator can extend it"},
		"only moderators": {with(opened(meeting.FirstWindow, 30), func(v *client.View) {
			v.Room.ExtendBy, v.Me.Role = meeting.ExtendByModerators, meeting.RoleParticipant
		}), nil, "Only a moderator can extend it."},
		"pending": {with(opened(meeting.FirstWindow, 30), func(v *client.View) { v.Timeline.Extending = true }), nil, "Extending…"},
	} {
		t.Run(name, func(t *testing.T) {
			w := mount(t, c.view, at(51))
			banner := w.Must("extension-banner")
			if got := w.offered(); !slices.Equal(got, c.offered) {
				t.Errorf("offers %v, want %v", got, c.offered)
			}
			if !strings.Contains(banner.Text(), c.says) || !strings.Contains(banner.Text(), "15:00") {
				t.Errorf("%q is not in %q", c.says, banner.Text())
			}
		})
	}
}

func with(v client.View, change func(*client.View)) client.View {
	v = v.Copy()
	change(&v)
	return v
}

func TestChoicesShowTheEndsTheyLeadTo(t *testing.T) {
	w := mount(t, opened(meeting.FirstWindow, 30), at(51))
	if got := w.Must("extend-20").Text(); got != "20 min 15:20" {
		t.Errorf("got %q", got)
	}
}

// twenty is the name of a button of the banner.
const twenty = "20 min 15:20: extend by 20 minutes, until 15:20"

func TestPressesOnTheBanner(t *testing.T) {
	w := mount(t, opened(meeting.FirstWindow, 30), at(51))
	w.Press("button", twenty)
	w.Press("button", "Not now")
	w.show(with(opened(meeting.FirstWindow, 30), func(v *client.View) { v.Timeline.Extending = true }))
	w.isBusy(twenty) // one answer is awaited already
	w.isBusy("Extending…")
	if want := []string{"Extend 20", "HideNotice"}; !slices.Equal(w.s.Calls, want) {
		t.Errorf("got %v, want %v", w.s.Calls, want)
	}
}

func TestBannerFollowsTheNoticeAlone(t *testing.T) {
	if w := mount(t, calm(), at(55)); w.Find("extension-banner") != nil {
		t.Error("a banner without a notice")
	}
	v := opened(meeting.FirstWindow, 30)
	v.Timeline.NoticeHidden = true
	if w := mount(t, v, at(51)); w.Find("extension-banner") != nil {
		t.Error("a banner that was put away")
	}
}

func TestTheLastMinuteCannotBeHidden(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := opened(meeting.FinalWindow, 30)
		v.Timeline.EndsAt = time.Now().Add(90 * time.Second)
		v.Timeline.Notice.EndsAt, v.Timeline.NoticeHidden = v.Timeline.EndsAt, true
		w := mount(t, v, time.Time{})
		if w.Find("extension-banner") != nil {
			t.Fatal("shown although it was put away")
		}
		<-time.After(31 * time.Second)
		synctest.Wait()
		w.Settle()
		w.Must("extension-banner")
		w.Must("extend")
		if w.Find("not-now") != nil {
			t.Error("Not now is offered in the last minute")
		}
		<-time.After(time.Minute)
		synctest.Wait()
		w.Settle()
		if w.Find("extension-banner") != nil {
			t.Error("the banner outlives the end")
		}
	})
}

func TestNothingIsOfferedThatTheServerCannotHear(t *testing.T) {
	v := opened(meeting.FirstWindow, 30)
	v.Connection.Link = client.LinkReconnecting
	w := mount(t, v, at(51))
	w.Must("extension-banner") // the time still counts
	if got := w.offered(); got != nil {
		t.Errorf("offers %v", got)
	}
	if w.Find("end-for-all") != nil {
		t.Error("the end for all is offered")
	}
	w.Must("leave")
	for _, name := range []string{twenty, "End for all"} {
		w.isShut(name, words.English().Say("why.away"))
	}
	d := uitest.Mount(t, &EndDialog{Open: true, Away: true, Session: w.s})
	if d.MustRole("textbox", "Reason (everyone reads it)").Submit(); d.Find("confirm-end") != nil {
		t.Error("the dialog's press is offered")
	}
	if len(w.s.Calls) != 0 {
		t.Errorf("asked for %v", w.s.Calls)
	}
}

func TestShortMinutesShowSeconds(t *testing.T) {
	v := opened(meeting.FirstWindow, 30)
	v.Room.MinuteMS = 1000
	w := mount(t, v, at(60).Add(-8*time.Second))
	if got := w.Must("extend-20").Text(); got != "20 min 15:00:20" {
		t.Errorf("got %q", got)
	}
	if got := w.Class("pill").Text(); !strings.Contains(got, "ends 15:00:00") {
		t.Errorf("the pill says %q", got)
	}
}
