package embed_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"overtime/internal/client"
	"overtime/internal/embed"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

var born = time.Date(2026, 11, 26, 10, 0, 0, 0, time.UTC)

// host is the page around: it asks, and keeps what it is told.
type host struct {
	t    *testing.T
	hear func(string)
	id   int

	mu   sync.Mutex
	told []string
}

func (h *host) Listen(f func(string)) func() {
	h.hear = f
	return func() { h.hear = func(string) {} }
}

func (h *host) Post(text string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.told = append(h.told, text)
}

// ask makes a call and gives its id as it stands in the answer.
func (h *host) ask(call, args string) string {
	h.id++
	id, _ := json.Marshal(h.id) // a number
	text := `{"id":` + string(id) + `,"call":"` + call + `"`
	if args != "" {
		text += `,"args":` + args
	}
	h.hear(text + "}")
	return `{"id":` + string(id) + `,`
}

// take is what was told since it was taken last.
func (h *host) take() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	told := h.told
	h.told = nil
	return told
}

// events are the names of the events among what was told.
func events(told []string) (names []string) {
	for _, text := range told {
		if name, found := strings.CutPrefix(text, `{"event":"`); found {
			name, _, _ = strings.Cut(name, `"`)
			names = append(names, name)
		}
	}
	return names
}

func mustTell(t testing.TB, told []string, want string) {
	t.Helper()
	if !slices.ContainsFunc(told, func(text string) bool { return strings.Contains(text, want) }) {
		t.Errorf("not told: %s\ntold:\n%s", want, strings.Join(told, "\n"))
	}
}

// session is a session that does nothing by itself.
type session struct {
	view   client.View
	follow func(client.View)
	did    []string
	then   func(client.Outcome)
}

func (s *session) View() client.View { return s.view }
func (s *session) Subscribe(f func(client.View)) func() {
	s.follow = f
	return func() { s.follow = func(client.View) {} }
}
func (s *session) Now() time.Time { return born.Add(20 * time.Minute) }
func (s *session) Do(i client.Intent) {
	did := ""
	switch i := i.(type) {
	case client.SetName:
		s.view = s.view.Copy()
		s.view.Me.Name = i.Name
		did = "name " + i.Name
	case client.SetDevice:
		did = string(i.Device) + map[bool]string{true: " on", false: " off"}[i.On]
	case client.Join:
		did = "join"
	case client.Leave:
		did = "leave"
	case client.Rejoin:
		did = "rejoin"
	case client.Extend:
		did, s.then = "extend", i.Then
	case client.End:
		did, s.then = "end "+i.Reason, i.Then
	default:
		did = fmt.Sprintf("%T", i)
		if then := reflect.ValueOf(i).FieldByName("Then"); then.IsValid() {
			s.then = then.Interface().(func(client.Outcome))
		}
	}
	s.did = append(s.did, did)
}

// show is the next view of the session.
func (s *session) show(change func(v *client.View)) {
	s.view = s.view.Copy()
	change(&s.view)
	s.follow(s.view)
}

type world struct {
	*testing.T
	host    *host
	session *session
	entries []embed.Entry
	styles  []embed.Style
	bridge  *embed.Bridge
}

func newWorld(t *testing.T) *world {
	w := &world{T: t, host: &host{t: t}, session: &session{view: client.View{Phase: client.PhaseOpening}.Complete()}}
	w.bridge = embed.New(embed.Config{
		Host:       w.host,
		Enter:      func(e embed.Entry) embed.Session { w.entries = append(w.entries, e); return w.session },
		Restyle:    func(s embed.Style) { w.styles = append(w.styles, s) },
		SayTrouble: func(t client.Trouble, _ client.View) string { return "about " + string(t.Code) },
		SayDevice:  func(kind client.DeviceKind, _ client.DeviceTrouble) string { return "add " + string(kind) },
	})
	return w
}

// enter lets the page in, up to the lobby.
func (w *world) enter(args string) {
	w.Helper()
	answer := w.host.ask("enter", args)
	mustTell(w, w.host.take(), answer+`"result":{}}`)
	w.session.follow(w.session.view)
	w.session.show(func(v *client.View) {
		v.Phase = client.PhaseLobby
		v.Room.Room = protocol.Room{ID: "r1", Name: "Review", DurationMinutes: 30, MinuteMS: 60000}
	})
}

// inside lets the person into the room.
func (w *world) inside() {
	w.session.show(func(v *client.View) {
		v.Phase, v.Me.ID, v.Me.Role = client.PhaseRoom, "p1", meeting.RoleParticipant
		v.Connection.Link = client.LinkGood
		v.Timeline.Session = protocol.Session{Number: 1, StartedAt: born, EndsAt: born.Add(30 * time.Minute)}
		v.Roster.Slots = []client.Participant{{ID: "p1", Name: "Jun", Self: true, Role: meeting.RoleParticipant}}
	})
}

const entered = `{"token":"t","lobby":false}`
