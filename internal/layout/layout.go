package layout

import (
	"slices"

	"overtime/internal/protocol"
)

// Item is something that can stand on the stage: a person, with a picture of
// their camera or without one, or a screen that a person shares.
type Item struct {
	Key
	Self    bool // this tab's own person
	Picture bool // others send it: there is something to ask the server for
	// Heard is greater for who spoke later, and 0 for who has not spoken for long
	// enough to matter.
	Heard int
}

// Key names an item. A person's Source is the camera, whether it is on or not.
type Key struct {
	Participant string
	Source      protocol.Source
}

// Size is how large the stage is, in CSS pixels; zero: nobody knows yet. Ratio
// is how many device pixels one of them has on a side.
type Size struct {
	Width, Height int
	Ratio         float64
}

// Choice is what this tab's person asked for.
type Choice struct {
	Mode Mode
	Pins []Key // large whatever else there is; those that are not there are passed over
	Page int   // from 0; the last one if there are fewer
	// Turned is the greatest Heard of when the page was turned to: nobody who was
	// heard before is dragged along.
	Turned int
}

// Mode is how people stand when nothing is large of itself.
type Mode string

const (
	Auto    Mode = ""        // as a grid
	Speaker Mode = "speaker" // who spoke last is large
)

// Name says how a stage is laid out.
type Name string

const (
	Grid         Name = "grid"         // all of the same size
	Spotlight    Name = "speaker"      // people are large, the others stand in a strip
	Presentation Name = "presentation" // screens are large, people stand in a strip
)

// Rect is in CSS pixels from the stage's upper left corner.
type Rect struct{ X, Y, Width, Height int }

// Cell is an item in its place.
type Cell struct {
	Key
	Rect   Rect
	Large  bool
	Pinned bool
}

// Layout is what is seen. It is not changed once made.
type Layout struct {
	Name Name
	// Cells are what is seen, in the order to read them. None covers another.
	Cells []Cell
	// Page is of Pages, which are at least 1. What is large is on each of them.
	Page, Pages int
	// Pictures are those of the cells to ask the server for, the large ones first.
	Pictures []protocol.Picture

	// order is that of all people, seen or not, for the next layout to keep.
	order []Key
}

// Arrange lays items out. last is the layout before, or nil: whoever stands in
// it keeps their place, unless it is needed for somebody who speaks and would not
// be seen otherwise. Items are taken in the order given where last says nothing,
// this tab's own person last. The same items and the layout that came out of them
// give that layout again.
func Arrange(items []Item, on Size, want Choice, last *Layout) *Layout {
	s := sort(items, want, last)
	out := &Layout{Name: Grid, Pages: 1}
	switch {
	case len(s.large) == 0:
	case s.large[0].Source == protocol.Screen:
		out.Name = Presentation
	default:
		out.Name = Spotlight
	}
	if on.Width <= 0 || on.Height <= 0 {
		out.unmeasured(s)
		return out
	}
	area := Rect{Width: on.Width, Height: on.Height}
	if len(s.large) == 0 {
		page := s.turn(capacity(area), want, out)
		out.add(page, fill(area, len(page), personShape), false)
	} else {
		s.keepLarge(holds(area, len(s.large)))
		people, large := split(area, len(s.large), len(s.small)+len(s.self))
		out.add(s.large, fill(large, len(s.large), screenShape), true)
		page := s.turn(stripCapacity(people, area), want, out)
		out.add(page, strip(people, len(page)), false)
	}
	for i := range out.Cells {
		out.Cells[i].Pinned = slices.Contains(want.Pins, out.Cells[i].Key)
	}
	out.ask(s, on.Ratio)
	return out
}

// add puts items into rectangles, one each.
func (l *Layout) add(items []Item, into []Rect, large bool) {
	for i, r := range into {
		l.Cells = append(l.Cells, Cell{Key: items[i].Key, Rect: r, Large: large})
	}
}

// Cell is the place of an item; ok is false if it is not seen.
func (l *Layout) Cell(of Key) (c Cell, ok bool) {
	if l == nil {
		return c, false
	}
	i := slices.IndexFunc(l.Cells, func(c Cell) bool { return c.Key == of })
	if i < 0 {
		return c, false
	}
	return l.Cells[i], true
}
