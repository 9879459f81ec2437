package edge_test

import (
	"fmt"
	"net/http"
	"net/netip"
	"testing"
	"time"

	"github.com/coder/websocket"

	"overtime/internal/meeting"
	"overtime/internal/protocol"
	"overtime/internal/throttle"
)

// TestWholeOffice: a hundred people behind one public address come in, and wait in
// lobbies, whether the server sees them itself or through a proxy that it was told
// of.
func TestWholeOffice(t *testing.T) {
	for name, c := range map[string]struct {
		from func(*http.Request) throttle.Neighbour
		says http.Header
	}{
		"Direct": {office, nil},
		"BehindANamedProxy": {
			throttle.Trusting(netip.MustParsePrefix("127.0.0.1/32")).From, http.Header{"X-Forwarded-For": {"203.0.113.7"}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.from = c.from
			w.start()
			for _, room := range []string{"aaa", "bbb"} {
				w.mustRoom(room)
				for i := range 50 {
					b := w.dialWith(t, &websocket.DialOptions{HTTPHeader: c.says})
					hello := protocol.Hello{Token: w.link(room, meeting.RoleParticipant), Name: fmt.Sprint("Person ", i)}
					m := b.answer(b.send(hello)).Message
					if _, in := m.(protocol.Welcome); !in {
						t.Fatalf("person %d of room %s is answered %+v", i, room, m)
					}
				}
			}
			for range 30 {
				b := w.dialWith(t, &websocket.DialOptions{HTTPHeader: c.says})
				ask[protocol.RoomState](b, protocol.Peek{Token: w.link("aaa", meeting.RoleParticipant)})
			}
		})
	}
}

// TestNetworkFull: one more than there may be is told so, whether they come or
// look, and comes in once somebody has left.
func TestNetworkFull(t *testing.T) {
	w := newWorld(t)
	w.from = office
	w.limits.Known = 2
	w.start()
	w.mustRoom("aaa")
	ada, _ := w.guest(t, "Ada")
	w.guest(t, "Bob")
	for range 2 {
		late, m := w.guest(t, "Cem")
		if e, is := m.(protocol.Error); !is || e.Code != protocol.CodeNetworkFull || e.Message == "" {
			t.Errorf("answered %+v", m)
		}
		late.mustClose(protocol.CloseTooMany)
	}
	elsewhere := w.dialFrom(t, "198.51.100.1")
	ask[protocol.Welcome](elsewhere, protocol.Hello{Token: w.link("aaa", meeting.RoleParticipant), Name: "Dee"})
	ask[protocol.OK](ada, protocol.Leave{})
	ada.mustClose(protocol.CloseNormal)
	late := time.After(patience)
	for in := false; !in; { // the server may not have seen the last of it yet
		_, m := w.guest(t, "Cem")
		_, in = m.(protocol.Welcome)
		select {
		case <-late:
			t.Fatalf("nobody comes in: %+v", m)
		default:
		}
	}
}
