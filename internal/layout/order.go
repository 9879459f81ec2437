package layout

import (
	"slices"

	"overtime/internal/protocol"
)

// sorted are the items, apart by how large they are.
type sorted struct {
	all   []Item // in the order to keep
	large []Item
	small []Item // in the order in which they stand; this tab's own person is not among them
	self  []Item // that person, unless they are large: one or none
}

// sort puts the items in order.
func sort(items []Item, want Choice, last *Layout) sorted {
	items = inOrder(items, last)
	large := func(i Item) bool { return i.Source == protocol.Screen }
	switch pins := pinned(items, want.Pins); {
	case len(pins) > 0:
		large = func(i Item) bool { return slices.Contains(pins, i.Key) }
	case slices.ContainsFunc(items, large):
	case want.Mode == Speaker:
		if speaker, ok := lastHeard(items); ok {
			large = func(i Item) bool { return i.Key == speaker }
		}
	}
	s := sorted{all: items}
	for _, i := range items {
		switch {
		case large(i):
			s.large = append(s.large, i)
		case i.Self: // whoever speaks need not see themselves
			i.Heard = 0
			s.self = append(s.self, i)
		default:
			s.small = append(s.small, i)
		}
	}
	return s
}

// inOrder is items with the screens first, each kind as it stood in the layout
// before and who is new after them.
func inOrder(items []Item, last *Layout) []Item {
	place := map[Key]int{}
	if last != nil {
		for i, k := range last.order {
			place[k] = i
		}
	}
	at := func(i Item) int {
		n, stood := place[i.Key]
		if !stood {
			n = len(place)
		}
		if i.Source == protocol.Screen {
			n -= len(place) + 1
		}
		return n
	}
	out := slices.Clone(items)
	slices.SortStableFunc(out, func(a, b Item) int { return at(a) - at(b) })
	return out
}

// pinned are those of pins that are there.
func pinned(items []Item, pins []Key) []Key {
	var out []Key
	for _, k := range pins {
		if slices.ContainsFunc(items, func(i Item) bool { return i.Key == k }) {
			out = append(out, k)
		}
	}
	return out
}

// lastHeard is who of the others spoke last; the first of them if nobody has.
func lastHeard(items []Item) (of Key, ok bool) {
	heard := -1
	for _, i := range items {
		if !i.Self && i.Heard > heard {
			of, heard, ok = i.Key, i.Heard, true
		}
	}
	return of, ok
}

// turn gives what stands on the page that is wanted, and brings who speaks to it.
// This tab's own person stands last on each page, if it holds two others beside
// them, and else after everybody.
func (s *sorted) turn(capacity int, want Choice, out *Layout) []Item {
	if capacity < 1 {
		out.order = s.order()
		return nil
	}
	beside := s.self
	if capacity < 3 {
		s.small, beside = append(s.small, beside...), nil
	}
	each := max(capacity-len(beside), 1)
	out.Pages = max((len(s.small)+each-1)/each, 1)
	out.Page = min(max(want.Page, 0), out.Pages-1)
	first := out.Page * each
	past := min(first+each, len(s.small))
	s.bringForward(first, past, want.Turned)
	out.order = s.order()
	return slices.Concat(s.small[first:past], beside)
}

// keepLarge has the first n stay large; the others stand before the people.
func (s *sorted) keepLarge(n int) {
	s.small = slices.Concat(s.large[n:], s.small)
	s.large = s.large[:n]
}

// order is that of all items for the next layout. Who is large keeps the place
// they will go back to.
func (s *sorted) order() []Key {
	out := make([]Key, len(s.all))
	for n, i := range s.all {
		out[n] = i.Key
	}
	return out
}

// bringForward has those who spoke last, and since the page was turned to, stand on
// it, from first to past, in the places of the people there who have been silent
// for the longest time.
func (s *sorted) bringForward(first, past, turned int) {
	page := s.small[first:past]
	for {
		given, latest := silentest(page), -1
		for i, item := range s.small {
			if (i < first || i >= past) && item.Heard > turned && (latest < 0 || item.Heard > s.small[latest].Heard) {
				latest = i
			}
		}
		if given < 0 || latest < 0 || s.small[latest].Heard <= page[given].Heard {
			return
		}
		a, b := s.place(page[given]), s.place(s.small[latest])
		s.all[a], s.all[b] = s.all[b], s.all[a]
		page[given], s.small[latest] = s.small[latest], page[given]
	}
}

// silentest is the person who has been silent for the longest time; of several,
// the last, where people look least. -1: there are only screens.
func silentest(items []Item) int {
	found := -1
	for i, item := range items {
		if item.Source == protocol.Camera && (found < 0 || item.Heard <= items[found].Heard) {
			found = i
		}
	}
	return found
}

// place is where an item stands among all.
func (s *sorted) place(one Item) int {
	return slices.IndexFunc(s.all, func(i Item) bool { return i.Key == one.Key })
}
