package main

import (
	"fmt"
	"time"
)

// status is how a booking stands, as the list says it.
type status struct {
	Tone  string // booked, calm, first, final or over
	Words string
}

// Status comes from webhooks alone: no page need be open for it.
func (b booking) Status() status {
	switch {
	case b.Ended != nil:
		return status{"over", fmt.Sprintf("%s at %s", b.Ended.why(), clock(b.Ended.EndedAt))}
	case b.Window == "first" || b.Window == "final":
		return status{b.Window, fmt.Sprintf("Ends at %s; anyone may extend now", clock(b.EndsAt))}
	case !b.StartedAt.IsZero():
		return status{"calm", fmt.Sprintf("%s inside, ends at %s", people(len(b.Inside)), clock(b.EndsAt))}
	}
	return status{"booked", "Nobody has come yet"}
}

func (e sessionEnded) why() string {
	switch {
	case e.Reason == "expired":
		return "Time was up"
	case e.By != nil && e.By.Name != "":
		return "Ended by " + e.By.Name
	}
	return "Ended"
}

func people(n int) string {
	switch n {
	case 0:
		return "Nobody"
	case 1:
		return "One"
	case 2:
		return "Both"
	}
	return fmt.Sprint(n)
}

// clock is the time of day where this portal is; a portal with people in many
// places knows where each of them is.
func clock(t time.Time) string { return t.Local().Format("15:04") }
