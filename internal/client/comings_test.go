package client_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"overtime/internal/client"
	"overtime/internal/protocol"
)

// come has people join one after the other.
func (w *world) come(from, to int) {
	for i := from; i < to; i++ {
		w.server.event(protocol.PersonJoined{Person: person(fmt.Sprint("p_", i), fmt.Sprint("N", i))})
	}
	w.settle()
}

func TestComingsAreToldSoonWhereFewAreInside(t *testing.T) {
	bubble(t, func(w *world) {
		w.enter()
		w.come(0, 1)
		equal(t, "at once", w.view().News.Comings.ID, 0)
		w.pass(time.Second)
		w.told(1, []string{"N0"}, nil)
		w.server.event(protocol.PersonLeft{ID: "p_0"})
		w.come(1, 3)
		w.pass(time.Second)
		w.told(2, []string{"N1", "N2"}, []string{"N0"})
		w.pass(time.Minute)
		w.told(2, []string{"N1", "N2"}, []string{"N0"}) // once
	})
}

func TestComingsAreGatheredWhereManyAreInside(t *testing.T) {
	bubble(t, func(w *world) {
		w.enter()
		w.come(0, 12)
		w.pass(time.Second)
		equal(t, "the rush", len(w.view().News.Comings.Joined), 12)
		w.come(12, 14)
		w.pass(5 * time.Second)
		w.come(14, 16)
		equal(t, "meanwhile", w.view().News.Comings.ID, 1)
		w.pass(5 * time.Second)
		w.told(2, []string{"N12", "N13", "N14", "N15"}, nil)
	})
}

func TestWhoCameAndWentAgainIsNoNews(t *testing.T) {
	bubble(t, func(w *world) {
		w.enter()
		w.come(0, 1)
		w.server.event(protocol.PersonLeft{ID: "p_0"})
		w.pass(time.Minute)
		equal(t, "told", w.view().News.Comings.ID, 0)
		w.come(1, 2)
		w.session.Do(client.Leave{})
		w.pass(time.Minute)
		equal(t, "told to who left", w.view().News.Comings.ID, 0)
	})
}

// told fails unless this is what was told last.
func (w *world) told(id int, joined, left []string) {
	w.T.Helper()
	want := client.Comings{ID: id, Joined: joined, Left: left}
	if got := w.view().News.Comings; got.ID != id || !slices.Equal(got.Joined, joined) || !slices.Equal(got.Left, left) {
		w.T.Errorf("told %+v, want %+v", got, want)
	}
}
