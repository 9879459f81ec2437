package edge_test

import (
	"slices"
	"strings"
	"testing"

	"overtime/internal/meeting"
	"overtime/internal/protocol"
	"overtime/internal/testkit"
)

// TestFrameBudget: frames that no reader of messages sees are counted, and a browser that
// sends too many is closed and told why. Nobody else notices.
func TestFrameBudget(t *testing.T) {
	w := mustWorld(t)
	w.Room("aaa")
	witness := w.witness(t)
	many := func(first [][]byte, frame []byte) [][]byte {
		return append(first, slices.Repeat([][]byte{frame}, 100_000)...)
	}
	hello := protocol.ClientFrame{ID: "1", Message: protocol.Hello{Token: w.Link("aaa", meeting.RoleParticipant), Name: "Mallory"}}.Encode()
	member := [][]byte{masked(opText, string(hello))}
	for name, frames := range map[string][][]byte{
		"EmptyPieces":     many([][]byte{masked(0x01, "{")}, masked(0x00, "")), // a message that does not end
		"Pings":           many(nil, masked(0x89, "")),
		"Pongs":           many(nil, masked(0x8a, "x")),
		"LongPings":       many(nil, masked(0x89, string(make([]byte, 125)))),
		"PingsOfAMember":  many(member, masked(0x89, "")),
		"PiecesOfAMember": many(append(member, masked(0x01, "")), masked(0x00, "")),
	} {
		t.Run(name, func(t *testing.T) {
			s := w.dialRaw(t, frames...)
			pongs := 0
			var said []protocol.ServerFrame
			var code protocol.CloseCode
			for code == 0 {
				first, payload, err := s.read()
				switch {
				case err != nil:
					t.Fatalf("the line was cut without a word, after %d pongs: %v", pongs, err)
				case first == 0x8a:
					pongs++
				case first == opClose:
					code = protocol.CloseCode(uint16(payload[0])<<8 | uint16(payload[1]))
				case first == opText:
					if f, err := protocol.DecodeServer(payload); err == nil {
						said = append(said, f)
					}
				}
			}
			_ = s.Close()
			if code != protocol.CloseTooMany || pongs > 10*w.Config.Limits.Socket.Frames.Burst {
				t.Errorf("closed with %d after %d pongs", code, pongs)
			}
			last, ok := said[len(said)-1].Message.(protocol.Error)
			if !ok || last.Code != protocol.CodeTooMany {
				t.Errorf("the last word is %+v", said[len(said)-1])
			}
			mustHear(t, witness)
		})
	}
}

// mustHear wants somebody in the room to be answered still.
func mustHear(t *testing.T, b *testkit.Person) {
	t.Helper()
	if ok := testkit.Ask[protocol.OK](b, protocol.AskClock{}); ok.Clock == nil {
		t.Errorf("no clock: %+v", ok)
	}
}

// TestAskedIsBounded: what one browser asks and is not answered yet is bounded in bytes,
// and asking less goes on.
func TestAskedIsBounded(t *testing.T) {
	w := newWorld(t)
	w.Config.Limits.Socket.AskedBytes = 1000
	w.Start()
	w.Room("aaa")
	b := w.witness(t)
	for range 30 {
		mustHear(t, b)
	}
	e, is := b.Answer(b.Send(protocol.Offer{SDP: strings.Repeat("x", 1000)})).(protocol.Error)
	if !is || e.Code != protocol.CodeTooMany {
		t.Errorf("answered %+v", e)
	}
	mustHear(t, b)
}
