package client

import (
	"slices"

	"overtime/internal/protocol"
)

// roster is who is in the room, as the server told it. Its lists are replaced,
// never written to: views share them.
type roster struct {
	news    *toasts
	comings *comings

	you      protocol.Person
	people   []protocol.Person // in order of arrival
	waiting  []protocol.Waiter // told to moderators only
	speaking []string
	slots    []string // who sits where; "" is a free slot, and the first is this tab's own
	screens  []string // who shares one, in slots of their own
}

// take replaces it by a snapshot's. Whoever comes back as the same person finds
// everybody in their slot.
func (r *roster) take(w protocol.Welcome) {
	if r.you.ID != w.You.ID {
		r.slots, r.screens = nil, nil
	}
	r.you, r.people, r.waiting, r.speaking = w.You, w.People, w.Waiting, w.Speaking
	r.seat()
}

// joined takes somebody in who came.
func (r *roster) joined(p protocol.Person) {
	r.changed(p)
	if p.ID != r.you.ID {
		r.news.show(Toast{Kind: ToastJoined, By: p.Name})
		r.comings.join(p, len(r.people))
	}
}

// changed takes in what somebody is now.
func (r *roster) changed(p protocol.Person) {
	people := slices.Clone(r.people)
	if i := r.find(p.ID); i >= 0 {
		people[i] = p
	} else {
		people = append(people, p)
	}
	r.people = people
	if p.ID == r.you.ID {
		r.you = p
	}
	r.seat()
}

// left takes out somebody else.
func (r *roster) left(m protocol.PersonLeft) {
	i := r.find(m.ID)
	if i < 0 {
		return
	}
	p := r.people[i]
	r.people = slices.Delete(slices.Clone(r.people), i, i+1)
	r.seat()
	if m.Reason == protocol.LeftRemoved {
		r.news.show(Toast{Kind: ToastRemoved, By: p.Name})
		return
	}
	r.news.show(Toast{Kind: ToastLeft, By: p.Name})
	r.comings.leave(p, len(r.people))
}

func (r *roster) seat() {
	var all, sharing []string
	for _, p := range r.people {
		all = append(all, p.ID)
		if p.ID != r.you.ID && p.Sends(protocol.Screen) {
			sharing = append(sharing, p.ID)
		}
	}
	r.slots = seated(r.slots, r.you.ID, all)
	r.screens = keepSlots(r.screens, sharing)
}

func (r *roster) find(id string) int {
	return slices.IndexFunc(r.people, func(p protocol.Person) bool { return p.ID == id })
}

func (r *roster) person(id string) (p protocol.Person, here bool) {
	if i := r.find(id); i >= 0 {
		return r.people[i], true
	}
	return p, false
}

// forget drops everybody, as the place is given up.
func (r *roster) forget() {
	*r = roster{news: r.news, comings: r.comings}
	r.comings.forget()
}

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
