package ui

import (
	"time"

	"overtime/internal/client"
	"overtime/internal/meeting"
)

// Tone is how pressing time is. It names the class that colours it; words and
// shapes say the same, so that nothing hangs on colour alone.
type Tone string

const (
	ToneCalm  Tone = "calm"
	ToneFirst Tone = "first"
	ToneFinal Tone = "final"
)

// ToneOf is the tone of the time left in a room whose minutes last minute.
func ToneOf(left, minute time.Duration) Tone {
	switch {
	case left <= time.Duration(meeting.FinalWindow.Opens())*minute:
		return ToneFinal
	case left <= time.Duration(meeting.FirstWindow.Opens())*minute:
		return ToneFirst
	}
	return ToneCalm
}

// Minute is how long one of the room's minutes lasts.
func Minute(r *client.Room) time.Duration {
	if r.MinuteMS <= 0 {
		return time.Minute
	}
	return time.Duration(r.MinuteMS) * time.Millisecond
}
