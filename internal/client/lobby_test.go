package client_test

import (
	"slices"
	"testing"
	"time"

	"overtime/internal/client"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

func TestLobbyShowsAndKeepsTime(t *testing.T) {
	bubble(t, func(w *world) {
		w.tab.local["overtime.name"] = "Remembered"
		w.open()
		w.phase(client.PhaseLobby)
		v := w.view()
		equal(t, "name", v.Me.Name, "Remembered")
		equal(t, "room", v.Room.Name, "Planning")
		equal(t, "people", v.Roster.Here, 1)
		equal(t, "role", v.Me.Role, meeting.RoleModerator)
		w.server.with(func() {
			w.server.people = append(w.server.people, person("p_ben", "Ben"))
			w.server.session.EndsAt = w.server.session.EndsAt.Add(15 * time.Minute)
		})
		w.pass(5 * time.Second)
		v = w.view()
		equal(t, "people later", v.Roster.Here, 2)
		equal(t, "end later", v.Timeline.EndsAt, serverBorn.Add(45*time.Minute))
		equal(t, "peeks", len(all[protocol.Peek](w.server)), 2)
		equal(t, "token", all[protocol.Peek](w.server)[0], protocol.Peek{Room: "room", Token: "token"})
	})
}

func TestLobbyAsksAtTheEnd(t *testing.T) {
	bubble(t, func(w *world) {
		w.server.session.EndsAt = serverBorn.Add(7 * time.Second)
		w.open()
		w.pass(7 * time.Second)
		equal(t, "peeks before the end", len(all[protocol.Peek](w.server)), 2)
		w.pass(200 * time.Millisecond)
		equal(t, "peeks at the end", len(all[protocol.Peek](w.server)), 3)
		w.phase(client.PhaseLobby) // the server is still deciding
		w.server.with(func() {
			w.server.over = true
			w.server.session.Ending = &protocol.Ending{Reason: meeting.ReasonExpired}
		})
		w.pass(time.Second)
		w.phase(client.PhaseEnded)
	})
}

func TestLobbyBeforeAnybodyJoined(t *testing.T) {
	bubble(t, func(w *world) {
		w.server.script = func(_ *conn, f protocol.ClientFrame) (protocol.ServerMessage, bool) {
			_, peek := f.Message.(protocol.Peek)
			return protocol.RoomState{Room: w.server.room, ServerTime: w.server.now()}, peek
		}
		w.open()
		w.phase(client.PhaseLobby)
		if v := w.view(); !v.Timeline.StartedAt.IsZero() || v.Roster.Here != 0 {
			t.Errorf("a session that did not start: %+v", v.Timeline)
		}
	})
}

func TestTokenMovesIntoTheTab(t *testing.T) {
	bubble(t, func(w *world) {
		w.open()
		equal(t, "fragment", w.tab.fragment, "")
		equal(t, "stored", w.tab.stored("overtime.token.room"), "token")
		w.close()
		w.open() // a reload in the lobby
		w.phase(client.PhaseLobby)
	})
}

func TestStorageRefused(t *testing.T) {
	bubble(t, func(w *world) {
		w.tab.store, w.tab.local = nil, nil
		w.enter()
		equal(t, "fragment", w.tab.fragment, "token")
		w.server.last().end(1006) // the secret is still known to the page
		w.settle()
		w.phase(client.PhaseRoom)
		w.close()
		w.open() // a reload knows the token only
		w.phase(client.PhaseLobby)
	})
}

func TestIncompleteLink(t *testing.T) {
	bubble(t, func(w *world) {
		w.tab.fragment = ""
		w.open()
		w.phase(client.PhaseClosed)
		w.trouble(client.TroubleIncomplete)
		equal(t, "dials", len(w.server.dialed()), 0)
		w.session.Do(client.Rejoin{})
		w.settle()
		w.trouble(client.TroubleIncomplete)
	})
}

func TestReloadComesBackToThePlace(t *testing.T) {
	bubble(t, func(w *world) {
		w.enter()
		w.session.Do(client.ToggleDevice{Device: client.CameraDevice})
		w.settle()
		w.close()
		equal(t, "leaves", len(all[protocol.Leave](w.server)), 0)
		w.open()
		w.phase(client.PhaseRoom)
		hellos := all[protocol.Hello](w.server)
		equal(t, "hellos", len(hellos), 2)
		equal(t, "resume", hellos[1].Resume, "secret")
		equal(t, "token", hellos[1].Token, "")
		v := w.view()
		equal(t, "camera on", v.Devices.Camera.On, false)
		equal(t, "microphone runs", v.Devices.Microphone.Running, true)
		if n := len(w.tab.running()); n != 1 {
			t.Errorf("%d captures run, want the microphone's", n)
		}
	})
}

func TestAnotherLinkIsAnotherPerson(t *testing.T) {
	bubble(t, func(w *world) {
		w.enter()
		w.close()
		w.tab.fragment = "another"
		w.open()
		w.phase(client.PhaseLobby)
		peeks := all[protocol.Peek](w.server)
		equal(t, "token", peeks[len(peeks)-1].Token, "another")
	})
}

func TestResumeRefusedFallsBackToTheLobbyOnce(t *testing.T) {
	refusals := map[string]func(c *conn) (protocol.ServerMessage, bool){
		"by an answer": func(*conn) (protocol.ServerMessage, bool) {
			return protocol.Error{Code: protocol.CodeBadToken}, true
		},
		"by a close code": func(c *conn) (protocol.ServerMessage, bool) {
			c.end(protocol.CloseBadToken)
			return nil, true
		},
	}
	for name, refuse := range refusals {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(w *world) {
				w.enter()
				w.server.with(func() {
					w.server.script = func(c *conn, f protocol.ClientFrame) (protocol.ServerMessage, bool) {
						if hello, ok := f.Message.(protocol.Hello); ok && hello.Resume != "" {
							return refuse(c)
						}
						return nil, false
					}
				})
				w.server.last().end(1006)
				w.pass(15 * time.Second)
				w.phase(client.PhaseLobby)
				equal(t, "resume", w.tab.stored("overtime.resume.room"), "")
				equal(t, "peers", len(w.tab.openPeers()), 0)
				equal(t, "preview", w.view().Devices.Camera.Running, true)
				w.session.Do(client.Join{})
				w.settle()
				w.phase(client.PhaseRoom)
			})
		})
	}
}

func TestRefusalsAtTheDoor(t *testing.T) {
	for _, code := range []protocol.Code{
		protocol.CodeBadToken, protocol.CodeExpiredToken, protocol.CodeTooLate,
	} {
		t.Run(string(code), func(t *testing.T) {
			bubble(t, func(w *world) {
				w.open()
				w.server.with(func() {
					w.server.script = func(_ *conn, f protocol.ClientFrame) (protocol.ServerMessage, bool) {
						_, hello := f.Message.(protocol.Hello)
						return protocol.Error{Code: code}, hello
					}
				})
				w.session.Do(client.Join{})
				w.settle()
				w.phase(client.PhaseClosed)
				w.trouble(code)
				equal(t, "captures", len(w.tab.running()), 0)
				w.server.with(func() { w.server.script = nil })
				w.session.Do(client.Rejoin{})
				w.settle()
				w.phase(client.PhaseLobby)
				equal(t, "preview", w.view().Devices.Camera.Running, true)
			})
		})
	}
}

func TestServerBusyAtTheDoor(t *testing.T) {
	bubble(t, func(w *world) {
		busy := 2
		w.server.script = func(*conn, protocol.ClientFrame) (protocol.ServerMessage, bool) {
			w.server.mu.Lock()
			defer w.server.mu.Unlock()
			busy--
			return protocol.Error{Code: protocol.CodeUnavailable}, busy >= 0
		}
		w.open()
		w.phase(client.PhaseOpening)
		equal(t, "why", w.view().Connection.Away.Code, protocol.CodeUnavailable)
		w.pass(10 * time.Second)
		w.phase(client.PhaseLobby)
		equal(t, "link", w.view().Connection.Link, client.LinkGood)
		equal(t, "why later", w.view().Connection.Away, client.Trouble{})
	})
}

func TestLobbyOutlivesAServerThatWantedAHello(t *testing.T) {
	bubble(t, func(w *world) {
		w.open()
		w.server.last().end(protocol.CloseBadToken)
		w.settle()
		w.phase(client.PhaseLobby)
		equal(t, "dials", len(w.server.dialed()), 2)
	})
}

// A server that closes for want of a hello has not heard this tab in time; one
// that never does is believed at last.
func TestSlowHellosAreNoBadTokens(t *testing.T) {
	for closes, want := range map[int]client.Phase{4: client.PhaseLobby, 5: client.PhaseClosed} {
		bubble(t, func(w *world) {
			left := closes
			w.server.script = func(c *conn, _ protocol.ClientFrame) (protocol.ServerMessage, bool) {
				if left--; left >= 0 {
					c.end(protocol.CloseBadToken)
					return nil, true
				}
				return nil, false
			}
			w.open()
			w.pass(20 * time.Second)
			w.phase(want)
		})
	}
}

func TestJoinWhileTheServerIsAway(t *testing.T) {
	bubble(t, func(w *world) {
		w.open()
		w.server.with(func() { w.server.dead = true })
		w.server.last().end(1006)
		w.pass(time.Second)
		w.phase(client.PhaseLobby)
		equal(t, "link", w.view().Connection.Link, client.LinkReconnecting)
		w.session.Do(client.Join{})
		w.settle()
		w.phase(client.PhaseJoining)
		w.server.with(func() { w.server.dead = false })
		w.session.Do(client.Rejoin{}) // try now
		w.settle()
		w.phase(client.PhaseRoom)
	})
}

func TestOverAtTheDoor(t *testing.T) {
	for _, when := range []string{"opening", "lobby", "joining", "told"} {
		t.Run(when, func(t *testing.T) {
			bubble(t, func(w *world) {
				ending := &protocol.Ending{Reason: meeting.ReasonExpired, At: serverBorn.Add(30 * time.Minute)}
				end := func() { w.server.over, w.server.session.Ending = true, ending }
				if when == "opening" {
					end()
				}
				w.open()
				w.server.with(end)
				switch when {
				case "lobby":
					w.pass(5 * time.Second)
				case "joining":
					w.session.Do(client.Join{})
				case "told":
					w.server.push(protocol.ServerFrame{Message: protocol.Over{Room: w.server.room, Session: w.server.session}})
				}
				w.settle()
				w.phase(client.PhaseEnded)
				equal(t, "reason", w.view().Timeline.Ending.Reason, meeting.ReasonExpired)
				equal(t, "captures", len(w.tab.running()), 0)
				dials := len(w.server.dialed())
				w.pass(time.Minute)
				equal(t, "dials later", len(w.server.dialed()), dials)
				w.close()
				w.open() // a reload shows the ended page again
				w.phase(client.PhaseEnded)
			})
		})
	}
}

func TestLeaveAndRejoin(t *testing.T) {
	bubble(t, func(w *world) {
		w.enter()
		w.session.Do(client.Leave{})
		w.settle()
		w.phase(client.PhaseLeft)
		equal(t, "leaves", len(all[protocol.Leave](w.server)), 1)
		equal(t, "captures", len(w.tab.running()), 0)
		equal(t, "peers", len(w.tab.openPeers()), 0)
		equal(t, "resume", w.tab.stored("overtime.resume.room"), "")
		w.session.Do(client.Leave{}) // once is enough
		w.pass(time.Minute)
		equal(t, "dials", len(w.server.dialed()), 1)
		w.session.Do(client.Rejoin{})
		w.settle()
		w.phase(client.PhaseLobby)
		w.session.Do(client.Join{})
		w.settle()
		w.phase(client.PhaseRoom)
		hellos := all[protocol.Hello](w.server)
		equal(t, "by token", hellos[len(hellos)-1].Token, "token")
	})
}

// TestLeaveForAnotherPage: the page that is left has its session closed at once,
// and the server still hears that the person left.
func TestLeaveForAnotherPage(t *testing.T) {
	bubble(t, func(w *world) {
		w.enter()
		w.session.Do(client.Leave{})
		w.session.Close()
		<-w.session.Done()
		equal(t, "leaves", len(all[protocol.Leave](w.server)), 1)
		equal(t, "hung up", w.server.conns[0].mine, true)
		w.session = nil
	})
	bubble(t, func(w *world) {
		w.enter()
		w.server.with(func() { w.server.conns[0].mute = true })
		w.session.Do(client.Leave{})
		w.session.Close()
		w.pass(3 * time.Second)
		<-w.session.Done()
		w.session = nil
	})
}

func TestLeaveWithoutAnAnswer(t *testing.T) {
	bubble(t, func(w *world) {
		w.enter()
		w.server.with(func() { w.server.conns[0].mute = true })
		w.session.Do(client.Leave{})
		w.settle()
		w.phase(client.PhaseLeft)
		w.server.push(protocol.ServerFrame{Message: protocol.GoingAway{}}) // heard no more
		w.pass(3 * time.Second)
		equal(t, "hung up", w.server.conns[0].mine, true)
		w.pass(time.Minute)
		equal(t, "dials", len(w.server.dialed()), 1)
	})
}

func TestLeaveFromTheLobbyAndWhileAway(t *testing.T) {
	bubble(t, func(w *world) {
		w.open()
		w.session.Do(client.Leave{})
		w.settle()
		w.phase(client.PhaseLeft)
		w.session.Do(client.Rejoin{})
		w.settle()
		w.session.Do(client.Join{})
		w.settle()
		w.server.with(func() { w.server.dead = true })
		w.server.last().end(1006)
		w.settle()
		w.session.Do(client.Leave{})
		w.settle()
		w.phase(client.PhaseLeft)
		dials := len(w.server.dialed())
		w.pass(time.Minute)
		equal(t, "dials", len(w.server.dialed()), dials)
	})
}

func TestIntentsOutOfPlace(t *testing.T) {
	bubble(t, func(w *world) {
		w.open()
		w.session.Do(client.Extend{Minutes: 15})
		w.session.Do(client.End{Reason: "no"})
		w.session.Do(client.HideNotice{})
		w.session.Do(client.CopyGuestsLink{})
		w.session.Do(client.Rejoin{})
		w.session.Do(client.DismissToast{ID: 7})
		w.settle()
		w.phase(client.PhaseLobby)
		w.session.Do(client.Join{})
		w.session.Do(client.Join{})
		w.settle()
		w.session.Do(client.Join{})
		w.session.Do(client.Rejoin{})
		w.settle()
		w.phase(client.PhaseRoom)
		equal(t, "hellos", len(all[protocol.Hello](w.server)), 1)
		if got := w.toasts(); !slices.Equal(got, nil) {
			t.Errorf("toasts %v", got)
		}
	})
}

func TestBadTokenAtOnce(t *testing.T) {
	bubble(t, func(w *world) {
		w.server.script = func(c *conn, _ protocol.ClientFrame) (protocol.ServerMessage, bool) {
			return protocol.Error{Code: protocol.CodeExpiredToken}, true
		}
		w.open()
		w.phase(client.PhaseClosed)
		w.trouble(protocol.CodeExpiredToken)
		equal(t, "captures", len(w.tab.running()), 0)
	})
}
