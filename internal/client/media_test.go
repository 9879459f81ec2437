package client_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"overtime/internal/client"
	"overtime/internal/layout"
	"overtime/internal/protocol"
)

func TestOnePeerOneOffer(t *testing.T) {
	bubble(t, func(w *world) {
		w.enter()
		p := w.tab.lastPeer()
		equal(t, "seats", p.cfg, protocol.Media{Instance: "media-1", AudioSeats: 3, VideoSeats: 9})
		offers, restarts := p.offered()
		equal(t, "offers", offers, 1)
		equal(t, "restarts", restarts, 0)
		equal(t, "answer", p.answers[0], "answer")
		equal(t, "camera", len(p.sending(protocol.Camera)), 1)
		equal(t, "sdp", all[protocol.Offer](w.server)[0].SDP, "offer")
		w.server.event(protocol.PersonJoined{Person: person("p_ben", "Ben", protocol.Camera)})
		w.server.event(protocol.PersonLeft{ID: "p_asha"})
		w.pass(time.Minute)
		offers, _ = p.offered()
		equal(t, "offers later", offers, 1)
		equal(t, "peers", len(w.tab.peers), 1)
	})
}

func TestSeatsBecomePictures(t *testing.T) {
	bubble(t, func(w *world) {
		w.enter()
		seating := protocol.Seating{Video: []protocol.Seat{
			{Mid: "7", Participant: "p_asha", Source: protocol.Camera},
			{Mid: "8", Participant: "p_asha", Source: protocol.Screen},
			{Mid: "9"},
		}}
		w.server.push(protocol.ServerFrame{Epoch: 3, Seq: 10, Message: seating})
		w.server.push(protocol.ServerFrame{Message: protocol.Speaking{IDs: []string{"p_asha", "p_me"}}})
		w.settle()
		v := w.view()
		equal(t, "seat", v.Stage.Seat("p_asha", protocol.Camera), "7")
		equal(t, "own seat", v.Stage.Seat("p_me", protocol.Camera), "")
		equal(t, "speaks", v.Stage.Speaks("p_asha") && v.Stage.Speaks("p_me"), true)
	})
}

func TestShowFollowsTheStage(t *testing.T) {
	bubble(t, func(w *world) {
		w.enter()
		show := func() []protocol.Picture {
			shows := all[protocol.Show](w.server)
			return shows[len(shows)-1].Pictures
		}
		want := []protocol.Picture{{Participant: "p_asha", Source: protocol.Camera, Height: 360}}
		if got := show(); !slices.Equal(got, want) {
			t.Errorf("before the stage is known: %v", got)
		}
		w.pass(time.Second)
		for width := range 50 { // a window being pulled larger
			w.session.Do(client.Resize{Width: 1600 + width, Height: 900})
		}
		w.pass(time.Second)
		// The last of them only if it says something new: the first did.
		equal(t, "shows", len(all[protocol.Show](w.server)), 2)
		c, _ := w.view().Layout.Cell(layout.Key{Participant: "p_asha", Source: protocol.Camera})
		if got := show()[0].Height; got < c.Rect.Height || got > max(c.Rect.Height, c.Rect.Width*9/16)+90 {
			t.Errorf("height %d for a cell of %dx%d", got, c.Rect.Width, c.Rect.Height)
		}
		w.server.event(protocol.PersonJoined{Person: person("p_ben", "Ben")}) // no camera
		w.server.event(protocol.PersonChanged{Person: person("p_ben", "Ben", protocol.Camera)})
		w.pass(time.Second)
		equal(t, "pictures", len(show()), 2)
		w.server.event(protocol.PersonLeft{ID: "p_asha"})
		w.server.event(protocol.PersonChanged{Person: person("p_ben", "Ben")})
		w.pass(time.Second)
		equal(t, "pictures at last", len(show()), 0)
		n := len(all[protocol.Show](w.server))
		w.pass(time.Minute)
		equal(t, "shows at rest", len(all[protocol.Show](w.server)), n)
	})
}

func TestShowIsToldAgain(t *testing.T) {
	bubble(t, func(w *world) {
		refusals := 1
		w.server.script = func(_ *conn, f protocol.ClientFrame) (protocol.ServerMessage, bool) {
			_, show := f.Message.(protocol.Show)
			if show && refusals > 0 {
				refusals--
				return protocol.Error{Code: protocol.CodeTooMany}, true
			}
			return nil, false
		}
		w.enter()
		w.pass(6 * time.Second)
		equal(t, "shows", len(all[protocol.Show](w.server)), 2)
	})
}

func TestANewMediaInstanceNeedsANewPeer(t *testing.T) {
	bubble(t, func(w *world) {
		w.enter()
		w.server.with(func() { w.server.instance = "media-2" })
		w.server.last().end(protocol.CloseRestart)
		w.settle()
		equal(t, "peers", len(w.tab.peers), 2)
		equal(t, "open", len(w.tab.openPeers()), 1)
		equal(t, "camera", len(w.tab.lastPeer().sending(protocol.Camera)), 1)
		equal(t, "captures", len(w.tab.tracks), 2)
		equal(t, "seat", w.view().Stage.Seat("p_asha", protocol.Camera), "")
	})
}

func TestMediaLost(t *testing.T) {
	bubble(t, func(w *world) {
		w.enter()
		w.pass(time.Minute)
		old := w.tab.lastPeer()
		w.server.push(protocol.ServerFrame{Epoch: 3, Seq: 10, Message: protocol.MediaLost{}})
		w.settle()
		equal(t, "old one closed", old.closed, true)
		equal(t, "open", len(w.tab.openPeers()), 1)
		equal(t, "trouble", w.view().Connection.Media, client.MediaFine)
		old.tell(client.PeerFailed) // what it says means nothing now
		w.settle()
		offers, _ := w.tab.lastPeer().offered()
		equal(t, "offers", offers, 1)
	})
}

func TestIceRestartLadder(t *testing.T) {
	bubble(t, func(w *world) {
		w.enter()
		p := w.tab.lastPeer()
		state := func(s client.PeerState) { p.tell(s); w.settle() }
		restarts := func() int { _, n := p.offered(); return n }

		state(client.PeerDisconnected)
		w.pass(2 * time.Second)
		state(client.PeerConnected) // it healed by itself
		w.pass(5 * time.Second)
		equal(t, "restarts after a hiccup", restarts(), 0)

		state(client.PeerDisconnected)
		w.pass(2900 * time.Millisecond)
		equal(t, "restarts within patience", restarts(), 0)
		equal(t, "trouble within patience", w.view().Connection.Media, client.MediaFine)
		w.tab.with(func() { w.tab.stuck = true })
		w.pass(200 * time.Millisecond)
		equal(t, "restarts after it", restarts(), 1)
		equal(t, "trouble", w.view().Connection.Media, client.MediaInterrupted)
		state(client.PeerConnected)
		equal(t, "trouble after it", w.view().Connection.Media, client.MediaFine)

		state(client.PeerFailed)
		equal(t, "restarts at once", restarts(), 2)
		w.pass(9 * time.Second)
		equal(t, "peers within the limit", len(w.tab.peers), 1)
		w.tab.with(func() { w.tab.stuck = false })
		w.pass(2 * time.Second)
		equal(t, "peers after it", len(w.tab.peers), 2)
		equal(t, "old one closed", p.closed, true)
		equal(t, "trouble at last", w.view().Connection.Media, client.MediaFine)
	})
}

func TestRestartThatFailsAgainIsGivenUpAtOnce(t *testing.T) {
	bubble(t, func(w *world) {
		w.enter()
		w.pass(time.Minute)
		p := w.tab.lastPeer()
		w.tab.with(func() { w.tab.stuck = true })
		p.tell(client.PeerFailed)
		p.tell(client.PeerConnecting)
		p.tell(client.PeerFailed)
		w.settle()
		equal(t, "peers", len(w.tab.peers), 2)
	})
}

func TestNewPeersKeepADistance(t *testing.T) {
	for name, tt := range map[string]struct {
		spoil func(*tab)
		want  client.MediaTrouble
	}{
		"no peer":    {func(b *tab) { b.noPeers = true }, client.MediaMissing},
		"no offer":   {func(b *tab) { b.offErr = errors.New("no offer") }, client.MediaInterrupted},
		"bad answer": {func(b *tab) { b.ansErr = errors.New("bad answer") }, client.MediaInterrupted},
		"no sending": {func(b *tab) { b.sendErr = errors.New("no sending") }, client.MediaInterrupted},
		"stuck":      {func(b *tab) { b.stuck = true }, client.MediaBlocked},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(w *world) {
				tt.spoil(w.tab)
				w.enter()
				w.pass(time.Minute)
				equal(t, "trouble", w.view().Connection.Media, tt.want)
				if n := len(w.tab.peers); n > 12 {
					t.Errorf("%d peers within a minute", n)
				}
				if n := len(w.tab.openPeers()); n > 1 {
					t.Errorf("%d peers open", n)
				}
				w.tab.with(func() {
					w.tab.noPeers, w.tab.stuck = false, false
					w.tab.offErr, w.tab.ansErr, w.tab.sendErr = nil, nil, nil
				})
				w.pass(20 * time.Second)
				equal(t, "trouble at last", w.view().Connection.Media, client.MediaFine)
			})
		})
	}
}

func TestOfferRefused(t *testing.T) {
	bubble(t, func(w *world) {
		refusals := 1
		w.server.script = func(_ *conn, f protocol.ClientFrame) (protocol.ServerMessage, bool) {
			_, offer := f.Message.(protocol.Offer)
			if offer && refusals > 0 {
				refusals--
				return protocol.Error{Code: protocol.CodeBadOffer}, true
			}
			return nil, false
		}
		w.enter()
		equal(t, "trouble", w.view().Connection.Media, client.MediaInterrupted)
		w.pass(2 * time.Second)
		equal(t, "peers", len(w.tab.peers), 2)
		equal(t, "trouble at last", w.view().Connection.Media, client.MediaFine)
	})
}

func TestMediaBreaksWhileTheSocketIsAway(t *testing.T) {
	away := func(w *world, during func()) {
		w.server.with(func() { w.server.dead = true })
		w.server.last().end(1006)
		w.settle()
		during()
		w.server.with(func() { w.server.dead = false })
		w.pass(9 * time.Second)
		equal(w, "link", w.view().Connection.Link, client.LinkGood)
		equal(w, "trouble", w.view().Connection.Media, client.MediaFine)
	}
	t.Run("failed: restarted after", func(t *testing.T) {
		bubble(t, func(w *world) {
			w.enter()
			away(w, func() {
				w.tab.lastPeer().tell(client.PeerFailed)
				w.settle()
				_, restarts := w.tab.lastPeer().offered()
				equal(t, "restarts meanwhile", restarts, 0)
			})
			_, restarts := w.tab.lastPeer().offered()
			equal(t, "restarts", restarts, 1)
			equal(t, "peers", len(w.tab.peers), 1)
		})
	})
	t.Run("too long: a new one", func(t *testing.T) {
		bubble(t, func(w *world) {
			w.enter()
			away(w, func() {
				w.tab.lastPeer().tell(client.PeerDisconnected)
				w.pass(40 * time.Second)
			})
			equal(t, "peers", len(w.tab.peers), 2)
		})
	})
	t.Run("in the middle of an offer: a new one", func(t *testing.T) {
		bubble(t, func(w *world) {
			w.server.script = func(c *conn, f protocol.ClientFrame) (protocol.ServerMessage, bool) {
				if _, offer := f.Message.(protocol.Offer); offer && len(w.tab.peers) == 1 {
					c.end(1006)
					return nil, true
				}
				return nil, false
			}
			w.open()
			w.session.Do(client.Join{})
			w.settle()
			w.pass(time.Second)
			equal(t, "peers", len(w.tab.peers), 2)
			equal(t, "trouble", w.view().Connection.Media, client.MediaFine)
		})
	})
	t.Run("an answer is lost, but it healed by itself", func(t *testing.T) {
		bubble(t, func(w *world) {
			w.enter()
			w.server.with(func() {
				w.server.script = func(_ *conn, f protocol.ClientFrame) (protocol.ServerMessage, bool) {
					_, offer := f.Message.(protocol.Offer)
					return nil, offer
				}
			})
			w.tab.lastPeer().tell(client.PeerFailed)
			w.settle()
			w.tab.lastPeer().tell(client.PeerConnected)
			away(w, func() {})
			equal(t, "peers", len(w.tab.peers), 1)
		})
	})
}

func TestWakeRestartsWhatIsDisconnected(t *testing.T) {
	bubble(t, func(w *world) {
		w.enter()
		w.tab.lastPeer().tell(client.PeerDisconnected)
		w.settle()
		w.tab.fire("wake")
		w.settle()
		_, restarts := w.tab.lastPeer().offered()
		equal(t, "restarts", restarts, 1)
	})
}
