package throttle_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"overtime/internal/throttle"
)

// TestOperatingPage: the numbers that operators are told are the ones that hold.
func TestOperatingPage(t *testing.T) {
	text, err := os.ReadFile("../../docs/operating.md")
	if err != nil {
		t.Fatal(err)
	}
	rate := func(r throttle.Rate, per time.Duration) string {
		unit := map[time.Duration]string{time.Second: "per second", 5 * time.Second: "in 5 seconds", time.Minute: "per minute"}[per]
		return fmt.Sprintf("%.0f %s, %d at once", r.PerSecond*per.Seconds(), unit, r.Burst)
	}
	seconds := func(d time.Duration) string { return fmt.Sprintf("%.0f seconds", d.Seconds()) }
	thousands := func(n int) string { return strings.TrimPrefix(fmt.Sprintf("%d,%03d", n/1000, n%1000), "0,") }
	l := throttle.Default
	s := l.Socket
	for _, row := range []string{
		fmt.Sprintf("connections to `--addr` | %d | %s,", l.HTTP.Each, thousands(l.HTTP.All)),
		"requests below `/api/` | " + rate(l.API, time.Second),
		"meetings made without an API key | " + rate(l.Create, time.Second) + " | " + rate(l.CreateAll, time.Second),
		fmt.Sprintf("(each for %s at most) | %d | %s;", seconds(s.UnknownFor), l.Unknown.Each, thousands(l.Unknown.All)),
		fmt.Sprintf("WebSockets with a valid link | %d,", l.Known),
		"links that are not valid (what is valid is let in meanwhile) | " + rate(l.BadTokens, time.Minute),
		"people who come in (those who come back are not counted) | " + rate(l.Joins, time.Second),
		"people who come back (beyond it, only to a place that still waits for them) | " + rate(l.Returns, time.Second),
		fmt.Sprintf("in their first 10 seconds | %d | %s |", l.Media.Each, thousands(l.Media.All)),
		"messages | " + rate(s.Messages, time.Second),
		"changes of what is shown | " + rate(s.Shows, time.Second),
		"frames of any kind | " + rate(s.Frames, time.Second),
		"media offers | " + rate(s.Offers, time.Second),
		"presses on Extend | " + rate(s.Extends, 5*time.Second),
		"hands raised and lowered | " + rate(s.Attributes, time.Second),
		"reactions | " + rate(s.Reactions, time.Second),
		"chat messages sent | " + rate(s.ChatSends, time.Second),
		"chat messages deleted | " + rate(s.ChatDeletes, time.Second),
		"pages of the chat | " + rate(s.ChatPages, time.Second),
		fmt.Sprintf("what was asked and waits for an answer | %d MiB", s.AskedBytes>>20),
		fmt.Sprintf("what waits to be read by the browser | %d messages, %d MiB; %d MiB for all", s.Queue, s.QueueBytes>>20, l.Unwritten>>20),
		"one message that is not read | " + seconds(s.WriteTimeout),
		fmt.Sprintf("a ping each %s, %s to answer it", seconds(s.Ping), seconds(s.PingTimeout)),
		fmt.Sprintf("A lobby that asks nothing for %.0f minutes", s.LobbyFor.Minutes()),
	} {
		if !strings.Contains(string(text), row) {
			t.Errorf("docs/operating.md does not say %q", row)
		}
	}
	if throttle.Crowd != 10 || !strings.Contains(string(text), "ten times as much") {
		t.Error("docs/operating.md says another share of a crowd")
	}
}
