package client_test

import (
	"slices"
	"testing"
	"time"

	"overtime/internal/client"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

// holds leaves messages of a kind unanswered and returns their frames so far.
func holds[M protocol.ClientMessage](w *world) func() []protocol.ClientFrame {
	var held []protocol.ClientFrame
	w.server.with(func() {
		w.server.script = func(_ *conn, f protocol.ClientFrame) (protocol.ServerMessage, bool) {
			_, kind := f.Message.(M)
			if kind {
				held = append(held, f)
			}
			return nil, kind
		}
	})
	return func() []protocol.ClientFrame { return held }
}

func TestRemove(t *testing.T) {
	bubble(t, func(w *world) {
		w.enter()
		held := holds[protocol.Remove](w)
		w.session.Do(client.Remove{Participant: "p_asha"})
		w.session.Do(client.Remove{Participant: "p_asha"}) // a second press
		w.settle()
		equal(t, "requests", len(held()), 1)
		equal(t, "asked", held()[0].Message.(protocol.Remove), protocol.Remove{Participant: "p_asha"})
		equal(t, "removing", w.view().Roster.Slots[1].Removing, true)
		w.server.answer(w.server.last(), held()[0].ID, protocol.OK{})
		w.server.event(protocol.PersonLeft{ID: "p_asha", Reason: protocol.LeftRemoved})
		w.settle()
		equal(t, "gone", w.view().Roster.Slots[1].Empty, true)
		equal(t, "who", w.toast(client.ToastRemoved).By, "Asha")
		equal(t, "toasts", len(w.view().News.Toasts), 1)
	})
}

func TestTwoAreRemovedAtOnce(t *testing.T) {
	bubble(t, func(w *world) {
		w.server.people = append(w.server.people, person("p_ben", "Ben"))
		w.enter()
		held := holds[protocol.Remove](w)
		w.session.Do(client.Remove{Participant: "p_asha"})
		w.session.Do(client.Remove{Participant: "p_ben"})
		w.settle()
		w.server.answer(w.server.last(), held()[0].ID, protocol.Error{Code: protocol.CodeNotFound})
		w.settle()
		equal(t, "why", w.toast(client.ToastRefused).Trouble.Code, protocol.CodeNotFound)
		v := w.view()
		equal(t, "Asha", v.Roster.Slots[1].Removing, false)
		equal(t, "Ben", v.Roster.Slots[2].Removing, true)
	})
}

// What changes the meeting for everyone is asked again, under its id, over the
// next connection.
func TestModerationOutlivesTheConnection(t *testing.T) {
	for name, press := range map[string]func(*client.Session){
		"remove":     func(s *client.Session) { s.Do(client.Remove{Participant: "p_asha"}) },
		"lock":       func(s *client.Session) { s.Do(client.SetLocked{Locked: true}) },
		"renew link": func(s *client.Session) { s.Do(client.RenewLink{}) },
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(w *world) {
				w.enter()
				var ids []string
				w.server.with(func() {
					w.server.script = func(c *conn, f protocol.ClientFrame) (protocol.ServerMessage, bool) {
						switch f.Message.(type) {
						case protocol.Remove, protocol.Lock, protocol.RenewLink:
							ids = append(ids, f.ID)
							if len(ids) == 1 {
								c.end(1006)
								return nil, true
							}
						}
						return nil, false
					}
				})
				press(w.session)
				w.pass(time.Second)
				equal(t, "requests", len(ids), 2)
				equal(t, "the same id", ids[1], ids[0])
				v := w.view()
				equal(t, "waiting", v.Room.Locking || v.Room.RenewingLink || v.Roster.Slots[1].Removing, false)
				equal(t, "refused", slices.Contains(w.toasts(), client.ToastRefused), false)
			})
		})
	}
}

func TestModerationWhileOffline(t *testing.T) {
	for name, press := range map[string]func(*client.Session){
		"remove":     func(s *client.Session) { s.Do(client.Remove{Participant: "p_asha"}) },
		"admit":      func(s *client.Session) { s.Do(client.Admit{Waiting: "w_cem"}) },
		"deny":       func(s *client.Session) { s.Do(client.Deny{Waiting: "w_cem"}) },
		"lock":       func(s *client.Session) { s.Do(client.SetLocked{Locked: true}) },
		"renew link": func(s *client.Session) { s.Do(client.RenewLink{}) },
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(w *world) {
				w.server.waiting = []protocol.Waiter{{ID: "w_cem", Name: "Cem"}}
				w.enter()
				w.server.with(func() { w.server.dead = true })
				w.server.last().end(1006)
				w.settle()
				press(w.session)
				w.settle()
				equal(t, "why", w.toast(client.ToastRefused).Trouble.Code, client.TroubleOffline)
				v := w.view()
				equal(t, "waiting", v.Room.Locking || v.Room.RenewingLink || v.Roster.Slots[1].Removing || v.Roster.Waiting[0].Answering, false)
			})
		})
	}
}

// Whoever was let in or turned away over a connection that was lost then may
// have been so.
func TestAnswerToWhoWaitsIsLost(t *testing.T) {
	for name, press := range map[string]func(*client.Session){
		"admit": func(s *client.Session) { s.Do(client.Admit{Waiting: "w_cem"}) },
		"deny":  func(s *client.Session) { s.Do(client.Deny{Waiting: "w_cem"}) },
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(w *world) {
				w.server.waiting = []protocol.Waiter{{ID: "w_cem", Name: "Cem"}}
				w.enter()
				w.server.with(func() {
					w.server.script = func(c *conn, f protocol.ClientFrame) (protocol.ServerMessage, bool) {
						switch f.Message.(type) {
						case protocol.Admit, protocol.Deny:
							c.end(1006)
							return nil, true
						}
						return nil, false
					}
				})
				press(w.session)
				w.settle()
				equal(t, "why", w.view().News.Toasts[0].Trouble.Code, client.TroubleUnanswered)
				equal(t, "waiting", w.view().Roster.Waiting[0].Answering, false)
			})
		})
	}
}

func TestModerationOutOfPlace(t *testing.T) {
	bubble(t, func(w *world) {
		w.open()
		w.session.Do(client.Remove{Participant: "p_asha"})
		w.session.Do(client.Admit{Waiting: "w_cem"})
		w.session.Do(client.SetLocked{Locked: true})
		w.session.Do(client.RenewLink{})
		w.settle()
		equal(t, "asked", len(w.server.got), 1) // the lobby's peek
		equal(t, "toasts", len(w.view().News.Toasts), 0)
	})
}

func TestWhoWaits(t *testing.T) {
	bubble(t, func(w *world) {
		w.server.waiting = []protocol.Waiter{{ID: "w_cem", Name: "Cem"}}
		w.enter()
		equal(t, "with the welcome", w.view().Roster.Waiting[0], client.Waiter{ID: "w_cem", Name: "Cem"})
		tell := func(epoch uint64, people ...protocol.Waiter) {
			w.server.push(protocol.ServerFrame{Epoch: epoch, Seq: 10, Message: protocol.PeopleWaiting{People: people}})
			w.settle()
		}
		tell(3, protocol.Waiter{ID: "w_cem", Name: "Cem"}, protocol.Waiter{ID: "w_dee", Name: "Dee"})
		equal(t, "two", len(w.view().Roster.Waiting), 2)
		tell(2) // of an owner that was fenced
		equal(t, "stale word", len(w.view().Roster.Waiting), 2)
		held := holds[protocol.Admit](w)
		w.session.Do(client.Admit{Waiting: "w_dee"})
		w.session.Do(client.Admit{Waiting: "w_dee"})
		w.session.Do(client.Deny{Waiting: "w_dee"}) // it is answered already
		w.settle()
		equal(t, "requests", len(held()), 1)
		equal(t, "asked", held()[0].Message.(protocol.Admit).Waiting, "w_dee")
		v := w.view()
		equal(t, "answering", !v.Roster.Waiting[0].Answering && v.Roster.Waiting[1].Answering, true)
		w.server.answer(w.server.last(), held()[0].ID, protocol.OK{})
		tell(3, protocol.Waiter{ID: "w_cem", Name: "Cem"})
		equal(t, "one", len(w.view().Roster.Waiting), 1)
		w.session.Do(client.Deny{Waiting: "w_cem"})
		w.settle()
		equal(t, "denied", all[protocol.Deny](w.server)[0].Waiting, "w_cem")
		tell(3)
		equal(t, "none", len(w.view().Roster.Waiting), 0)
	})
}

func TestAdmitIsNotAskedAgain(t *testing.T) {
	bubble(t, func(w *world) {
		w.server.waiting = []protocol.Waiter{{ID: "w_cem", Name: "Cem"}}
		w.enter()
		held := holds[protocol.Admit](w)
		w.session.Do(client.Admit{Waiting: "w_cem"})
		w.settle()
		w.server.last().end(1006)
		w.pass(time.Second)
		equal(t, "requests", len(held()), 1)
		equal(t, "answering", w.view().Roster.Waiting[0].Answering, false)
		equal(t, "told", slices.Contains(w.toasts(), client.ToastRefused), true)
	})
}

func TestLockIsToldToEveryone(t *testing.T) {
	bubble(t, func(w *world) {
		w.enter()
		held := holds[protocol.Lock](w)
		w.session.Do(client.SetLocked{Locked: true})
		w.session.Do(client.SetLocked{Locked: true})
		w.settle()
		equal(t, "requests", len(held()), 1)
		equal(t, "asked", held()[0].Message.(protocol.Lock).Locked, true)
		equal(t, "locking", w.view().Room.Locking, true)
		w.server.answer(w.server.last(), held()[0].ID, protocol.OK{})
		w.changes(func(r *protocol.Room) { r.Locked = true })
		equal(t, "locking after", w.view().Room.Locking, false)
		equal(t, "locked", w.view().Room.Locked, true)
		w.toast(client.ToastLocked)
		w.changes(func(r *protocol.Room) { r.Locked = false })
		w.toast(client.ToastUnlocked)
	})
}

// changes has the server announce changed settings, without a notice.
func (w *world) changes(change func(*protocol.Room)) {
	w.server.with(func() { change(&w.server.room) })
	w.server.event(protocol.RoomChanged{Room: w.server.room})
	w.settle()
}

func TestSettingsThatNobodyHasToBeToldOf(t *testing.T) {
	bubble(t, func(w *world) {
		w.enter()
		w.changes(func(r *protocol.Room) { r.Name, r.Capacity = "Planning, again", 12 })
		equal(t, "name", w.view().Room.Name, "Planning, again")
		equal(t, "toasts", len(w.view().News.Toasts), 0)
	})
}

func TestALatestEndThatMoves(t *testing.T) {
	bubble(t, func(w *world) {
		w.enter()
		w.opens(meeting.FirstWindow)
		w.session.Do(client.HideNotice{})
		latest := serverBorn.Add(40 * time.Minute)
		w.server.with(func() { w.server.room.LatestEnd = latest })
		w.server.event(protocol.RoomChanged{Room: w.server.room, Notice: &meeting.Notice{
			Window: meeting.FirstWindow, EndsAt: w.server.session.EndsAt, MinutesLeft: 10, Grantable: 10,
		}})
		w.settle()
		equal(t, "until", w.toast(client.ToastBooked).EndsAt, latest)
		v := w.view()
		equal(t, "grantable", v.Timeline.Notice.Grantable, 10)
		equal(t, "hidden", v.Timeline.NoticeHidden, true)
		w.changes(func(r *protocol.Room) { r.LatestEnd = time.Time{} })
		equal(t, "the notice stays", w.view().Timeline.Notice.Window, meeting.FirstWindow)
		equal(t, "until", w.toast(client.ToastBooked).EndsAt, time.Time{})
	})
}

func TestRenewLink(t *testing.T) {
	bubble(t, func(w *world) {
		w.enter()
		held := holds[protocol.RenewLink](w)
		w.session.Do(client.RenewLink{})
		w.session.Do(client.RenewLink{})
		w.settle()
		equal(t, "requests", len(held()), 1)
		equal(t, "renewing", w.view().Room.RenewingLink, true)
		w.server.push(protocol.ServerFrame{Epoch: 3, Seq: 10, Message: protocol.GuestLink{Guests: "/r/room#newer"}})
		w.server.answer(w.server.last(), held()[0].ID, protocol.OK{})
		w.settle()
		equal(t, "link", w.view().Room.Guests, "https://meet.example/r/room#newer")
		equal(t, "renewing after", w.view().Room.RenewingLink, false)
		w.toast(client.ToastRenewed)
		w.server.push(protocol.ServerFrame{Epoch: 3, Seq: 10, Message: protocol.GuestLink{Guests: "/r/room#newest"}})
		w.settle()
		equal(t, "another's", w.view().Room.Guests, "https://meet.example/r/room#newest")
		equal(t, "toasts", len(w.view().News.Toasts), 1)
	})
}

func TestRenewLinkRefused(t *testing.T) {
	bubble(t, func(w *world) {
		w.enter()
		held := holds[protocol.RenewLink](w)
		w.session.Do(client.RenewLink{})
		w.settle()
		w.server.answer(w.server.last(), held()[0].ID, protocol.Error{Code: protocol.CodeForbidden})
		w.settle()
		equal(t, "why", w.toast(client.ToastRefused).Trouble.Code, protocol.CodeForbidden)
		equal(t, "toasts", len(w.view().News.Toasts), 1)
	})
}
