package ui_test

import (
	"testing"
	"time"

	"overtime/components/ui"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

func TestMinutesSecondsRoundsUp(t *testing.T) {
	for left, want := range map[time.Duration]string{
		-time.Second:               "0:00",
		0:                          "0:00",
		time.Millisecond:           "0:01",
		time.Second:                "0:01",
		time.Second + 1:            "0:02",
		59*time.Second + 1:         "1:00",
		10*time.Minute - 18999*1e6: "9:42",
		90 * time.Minute:           "90:00",
	} {
		if got := ui.MinutesSeconds(left); got != want {
			t.Errorf("%v: got %s, want %s", left, got, want)
		}
	}
}

func TestAtNamesTheDayOnlyIfItIsAnother(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0:                   "15:00",
		5 * time.Hour:       "20:00",
		24 * time.Hour:      "Tue 15:00",
		30 * 24 * time.Hour: "23 Dec 15:00",
	} {
		if got := (ui.Moment{Now: now, Minute: time.Minute}).At(now.Add(d)); got != want {
			t.Errorf("+%v: got %q, want %q", d, got, want)
		}
	}
}

func TestInitials(t *testing.T) {
	for name, want := range map[string]string{
		"Asha Rao": "AR", "asha": "AS", "Tomás de la Vega": "TV", "": "?", "李雷": "李雷", "Q": "Q", "🙂 Eli": "EL",
	} {
		if got := ui.Initials(name); got != want {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
	}
}

func TestToneTurnsAtTheWindows(t *testing.T) {
	for left, want := range map[time.Duration]ui.Tone{
		10*time.Minute + 1: ui.ToneCalm,
		10 * time.Minute:   ui.ToneFirst,
		5*time.Minute + 1:  ui.ToneFirst,
		5 * time.Minute:    ui.ToneFinal,
		0:                  ui.ToneFinal,
	} {
		if got := ui.ToneOf(left, time.Minute); got != want {
			t.Errorf("%v: got %s, want %s", left, got, want)
		}
	}
}

func TestStoryOfReadsPlanAndExtensions(t *testing.T) {
	end := now.Add(time.Hour)
	s := ui.StoryOf(protocol.Session{StartedAt: now, EndsAt: end.Add(30 * time.Minute), Story: []protocol.StoryEntry{
		{Kind: meeting.EntryStarted, At: now, EndsAt: end},
		{Kind: meeting.EntryWindowOpened, EndsAt: end},
		{Kind: meeting.EntryExtended, EndsAt: end.Add(30 * time.Minute), Minutes: 30},
	}}, now)
	if !s.PlannedEnd.Equal(end) || len(s.Extensions) != 1 || !s.End().Equal(end.Add(30*time.Minute)) {
		t.Errorf("got %+v", s)
	}
}

func TestStoryOfASessionWhoseStoryIsUnknown(t *testing.T) {
	end := now.Add(time.Hour)
	if s := ui.StoryOf(protocol.Session{StartedAt: now, EndsAt: end}, now); !s.End().Equal(end) {
		t.Errorf("got %+v", s)
	}
}

func TestAtShowsSecondsWhereMinutesAreShort(t *testing.T) {
	if got := (ui.Moment{Now: now, Minute: time.Second}).At(now.Add(90 * time.Second)); got != "15:01:30" {
		t.Errorf("got %q", got)
	}
}

// berlin is a device's zone, as its browser tells it.
type berlin struct{ place *time.Location }

func (b berlin) Local(t time.Time) time.Time { return t.In(b.place) }

// TestAtWhenTheClocksChange: what is shown of an instant does not depend on when
// it is looked at.
func TestAtWhenTheClocksChange(t *testing.T) {
	place, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	change := time.Date(2026, 10, 25, 1, 0, 0, 0, time.UTC) // 3:00 becomes 2:00
	m := ui.Moment{Now: change.Add(-30 * time.Minute), Minute: time.Minute, Zone: berlin{place}}
	for d, want := range map[time.Duration]string{
		-30 * time.Minute: "02:30",
		30 * time.Minute:  "02:30",
		90 * time.Minute:  "03:30",
		21 * time.Hour:    "23:00", // the same day
		22 * time.Hour:    "Mon 00:00",
	} {
		if got := m.At(change.Add(d)); got != want {
			t.Errorf("%v after the change: got %s, want %s", d, got, want)
		}
	}
}
