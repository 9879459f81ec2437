package edge_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/coder/websocket"

	"overtime/internal/meeting"
	"overtime/internal/protocol"
	"overtime/internal/testkit"
)

// TestWholeOffice: a hundred people behind one public address come in, and wait in
// lobbies, whether the server sees them itself or through a proxy that it was told
// of.
func TestWholeOffice(t *testing.T) {
	for name, c := range map[string]struct {
		from  func(*http.Request) string
		flags []string
		says  http.Header
	}{
		"Direct":            {office, nil, nil},
		"BehindANamedProxy": {nil, []string{"--trusted-proxies", "127.0.0.1/32"}, http.Header{"X-Forwarded-For": {"203.0.113.7"}}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, c.flags...)
			w.From = c.from
			w.Start()
			for _, room := range []string{"aaa", "bbb"} {
				w.Room(room)
				for i := range 50 {
					b := w.Dial(t, &websocket.DialOptions{HTTPHeader: c.says})
					hello := protocol.Hello{Token: w.Link(room, meeting.RoleParticipant), Name: fmt.Sprint("Person ", i)}
					m := b.Answer(b.Send(hello))
					if _, in := m.(protocol.Welcome); !in {
						t.Fatalf("person %d of room %s is answered %+v", i, room, m)
					}
				}
			}
			for range 30 {
				b := w.Dial(t, &websocket.DialOptions{HTTPHeader: c.says})
				testkit.Ask[protocol.RoomState](b, protocol.Peek{Token: w.Link("aaa", meeting.RoleParticipant)})
			}
		})
	}
}

// TestNetworkFull: one more than there may be is told so, whether they come or
// look, and comes in once somebody has left.
func TestNetworkFull(t *testing.T) {
	w := newWorld(t)
	w.From = office
	w.Config.Limits.Known = 2
	w.Start()
	w.Room("aaa")
	ada, _ := w.guest(t, "Ada")
	w.guest(t, "Bob")
	for range 2 {
		late, m := w.guest(t, "Cem")
		if e, is := m.(protocol.Error); !is || e.Code != protocol.CodeNetworkFull || e.Message == "" {
			t.Errorf("answered %+v", m)
		}
		late.MustClose(protocol.CloseTooMany)
	}
	elsewhere := w.dialFrom(t, "198.51.100.1")
	testkit.Ask[protocol.Welcome](elsewhere, protocol.Hello{Token: w.Link("aaa", meeting.RoleParticipant), Name: "Dee"})
	testkit.Ask[protocol.OK](ada, protocol.Leave{})
	ada.MustClose(protocol.CloseNormal)
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
