package edge_test

import (
	"context"
	"testing"

	"github.com/coder/websocket"

	"overtime/internal/meeting"
	"overtime/internal/protocol"
	"overtime/internal/testkit"
	"overtime/internal/throttle"
)

// guest says hello with a guest's token and gives what is answered.
func (w *world) guest(t *testing.T, name string) (*testkit.Person, protocol.ServerMessage) {
	t.Helper()
	b := w.Dial(t, nil)
	id := b.Send(protocol.Hello{Token: w.Link("aaa", meeting.RoleParticipant), Name: name})
	return b, b.Answer(id)
}

// mustGuess shows a token that is no good, and is turned away with code.
func (w *world) mustGuess(t *testing.T, m protocol.ClientMessage, code protocol.Code, closing protocol.CloseCode) {
	t.Helper()
	b := w.Dial(t, nil)
	if e := testkit.Ask[protocol.Error](b, m); e.Code != code || e.Message == "" {
		t.Errorf("answered %+v, want %s", e, code)
	}
	b.MustClose(closing)
}

// TestBadTokens: beyond a neighbour's budget what is not valid is turned away as
// too many. What is valid never is, nor anything next door.
func TestBadTokens(t *testing.T) {
	w := newWorld(t)
	w.From = office
	w.Config.Limits.BadTokens = throttle.Rate{PerSecond: 1e-6, Burst: 3}
	w.Start()
	w.Room("aaa")
	_, m := w.guest(t, "Ada")
	welcome := m.(protocol.Welcome)
	forged := []protocol.ClientMessage{
		protocol.Hello{Token: "let me in", Name: "Eve"}, protocol.Hello{Resume: welcome.Resume[1:]}, protocol.Peek{Token: "let me see"},
	}
	for _, m := range forged {
		w.mustGuess(t, m, protocol.CodeBadToken, protocol.CloseBadToken)
	}
	for _, m := range forged {
		w.mustGuess(t, m, protocol.CodeTooMany, protocol.CloseTooMany)
	}
	if b, m := w.guest(t, "Bob"); m.(protocol.Welcome).You.Name != "Bob" {
		t.Errorf("welcomed as %+v", m)
	} else {
		mustBeCalm(t, b)
	}
	again := w.Dial(t, nil)
	if back := testkit.Ask[protocol.Welcome](again, protocol.Hello{Resume: welcome.Resume}); back.You.ID != welcome.You.ID {
		t.Errorf("came back as %+v", back.You)
	}
	elsewhere := w.dialFrom(t, "198.51.100.1")
	if e := testkit.Ask[protocol.Error](elsewhere, forged[0]); e.Code != protocol.CodeBadToken {
		t.Errorf("next door: %+v", e)
	}
}

// TestJoins: a neighbour's people come in at a bounded pace; whoever comes back,
// or asks again on the same connection, is not counted.
func TestJoins(t *testing.T) {
	w := newWorld(t)
	w.From = office
	w.Config.Limits.Joins = throttle.Rate{PerSecond: 1e-6, Burst: 2}
	w.Start()
	w.Room("aaa")
	_, m := w.guest(t, "Ada")
	welcome := m.(protocol.Welcome)
	nameless, m := w.guest(t, "") // is refused by the room, and may say hello again
	if e := m.(protocol.Error); e.Code != protocol.CodeBadRequest {
		t.Errorf("without a name: %+v", e)
	}
	late, m := w.guest(t, "Cem")
	if e := m.(protocol.Error); e.Code != protocol.CodeTooMany || e.Message == "" {
		t.Errorf("one too many: %+v", e)
	}
	late.MustClose(protocol.CloseTooMany)
	for range 3 {
		back := w.Dial(t, nil)
		if m := testkit.Ask[protocol.Welcome](back, protocol.Hello{Resume: welcome.Resume}); m.You.ID != welcome.You.ID {
			t.Errorf("came back as %+v", m.You)
		}
	}
	testkit.Ask[protocol.Welcome](nameless, protocol.Hello{Token: w.Link("aaa", meeting.RoleParticipant), Name: "Bob"})
}

// TestReturns: a secret whose place was given up makes a new one, as a token does,
// so that is counted too; whoever has a place comes back to it all the same.
func TestReturns(t *testing.T) {
	w := newWorld(t)
	w.From = office
	w.Config.Limits.Returns = throttle.Rate{PerSecond: 1e-6, Burst: 3}
	w.Start()
	w.Room("aaa")
	witness, m := w.guest(t, "Ada")
	ada := m.(protocol.Welcome)
	bob, m := w.guest(t, "Bob")
	lost := m.(protocol.Welcome)
	w.lose(bob, witness)
	for i := range 5 {
		back := w.Dial(t, nil)
		m := back.Answer(back.Send(protocol.Hello{Resume: lost.Resume}))
		if i < 3 {
			if welcome, is := m.(protocol.Welcome); !is || welcome.You.ID != lost.You.ID {
				t.Fatalf("return %d was answered %+v", i, m)
			}
			w.lose(back, witness)
			continue
		}
		if e, is := m.(protocol.Error); !is || e.Code != protocol.CodeTooMany || e.Message == "" {
			t.Errorf("return %d was answered %+v", i, m)
		}
		back.MustClose(protocol.CloseTooMany)
	}
	for range 3 {
		back := w.Dial(t, nil)
		if m := testkit.Ask[protocol.Welcome](back, protocol.Hello{Resume: ada.Resume}); m.You.ID != ada.You.ID {
			t.Errorf("came back as %+v", m.You)
		}
	}
	elsewhere := w.dialFrom(t, "198.51.100.1")
	testkit.Ask[protocol.Welcome](elsewhere, protocol.Hello{Resume: lost.Resume})
}

// lose cuts somebody's line, and lets the time pass that their place is held; a
// witness hears of both.
func (w *world) lose(b, witness *testkit.Person) {
	w.t.Helper()
	_ = b.CloseNow()
	for !testkit.Next[protocol.PersonChanged](witness).Person.Reconnecting {
	}
	w.Clock.Set(w.Clock.Now().Add(protocol.PlaceHeld))
	testkit.Next[protocol.PersonLeft](witness)
}

// TestBadOffice: somebody at the same address holds all the connections open that
// there may be without a word, and shows bad tokens on hundreds more. People
// next door come back to their places meanwhile, each time at the first try.
func TestBadOffice(t *testing.T) {
	const guesses = 300
	w := newWorld(t)
	w.From = office
	w.Config.Limits.Socket.UnknownFor = patience
	w.Start()
	w.Room("aaa")
	_, m := w.guest(t, "Ada")
	welcome := m.(protocol.Welcome)
	for range w.Config.Limits.Unknown.Each { // silent
		w.Dial(t, nil)
	}
	bad := make(chan map[protocol.Code]int)
	stop := make(chan struct{})
	go func() {
		told := map[protocol.Code]int{}
		for range guesses {
			told[w.guess()]++
		}
		close(stop)
		bad <- told
	}()
	returns := 0
	for under := true; under; returns++ {
		select {
		case <-stop:
			under = false // and once more
		default:
		}
		again := w.Dial(t, nil)
		if back := testkit.Ask[protocol.Welcome](again, protocol.Hello{Resume: welcome.Resume}); back.You.ID != welcome.You.ID {
			t.Fatalf("came back as %+v", back.You)
		}
		_ = again.CloseNow()
	}
	told := <-bad
	if told[protocol.CodeBadToken] < w.Config.Limits.BadTokens.Burst || told[protocol.CodeTooMany] == 0 ||
		told[protocol.CodeBadToken]+told[protocol.CodeTooMany] != guesses {
		t.Errorf("the guesses were told %v", told)
	}
	t.Logf("%d guesses were told %v; meanwhile Ada came back %d times", guesses, told, returns)
}

// guess is one bad token on a connection of its own, and what is answered to it.
// It may be called by a goroutine of the test's.
func (w *world) guess() protocol.Code {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	ws, _, err := websocket.Dial(ctx, w.Socket(), nil)
	if err != nil {
		return protocol.Code(err.Error())
	}
	defer func() { _ = ws.CloseNow() }()
	hello := protocol.ClientFrame{ID: "1", Message: protocol.Hello{Token: "let me in", Name: "Eve"}}
	if err := ws.Write(ctx, websocket.MessageText, hello.Encode()); err != nil {
		return protocol.Code(err.Error())
	}
	_, text, err := ws.Read(ctx)
	if err != nil {
		return protocol.Code(err.Error())
	}
	f, err := protocol.DecodeServer(text)
	if e, is := f.Message.(protocol.Error); is {
		return e.Code
	}
	return protocol.Code(err.Error())
}
