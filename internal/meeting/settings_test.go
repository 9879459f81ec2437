package meeting_test

import (
	"testing"
	"time"

	"overtime/internal/meeting"
)

func TestWith(t *testing.T) {
	old := roomOf(t, 60, func(r *meeting.Room) { r.LatestEnd = t0.Add(2 * time.Hour) })
	same, err := old.With(meeting.Settings{})
	if err != nil {
		t.Fatal(err)
	}
	wantEqual(t, same, old)
	changed, err := old.With(meeting.Settings{
		Name: new(" Board\n"), Duration: new(30), DefaultExtension: new(20), ExtendBy: new(meeting.ExtendByModerators),
		LatestEnd: new(time.Time{}), Capacity: new(4), WaitingRoom: new(true), Reusable: new(true), Locked: new(true),
		Chat: new(meeting.ChatByModerators), ScreenShare: new(meeting.ScreenByModerators),
	})
	if err != nil {
		t.Fatal(err)
	}
	want := old
	want.Name, want.Duration, want.DefaultExtension, want.ExtendBy = "Board", 30, 20, meeting.ExtendByModerators
	want.LatestEnd, want.Capacity, want.WaitingRoom, want.Reusable, want.Locked = time.Time{}, 4, true, true, true
	want.Chat, want.ScreenShare = meeting.ChatByModerators, meeting.ScreenByModerators
	wantEqual(t, changed, want)
	for name, s := range map[string]meeting.Settings{
		"no duration":       {Duration: new(0)},
		"no extension":      {DefaultExtension: new(0)},
		"an extension of 9": {DefaultExtension: new(9)},
		"nobody":            {Capacity: new(0)},
		"a crowd":           {Capacity: new(101)},
		"by whom":           {ExtendBy: new(meeting.ExtendBy("nobody"))},
		"who writes":        {Chat: new(meeting.ChatBy("anyone"))},
		"who shares":        {ScreenShare: new(meeting.ScreenBy("off"))},
	} {
		if _, err := old.With(s); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}
