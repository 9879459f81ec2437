package room

import "overtime/internal/client"

// shown is what a <video> shows: this person's own camera, or the picture of a
// seat. The zero value is nothing.
type shown struct {
	self bool
	seat string
}

// bind has a <video> show want, if it shows something else now.
func (s *shown) bind(pictures client.Stage, video string, want shown) {
	if pictures == nil || want == *s {
		return
	}
	*s = want
	switch {
	case want.self:
		pictures.ShowSelf(video)
	case want.seat != "":
		pictures.ShowSeat(video, want.seat)
	default:
		pictures.Clear(video)
	}
}
