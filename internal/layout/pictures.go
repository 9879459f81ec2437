package layout

import "overtime/internal/protocol"

const (
	// heightStep rounds heights up, so that a window being pulled larger does not
	// ask for something new with each pixel.
	heightStep = 90
	// heightUnknown and screenUnknown are asked for while nobody knows how large
	// the stage is.
	heightUnknown, screenUnknown = 360, 1080
)

// ask asks for the pictures of all cells, as large as they are shown.
func (l *Layout) ask(s sorted, ratio float64) {
	if ratio <= 0 {
		ratio = 1
	}
	l.Pictures = []protocol.Picture{}
	for _, c := range l.Cells {
		if !s.sent(c.Key) {
			continue
		}
		height := c.Rect.Height
		if c.Source == protocol.Camera { // a person covers their cell
			height = max(height, c.Rect.Width*9/16)
		}
		steps := int(float64(height)*ratio+heightStep-1) / heightStep
		l.Pictures = append(l.Pictures, protocol.Picture{Participant: c.Participant, Source: c.Source, Height: max(steps, 1) * heightStep})
	}
}

// unmeasured lays nothing out, and asks for everything.
func (l *Layout) unmeasured(s sorted) {
	l.order = s.order()
	l.Pictures = []protocol.Picture{}
	for _, items := range [][]Item{s.large, s.small} {
		for _, i := range items {
			height := heightUnknown
			if i.Source == protocol.Screen {
				height = screenUnknown
			}
			if s.sent(i.Key) {
				l.Pictures = append(l.Pictures, protocol.Picture{Participant: i.Participant, Source: i.Source, Height: height})
			}
		}
	}
}

// sent reports whether there is a picture of another person's to ask for.
func (s *sorted) sent(k Key) bool {
	for _, i := range s.all {
		if i.Key == k {
			return i.Picture && !i.Self
		}
	}
	return false
}
