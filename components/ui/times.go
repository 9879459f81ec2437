package ui

import (
	"fmt"
	"math"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// At is t as the viewer's clock shows it, 24 hours, with the day if that is
// not today's.
func At(t, now time.Time) string {
	t, now = t.Local(), now.Local()
	if t.YearDay() == now.YearDay() && t.Year() == now.Year() {
		return t.Format("15:04")
	}
	if d := t.Sub(now); d > -6*24*time.Hour && d < 6*24*time.Hour {
		return t.Format("Mon 15:04")
	}
	return t.Format("2 Jan 15:04")
}

// WireTime is t as data attributes carry it: RFC 3339 with milliseconds.
func WireTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z07:00") }

// Minutes is "1 minute", "15 minutes".
func Minutes(n int) string { return count(n, "minute", "minutes") }

// People is "1 person", "3 people".
func People(n int) string { return count(n, "person", "people") }

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// Lasted is how long d is in a room's minutes, in words.
func Lasted(d, minute time.Duration) string {
	n := int(math.Round(float64(d) / float64(minute)))
	if n < 1 {
		return "less than a minute"
	}
	return Minutes(n)
}

// Somebody is a name, or who it is that has none: the portal that owns the
// room acts without one.
func Somebody(name string) string {
	if name == "" {
		return "The organiser"
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
