package components_test

import (
	"strings"
	"testing"
	"time"

	"overtime/components"
	"overtime/components/uitest"
	"overtime/internal/client"
	"overtime/internal/embed"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

// around is the page that embeds.
type around struct {
	hear func(string)
	told []string
}

func (a *around) Listen(f func(string)) func() {
	a.hear = f
	return func() { a.hear = nil }
}

func (a *around) Post(text string) { a.told = append(a.told, text) }

// embedded is an embedded page, the page around it, and the browser's tab.
type embedded struct {
	*uitest.Page
	around *around
	opener *opener
	tab    *uitest.Tab
	entry  embed.Entry
}

func newEmbedded(t *testing.T) *embedded {
	e := &embedded{around: &around{}, opener: &opener{}, tab: &uitest.Tab{}}
	e.Page = uitest.Mount(t, components.NewEmbedded(components.Program{
		Open: e.opener.open, Page: e.tab,
		Embedding: &components.Embedding{
			Host: e.around,
			Open: func(room string, entry embed.Entry) components.EmbeddedSession {
				e.entry = entry
				return e.opener.open(room).(*uitest.Session)
			},
		},
	}))
	return e
}

func TestEmbeddedWithoutLobby(t *testing.T) {
	e := newEmbedded(t)
	navigate(e.Page, "/embed/abc")
	if text := e.Text(); !strings.Contains(text, "Joining the meeting") || e.Find("join") != nil {
		t.Errorf("before the page around has said anything: %s", text)
	}
	e.around.hear(`{"id":1,"call":"enter","args":{"token":"t","lobby":false}}`)
	e.Settle()
	if e.opener.rooms[0] != "abc" || e.entry.Token != "t" {
		t.Fatalf("entered %v by %+v", e.opener.rooms, e.entry)
	}
	s := e.opener.sessions[0]
	if e.Find("join") != nil {
		t.Error("the lobby is shown to who does not want it")
	}
	s.Show(client.View{Phase: client.PhaseLobby, Trouble: client.Trouble{Code: protocol.CodeLocked}})
	e.Settle()
	if e.Find("join") == nil {
		t.Error("the lobby is not shown when it has something to say")
	}
	running := protocol.Session{StartedAt: time.Now(), EndsAt: time.Now().Add(time.Hour)}
	s.Show(client.View{Phase: client.PhaseRoom, Timeline: &client.Timeline{Session: running}, Roster: &client.Roster{Slots: []client.Participant{{Self: true}}}})
	e.Settle()
	if e.Find("time-left") == nil {
		t.Error("the room is not shown")
	}
	s.Show(client.View{Phase: client.PhaseEnded, Timeline: &client.Timeline{Session: protocol.Session{Ending: &protocol.Ending{Reason: meeting.ReasonExpired}}}})
	e.Settle()
	if e.Find("ended") == nil || e.Find("back-to-start") != nil {
		t.Error("the ended page is not shown, or leads out of the frame")
	}
	if told := strings.Join(e.around.told, "\n"); !strings.Contains(told, `{"event":"ended"`) {
		t.Errorf("the page around was told\n%s", told)
	}
}

func TestEmbeddedWithLobby(t *testing.T) {
	e := newEmbedded(t)
	navigate(e.Page, "/embed/abc")
	e.around.hear(`{"id":1,"call":"enter","args":{"token":"t","lobby":true}}`)
	e.Settle()
	if e.Find("join") == nil {
		t.Error("the lobby is not shown")
	}
	if html := e.HTML(); strings.Contains(html, `href="/"`) {
		t.Error("the mark leads out of the frame")
	}
}

// TestEmbeddedLook: the page around dresses the meeting, and is told what
// cannot be had.
func TestEmbeddedLook(t *testing.T) {
	e := newEmbedded(t)
	navigate(e.Page, "/embed/abc")
	e.around.hear(`{"id":1,"call":"enter","args":{"token":"t","lobby":true,"theme":"light","look":{"radius":"4px","logo":"data:image/svg+xml,x"}}}`)
	e.Settle()
	if e.tab.Theme != "light" || len(e.tab.Dressed) == 0 {
		t.Errorf("dressed in %v, %q", e.tab.Dressed, e.tab.Theme)
	}
	if !strings.Contains(e.HTML(), "data:image/svg+xml,x") {
		t.Error("the logo is not shown")
	}
	e.around.hear(`{"id":2,"call":"look","args":{"theme":"dark","look":{"accent":"nonsense"}}}`)
	e.Settle()
	if told := strings.Join(e.around.told, "\n"); e.tab.Theme != "dark" || !strings.Contains(told, `{"event":"trouble","detail":{"code":"bad_look"`) {
		t.Errorf("dressed in %q, told\n%s", e.tab.Theme, told)
	}
}

// TestEmbeddedByAddress: a frame without a script around it.
func TestEmbeddedByAddress(t *testing.T) {
	e := newEmbedded(t)
	navigate(e.Page, "/embed/abc#token")
	if len(e.opener.rooms) != 1 || e.Find("join") == nil || e.entry.Token != "token" {
		t.Errorf("opened %v by %+v", e.opener.rooms, e.entry)
	}
	if e.around.hear != nil {
		t.Error("a page around could steer it")
	}
}

// TestEmbeddedNotifies the page around: a frame may not notify by itself.
func TestEmbeddedNotifies(t *testing.T) {
	e := newEmbedded(t)
	e.tab.IsHidden = true
	navigate(e.Page, "/embed/abc")
	e.around.hear(`{"id":1,"call":"enter","args":{"token":"t"}}`)
	e.Settle()
	end := time.Now().Add(10 * time.Minute)
	inside := client.View{Phase: client.PhaseRoom, Timeline: &client.Timeline{Session: protocol.Session{StartedAt: time.Now(), EndsAt: end}}, Roster: &client.Roster{Slots: []client.Participant{{Self: true}}}}
	e.opener.sessions[0].Show(inside)
	e.Settle()
	inside.Timeline.Notice = meeting.Notice{Window: meeting.FirstWindow, EndsAt: end, MinutesLeft: 10, Grantable: 30}
	e.opener.sessions[0].Show(inside)
	e.Settle()
	if told := strings.Join(e.around.told, "\n"); !strings.Contains(told, `{"event":"notify"`) || len(e.tab.Notes) != 0 {
		t.Errorf("notified %q; the page around was told\n%s", e.tab.Notes, told)
	}
}
