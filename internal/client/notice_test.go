package client_test

import (
	"slices"
	"testing"
	"time"

	"overtime/internal/client"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

// opens has the server announce a window of the present end.
func (w *world) opens(window meeting.Window) {
	w.server.event(protocol.WindowOpened{Notice: meeting.Notice{
		Window: window, EndsAt: w.server.session.EndsAt, MinutesLeft: 10, Grantable: 30,
	}})
	w.settle()
}

// extends has the server announce an extension by 15 minutes.
func (w *world) extends(by string) protocol.StoryEntry {
	w.server.mu.Lock()
	end := w.server.session.EndsAt.Add(15 * time.Minute)
	e := protocol.StoryEntry{Kind: meeting.EntryExtended, At: w.server.now(), By: by, Minutes: 15, EndsAt: end}
	w.server.session.EndsAt = end
	w.server.session.Story = append(slices.Clone(w.server.session.Story), e)
	w.server.mu.Unlock()
	return e
}

func TestOnlyTheServerOpensTheBanner(t *testing.T) {
	bubble(t, func(w *world) {
		w.enter()
		w.pass(25 * time.Minute)
		equal(t, "by the clock", w.view().Timeline.Notice, meeting.Notice{})
		w.opens(meeting.FirstWindow)
		equal(t, "announced", w.view().Timeline.Notice.Window, meeting.FirstWindow)
	})
}

func TestNoticeWithTheWelcome(t *testing.T) {
	bubble(t, func(w *world) {
		w.server.notice = &meeting.Notice{Window: meeting.FinalWindow, EndsAt: w.server.session.EndsAt, MinutesLeft: 4}
		w.enter()
		equal(t, "window", w.view().Timeline.Notice.Window, meeting.FinalWindow)
		w.session.Do(client.HideNotice{})
		w.server.last().end(1006) // the same notice comes again
		w.settle()
		equal(t, "hidden", w.view().Timeline.NoticeHidden, true)
		w.server.with(func() { w.server.notice = nil })
		w.server.last().end(1006)
		w.pass(time.Second)
		equal(t, "gone", w.view().Timeline.Notice.Window, meeting.NoWindow)
	})
}

func TestNotNowHoldsForOneWindow(t *testing.T) {
	bubble(t, func(w *world) {
		w.enter()
		w.pass(20 * time.Minute)
		w.opens(meeting.FirstWindow)
		w.session.Do(client.HideNotice{})
		w.settle()
		equal(t, "hidden", w.view().Timeline.NoticeHidden, true)
		w.pass(5 * time.Minute)
		w.opens(meeting.FinalWindow)
		equal(t, "hidden again", w.view().Timeline.NoticeHidden, false)
		w.session.Do(client.HideNotice{})
		w.pass(3 * time.Minute)
		equal(t, "hidden in the final window", w.view().Timeline.NoticeHidden, true)
		w.pass(time.Minute)
		equal(t, "hidden in the last minute", w.view().Timeline.NoticeHidden, false)
		w.session.Do(client.HideNotice{})
		w.settle()
		equal(t, "hidden by a press in the last minute", w.view().Timeline.NoticeHidden, false)
	})
}

func TestLastMinuteIsTheRooms(t *testing.T) {
	bubble(t, func(w *world) {
		w.server.room.MinuteMS = 1000
		w.server.session.EndsAt = serverBorn.Add(30 * time.Second)
		w.enter()
		w.opens(meeting.FirstWindow)
		w.session.Do(client.HideNotice{})
		w.pass(28 * time.Second)
		equal(t, "hidden", w.view().Timeline.NoticeHidden, true)
		w.pass(time.Second)
		equal(t, "hidden in the last second", w.view().Timeline.NoticeHidden, false)
	})
}

func TestExtend(t *testing.T) {
	bubble(t, func(w *world) {
		w.enter()
		w.opens(meeting.FirstWindow)
		end := w.server.session.EndsAt
		var asked protocol.ClientFrame
		w.server.with(func() {
			w.server.script = func(_ *conn, f protocol.ClientFrame) (protocol.ServerMessage, bool) {
				_, extend := f.Message.(protocol.Extend)
				if extend {
					asked = f
				}
				return nil, extend
			}
		})
		w.session.Do(client.Extend{Minutes: 20})
		w.session.Do(client.Extend{Minutes: 20}) // a second press
		w.settle()
		equal(t, "extending", w.view().Timeline.Extending, true)
		presses := all[protocol.Extend](w.server)
		equal(t, "requests", len(presses), 1)
		equal(t, "minutes", *presses[0].Minutes, 20)
		equal(t, "window", presses[0].Window, end)
		w.server.event(protocol.SessionExtended{Entry: w.extends("Me")})
		w.server.answer(w.server.last(), asked.ID, protocol.OK{Grant: &meeting.Grant{Minutes: 15}})
		w.settle()
		v := w.view()
		equal(t, "extending after", v.Timeline.Extending, false)
		equal(t, "banner", v.Timeline.Notice.Window, meeting.NoWindow)
		equal(t, "end", v.Timeline.EndsAt, end.Add(15*time.Minute))
		equal(t, "story", len(v.Timeline.Story), 2)
		toast := w.toast(client.ToastExtended)
		equal(t, "by", toast.By, "Me")
		equal(t, "toast's end", toast.EndsAt, end.Add(15*time.Minute))
		equal(t, "toasts", len(v.News.Toasts), 1)
	})
}

func TestExtendRaceLost(t *testing.T) {
	bubble(t, func(w *world) {
		w.enter()
		w.opens(meeting.FirstWindow)
		w.server.with(func() {
			w.server.script = func(_ *conn, f protocol.ClientFrame) (protocol.ServerMessage, bool) {
				_, extend := f.Message.(protocol.Extend)
				return protocol.Error{
					Code: protocol.CodeAlreadyExtended, By: "Asha", Minutes: 30, EndsAt: serverBorn.Add(time.Hour),
				}, extend
			}
		})
		w.session.Do(client.Extend{Minutes: 15})
		w.settle()
		equal(t, "toasts", len(w.view().News.Toasts), 1)
		want := client.Trouble{Code: protocol.CodeAlreadyExtended, By: "Asha", Minutes: 30, EndsAt: serverBorn.Add(time.Hour)}
		equal(t, "trouble", w.toast(client.ToastRefused).Trouble, want)
		equal(t, "extending", w.view().Timeline.Extending, false)
	})
}

func TestExtendRaceLostIsToldOnce(t *testing.T) {
	for _, first := range []string{"event", "answer"} {
		t.Run(first+" first", func(t *testing.T) {
			bubble(t, func(w *world) {
				w.enter()
				w.opens(meeting.FirstWindow)
				var asked string
				w.server.with(func() {
					w.server.script = func(_ *conn, f protocol.ClientFrame) (protocol.ServerMessage, bool) {
						_, extend := f.Message.(protocol.Extend)
						if extend {
							asked = f.ID
						}
						return nil, extend
					}
				})
				w.session.Do(client.Extend{Minutes: 15})
				w.settle()
				e := w.extends("Asha")
				refusal := protocol.Error{Code: protocol.CodeAlreadyExtended, By: "Asha", Minutes: 15, EndsAt: e.EndsAt}
				if first == "answer" {
					w.server.answer(w.server.last(), asked, refusal)
				}
				w.server.event(protocol.SessionExtended{Entry: e})
				if first == "event" {
					w.settle()
					w.toast(client.ToastExtended)
					w.server.answer(w.server.last(), asked, refusal)
				}
				w.settle()
				equal(t, "toasts", len(w.view().News.Toasts), 1)
				equal(t, "why", w.toast(client.ToastRefused).Trouble.Code, protocol.CodeAlreadyExtended)
			})
		})
	}
}

func TestExtendOutsideAWindowNamesTheEnd(t *testing.T) {
	bubble(t, func(w *world) {
		w.enter()
		w.session.Do(client.Extend{Minutes: 15})
		w.settle()
		equal(t, "window", all[protocol.Extend](w.server)[0].Window, w.server.session.EndsAt)
	})
}

func TestPressesWhileOffline(t *testing.T) {
	bubble(t, func(w *world) {
		w.enter()
		w.opens(meeting.FirstWindow)
		w.server.with(func() { w.server.dead = true })
		w.server.last().end(1006)
		w.settle()
		w.session.Do(client.Extend{Minutes: 15})
		w.settle()
		equal(t, "why", w.toast(client.ToastRefused).Trouble.Code, client.TroubleOffline)
		w.session.Do(client.End{Reason: "bye"})
		w.settle()
		equal(t, "toasts", len(w.view().News.Toasts), 2)
		v := w.view()
		equal(t, "waiting", v.Timeline.Extending || v.Timeline.EndingForAll, false)
	})
}

func TestPressOutlivesTheConnection(t *testing.T) {
	bubble(t, func(w *world) {
		w.enter()
		w.opens(meeting.FirstWindow)
		w.server.with(func() {
			w.server.script = func(c *conn, f protocol.ClientFrame) (protocol.ServerMessage, bool) {
				_, extend := f.Message.(protocol.Extend)
				if extend && c == w.server.conns[0] {
					c.end(1006)
					return nil, true
				}
				return nil, false
			}
		})
		w.session.Do(client.Extend{Minutes: 15})
		w.settle()
		w.pass(time.Second)
		equal(t, "requests", len(all[protocol.Extend](w.server)), 2)
		var ids []string
		w.server.with(func() {
			for _, f := range w.server.got {
				if _, extend := f.Message.(protocol.Extend); extend {
					ids = append(ids, f.ID)
				}
			}
		})
		equal(t, "the same id", ids[1], ids[0])
		equal(t, "extending", w.view().Timeline.Extending, false)
	})
}

func TestPressThatNobodyAnswersFails(t *testing.T) {
	bubble(t, func(w *world) {
		w.enter()
		w.opens(meeting.FirstWindow)
		w.server.with(func() {
			w.server.dead = true
			w.server.conns[0].mute = true
		})
		w.session.Do(client.Extend{Minutes: 15})
		w.session.Do(client.End{Reason: ""})
		w.pass(24 * time.Second)
		v := w.view()
		equal(t, "waiting", v.Timeline.Extending && v.Timeline.EndingForAll, true)
		w.pass(2 * time.Second)
		v = w.view()
		equal(t, "waiting after", v.Timeline.Extending || v.Timeline.EndingForAll, false)
		equal(t, "why", w.toast(client.ToastRefused).Trouble.Code, client.TroubleUnanswered)
	})
}

// A room that takes its time, because its store is away, keeps the connection.
func TestSlowDecisionKeepsTheConnection(t *testing.T) {
	bubble(t, func(w *world) {
		w.enter()
		w.opens(meeting.FirstWindow)
		w.server.with(func() {
			w.server.script = func(_ *conn, f protocol.ClientFrame) (protocol.ServerMessage, bool) {
				_, extend := f.Message.(protocol.Extend)
				return nil, extend
			}
		})
		w.session.Do(client.Extend{Minutes: 15})
		w.pass(14 * time.Second)
		equal(t, "connections", len(w.server.conns), 1)
		equal(t, "link", w.view().Connection.Link, client.LinkGood)
		equal(t, "waiting", w.view().Timeline.Extending, true)
	})
}

func TestExtensionMissedWhileAway(t *testing.T) {
	bubble(t, func(w *world) {
		w.enter()
		w.opens(meeting.FirstWindow)
		w.extends("Asha")
		w.server.last().end(1006)
		w.settle()
		equal(t, "by", w.toast(client.ToastExtended).By, "Asha")
		equal(t, "banner", w.view().Timeline.Notice.Window, meeting.NoWindow)
	})
}

func TestEndForAll(t *testing.T) {
	bubble(t, func(w *world) {
		w.enter()
		w.server.with(func() {
			w.server.script = func(_ *conn, f protocol.ClientFrame) (protocol.ServerMessage, bool) {
				_, end := f.Message.(protocol.End)
				return nil, end
			}
		})
		w.session.Do(client.End{Reason: "Done"})
		w.session.Do(client.End{Reason: "Done"})
		w.settle()
		equal(t, "ending", w.view().Timeline.EndingForAll, true)
		equal(t, "requests", len(all[protocol.End](w.server)), 1)
		equal(t, "reason", all[protocol.End](w.server)[0].Reason, "Done")
		ended := w.server.session
		ended.Ending = &protocol.Ending{Reason: meeting.ReasonEndedByModerator, By: "Me", Text: "Done"}
		w.server.event(protocol.SessionEnded{Session: ended})
		w.server.last().end(protocol.CloseOver)
		w.settle()
		w.phase(client.PhaseEnded)
		v := w.view()
		equal(t, "by", v.Timeline.Ending.By, "Me")
		equal(t, "tiles", len(v.Roster.Slots), 0)
		equal(t, "toasts", len(v.News.Toasts), 0)
		equal(t, "captures", len(w.tab.running()), 0)
		equal(t, "peers", len(w.tab.openPeers()), 0)
		equal(t, "resume", w.tab.stored("overtime.resume.room"), "")
		equal(t, "token", w.tab.stored("overtime.token.room"), "token")
		w.pass(time.Minute)
		equal(t, "dials", len(w.server.dialed()), 1)
	})
}

func TestEndRefused(t *testing.T) {
	bubble(t, func(w *world) {
		w.enter()
		w.server.with(func() {
			w.server.script = func(_ *conn, f protocol.ClientFrame) (protocol.ServerMessage, bool) {
				_, end := f.Message.(protocol.End)
				return protocol.Error{Code: protocol.CodeForbidden}, end
			}
		})
		w.session.Do(client.End{Reason: ""})
		w.settle()
		equal(t, "why", w.toast(client.ToastRefused).Trouble.Code, protocol.CodeForbidden)
		equal(t, "ending", w.view().Timeline.EndingForAll, false)
	})
}

func TestTheClientNeverEndsAMeeting(t *testing.T) {
	bubble(t, func(w *world) {
		w.enter()
		w.pass(29 * time.Minute)
		w.server.with(func() { w.server.dead = true })
		w.server.last().end(1006)
		w.pass(30 * time.Second)
		w.trouble("")
		w.pass(31 * time.Second)
		w.phase(client.PhaseRoom)
		w.trouble(client.TroubleTimeUp)
		equal(t, "link", w.view().Connection.Link, client.LinkReconnecting)
		equal(t, "captures", len(w.tab.running()), 2)
		w.extends("Asha") // it goes on, after all
		w.server.with(func() { w.server.dead = false })
		w.pass(8 * time.Second)
		w.phase(client.PhaseRoom)
		w.trouble("")
	})
}

func TestPastTheEndWithAGoodLink(t *testing.T) {
	bubble(t, func(w *world) {
		w.enter()
		w.pass(31 * time.Minute)
		w.phase(client.PhaseRoom)
		w.trouble("")
	})
}
