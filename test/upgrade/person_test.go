//go:build upgrade

package upgrade_test

import (
	"slices"
	"testing"
	"time"

	"github.com/coder/websocket"

	"overtime/internal/meeting"
	"overtime/internal/protocol"
	"overtime/internal/testkit"
)

// person is somebody in the meeting, over one connection after the other.
type person struct {
	*testkit.Person // the connection
	t               *testing.T
	server          *server
	name, token     string

	id      string   // in the room, since the first welcome
	secrets []string // of all welcomes, oldest first
	// story is what is known to have happened: the start and the extensions.
	story []protocol.StoryEntry
	end   time.Time
}

// hello connects and says it. Nothing of an earlier connection is left.
func (p *person) hello(m protocol.Hello) protocol.ServerMessage {
	p.t.Helper()
	p.Person = testkit.Dial(p.t, "ws://"+p.server.address+"/ws", nil)
	m.Name = p.name
	return p.ask("hello", m)
}

// arrive comes in by the link.
func (p *person) arrive() {
	p.t.Helper()
	w := p.welcomed(p.hello(protocol.Hello{Token: p.token}))
	p.id, p.story, p.end = w.You.ID, happened(w.Session), w.Session.EndsAt
}

// comeBack comes back with a secret: to the same place, end and story.
func (p *person) comeBack(secret string) {
	p.t.Helper()
	w := p.welcomed(p.hello(protocol.Hello{Resume: secret}))
	if w.You.ID != p.id {
		p.t.Errorf("%s was %s and is %s", p.name, p.id, w.You.ID)
	}
	p.mustKnow(w.Session)
}

// mustNotComeBack shows a secret that is good for nothing.
func (p *person) mustNotComeBack(secret string) {
	p.t.Helper()
	if m, ok := p.hello(protocol.Hello{Resume: secret}).(protocol.Error); !ok || m.Code != protocol.CodeBadToken {
		p.t.Errorf("%s left, and is answered by %+v", p.name, m)
	}
	p.hangUp()
}

func (p *person) welcomed(m protocol.ServerMessage) protocol.Welcome {
	p.t.Helper()
	w, ok := m.(protocol.Welcome)
	if !ok {
		p.t.Fatalf("%s is turned away: %+v", p.name, m)
	}
	p.secrets = append(p.secrets, w.Resume)
	if w.Notice != nil {
		p.Kept = append(p.Kept, protocol.ServerFrame{Message: protocol.WindowOpened{Notice: *w.Notice}})
	}
	return w
}

// mustKnow checks a session against what this person knows of it.
func (p *person) mustKnow(s protocol.Session) {
	p.t.Helper()
	if !s.EndsAt.Equal(p.end) {
		p.t.Errorf("%s: the end was %v and is %v", p.name, p.end, s.EndsAt)
	}
	if story := happened(s); !slices.Equal(story, p.story) {
		p.t.Errorf("%s: the story was\n%+v\nand is\n%+v", p.name, p.story, story)
	}
}

// happened is what a session's story says of its start and its extensions.
func happened(s protocol.Session) (entries []protocol.StoryEntry) {
	for _, e := range s.Story {
		if e.Kind == meeting.EntryStarted || e.Kind == meeting.EntryExtended {
			entries = append(entries, e)
		}
	}
	return entries
}

// extend waits for a window and extends by ten minutes.
func (p *person) extend(id string) protocol.Extend {
	p.t.Helper()
	opened := testkit.Next[protocol.WindowOpened](p.Person)
	press := protocol.Extend{Window: opened.Notice.EndsAt, Minutes: new(10)}
	ok, granted := p.ask(id, press).(protocol.OK)
	if !granted || ok.Grant == nil || !ok.Grant.EndsAt.Equal(p.end.Add(10*minute)) {
		p.t.Fatalf("%s: the extension is answered by %+v", p.name, ok)
	}
	p.hearExtension()
	return press
}

// writesAndDeletes leaves a message without its text in the store.
func (p *person) writesAndDeletes() {
	p.t.Helper()
	ok, written := p.ask("note", protocol.SendChat{Text: "not for long"}).(protocol.OK)
	if !written || ok.Message == nil {
		p.t.Fatalf("%s writes, and is answered by %+v", p.name, ok)
	}
	if m, ok := p.ask("gone", protocol.DeleteChat{Number: ok.Message.Number}).(protocol.OK); !ok {
		p.t.Errorf("%s deletes it, and is answered by %+v", p.name, m)
	}
}

func (p *person) hearExtension() {
	p.t.Helper()
	e := testkit.Next[protocol.SessionExtended](p.Person).Entry
	p.story, p.end = append(p.story, e), e.EndsAt
}

// extendAgain asks what was granted once more, under its id: the answer may be
// the old one or say that it has been granted, but is never another grant.
func (p *person) extendAgain(id string, press protocol.Extend) {
	p.t.Helper()
	granted := press.Window.Add(10 * minute)
	switch m := p.ask(id, press).(type) {
	case protocol.OK:
		if m.Grant == nil || !m.Grant.EndsAt.Equal(granted) {
			p.t.Errorf("%s: asked again, %s is granted as %+v, not until %v", p.name, id, m.Grant, granted)
		}
		p.t.Logf("%s, asked again, has its old answer", id)
	case protocol.Error:
		if m.Code != protocol.CodeAlreadyExtended || m.By != p.name {
			p.t.Errorf("%s: asked again, %s is answered by %+v", p.name, id, m)
		}
		p.t.Logf("%s, asked again, is answered: %s", id, m.Message)
	default:
		p.t.Errorf("%s: asked again, %s is answered by %+v", p.name, id, m)
	}
}

// seeOff hears the server say that it stops, and takes its leave.
func (p *person) seeOff() {
	p.t.Helper()
	testkit.Next[protocol.GoingAway](p.Person)
	if _, err := p.Read(); protocol.CloseCode(websocket.CloseStatus(err)) != protocol.CloseGoingAway {
		p.t.Errorf("%s is let go of by %v", p.name, err)
	}
}

// leave gives up the place.
func (p *person) leave() {
	p.t.Helper()
	if m, ok := p.ask("leave", protocol.Leave{}).(protocol.OK); !ok {
		p.t.Errorf("%s's goodbye is answered by %+v", p.name, m)
	}
	p.hangUp()
}

// hangUp closes the connection in both directions.
func (p *person) hangUp() { _ = p.Close(websocket.StatusNormalClosure, "") }

// ask sends a request under an id and waits for its answer.
func (p *person) ask(id string, m protocol.ClientMessage) protocol.ServerMessage {
	p.t.Helper()
	p.SendAs(id, m)
	return p.Answer(id)
}
