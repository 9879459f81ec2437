package client_test

import (
	"testing"
	"time"

	"overtime/internal/client"
	"overtime/internal/protocol"
)

func raised(p protocol.Person, at string) protocol.Person {
	p.Attributes = map[string]string{protocol.AttributeHand: at}
	return p
}

func TestHandsAreInTheOrderOfTheServer(t *testing.T) {
	bubble(t, func(w *world) {
		w.server.people = []protocol.Person{
			raised(person("p_asha", "Asha"), "2031-05-06T15:00:09.000Z"),
			person("p_ben", "Ben"),
			raised(person("p_cy", "Cy"), "2031-05-06T15:00:02.500Z"),
		}
		w.enter()
		hand := func(slot int) int { return w.view().Roster.Slots[slot].Hand }
		equal(t, "Asha", hand(1), 2)
		equal(t, "Ben", hand(2), 0)
		equal(t, "Cy", hand(3), 1)
		w.server.event(protocol.PersonChanged{Person: raised(protocol.Person{ID: "p_me", Name: "Me"}, "2031-05-06T15:00:05.000Z")})
		w.server.event(protocol.PersonChanged{Person: person("p_cy", "Cy")})
		w.settle()
		equal(t, "mine", hand(0), 1)
		equal(t, "Asha", hand(1), 2)
		equal(t, "Cy", hand(3), 0)
	})
}

func TestRaiseHand(t *testing.T) {
	bubble(t, func(w *world) {
		w.enter()
		held := holds[protocol.SetAttribute](w)
		w.session.Do(client.RaiseHand{Up: true})
		w.session.Do(client.RaiseHand{Up: false}) // while the first waits
		w.settle()
		equal(t, "waits", w.view().Roster.Raising, true)
		equal(t, "requests", len(held()), 1)
		equal(t, "asked", held()[0].Message.(protocol.SetAttribute), protocol.SetAttribute{Name: "hand", Value: "up"})
		w.server.last().end(1006) // it is asked again over the next connection
		w.pass(time.Second)
		equal(t, "requests", len(held()), 2)
		equal(t, "under its id", held()[1].ID, held()[0].ID)
		w.server.answer(w.server.last(), held()[1].ID, protocol.OK{})
		w.settle()
		equal(t, "waits", w.view().Roster.Raising, false)
		w.session.Do(client.RaiseHand{Up: false})
		w.settle()
		equal(t, "lowered", held()[2].Message.(protocol.SetAttribute), protocol.SetAttribute{Name: "hand"})
		w.server.answer(w.server.last(), held()[2].ID, protocol.Error{Code: protocol.CodeTooMany})
		w.settle()
		equal(t, "why", w.toast(client.ToastRefused).Trouble.Code, protocol.CodeTooMany)
		equal(t, "waits", w.view().Roster.Raising, false)
	})
}

func TestLowerHands(t *testing.T) {
	bubble(t, func(w *world) {
		w.enter()
		w.session.Do(client.LowerHand{Participant: "p_asha"})
		w.session.Do(client.LowerHands{})
		w.settle()
		equal(t, "one", all[protocol.SetAttribute](w.server)[0], protocol.SetAttribute{Name: "hand", Participant: "p_asha"})
		equal(t, "all", len(all[protocol.LowerHands](w.server)), 1)
		w.session.Do(client.Leave{})
		w.session.Do(client.LowerHands{})
		w.session.Do(client.RaiseHand{Up: true})
		w.pass(time.Second)
		equal(t, "from outside", len(all[protocol.LowerHands](w.server))+len(all[protocol.SetAttribute](w.server)), 2)
	})
}
