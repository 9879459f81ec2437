package meeting_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"overtime/internal/meeting"
)

func TestValidateFillsInDefaults(t *testing.T) {
	got, err := meeting.Room{
		Name:      " Weekly\n",
		Duration:  60,
		CreatedAt: t0.Add(1999 * time.Microsecond).In(time.FixedZone("", 7200)),
		LatestEnd: t0.Add(1999 * time.Microsecond).In(time.FixedZone("", 7200)),
	}.Validate()
	if err != nil {
		t.Fatalf("Validate: %v", err)
	}
	wantEqual(t, got, meeting.Room{
		Name: "Weekly", Duration: 60, DefaultExtension: 15, ExtendBy: meeting.ExtendByAnyone,
		CreatedAt: t0.Add(time.Millisecond), LatestEnd: t0.Add(time.Millisecond), Minute: time.Minute,
		Capacity: meeting.DefaultCapacity, Chat: meeting.ChatByEveryone, ScreenShare: meeting.ScreenByAnyone,
	})
	again, err := got.Validate()
	if err != nil {
		t.Fatalf("Validate again: %v", err)
	}
	wantEqual(t, again, got)
}

func TestValidateKeepsNoLatestEnd(t *testing.T) {
	if r := roomOf(t, 60); !r.LatestEnd.IsZero() {
		t.Fatalf("a room without a latest end got %v", r.LatestEnd)
	}
}

func TestValidate(t *testing.T) {
	minute := func(d time.Duration) func(*meeting.Room) { return func(r *meeting.Room) { r.Minute = d } }
	lasts := func(n int) func(*meeting.Room) { return func(r *meeting.Room) { r.Duration = n } }
	grants := func(n int) func(*meeting.Room) { return func(r *meeting.Room) { r.DefaultExtension = n } }
	named := func(n int) func(*meeting.Room) { return func(r *meeting.Room) { r.Name = strings.Repeat("é", n) } }
	takes := func(n int) func(*meeting.Room) { return func(r *meeting.Room) { r.Capacity = n } }
	called := func(id string) func(*meeting.Room) { return func(r *meeting.Room) { r.ExternalID = id } }
	by := func(e meeting.ExtendBy) func(*meeting.Room) { return func(r *meeting.Room) { r.ExtendBy = e } }
	for _, c := range []struct {
		name string
		edit func(*meeting.Room)
		ok   bool
	}{
		{"no duration", lasts(0), false},
		{"negative duration", lasts(-1), false},
		{"most negative duration", lasts(math.MinInt), false},
		{"1 minute", lasts(1), true},
		{"1440 minutes", lasts(1440), true},
		{"1441 minutes", lasts(1441), false},
		{"huge duration", lasts(math.MaxInt), false},
		{"1 person", takes(1), true},
		{"nobody", takes(-1), false},
		{"100 people", takes(100), true},
		{"101 people", takes(101), false},
		{"an external id", called("booking/2026-03-04#7"), true},
		{"an external id with a space", called("booking 7"), false},
		{"an external id with an umlaut", called("büchung"), false},
		{"a long external id", called(strings.Repeat("x", 128)), true},
		{"an external id that is too long", called(strings.Repeat("x", 129)), false},
		{"default grant of 9", grants(9), false},
		{"default grant of 10", grants(10), true},
		{"default grant of 30", grants(30), true},
		{"default grant of 31", grants(31), false},
		{"negative default grant", grants(-1), false},
		{"name of 100 runes", named(100), true},
		{"name of 101 runes", named(101), false},
		{"extended by anyone", by("anyone"), true},
		{"extended by moderators", by("moderators"), true},
		{"extended by nobody known", by("owners"), false},
		{"negative minute", minute(-time.Minute), false},
		{"minute under a millisecond", minute(time.Millisecond - 1), false},
		{"minute of a millisecond", minute(time.Millisecond), true},
		{"minute of a millisecond and a half", minute(1500 * time.Microsecond), false},
		{"minute of a second", minute(time.Second), true},
		{"minute of an hour", minute(time.Hour), true},
		{"minute over an hour", minute(time.Hour + time.Millisecond), false},
		{"longest minute", minute(math.MaxInt64), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := meeting.Room{Duration: 60}
			c.edit(&r)
			_, err := r.Validate()
			if c.ok {
				if err != nil {
					t.Fatalf("refused: %v", err)
				}
				return
			}
			wantRefusal(t, err, meeting.Refusal{Code: meeting.CodeBadRequest})
		})
	}
}

func TestInstant(t *testing.T) {
	for _, c := range []struct {
		name     string
		in, want time.Time
	}{
		{"whole milliseconds stay", t0.Add(time.Millisecond), t0.Add(time.Millisecond)},
		{"the rest is cut off, not rounded", t0.Add(2*time.Millisecond - 1), t0.Add(time.Millisecond)},
		{"before 1970 it is cut off downwards", time.Unix(-1, 999_999).UTC(), time.Unix(-1, 0).UTC()},
		{"another zone becomes UTC", t0.In(time.FixedZone("CEST", 7200)), t0},
		{"nothing stays nothing", time.Time{}.In(time.FixedZone("CEST", 7200)), time.Time{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			wantEqual(t, meeting.Instant(c.in), c.want)
		})
	}
	t.Run("the monotonic part goes", func(t *testing.T) {
		now := meeting.Instant(time.Now())
		if now != now.Round(0) {
			t.Fatalf("%v still has a monotonic part", now)
		}
	})
}
