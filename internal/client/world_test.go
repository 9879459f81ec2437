package client_test

import (
	"testing"
	"testing/synctest"
	"time"

	"overtime/internal/client"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

// world is a tab, a server and the session between them, in a bubble of time.
type world struct {
	*testing.T
	tab     *tab
	server  *server
	session *client.Session
}

// bubble runs f in a bubble, and checks that a closed session leaves nothing.
func bubble(t *testing.T, f func(w *world)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := &world{T: t, tab: newTab("token"), server: newServer()}
		defer func() { // also after a Fatal, or the bubble could not end
			if w.session != nil {
				w.close()
			}
		}()
		f(w)
	})
}

// open starts a session in the tab, as a load of the page does.
func (w *world) open() {
	w.session = client.NewTestSession(w.tab.browser(w.server), "room", 500*time.Millisecond, w.fault)
	w.settle()
}

// fault is told what is wrong with a view.
func (w *world) fault(what string) { w.Error(what) }

// close ends the session, and checks that nothing of it is left.
func (w *world) close() {
	w.Helper()
	w.session.Close()
	<-w.session.Done()
	if n := len(w.tab.running()); n != 0 {
		w.Errorf("%d captures run after Close", n)
	}
	if n := len(w.tab.openPeers()); n != 0 {
		w.Errorf("%d peer connections are open after Close", n)
	}
	w.tab.with(func() {
		if len(w.tab.hooks) != 0 {
			w.Errorf("hooks are left: %v", w.tab.hooks)
		}
	})
	w.server.with(func() {
		for _, c := range w.server.conns {
			select {
			case <-c.gone:
			default:
				w.Error("a connection is open after Close")
			}
		}
	})
}

// enter opens the page and joins the meeting.
func (w *world) enter() {
	w.Helper()
	w.open()
	w.session.Do(client.SetName{Name: "Me"})
	w.session.Do(client.Join{})
	w.settle()
	w.phase(client.PhaseRoom)
}

// wait opens the page and asks to be let in.
func (w *world) wait() {
	w.Helper()
	w.server.with(func() { w.server.door = true })
	w.open()
	w.session.Do(client.SetName{Name: "Me"})
	w.session.Do(client.Join{})
	w.settle()
	w.phase(client.PhaseWaiting)
}

// pass lets time pass, and everything that is due in it happen.
func (w *world) pass(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}

// settle lets happen what is due now.
func (w *world) settle() { w.pass(time.Millisecond) }

func (w *world) view() client.View { return w.session.View() }

func (w *world) phase(want client.Phase) {
	w.Helper()
	if v := w.view(); v.Phase != want {
		w.Fatalf("phase %q (trouble %q), want %q", v.Phase, v.Trouble.Code, want)
	}
}

func (w *world) trouble(want protocol.Code) {
	w.Helper()
	if v := w.view(); v.Trouble.Code != want {
		w.Fatalf("trouble %q in phase %q, want %q", v.Trouble.Code, v.Phase, want)
	}
}

// toasts are the kinds on show, oldest first.
func (w *world) toasts() (out []client.ToastKind) {
	for _, t := range w.view().News.Toasts {
		out = append(out, t.Kind)
	}
	return out
}

// toast is the newest toast, which must be of the kind.
func (w *world) toast(kind client.ToastKind) client.Toast {
	w.Helper()
	toasts := w.view().News.Toasts
	if len(toasts) == 0 || toasts[len(toasts)-1].Kind != kind {
		w.Fatalf("toasts %v, want %q last", w.toasts(), kind)
	}
	return toasts[len(toasts)-1]
}

func equal[T comparable](t testing.TB, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

// person is somebody else.
func person(id, name string, sending ...protocol.Source) protocol.Person {
	return protocol.Person{ID: id, Name: name, Role: meeting.RoleParticipant, Sending: sending}
}
