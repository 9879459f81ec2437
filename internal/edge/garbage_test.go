package edge_test

import (
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"overtime/internal/auth"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
	"overtime/internal/testkit"
)

// witness is somebody in room aaa who must notice nothing of what others do
// to the server.
func (w *world) witness(t *testing.T) *testkit.Person {
	t.Helper()
	b, _ := w.Enter(t, w.Link("aaa", meeting.RoleModerator), "Witness")
	return b
}

// mustBeCalm wants the witness to have heard nothing, and to be heard.
func mustBeCalm(t *testing.T, witness *testkit.Person) {
	t.Helper()
	if ok := testkit.Ask[protocol.OK](witness, protocol.AskClock{}); ok.Clock == nil {
		t.Errorf("no clock: %+v", ok)
	}
	if len(witness.Kept) > 0 {
		t.Errorf("the witness heard %+v", witness.Kept)
	}
}

// TestGarbage sends what no browser of ours sends, three times each.
func TestGarbage(t *testing.T) {
	w := mustWorld(t)
	w.Room("aaa")
	witness := w.witness(t)
	text := websocket.MessageText
	for name, c := range map[string]struct {
		kind websocket.MessageType
		data string
		code protocol.Code
	}{
		"Empty":      {text, "", protocol.CodeBadMessage},
		"NotJSON":    {text, "hello", protocol.CodeBadMessage},
		"Array":      {text, `[{"type":"clock.ask"}]`, protocol.CodeBadMessage},
		"WrongTypes": {text, `{"type":"hello","data":{"token":7}}`, protocol.CodeBadMessage},
		"TwoTypes":   {text, `{"type":"clock.ask","TYPE":"session.end"}`, protocol.CodeBadMessage},
		"Deep":       {text, `{"type":"hello","data":` + strings.Repeat("[", 20000), protocol.CodeBadMessage},
		"NotUTF8":    {text, "{\"type\":\"hello\",\"id\":\"\xff\xfe\"}", protocol.CodeBadMessage},
		"Large":      {text, `{"type":"session.end","data":{"reason":"` + strings.Repeat("x", 100<<10) + `"}}`, protocol.CodeBadMessage},
		"Binary":     {websocket.MessageBinary, `{"type":"clock.ask"}`, protocol.CodeBadMessage},
	} {
		t.Run(name, func(t *testing.T) {
			b := w.Dial(t, nil)
			for range 3 {
				b.Raw(c.kind, []byte(c.data))
				if e := testkit.Next[protocol.Error](b); e.Code != c.code || e.Message == "" {
					t.Errorf("answered %+v, want %s", e, c.code)
				}
			}
			b.MustClose(protocol.CloseBadMessage)
			mustBeCalm(t, witness)
		})
	}
	t.Run("Huge", func(t *testing.T) {
		b := w.Dial(t, nil)
		go func() { _ = b.Conn.Write(b.Ctx, text, make([]byte, 2<<20)) }() // cut off in the middle
		b.MustClose(protocol.CloseTooLarge)
		mustBeCalm(t, witness)
	})
}

// TestTokens shows what lets nobody in.
func TestTokens(t *testing.T) {
	w := mustWorld(t)
	w.Room("aaa")
	w.Room("bbb")
	witness := w.witness(t)
	good, other := w.Link("aaa", meeting.RoleParticipant), w.Link("bbb", meeting.RoleParticipant)
	_, body, _ := strings.Cut(good, ".")
	body, _, _ = strings.Cut(body, ".")
	unsigned := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none","kid":"k1","typ":"JWT"}`)) + "." + body + "."
	for name, m := range map[string]protocol.ClientMessage{
		"Nothing":      protocol.Hello{Name: "Eve"},
		"Garbage":      protocol.Hello{Token: "let me in", Name: "Eve"},
		"AlgNone":      protocol.Hello{Token: unsigned, Name: "Eve"},
		"Forged":       protocol.Hello{Token: good[:len(good)-4] + "AAAA", Name: "Eve"},
		"OtherRoom":    protocol.Hello{Room: "aaa", Token: other, Name: "Eve"},
		"PeekOther":    protocol.Peek{Room: "aaa", Token: other},
		"PeekNothing":  protocol.Peek{},
		"AsResume":     protocol.Hello{Resume: good},
		"ServiceRole":  protocol.Hello{Token: w.Link("aaa", meeting.RoleService), Name: "Eve"},
		"Huge":         protocol.Hello{Token: good + strings.Repeat("A", 8<<10), Name: "Eve"},
		"ResumeForged": protocol.Hello{Token: good, Resume: "x", Name: "Eve"},
	} {
		t.Run(name, func(t *testing.T) {
			b := w.Dial(t, nil)
			if e := testkit.Ask[protocol.Error](b, m); e.Code != protocol.CodeBadToken || e.Message == "" {
				t.Errorf("answered %+v", e)
			}
			b.MustClose(protocol.CloseBadToken)
			mustBeCalm(t, witness)
		})
	}
	t.Run("SecondRoom", func(t *testing.T) {
		b := w.Dial(t, nil)
		testkit.Ask[protocol.RoomState](b, protocol.Peek{Token: other})
		testkit.Ask[protocol.Error](b, protocol.Hello{Token: good, Name: "Eve"})
		b.MustClose(protocol.CloseBadToken)
		mustBeCalm(t, witness)
	})
	t.Run("Expired", func(t *testing.T) {
		made := w.Clock.Now().Add(-time.Hour)
		expired, err := w.Secrets().Ticket(auth.Ticket{
			Room: "aaa", Role: meeting.RoleParticipant, IssuedAt: made, ExpiresAt: made.Add(auth.MaxTicketLife),
		})
		if err != nil {
			t.Fatal(err)
		}
		b := w.Dial(t, nil)
		if e := testkit.Ask[protocol.Error](b, protocol.Hello{Token: expired, Name: "Eve"}); e.Code != protocol.CodeExpiredToken {
			t.Errorf("answered %+v", e)
		}
		mustBeCalm(t, witness)
	})
	t.Run("NoSuchRoom", func(t *testing.T) {
		b := w.Dial(t, nil)
		if e := testkit.Ask[protocol.Error](b, protocol.Peek{Token: w.Link("nope", meeting.RoleModerator)}); e.Code != protocol.CodeBadToken {
			t.Errorf("answered %+v", e)
		}
		mustBeCalm(t, witness)
	})
}

// TestOrder is what may be said when.
func TestOrder(t *testing.T) {
	w := newWorld(t)
	w.Config.Limits.Socket.UnknownFor = patience
	w.Start()
	w.Room("aaa")
	witness := w.witness(t)
	for _, m := range []protocol.ClientMessage{
		protocol.Leave{}, protocol.Extend{}, protocol.End{}, protocol.AskClock{}, protocol.Offer{}, protocol.Sending{}, protocol.Show{},
	} {
		b := w.Dial(t, nil)
		if e := testkit.Ask[protocol.Error](b, m); e.Code != protocol.CodeNotJoined {
			t.Errorf("%T before hello: %+v", m, e)
		}
	}
	mustBeCalm(t, witness)
	token := w.Link("aaa", meeting.RoleParticipant)
	b := w.Dial(t, nil)
	if e := testkit.Ask[protocol.Error](b, protocol.Hello{Token: token}); e.Code != protocol.CodeBadRequest {
		t.Errorf("without a name: %+v", e)
	}
	if e := testkit.Ask[protocol.Error](b, protocol.AskClock{}); e.Code != protocol.CodeNotJoined {
		t.Errorf("after a hello that was refused: %+v", e)
	}
	testkit.Ask[protocol.Welcome](b, protocol.Hello{Token: token, Name: "Bob"})
	if e := testkit.Ask[protocol.Error](b, protocol.Hello{Token: token, Name: "Bob"}); e.Code != protocol.CodeBadMessage {
		t.Errorf("a second hello: %+v", e)
	}
	if s := testkit.Ask[protocol.RoomState](b, protocol.Peek{Token: token}); s.People != 2 {
		t.Errorf("a peek from inside: %+v", s)
	}
}

// TestNoHello closes a connection that never says who it is.
func TestNoHello(t *testing.T) {
	w := newWorld(t)
	w.Config.Limits.Socket.UnknownFor = time.Millisecond
	w.Start()
	b := w.Dial(t, nil)
	if e := testkit.Next[protocol.Error](b); e.Code != protocol.CodeNotJoined {
		t.Errorf("told %+v", e)
	}
	b.MustClose(protocol.CloseBadToken)
}
