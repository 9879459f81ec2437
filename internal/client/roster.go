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
	if i := slices.IndexFunc(people, func(have protocol.Person) bool { return have.ID == p.ID }); i >= 0 {
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
	p, here := r.person(m.ID)
	if !here {
		return
	}
	r.people = slices.DeleteFunc(slices.Clone(r.people), func(p protocol.Person) bool { return p.ID == m.ID })
	r.seat()
	if m.Reason == protocol.LeftRemoved {
		r.news.show(Toast{Kind: ToastRemoved, By: p.Name})
		return
	}
	r.news.show(Toast{Kind: ToastLeft, By: p.Name})
	r.comings.leave(p, len(r.people))
}

func (r *roster) seat() {
	ids := make([]string, 0, len(r.people))
	for _, p := range r.people {
		ids = append(ids, p.ID)
	}
	r.slots = seated(r.slots, r.you.ID, ids)
	r.screens = keepSlots(r.screens, r.shared())
}

// shared are the others who share a screen.
func (r *roster) shared() []string {
	var out []string
	for _, p := range r.people {
		if p.ID != r.you.ID && p.Sends(protocol.Screen) {
			out = append(out, p.ID)
		}
	}
	return out
}

func (r *roster) person(id string) (p protocol.Person, here bool) {
	for _, p := range r.people {
		if p.ID == id && id != "" {
			return p, true
		}
	}
	return p, false
}

// forget drops everybody, as the place is given up.
func (r *roster) forget() {
	*r = roster{news: r.news, comings: r.comings}
	r.comings.forget()
}
