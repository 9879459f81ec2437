package client

import "slices"

// slots says who sits where on the stage. Whoever has a slot keeps it; who
// comes takes the first that is free. It never gets shorter, because a
// component that moves would lose its picture. The list is replaced, never
// written to.
type slots struct{ ids []string } // "" is a free slot; 0 is this tab's own

// seat gives self the first slot and each of people one, and frees those of
// everyone else.
func (l *slots) seat(self string, people []string) {
	ids := slices.Clone(l.ids)
	if len(ids) == 0 {
		ids = []string{self}
	}
	ids[0] = self
	for i, id := range ids[1:] {
		if !slices.Contains(people, id) {
			ids[i+1] = ""
		}
	}
	for _, id := range people {
		if id == "" || slices.Contains(ids, id) {
			continue
		}
		if free := slices.Index(ids[1:], ""); free >= 0 {
			ids[free+1] = id
		} else {
			ids = append(ids, id)
		}
	}
	l.ids = ids
}
