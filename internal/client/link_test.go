package client_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"overtime/internal/client"
	"overtime/internal/protocol"
)

func TestBackOff(t *testing.T) {
	bubble(t, func(w *world) {
		w.enter()
		w.pass(10 * time.Second)
		lost := time.Since(w.server.born)
		w.server.with(func() { w.server.dead, w.server.dials = true, nil })
		w.server.last().end(1006)
		w.pass(40 * time.Second)
		equal(t, "link", w.view().Connection.Link, client.LinkReconnecting)
		w.phase(client.PhaseRoom)
		var waits []time.Duration
		for _, at := range w.server.dialed() {
			waits = append(waits, at-lost)
			lost = at
		}
		want := []time.Duration{ // the test's jitter is half a second
			0, 300 * time.Millisecond, 1700 * time.Millisecond, 3200 * time.Millisecond,
			5300 * time.Millisecond, 7500 * time.Millisecond, 7500 * time.Millisecond, 7500 * time.Millisecond,
		}
		if !slices.Equal(waits, want) {
			t.Errorf("waits %v, want %v", waits, want)
		}
		w.server.with(func() { w.server.dead = false })
		w.session.Do(client.Rejoin{}) // try now
		w.settle()
		equal(t, "link", w.view().Connection.Link, client.LinkGood)
		w.toast(client.ToastBack)
	})
}

func TestBackOffStartsOverOnlyAfterASteadyConnection(t *testing.T) {
	bubble(t, func(w *world) {
		w.server.script = func(c *conn, f protocol.ClientFrame) (protocol.ServerMessage, bool) {
			if _, hello := f.Message.(protocol.Hello); hello {
				time.AfterFunc(time.Millisecond, func() { c.end(1006) })
			}
			return nil, false
		}
		w.open()
		w.session.Do(client.Join{})
		w.pass(20 * time.Second)
		if n := len(w.server.dialed()); n < 4 || n > 8 {
			t.Errorf("%d dials in 20 s to a server that hangs up each time", n)
		}
	})
}

func TestResumeLeavesMediaAlone(t *testing.T) {
	bubble(t, func(w *world) {
		w.enter()
		w.server.with(func() {
			w.server.people = append(w.server.people, person("p_ben", "Ben"))
			w.server.dead = true
		})
		w.server.last().end(protocol.CloseGoingAway)
		w.pass(5 * time.Second)
		v := w.view()
		equal(t, "link", v.Connection.Link, client.LinkReconnecting)
		equal(t, "self", v.Roster.Slots[0].Reconnecting, true)
		equal(t, "runs", v.Devices.Camera.Running, true)
		w.server.with(func() { w.server.dead = false })
		w.pass(5 * time.Second)
		v = w.view()
		equal(t, "link", v.Connection.Link, client.LinkGood)
		equal(t, "tiles", len(v.Roster.Slots), 3)
		hellos := all[protocol.Hello](w.server)
		last := hellos[len(hellos)-1]
		equal(t, "resume", last.Resume, "secret")
		if !slices.Equal(last.Sending, []protocol.Source{protocol.Microphone, protocol.Camera}) {
			t.Errorf("sending %v", last.Sending)
		}
		equal(t, "peers", len(w.tab.peers), 1)
		offers, _ := w.tab.lastPeer().offered()
		equal(t, "offers", offers, 1)
		equal(t, "captures", len(w.tab.tracks), 2)
	})
}

func TestEventsAreAppliedOnceAndInOrder(t *testing.T) {
	bubble(t, func(w *world) {
		w.enter()
		joined := func(epoch, seq uint64, id string) {
			w.server.push(protocol.ServerFrame{Epoch: epoch, Seq: seq, Message: protocol.PersonJoined{Person: person(id, id)}})
			w.settle()
		}
		joined(3, 11, "p_b")
		equal(t, "next", len(w.view().Roster.Slots), 3)
		joined(3, 11, "p_c") // again
		joined(3, 9, "p_d")  // older
		joined(2, 12, "p_e") // of an owner that was fenced
		equal(t, "dropped", len(w.view().Roster.Slots), 3)
		equal(t, "dials", len(w.server.dialed()), 1)
		w.server.push(protocol.ServerFrame{Epoch: 2, Seq: 12, Message: protocol.Speaking{IDs: []string{"p_asha"}}})
		w.settle()
		equal(t, "stale word", w.view().Stage.Speaks("p_asha"), false)
	})
}

// TestEventsOfANewerServer: a page that is older than its server stays connected whatever
// it is told, and misses nothing that it knows.
func TestEventsOfANewerServer(t *testing.T) {
	bubble(t, func(w *world) {
		w.enter()
		for _, text := range []string{`{"type":"dance.began","epoch":3,"seq":11}`, `{"type":"dance.word","epoch":3,"seq":11}`} {
			w.server.raw(text)
		}
		w.server.push(protocol.ServerFrame{Epoch: 3, Seq: 12, Message: protocol.PersonJoined{Person: person("p_b", "Ben")}})
		w.settle()
		equal(t, "people", len(w.view().Roster.Slots), 3)
		equal(t, "dials", len(w.server.dialed()), 1)
		w.server.raw(`{"type":"dance.ended","epoch":3,"seq":14}`)
		w.server.push(protocol.ServerFrame{Epoch: 3, Seq: 15, Message: protocol.PersonLeft{ID: "p_b"}})
		w.settle()
		equal(t, "dials after a gap", len(w.server.dialed()), 2)
	})
}

func TestGapsAndNewOwnersNeedASnapshot(t *testing.T) {
	for name, f := range map[string]protocol.ServerFrame{
		"gap":       {Epoch: 3, Seq: 12, Message: protocol.PersonJoined{Person: person("p_x", "X")}},
		"new owner": {Epoch: 4, Seq: 1, Message: protocol.PersonJoined{Person: person("p_x", "X")}},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(w *world) {
				w.enter()
				w.server.with(func() {
					w.server.epoch, w.server.seq = f.Epoch, f.Seq
					w.server.people = []protocol.Person{person("p_ben", "Ben"), person("p_cy", "Cy")}
				})
				seen := []client.Link{}
				stop := w.session.Subscribe(func(v client.View) { seen = append(seen, v.Connection.Link) })
				w.server.push(f)
				w.settle()
				stop()
				equal(t, "dials", len(w.server.dialed()), 2)
				v := w.view()
				equal(t, "tiles", len(v.Roster.Slots), 3)
				equal(t, "in Asha's place", v.Roster.Slots[1].Name, "Ben")
				equal(t, "peers", len(w.tab.peers), 1)
				if slices.Contains(seen, client.LinkReconnecting) || len(v.News.Toasts) != 0 {
					t.Errorf("a refresh shows: links %v, toasts %v", seen, v.News.Toasts)
				}
				w.server.event(protocol.PersonLeft{ID: "p_cy"})
				w.settle()
				equal(t, "goes on", w.view().Roster.Slots[2].Empty, true)
			})
		})
	}
}

func TestRefreshesKeepADistance(t *testing.T) {
	bubble(t, func(w *world) {
		w.enter()
		w.pass(5 * time.Second)
		for range 20 {
			w.server.push(protocol.ServerFrame{Epoch: 9, Seq: 99, Message: protocol.PersonLeft{ID: "p_x"}})
			w.pass(100 * time.Millisecond)
		}
		equal(t, "dials", len(w.server.dialed()), 2)
		w.pass(3 * time.Second)
		equal(t, "dials later", len(w.server.dialed()), 3)
	})
}

func TestAnswerShowsThatAnEventIsMissing(t *testing.T) {
	bubble(t, func(w *world) {
		w.enter()
		w.pass(time.Second)
		w.server.with(func() { w.server.seq = 11 }) // whose event is lost
		w.pass(5 * time.Second)
		equal(t, "dials", len(w.server.dialed()), 1)
		w.pass(4 * time.Second)
		equal(t, "dials later", len(w.server.dialed()), 2)
		w.pass(time.Minute)
		equal(t, "dials at rest", len(w.server.dialed()), 2)
	})
}

func TestAnswerMayOvertakeAnEvent(t *testing.T) {
	bubble(t, func(w *world) {
		w.enter()
		w.pass(time.Second)
		w.server.with(func() { w.server.seq = 11 })
		w.pass(5 * time.Second)
		w.server.push(protocol.ServerFrame{Epoch: 3, Seq: 11, Message: protocol.PersonLeft{ID: "p_asha"}})
		w.pass(time.Minute)
		equal(t, "dials", len(w.server.dialed()), 1)
	})
}

func TestAnswerOfAFencedOwnerIsNone(t *testing.T) {
	bubble(t, func(w *world) {
		w.enter()
		w.server.with(func() { w.server.epoch = 2 })
		w.session.Do(client.Extend{Minutes: 15})
		w.settle()
		equal(t, "why", w.toast(client.ToastRefused).Trouble.Code, protocol.CodeUnknown)
	})
}

func TestSilenceIsNoticed(t *testing.T) {
	bubble(t, func(w *world) {
		w.enter()
		w.pass(time.Minute)
		w.server.with(func() { w.server.conns[0].mute = true })
		w.pass(16 * time.Second)
		equal(t, "dials", len(w.server.dialed()), 2)
		equal(t, "old one closed", w.server.conns[0].mine, true)
		equal(t, "link", w.view().Connection.Link, client.LinkGood)
	})
}

// TestBlackHole: a network that swallows everything is noticed within 15 seconds,
// and left within an attempt and a back-off of its end.
func TestBlackHole(t *testing.T) {
	bubble(t, func(w *world) {
		w.enter()
		w.pass(time.Minute)
		w.server.with(func() { w.server.conns[0].mute, w.server.hole = true, true })
		w.pass(15*time.Second + time.Millisecond)
		equal(t, "link", w.view().Connection.Link, client.LinkReconnecting)
		w.pass(45 * time.Second)
		w.phase(client.PhaseRoom)
		for _, gap := range gaps(w.server.dialed()[1:]) {
			if gap > 17500*time.Millisecond { // ten for an attempt, seven and a jitter of half
				t.Errorf("nothing was tried for %v", gap)
			}
		}
		w.server.with(func() { w.server.hole = false })
		w.pass(17500 * time.Millisecond)
		equal(t, "link once it is back", w.view().Connection.Link, client.LinkGood)
		hellos := all[protocol.Hello](w.server)
		equal(t, "resume", hellos[len(hellos)-1].Resume, "secret")
	})
}

// gaps are the times between instants.
func gaps(at []time.Duration) (out []time.Duration) {
	for i := 1; i < len(at); i++ {
		out = append(out, at[i]-at[i-1])
	}
	return out
}

func TestWakeWhileBackingOffTriesNow(t *testing.T) {
	bubble(t, func(w *world) {
		w.enter()
		w.server.with(func() { w.server.dead = true })
		w.server.last().end(1006)
		w.pass(20 * time.Second)
		w.server.with(func() { w.server.dead = false })
		w.tab.fire("wake")
		w.settle()
		equal(t, "link", w.view().Connection.Link, client.LinkGood)
	})
}

func TestWakeAfterSilenceReconnects(t *testing.T) {
	bubble(t, func(w *world) {
		w.enter()
		// Pings keep a hidden tab's connection open; this server answers none
		// of its questions, as when its timers were stopped.
		w.server.with(func() {
			w.server.script = func(c *conn, f protocol.ClientFrame) (protocol.ServerMessage, bool) {
				_, ask := f.Message.(protocol.AskClock)
				return nil, ask
			}
		})
		w.pass(9 * time.Second)
		equal(t, "dials", len(w.server.dialed()), 1)
		w.tab.fire("wake")
		w.settle()
		equal(t, "not silent for long enough", len(w.server.dialed()), 1)
		w.pass(5 * time.Second)
		equal(t, "no answer soon after waking", len(w.server.dialed()), 2)
	})
}

func TestWakeInTheLobbyLooksAgain(t *testing.T) {
	bubble(t, func(w *world) {
		w.open()
		w.pass(2 * time.Second)
		w.tab.fire("wake")
		w.settle()
		equal(t, "peeks", len(all[protocol.Peek](w.server)), 2)
		w.session.Do(client.Leave{})
		w.settle()
		w.tab.fire("wake")
		w.settle()
		equal(t, "peeks after leaving", len(all[protocol.Peek](w.server)), 2)
	})
}

func TestUnreadableFramesArePassedOver(t *testing.T) {
	bubble(t, func(w *world) {
		w.enter()
		for _, text := range []string{"", "{", `{"type":"from.the.future","epoch":3,"seq":10}`, `{"type":"ok","id":"nobody's"}`, `[]`} {
			w.server.last().in <- []byte(text)
		}
		w.settle()
		w.phase(client.PhaseRoom)
		equal(t, "dials", len(w.server.dialed()), 1)
	})
}

func TestRequestIDsAreUnique(t *testing.T) {
	bubble(t, func(w *world) {
		w.enter()
		w.pass(30 * time.Second)
		w.close()
		w.open()
		w.pass(30 * time.Second)
		seen := map[string]bool{}
		w.server.with(func() {
			for _, f := range w.server.got {
				if f.ID == "" || len(f.ID) > protocol.MaxID || seen[f.ID] {
					t.Errorf("id %q is empty, too long or used twice", f.ID)
				}
				seen[f.ID] = true
			}
		})
	})
}

func TestDialThatComesTooLateIsHungUp(t *testing.T) {
	bubble(t, func(w *world) {
		w.server.slow = 5 * time.Second
		w.open()
		w.session.Do(client.Leave{})
		w.pass(10 * time.Second)
		equal(t, "hung up", w.server.conns[0].mine, true)
		equal(t, "peeks", len(all[protocol.Peek](w.server)), 0)
	})
}

func TestWritesThatGetNowhere(t *testing.T) {
	t.Run("stuck", func(t *testing.T) {
		bubble(t, func(w *world) {
			w.enter()
			w.server.with(func() { w.server.clogged = errStuck })
			for range 80 {
				w.session.Do(client.ToggleDevice{Device: client.CameraDevice})
				w.settle()
			}
			if w.view().Connection.Link == client.LinkGood && len(w.server.dialed()) == 1 {
				t.Error("a connection that takes nothing counts as good")
			}
			w.server.with(func() { w.server.clogged = nil })
			w.pass(20 * time.Second)
			equal(t, "link", w.view().Connection.Link, client.LinkGood)
		})
	})
	t.Run("failing", func(t *testing.T) {
		bubble(t, func(w *world) {
			w.enter()
			w.server.with(func() { w.server.clogged = errors.New("broken") })
			w.session.Do(client.ToggleDevice{Device: client.CameraDevice})
			w.settle()
			equal(t, "dials", len(w.server.dialed()) > 1, true)
			w.server.with(func() { w.server.clogged = nil })
			w.pass(20 * time.Second)
			equal(t, "link", w.view().Connection.Link, client.LinkGood)
		})
	})
}

// TestLastWordsAreHeard: what the server said before it closed counts, also
// if this side was about to write.
func TestLastWordsAreHeard(t *testing.T) {
	bubble(t, func(w *world) {
		w.enter()
		w.server.event(protocol.PersonLeft{ID: "p_me", Reason: protocol.LeftRemoved})
		w.server.last().end(protocol.CloseRemoved)
		w.session.Do(client.ToggleDevice{Device: client.CameraDevice})
		w.settle()
		w.phase(client.PhaseClosed)
		w.trouble(protocol.CodeRemoved)
	})
}

func TestNewSession(t *testing.T) {
	bubble(t, func(w *world) {
		w.server.dead = true
		w.session = client.NewSession(w.tab.browser(w.server), "room")
		w.pass(10 * time.Second)
		if n := len(w.server.dialed()); n < 4 || n > 6 {
			t.Errorf("%d dials in ten seconds", n)
		}
	})
}
