package layout

import (
	"slices"

	"overtime/internal/protocol"
)

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
		height := c.Rect.Height
		if c.Source == protocol.Camera { // a person covers their cell
			height = max(height, c.Rect.Width*9/16)
		}
		steps := int(float64(height)*ratio+heightStep-1) / heightStep
		l.picture(s, c.Key, max(steps, 1)*heightStep)
	}
}

// unmeasured lays nothing out, and asks for everything.
func (l *Layout) unmeasured(s sorted) {
	l.order = s.order()
	l.Pictures = []protocol.Picture{}
	for _, i := range slices.Concat(s.large, s.small) {
		height := heightUnknown
		if i.Source == protocol.Screen {
			height = screenUnknown
		}
		l.picture(s, i.Key, height)
	}
}

// picture asks for one, if there is one of another person's to ask for.
func (l *Layout) picture(s sorted, k Key, height int) {
	if slices.ContainsFunc(s.all, func(i Item) bool { return i.Key == k && i.Picture && !i.Self }) {
		l.Pictures = append(l.Pictures, protocol.Picture{Participant: k.Participant, Source: k.Source, Height: height})
	}
}
