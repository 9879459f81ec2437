package components_test

import (
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"overtime/components"
	"overtime/components/uitest"
	"overtime/internal/client"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

func navigate(p *uitest.Page, address string) {
	u, err := url.Parse("https://m" + address)
	if err != nil {
		panic(err)
	}
	p.Dispatcher().Nav(u)
	p.Settle()
}

// opener opens sessions and remembers them.
type opener struct {
	rooms    []string
	sessions []*uitest.Session
}

func (o *opener) open(room string) components.Session {
	s := &uitest.Session{Moment: time.Now(), Shown: client.View{Phase: client.PhaseLobby}}
	o.rooms, o.sessions = append(o.rooms, room), append(o.sessions, s)
	return s
}

func TestEachPhaseHasItsPage(t *testing.T) {
	o := &opener{}
	p := uitest.Mount(t, components.NewMeeting(components.Program{Open: o.open}))
	navigate(p, "/r/abc#token")
	s := o.sessions[0]
	running := protocol.Session{StartedAt: time.Now(), EndsAt: time.Now().Add(time.Hour)}
	for _, c := range []struct {
		view client.View
		id   string
	}{
		{client.View{Phase: client.PhaseOpening}, "display-name"},
		{client.View{Phase: client.PhaseLobby}, "join"},
		{client.View{Phase: client.PhaseWaiting}, "waiting"},
		{client.View{Phase: client.PhaseRoom, Timeline: &client.Timeline{Session: running}, Roster: &client.Roster{Slots: []client.Participant{{Self: true}}}}, "time-left"},
		{client.View{Phase: client.PhaseLeft, Timeline: &client.Timeline{Session: running}}, "rejoin"},
		{client.View{Phase: client.PhaseRoom, Timeline: &client.Timeline{Session: running}}, "leave"},
		{client.View{Phase: client.PhaseClosed, Trouble: client.Trouble{Code: protocol.CodeRemoved}}, "ended-reason"},
		{client.View{Phase: client.PhaseEnded, Timeline: &client.Timeline{Session: protocol.Session{Ending: &protocol.Ending{Reason: meeting.ReasonExpired}}}}, "ended"},
	} {
		s.Show(c.view)
		p.Settle()
		if p.Find(c.id) == nil {
			t.Errorf("%s: %s is not shown", c.view.Phase, c.id)
		}
	}
}

func TestSessionsFollowTheAddress(t *testing.T) {
	o := &opener{}
	tab := &uitest.Tab{}
	p := uitest.Mount(t, components.NewMeeting(components.Program{Open: o.open, Page: tab}))
	navigate(p, "/r/one#token")
	navigate(p, "/r/one")        // the fragment was taken out of the address
	navigate(p, "/r/TWO/#token") // as people and mail programs write it
	if want := []string{"one", "two"}; !slices.Equal(o.rooms, want) {
		t.Fatalf("opened %v, want %v", o.rooms, want)
	}
	if !slices.Contains(o.sessions[0].Calls, "Close") {
		t.Error("the first session stays open")
	}
	o.sessions[1].Show(client.View{Phase: client.PhaseRoom})
	p.Settle()
	navigate(p, "/r/two#other") // a link must not throw anybody out
	if len(o.rooms) != 2 {
		t.Errorf("opened %v", o.rooms)
	}
	if tab.Hid != 1 {
		t.Error("its token stays in the address, for a reload to use")
	}
	p.Dispatcher().Mount(app.Div())
	p.Settle()
	if !slices.Contains(o.sessions[1].Calls, "Close") {
		t.Error("the session outlives its page")
	}
}

func TestTheServerPrerenders(t *testing.T) {
	components.Register(components.Program{})
	h := &app.Handler{}
	for path, want := range map[string]string{"/": "Create meeting", "/r/abc": "Your name"} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		if w.Code != 200 || !strings.Contains(w.Body.String(), want) {
			t.Errorf("%s: %d, %q is not there", path, w.Code, want)
		}
		if strings.Contains(w.Body.String(), "data-testid") {
			t.Errorf("%s: an id before the program works", path)
		}
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("GET", "/r/a/b", nil))
	if w.Code != 404 {
		t.Errorf("/r/a/b: %d", w.Code)
	}
}
