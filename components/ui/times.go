package ui

import (
	"math"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"overtime/internal/client"
	"overtime/internal/words"
)

// Moment is when a page is drawn; how it shows other instants depends on it.
type Moment struct {
	Now    time.Time
	Minute time.Duration // of the room, see Minute
	// Zone is the device's; nil is the program's own, which in a browser keeps
	// the offset from UTC that held when the program began.
	Zone Zone
	// Words are the sentences in the language of whoever looks; nil: in English.
	Words *words.Catalogue
}

// Zone is the time zone of whoever looks.
type Zone interface {
	// Local is t as clocks there show it at that instant.
	Local(t time.Time) time.Time
}

// MomentIn is the present moment in a room.
func MomentIn(w *words.Catalogue, r *client.Room, clock ZonedClock) Moment {
	return MomentOf(w, Minute(r), clock)
}

// MomentOf is the present moment in a room with minutes of that length.
func MomentOf(w *words.Catalogue, minute time.Duration, clock ZonedClock) Moment {
	return Moment{Now: clock.Now(), Minute: minute, Zone: clock, Words: w}
}

// ZonedClock tells the time, and how clocks where the viewer is show it.
type ZonedClock interface {
	Clock
	Zone
}

// At is t as the viewer's clock shows it, 24 hours, with the day if that is
// not today's. Where the room's minutes are shorter than a clock's, as when
// somebody tries the service out, all of a meeting would fall into one minute
// or two, so seconds are shown.
func (m Moment) At(t time.Time) string {
	clock := "15:04"
	if m.seconds() {
		clock = "15:04:05"
	}
	t, now := m.local(t), m.local(m.Now)
	if t.YearDay() == now.YearDay() && t.Year() == now.Year() {
		return t.Format(clock)
	}
	if d := t.Sub(now); d > -6*24*time.Hour && d < 6*24*time.Hour {
		return t.Format("Mon " + clock)
	}
	return t.Format("2 Jan " + clock)
}

func (m Moment) local(t time.Time) time.Time {
	if m.Zone == nil {
		return t.Local()
	}
	return m.Zone.Local(t)
}

func (m Moment) seconds() bool { return m.Minute < time.Minute }

// WireTime is t as data attributes carry it: RFC 3339 with milliseconds.
func WireTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z07:00") }

// Lasted is how many of a room's minutes d is, rounded; 0 is less than one.
func Lasted(d, minute time.Duration) int { return int(math.Round(float64(d) / float64(minute))) }

// Somebody is a name, or who it is that has none: the service that made the
// meeting and acts through the API.
func Somebody(w *words.Catalogue, name string) string {
	if name == "" {
		return w.Say("who.service")
	}
	return name
}

// Initials are the first letters of the first and the last word of a name.
func Initials(name string) string {
	words := strings.FieldsFunc(name, func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) })
	switch len(words) {
	case 0:
		return "?"
	case 1:
		r, n := utf8.DecodeRuneInString(words[0])
		second, _ := utf8.DecodeRuneInString(words[0][n:])
		if second == utf8.RuneError || !unicode.IsLetter(second) {
			return strings.ToUpper(string(r))
		}
		return strings.ToUpper(string([]rune{r, second}))
	}
	first, _ := utf8.DecodeRuneInString(words[0])
	last, _ := utf8.DecodeRuneInString(words[len(words)-1])
	return strings.ToUpper(string([]rune{first, last}))
}
