package client

import "slices"

// seated says who sits where on the stage: self first, then the people. Whoever has a
// slot keeps it; who comes takes the first that is free. The list never gets shorter,
// because a component that moves would lose its picture.
func seated(have []string, self string, people []string) []string {
	others := slices.DeleteFunc(slices.Clone(people), func(id string) bool { return id == self })
	return append([]string{self}, keepSlots(have[min(1, len(have)):], others)...)
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
