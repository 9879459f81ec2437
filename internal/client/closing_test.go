package client_test

import (
	"slices"
	"strconv"
	"testing"
	"time"

	"overtime/internal/client"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

func TestCloseCodesThatSendAway(t *testing.T) {
	for code, want := range map[protocol.CloseCode]protocol.Code{
		protocol.CloseDenied:     protocol.CodeDenied,
		protocol.CloseBadMessage: protocol.CodeBadMessage,
	} {
		t.Run(string(want), func(t *testing.T) {
			bubble(t, func(w *world) {
				w.enter()
				w.server.last().end(code)
				w.settle()
				w.phase(client.PhaseClosed)
				w.trouble(want)
				equal(t, "resume", w.tab.stored("overtime.resume.room"), "")
				equal(t, "captures", len(w.tab.running()), 0)
				equal(t, "peers", len(w.tab.openPeers()), 0)
				w.pass(time.Minute)
				equal(t, "dials", len(w.server.dialed()), 1)
				w.session.Do(client.Rejoin{})
				w.settle()
				w.phase(client.PhaseLobby)
			})
		})
	}
}

// TestRemoved: a reload, and the same link opened again in this tab, say so
// again; another link is another person's.
func TestRemoved(t *testing.T) {
	bubble(t, func(w *world) {
		w.enter()
		w.server.with(func() {
			w.server.script = func(c *conn, f protocol.ClientFrame) (protocol.ServerMessage, bool) {
				hello, ok := f.Message.(protocol.Hello)
				return protocol.Error{Code: protocol.CodeRemoved}, ok && hello.Resume == "secret"
			}
		})
		w.server.last().end(protocol.CloseRemoved)
		w.settle()
		w.phase(client.PhaseClosed)
		w.trouble(protocol.CodeRemoved)
		equal(t, "captures", len(w.tab.running()), 0)
		equal(t, "peers", len(w.tab.openPeers()), 0)
		w.pass(time.Minute)
		equal(t, "dials", len(w.server.dialed()), 1)
		for _, link := range []string{"", "token"} {
			w.close()
			w.tab.fragment = link
			w.open()
			w.phase(client.PhaseClosed)
			w.trouble(protocol.CodeRemoved)
		}
		w.close()
		w.tab.fragment = "another"
		w.open()
		w.phase(client.PhaseLobby)
	})
}

// TestNoCloseIsWithoutWords: after every close the server can make, the person
// reads that this tab tries to come back, or a page that says why it does not.
// (Package ui has words for every code.)
func TestNoCloseIsWithoutWords(t *testing.T) {
	for _, code := range append(protocol.CloseCodes(), 1006, 1011) {
		t.Run(strconv.Itoa(int(code)), func(t *testing.T) {
			bubble(t, func(w *world) {
				w.enter()
				w.server.with(func() { w.server.dead = true })
				w.server.last().end(code)
				w.pass(time.Second)
				v := w.view()
				tries := v.Connection.Link == client.LinkReconnecting && len(w.server.dialed()) > 1
				told := v.Phase == client.PhaseClosed && slices.Contains(protocol.Codes(), v.Trouble.Code)
				if tries == told {
					t.Errorf("phase %q, trouble %q, link %q, %d dials", v.Phase, v.Trouble.Code, v.Connection.Link, len(w.server.dialed()))
				}
				if code.Retry() && !tries {
					t.Error("it does not try to come back")
				}
			})
		})
	}
}

// replaced enters, and then the same person does elsewhere.
func (w *world) replaced() {
	w.Helper()
	w.enter()
	w.server.last().end(protocol.CloseReplaced)
	w.settle()
	w.phase(client.PhaseClosed)
	w.trouble(protocol.CodeReplaced)
}

func TestReplacedTakesThePlaceOverOnlyWhenAsked(t *testing.T) {
	bubble(t, func(w *world) {
		w.replaced()
		equal(t, "captures", len(w.tab.running()), 0)
		equal(t, "peers", len(w.tab.openPeers()), 0)
		w.tab.fire("wake")
		w.pass(time.Minute)
		equal(t, "dials", len(w.server.dialed()), 1)
		w.session.Do(client.Rejoin{})
		w.settle()
		w.phase(client.PhaseRoom)
		hellos := all[protocol.Hello](w.server)
		equal(t, "resume", hellos[len(hellos)-1].Resume, "secret")
		w.close()
		w.open() // it is this tab's place again
		w.phase(client.PhaseRoom)
	})
}

func TestAReplacedTabStaysSoOverAReload(t *testing.T) {
	bubble(t, func(w *world) {
		w.replaced()
		w.close()
		w.open()
		w.phase(client.PhaseClosed)
		w.trouble(protocol.CodeReplaced)
		equal(t, "dials", len(w.server.dialed()), 1)
		w.session.Do(client.Rejoin{})
		w.settle()
		w.phase(client.PhaseRoom)
	})
}

func TestAnotherLinkInAReplacedTab(t *testing.T) {
	bubble(t, func(w *world) {
		w.replaced()
		w.close()
		w.tab.fragment = "another"
		w.open()
		w.phase(client.PhaseLobby)
		equal(t, "resume", w.tab.stored("overtime.resume.room"), "")
	})
}

func TestCloseCodesThatAskAgain(t *testing.T) {
	for _, code := range []protocol.CloseCode{
		protocol.CloseNormal, protocol.CloseGoingAway, protocol.CloseRestart, protocol.CloseSlow, protocol.CloseTooMany, 1006,
	} {
		bubble(t, func(w *world) {
			w.enter()
			w.server.last().end(code)
			w.settle()
			w.phase(client.PhaseRoom)
			equal(t, "dials", len(w.server.dialed()), 2)
			equal(t, "link", w.view().Connection.Link, client.LinkGood)
		})
	}
}

func TestClosedAsOverAsksHow(t *testing.T) {
	bubble(t, func(w *world) {
		w.enter()
		w.server.with(func() {
			w.server.over = true
			w.server.session.Ending = &protocol.Ending{Reason: meeting.ReasonEndedByAPI}
		})
		w.server.last().end(protocol.CloseOver)
		w.settle()
		w.phase(client.PhaseEnded)
		equal(t, "reason", w.view().Timeline.Ending.Reason, meeting.ReasonEndedByAPI)
	})
}

// tooLate makes the server hang up once before it hears what a connection is
// for, as it does if a busy or sleeping tab takes more than 5 seconds to say.
func (w *world) tooLate() {
	late := true
	w.server.with(func() {
		w.server.script = func(c *conn, _ protocol.ClientFrame) (protocol.ServerMessage, bool) {
			if !late {
				return nil, false
			}
			late = false
			c.send(protocol.ServerFrame{Message: protocol.Error{Code: protocol.CodeNotJoined}})
			c.end(protocol.CloseBadToken)
			return nil, true
		}
	})
}

func TestTooLateToSayHelloIsNoBadLink(t *testing.T) {
	bubble(t, func(w *world) {
		w.tooLate()
		w.open()
		w.phase(client.PhaseLobby)
		w.trouble("")
		equal(t, "dials", len(w.server.dialed()), 2)
	})
	bubble(t, func(w *world) {
		w.enter()
		w.tooLate()
		w.server.last().end(1006)
		w.pass(time.Second)
		w.phase(client.PhaseRoom)
		equal(t, "dials", len(w.server.dialed()), 3)
		hellos := all[protocol.Hello](w.server)
		equal(t, "resume", hellos[len(hellos)-1].Resume, "secret")
	})
}

func TestRemovedByAnEvent(t *testing.T) {
	bubble(t, func(w *world) {
		w.enter()
		w.server.event(protocol.PersonLeft{ID: "p_me", Reason: protocol.LeftRemoved})
		w.settle()
		w.phase(client.PhaseClosed)
		w.trouble(protocol.CodeRemoved)
	})
}

func TestTakenForLost(t *testing.T) {
	bubble(t, func(w *world) {
		w.enter()
		w.server.event(protocol.PersonLeft{ID: "p_me", Reason: protocol.LeftLost})
		w.settle()
		w.phase(client.PhaseRoom)
		equal(t, "dials", len(w.server.dialed()), 2)
	})
}

func TestGoingAway(t *testing.T) {
	t.Run("and closing", func(t *testing.T) {
		bubble(t, func(w *world) {
			w.enter()
			w.server.push(protocol.ServerFrame{Message: protocol.GoingAway{RetryMS: 4000}})
			w.server.last().end(protocol.CloseGoingAway)
			w.pass(3 * time.Second)
			equal(t, "dials", len(w.server.dialed()), 1)
			w.pass(time.Second)
			equal(t, "dials later", len(w.server.dialed()), 2)
			equal(t, "link", w.view().Connection.Link, client.LinkGood)
		})
	})
	t.Run("and staying", func(t *testing.T) {
		bubble(t, func(w *world) {
			w.enter()
			w.server.push(protocol.ServerFrame{Message: protocol.GoingAway{RetryMS: 4000}})
			w.pass(time.Second)
			equal(t, "link", w.view().Connection.Link, client.LinkGood)
			w.tab.fire("wake") // asks the time and nothing else
			w.pass(3 * time.Second)
			equal(t, "dials", len(w.server.dialed()), 2)
			equal(t, "link", w.view().Connection.Link, client.LinkGood)
		})
	})
}
