package client_test

import (
	"testing"
	"time"

	"overtime/internal/client"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

// asked are the outcomes that came, for a page that embeds this one.
type asked struct{ came []client.Outcome }

func (a *asked) then(o client.Outcome) { a.came = append(a.came, o) }

func (a *asked) only(t testing.TB) client.Outcome {
	t.Helper()
	if len(a.came) != 1 {
		t.Fatalf("%d outcomes, want one: %+v", len(a.came), a.came)
	}
	return a.came[0]
}

// scripted has the server answer requests of the kind M with an answer, or not
// at all if it is nil.
func scripted[M protocol.ClientMessage](w *world, answer protocol.ServerMessage) {
	w.server.with(func() {
		w.server.script = func(_ *conn, f protocol.ClientFrame) (protocol.ServerMessage, bool) {
			_, asked := f.Message.(M)
			return answer, asked
		}
	})
}

// ended is the session after its end.
func (w *world) ended(why meeting.Reason) (over protocol.Session) {
	w.server.with(func() {
		over = w.server.session
		over.Ending = &protocol.Ending{Reason: why, At: over.EndsAt}
	})
	return over
}

func TestAskToExtend(t *testing.T) {
	end := serverBorn.Add(time.Hour)
	for name, tt := range map[string]struct {
		answer protocol.ServerMessage
		want   client.Outcome
	}{
		"granted": {protocol.OK{Grant: &meeting.Grant{Minutes: 15, EndsAt: end}}, client.Outcome{Grant: meeting.Grant{Minutes: 15, EndsAt: end}}},
		"too late": {
			protocol.Error{Code: protocol.CodeAlreadyExtended, By: "Asha", Minutes: 30, EndsAt: end},
			client.Outcome{Trouble: client.Trouble{Code: protocol.CodeAlreadyExtended, By: "Asha", Minutes: 30, EndsAt: end}},
		},
		"no window": {protocol.Error{Code: protocol.CodeNoWindow, OpensAt: end}, client.Outcome{Trouble: client.Trouble{Code: protocol.CodeNoWindow, OpensAt: end}}},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(w *world) {
				w.enter()
				w.opens(meeting.FirstWindow)
				scripted[protocol.Extend](w, tt.answer)
				var a asked
				w.session.Do(client.Extend{Then: a.then})
				w.settle()
				equal(t, "outcome", a.only(t), tt.want)
				press := all[protocol.Extend](w.server)[0]
				equal(t, "window", press.Window, w.server.session.EndsAt)
				if press.Minutes != nil {
					t.Errorf("asked for %d minutes, want the room's usual", *press.Minutes)
				}
				equal(t, "toasts", len(w.view().News.Toasts), 0)
			})
		})
	}
}

// What a page that embeds this one asks about hands, reactions and the chat.
func TestAskAmongPeople(t *testing.T) {
	bubble(t, func(w *world) {
		l := w.chats(1)
		w.enter()
		for name, c := range map[string]struct {
			ask  func(then func(client.Outcome)) client.Intent
			want client.Outcome
		}{
			"hand": {func(then func(client.Outcome)) client.Intent { return client.RaiseHand{Up: true, Then: then} }, client.Outcome{}},
			"lower": {func(then func(client.Outcome)) client.Intent {
				return client.LowerHand{Participant: "p_asha", Then: then}
			}, client.Outcome{}},
			"lower all": {func(then func(client.Outcome)) client.Intent { return client.LowerHands{Then: then} }, client.Outcome{}},
			"react":     {func(then func(client.Outcome)) client.Intent { return client.React{Name: "clap", Then: then} }, client.Outcome{}},
			"delete":    {func(then func(client.Outcome)) client.Intent { return client.DeleteChat{Number: 1, Then: then} }, client.Outcome{}},
			"write":     {func(then func(client.Outcome)) client.Intent { return client.SendChat{Text: "hi", Then: then} }, client.Outcome{Message: l.next("p_me", "Me", "hi")}},
		} {
			var a asked
			w.session.Do(c.ask(a.then))
			w.settle()
			if got := a.only(t); got != c.want {
				t.Errorf("%s: %+v, want %+v", name, got, c.want)
			}
		}
		w.shows("message 1", "hi")
		equal(t, "toasts", len(w.view().News.Toasts), 0)
		w.session.Do(client.Leave{})
		var a asked
		w.session.Do(client.SendChat{Text: "hi", Then: a.then})
		w.settle()
		equal(t, "outside", a.only(t).Trouble.Code, protocol.CodeNotJoined)
	})
}

// TestAskedWhereNothingCanBe: whoever asks is always told.
func TestAskedWhereNothingCanBe(t *testing.T) {
	both := func(w *world, want protocol.Code) {
		w.Helper()
		var extend, end asked
		w.session.Do(client.Extend{Minutes: 10, Then: extend.then})
		w.session.Do(client.End{Then: end.then})
		w.settle()
		equal(w, "extend", extend.only(w).Trouble.Code, want)
		equal(w, "end", end.only(w).Trouble.Code, want)
	}
	bubble(t, func(w *world) {
		w.open()
		both(w, protocol.CodeNotJoined)
		w.session.Do(client.SetName{Name: "Me"})
		w.session.Do(client.Join{})
		w.settle()
		w.server.with(func() { w.server.dead = true })
		w.server.last().end(1006)
		w.settle()
		both(w, client.TroubleOffline)
		w.server.with(func() { w.server.dead = false })
		w.pass(10 * time.Second)
		w.server.event(protocol.SessionEnded{Session: w.ended(meeting.ReasonExpired)})
		w.settle()
		w.phase(client.PhaseEnded)
		both(w, protocol.CodeOver)
	})
}

// TestAskedAndOutrun: the place is left before the answer comes.
func TestAskedAndOutrun(t *testing.T) {
	bubble(t, func(w *world) {
		w.enter()
		w.opens(meeting.FirstWindow)
		scripted[protocol.Extend](w, nil)
		var extend, end asked
		w.session.Do(client.Extend{Minutes: 10, Then: extend.then})
		w.settle()
		scripted[protocol.End](w, nil)
		w.session.Do(client.End{Then: end.then})
		w.settle()
		w.server.event(protocol.SessionEnded{Session: w.ended(meeting.ReasonEndedByModerator)})
		w.settle()
		equal(t, "extend", extend.only(t).Trouble.Code, protocol.CodeOver)
		equal(t, "the end, which came", end.only(t), client.Outcome{})
	})
	bubble(t, func(w *world) {
		w.enter()
		scripted[protocol.Extend](w, nil)
		var a asked
		w.session.Do(client.Extend{Minutes: 10, Then: a.then})
		w.settle()
		w.session.Do(client.Leave{})
		w.settle()
		equal(t, "after leaving", a.only(t).Trouble.Code, protocol.CodeNotJoined)
	})
	bubble(t, func(w *world) {
		w.enter()
		scripted[protocol.Extend](w, nil)
		var a asked
		w.session.Do(client.Extend{Minutes: 10, Then: a.then})
		w.pass(30 * time.Second)
		equal(t, "no answer", a.only(t).Trouble.Code, client.TroubleUnanswered)
	})
}

func TestSetDevice(t *testing.T) {
	bubble(t, func(w *world) {
		w.enter()
		for _, on := range []bool{false, false, true, true} {
			w.session.Do(client.SetDevice{Device: client.CameraDevice, On: on})
			w.settle()
			equal(t, "on", w.view().Devices.Camera.On, on)
			equal(t, "running", w.view().Devices.Camera.Running, on)
		}
	})
}
