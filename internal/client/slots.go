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
	others := slices.DeleteFunc(slices.Clone(people), func(id string) bool { return id == self })
	l.ids = append([]string{self}, keepSlots(l.ids[min(1, len(l.ids)):], others)...)
}

// keepSlots is have with the same ids in the same places, without those that are
// not among present, and with new ones where a place is free.
func keepSlots(have, present []string) []string {
	kept := slices.Clone(have)
	for i, id := range kept {
		if !slices.Contains(present, id) {
			kept[i] = ""
		}
	}
	for _, id := range present {
		if id == "" || slices.Contains(kept, id) {
			continue
		}
		if free := slices.Index(kept, ""); free >= 0 {
			kept[free] = id
		} else {
			kept = append(kept, id)
		}
	}
	return kept
}
