package client_test

import (
	"testing"
	"time"

	"overtime/internal/client"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

// freeze lets time pass in which nothing in the page runs: a tab put to sleep.
// The server drops a connection that did not answer its pings for 20 seconds.
func (w *world) freeze(d time.Duration) {
	thaw := make(chan struct{})
	w.tab.with(func() { w.tab.frozen = thaw })
	w.session.Do(client.Resize{Width: 1, Height: 1}) // so that the loop runs into it
	c := w.server.last()
	drop := time.AfterFunc(20*time.Second+time.Millisecond, func() { c.end(1006) })
	w.pass(d)
	drop.Stop()
	w.tab.with(func() { w.tab.frozen = nil })
	close(thaw)
	w.tab.fire("wake")
	w.settle()
}

func TestAShortSleepIsResumed(t *testing.T) {
	bubble(t, func(w *world) {
		w.enter()
		w.pass(time.Minute)
		time.AfterFunc(5*time.Second, func() {
			w.server.event(protocol.PersonJoined{Person: person("p_ben", "Ben")})
		})
		w.freeze(20 * time.Second)
		v := w.view()
		equal(t, "link", v.Connection.Link, client.LinkGood)
		equal(t, "tiles", len(v.Roster.Slots), 3)
		equal(t, "told once", len(v.News.Toasts), 1)
		equal(t, "dials", len(w.server.dialed()), 1)
		equal(t, "peers", len(w.tab.peers), 1)
	})
}

// After a longer sleep the place is gone. The secret leads back to it all the
// same, although the link it came from has expired in the meantime.
func TestALongSleepRejoins(t *testing.T) {
	for _, sleep := range []time.Duration{2 * time.Minute, 30 * time.Minute} {
		t.Run(sleep.String(), func(t *testing.T) {
			bubble(t, func(w *world) {
				w.server.session.EndsAt = serverBorn.Add(2 * time.Hour)
				w.enter()
				w.pass(time.Minute)
				old := w.tab.lastPeer()
				w.server.with(func() {
					w.server.script = func(_ *conn, f protocol.ClientFrame) (protocol.ServerMessage, bool) {
						hello, ok := f.Message.(protocol.Hello)
						return protocol.Error{Code: protocol.CodeExpiredToken}, ok && hello.Resume == ""
					}
				})
				time.AfterFunc(10*time.Second, func() { // before the connection is dropped
					w.server.event(protocol.PersonJoined{Person: person("p_ben", "Ben")})
					w.server.with(func() { w.server.people = append(w.server.people, person("p_ben", "Ben")) })
				})
				time.AfterFunc(70*time.Second, func() { // after it
					w.server.with(func() {
						w.server.seq += 2
						w.server.people = append(w.server.people, person("p_cy", "Cy"))
					})
				})
				w.freeze(sleep)
				w.phase(client.PhaseRoom)
				v := w.view()
				equal(t, "link", v.Connection.Link, client.LinkGood)
				equal(t, "tiles", len(v.Roster.Slots), 4)
				joins := 0
				for _, toast := range v.News.Toasts {
					if toast.Kind == client.ToastJoined {
						joins++
					}
				}
				equal(t, "arrivals told", joins, 1)
				hellos := all[protocol.Hello](w.server)
				equal(t, "resume", hellos[len(hellos)-1].Resume, "secret")
				equal(t, "old peer closed", old.closed, true)
				equal(t, "open peers", len(w.tab.openPeers()), 1)
				if off := w.session.Now().Sub(w.server.now()).Abs(); off > 10*time.Millisecond {
					t.Errorf("the clock is %v off", off)
				}
				w.server.push(protocol.ServerFrame{Epoch: 3, Seq: w.server.seq, Message: protocol.PersonJoined{Person: person("p_x", "X")}})
				w.settle()
				equal(t, "what the snapshot has is not applied again", len(w.view().Roster.Slots), 4)
			})
		})
	}
}

func TestASleepOverTheEnd(t *testing.T) {
	bubble(t, func(w *world) {
		w.enter()
		w.server.with(func() {
			w.server.over = true
			w.server.session.Ending = &protocol.Ending{Reason: meeting.ReasonExpired}
		})
		w.freeze(3 * time.Hour)
		w.phase(client.PhaseEnded)
	})
}

func TestBackOffGoesOnUntilTheEnd(t *testing.T) {
	bubble(t, func(w *world) {
		w.server.session.EndsAt = serverBorn.Add(4 * time.Hour)
		w.enter()
		w.server.with(func() { w.server.dead, w.server.dials = true, nil })
		w.server.last().end(1006)
		w.pass(4*time.Hour - time.Second)
		w.phase(client.PhaseRoom)
		w.trouble("")
		equal(t, "link", w.view().Connection.Link, client.LinkReconnecting)
		dials := w.server.dialed()
		for i, at := range dials[1:] {
			if wait := at - dials[i]; wait > 8*time.Second {
				t.Fatalf("no attempt for %v", wait)
			}
		}
		if n := len(dials); n < 1700 {
			t.Errorf("%d attempts in four hours", n)
		}
		w.server.with(func() { w.server.dead = false })
		w.pass(8 * time.Second)
		equal(t, "link", w.view().Connection.Link, client.LinkGood)
	})
}

func TestAfterTheEndItIsTriedForSomeMinutes(t *testing.T) {
	gone := func(t *testing.T, then func(w *world)) {
		bubble(t, func(w *world) {
			w.enter()
			w.server.with(func() { w.server.dead = true })
			w.server.last().end(1006)
			w.pass(34 * time.Minute)
			w.phase(client.PhaseRoom)
			w.trouble(client.TroubleTimeUp)
			then(w)
		})
	}
	t.Run("the server comes back in time", func(t *testing.T) {
		gone(t, func(w *world) {
			w.server.with(func() {
				w.server.dead, w.server.over = false, true
				w.server.session.Ending = &protocol.Ending{Reason: meeting.ReasonExpired}
			})
			w.pass(8 * time.Second)
			w.phase(client.PhaseEnded)
		})
	})
	givesUp := func(w *world) {
		w.pass(2 * time.Minute)
		w.phase(client.PhaseClosed)
		w.trouble(client.TroubleTimeUp)
		equal(w, "captures", len(w.tab.running()), 0)
		dials := len(w.server.dialed())
		w.pass(time.Hour)
		equal(w, "dials", len(w.server.dialed()), dials)
	}
	t.Run("or later, and it was extended", func(t *testing.T) {
		gone(t, func(w *world) {
			givesUp(w)
			w.server.with(func() { w.server.dead = false })
			w.server.session.EndsAt = w.server.session.EndsAt.Add(3 * time.Hour)
			w.session.Do(client.Rejoin{})
			w.settle()
			w.phase(client.PhaseRoom)
			w.trouble("")
		})
	})
	t.Run("or not yet", func(t *testing.T) {
		gone(t, func(w *world) {
			givesUp(w)
			w.session.Do(client.Rejoin{})
			w.pass(4 * time.Minute)
			w.phase(client.PhaseOpening)
			equal(w, "link", w.view().Connection.Link, client.LinkReconnecting)
			w.pass(2 * time.Minute)
			w.phase(client.PhaseClosed)
		})
	})
}

func TestTheLobbyStopsTryingAfterTheEndToo(t *testing.T) {
	bubble(t, func(w *world) {
		w.open()
		w.server.with(func() { w.server.dead = true })
		w.server.last().end(1006)
		w.pass(29 * time.Minute)
		w.phase(client.PhaseLobby)
		w.pass(8 * time.Minute)
		w.phase(client.PhaseClosed)
		w.trouble(client.TroubleTimeUp)
	})
}

// A connection that was away for so long has cost the place on the server, and
// the media with it, whatever this side's peer connection says.
func TestMediaIsMadeAnewAfterThePlaceIsGone(t *testing.T) {
	for away, peers := range map[time.Duration]int{25 * time.Second: 1, 40 * time.Second: 1, 60 * time.Second: 2} {
		t.Run(away.String(), func(t *testing.T) {
			bubble(t, func(w *world) {
				w.enter()
				w.server.with(func() { w.server.dead = true })
				w.server.last().end(1006)
				w.pass(away)
				w.server.with(func() { w.server.dead = false })
				w.session.Do(client.Rejoin{})
				w.settle()
				equal(t, "link", w.view().Connection.Link, client.LinkGood)
				equal(t, "peers", len(w.tab.peers), peers)
				equal(t, "open", len(w.tab.openPeers()), 1)
			})
		})
	}
}
