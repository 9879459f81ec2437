package edge_test

import (
	"fmt"
	"net/http"
	"reflect"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/golang-jwt/jwt/v5"

	"overtime/internal/auth"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
	"overtime/internal/testkit"
)

// This is T23: who may do what, with everything that somebody may hold. Each
// row is a connection of its own to a room of its own, whose extension window is
// open and in which a moderator (Host) and a guest (Guest) are.

// scene is the room of one row.
type scene struct {
	w           *world
	id          string
	host, guest protocol.Welcome
	// hosted and guested are their connections.
	hosted, guested *testkit.Person
}

func (w *world) mustScene(t *testing.T, id string, how ...func(*meeting.Room)) *scene {
	t.Helper()
	w.Room(id, append(how, func(r *meeting.Room) { r.Duration = 8 })...)
	s := &scene{w: w, id: id}
	s.hosted, s.host = w.Enter(t, w.Link(id, meeting.RoleModerator), "Host")
	s.guested, s.guest = w.Enter(t, w.Link(id, meeting.RoleParticipant), "Guest")
	return s
}

// closed has the guest's browser close its page.
func (s *scene) closed() {
	s.w.t.Helper()
	_ = s.guested.Conn.Close(websocket.StatusGoingAway, "")
	for !testkit.Next[protocol.PersonChanged](s.hosted).Person.Reconnecting {
	}
}

// ticket is a portal's token for somebody.
func (s *scene) ticket(role meeting.Role) string {
	now := s.w.Clock.Now()
	token, err := s.w.Secrets().Ticket(auth.Ticket{
		Room: s.id, Role: role, Sub: meeting.UserSub("7"), Name: "Eve", IssuedAt: now, ExpiresAt: now.Add(auth.MaxTicketLife),
	})
	if err != nil {
		s.w.t.Fatal(err)
	}
	return token
}

// resume is the secret of somebody's place.
func (s *scene) resume(t *testing.T, role meeting.Role) string {
	t.Helper()
	b := s.w.Dial(t, nil)
	return testkit.Ask[protocol.Welcome](b, protocol.Hello{Token: s.ticket(role)}).Resume
}

// pass is what stands for a portal's token, once it was shown.
func (s *scene) pass(t *testing.T, role meeting.Role) string {
	t.Helper()
	return testkit.Ask[protocol.RoomState](s.w.Dial(t, nil), protocol.Peek{Token: s.ticket(role)}).Pass
}

// signed is a token by hand.
func (s *scene) signed(method jwt.SigningMethod, kid string, key any, change func(jwt.MapClaims)) string {
	now := s.w.Clock.Now()
	claims := jwt.MapClaims{
		"iss": "overtime", "aud": "overtime/join", "room": s.id, "role": "moderator", "sub": "u:7", "jti": "t1", "name": "Eve",
		"iat": now.Unix(), "nbf": now.Unix(), "exp": now.Add(10 * time.Minute).Unix(),
	}
	change(claims)
	token := jwt.NewWithClaims(method, claims)
	token.Header["kid"] = kid
	text, err := token.SignedString(key)
	if err != nil {
		panic(err)
	}
	return text
}

func (s *scene) claiming(change func(jwt.MapClaims)) string {
	return s.signed(jwt.SigningMethodHS256, testkit.Key.ID, testkit.Key.Value, change)
}

// action is something to do in a room, and who may.
type action struct {
	name string
	ask  func(s *scene) protocol.ClientMessage
	// done is the answer to who may, empty is ok.
	done protocol.Code
	may  string // letters of the roles
}

var actions = []action{
	{"extend", func(s *scene) protocol.ClientMessage { return protocol.Extend{Window: s.host.Session.EndsAt} }, "", "mp"},
	{"extend by moderators", func(s *scene) protocol.ClientMessage { return protocol.Extend{Window: s.host.Session.EndsAt} }, "", "m"},
	{"end", func(*scene) protocol.ClientMessage { return protocol.End{} }, "", "m"},
	{"remove", func(s *scene) protocol.ClientMessage { return protocol.Remove{Participant: s.guest.You.ID} }, "", "m"},
	{"remove a stranger", func(*scene) protocol.ClientMessage { return protocol.Remove{Participant: "p_x"} }, protocol.CodeNotFound, "m"},
	{"admit", func(*scene) protocol.ClientMessage { return protocol.Admit{Waiting: "w_x"} }, protocol.CodeNotFound, "m"},
	{"deny", func(*scene) protocol.ClientMessage { return protocol.Deny{Waiting: "w_x"} }, protocol.CodeNotFound, "m"},
	{"lock", func(*scene) protocol.ClientMessage { return protocol.Lock{Locked: true} }, "", "m"},
	{"renew the link", func(*scene) protocol.ClientMessage { return protocol.RenewLink{} }, "", "m"},
	{"ask the time", func(*scene) protocol.ClientMessage { return protocol.AskClock{} }, "", "mpv"},
	{"send nothing", func(*scene) protocol.ClientMessage { return protocol.Sending{} }, "", "mpv"},
	{"send", func(*scene) protocol.ClientMessage {
		return protocol.Sending{Sources: []protocol.Source{protocol.Microphone}}
	}, "", "mp"},
	{"share a screen", shares, "", "mp"},
	{"share a screen by moderators", shares, "", "m"},
	{"raise a hand", func(*scene) protocol.ClientMessage {
		return protocol.SetAttribute{Name: protocol.AttributeHand, Value: protocol.HandUp}
	}, "", "mpv"},
	{"lower another's hand", func(s *scene) protocol.ClientMessage {
		return protocol.SetAttribute{Name: protocol.AttributeHand, Participant: s.host.You.ID}
	}, "", "m"},
	{"lower all hands", func(*scene) protocol.ClientMessage { return protocol.LowerHands{} }, "", "m"},
	{"react", func(*scene) protocol.ClientMessage { return protocol.React{Name: protocol.ReactionClap} }, "", "mpv"},
	{"write", func(*scene) protocol.ClientMessage { return protocol.SendChat{Text: "Hello"} }, "", "mpv"},
	{"write by moderators", func(*scene) protocol.ClientMessage { return protocol.SendChat{Text: "Hello"} }, "", "m"},
	{"read back", func(*scene) protocol.ClientMessage { return protocol.PageChat{} }, "", "mpv"},
	{"raise another's hand", func(s *scene) protocol.ClientMessage {
		return protocol.SetAttribute{Name: protocol.AttributeHand, Value: protocol.HandUp, Participant: s.host.You.ID}
	}, protocol.CodeForbidden, ""},
	{"write where nobody does", func(*scene) protocol.ClientMessage { return protocol.SendChat{Text: "Hello"} }, protocol.CodeChatOff, "mpv"},
	{"delete what the host wrote", func(s *scene) protocol.ClientMessage {
		return protocol.DeleteChat{Number: testkit.Ask[protocol.OK](s.hosted, protocol.SendChat{Text: "Hello"}).Message.Number}
	}, "", "m"},
	{"delete what nobody wrote", func(*scene) protocol.ClientMessage { return protocol.DeleteChat{Number: 7} }, protocol.CodeNotFound, "mpv"},
}

func shares(*scene) protocol.ClientMessage {
	return protocol.Sending{Sources: []protocol.Source{protocol.Screen}}
}

// settings are those of the rooms in which an action is by moderators only, or by
// nobody.
var settings = map[string]func(*meeting.Room){
	"extend by moderators":         func(r *meeting.Room) { r.ExtendBy = meeting.ExtendByModerators },
	"share a screen by moderators": func(r *meeting.Room) { r.ScreenShare = meeting.ScreenByModerators },
	"write by moderators":          func(r *meeting.Room) { r.Chat = meeting.ChatByModerators },
	"write where nobody does":      func(r *meeting.Room) { r.Chat = meeting.ChatByNobody },
}

// holdings are what lets somebody in, with the letter of the role it gives.
var holdings = []struct {
	name string
	role string
	in   func(t *testing.T, s *scene) protocol.Hello
}{
	{"a moderators' link", "m", func(_ *testing.T, s *scene) protocol.Hello {
		return protocol.Hello{Token: s.w.Link(s.id, meeting.RoleModerator), Name: "Eve"}
	}},
	{"a guests' link", "p", func(_ *testing.T, s *scene) protocol.Hello {
		return protocol.Hello{Token: s.w.Link(s.id, meeting.RoleParticipant), Name: "Eve"}
	}},
	{"a viewers' link", "v", func(_ *testing.T, s *scene) protocol.Hello {
		return protocol.Hello{Token: s.w.Link(s.id, meeting.RoleViewer), Name: "Eve"}
	}},
	{"a moderator's ticket", "m", func(_ *testing.T, s *scene) protocol.Hello {
		return protocol.Hello{Token: s.ticket(meeting.RoleModerator)}
	}},
	{"a participant's ticket", "p", func(_ *testing.T, s *scene) protocol.Hello {
		return protocol.Hello{Token: s.ticket(meeting.RoleParticipant)}
	}},
	{"a viewer's ticket", "v", func(_ *testing.T, s *scene) protocol.Hello {
		return protocol.Hello{Token: s.ticket(meeting.RoleViewer)}
	}},
	{"a moderator's place", "m", func(t *testing.T, s *scene) protocol.Hello {
		return protocol.Hello{Resume: s.resume(t, meeting.RoleModerator)}
	}},
	{"a participant's place", "p", func(t *testing.T, s *scene) protocol.Hello {
		return protocol.Hello{Resume: s.resume(t, meeting.RoleParticipant)}
	}},
	{"a viewer's place", "v", func(t *testing.T, s *scene) protocol.Hello {
		return protocol.Hello{Resume: s.resume(t, meeting.RoleViewer)}
	}},
	{"a moderator's place from before a participant's ticket", "p", func(t *testing.T, s *scene) protocol.Hello {
		before := s.resume(t, meeting.RoleModerator)
		newer := s.w.Dial(t, nil)
		testkit.Ask[protocol.Welcome](newer, protocol.Hello{Token: s.ticket(meeting.RoleParticipant)})
		s.w.lose(newer, s.hosted)
		return protocol.Hello{Resume: before}
	}},
	{"a guest's place that was lost, of a locked room with another link", "p", func(_ *testing.T, s *scene) protocol.Hello {
		s.w.lose(s.guested, s.hosted)
		testkit.Ask[protocol.OK](s.hosted, protocol.Lock{Locked: true})
		testkit.Ask[protocol.OK](s.hosted, protocol.RenewLink{})
		return protocol.Hello{Resume: s.guest.Resume}
	}},
	{"a moderator's pass", "m", func(t *testing.T, s *scene) protocol.Hello {
		return protocol.Hello{Token: s.pass(t, meeting.RoleModerator)}
	}},
	{"a participant's pass", "p", func(t *testing.T, s *scene) protocol.Hello {
		return protocol.Hello{Token: s.pass(t, meeting.RoleParticipant)}
	}},
	{"a viewer's pass", "v", func(t *testing.T, s *scene) protocol.Hello {
		return protocol.Hello{Token: s.pass(t, meeting.RoleViewer)}
	}},
	{"a guests' link with what a closed tab kept, of a locked room", "p", func(_ *testing.T, s *scene) protocol.Hello {
		s.closed()
		testkit.Ask[protocol.OK](s.hosted, protocol.Lock{Locked: true})
		return protocol.Hello{Token: s.w.Link(s.id, meeting.RoleParticipant), Again: s.guest.Resume, Name: "Guest"}
	}},
	{"a guests' link with what is no good", "p", func(_ *testing.T, s *scene) protocol.Hello {
		return protocol.Hello{Token: s.w.Link(s.id, meeting.RoleParticipant), Again: s.host.Resume[1:], Name: "Guest"}
	}},
	{"a ticket of somebody who lost their place, of a locked room", "p", func(t *testing.T, s *scene) protocol.Hello {
		b, _ := s.w.Enter(t, s.ticket(meeting.RoleParticipant), "")
		s.w.lose(b, s.hosted)
		testkit.Ask[protocol.OK](s.hosted, protocol.Lock{Locked: true})
		return protocol.Hello{Token: s.ticket(meeting.RoleParticipant)}
	}},
}

const misused = "a ticket as a resume secret"

// refusals are what lets nobody in.
var refusals = []struct {
	name string
	want protocol.Code // "over" is the message of that name
	in   func(t *testing.T, s *scene) protocol.Hello
}{
	{"nothing", protocol.CodeBadToken, func(*testing.T, *scene) protocol.Hello { return protocol.Hello{} }},
	{"a ticket of yesterday", protocol.CodeExpiredToken, claimed(func(c jwt.MapClaims) { back(c, 24*time.Hour) })},
	{"a ticket for tomorrow", protocol.CodeBadToken, claimed(func(c jwt.MapClaims) { back(c, -24*time.Hour) })},
	{"a ticket without an end", protocol.CodeBadToken, claimed(func(c jwt.MapClaims) { delete(c, "exp") })},
	{"a ticket that lives too long", protocol.CodeBadToken, claimed(func(c jwt.MapClaims) { c["exp"] = c["exp"].(int64) + 3600 })},
	{"a ticket without a beginning", protocol.CodeBadToken, claimed(func(c jwt.MapClaims) { delete(c, "nbf") })},
	{"a ticket of another room", protocol.CodeBadToken, claimed(func(c jwt.MapClaims) { c["room"] = "other" })},
	{"a ticket of a room by pattern", protocol.CodeBadToken, claimed(func(c jwt.MapClaims) { c["room"] = "*" })},
	{"another issuer's ticket", protocol.CodeBadToken, claimed(func(c jwt.MapClaims) { c["iss"] = "somebody" })},
	{"a ticket for another purpose", protocol.CodeBadToken, claimed(func(c jwt.MapClaims) { c["aud"] = "overtime/pay" })},
	{"a resume secret as a ticket", protocol.CodeBadToken, func(t *testing.T, s *scene) protocol.Hello {
		return protocol.Hello{Token: s.guest.Resume}
	}},
	{misused, protocol.CodeBadToken, func(_ *testing.T, s *scene) protocol.Hello {
		return protocol.Hello{Resume: s.ticket(meeting.RoleModerator)}
	}},
	{"the service's role", protocol.CodeBadToken, claimed(func(c jwt.MapClaims) { c["role"] = "service" })},
	{"a role that is none", protocol.CodeBadToken, claimed(func(c jwt.MapClaims) { c["role"] = "owner" })},
	{"an unknown key's ticket", protocol.CodeBadToken, func(_ *testing.T, s *scene) protocol.Hello {
		return protocol.Hello{Token: s.signed(jwt.SigningMethodHS256, "k9", testkit.Key.Value, as)}
	}},
	{"a wrong secret's ticket", protocol.CodeBadToken, func(_ *testing.T, s *scene) protocol.Hello {
		return protocol.Hello{Token: s.signed(jwt.SigningMethodHS256, testkit.Key.ID, []byte("guessed-guessed-guessed-guessed-"), as)}
	}},
	{"another algorithm's ticket", protocol.CodeBadToken, func(_ *testing.T, s *scene) protocol.Hello {
		return protocol.Hello{Token: s.signed(jwt.SigningMethodHS512, testkit.Key.ID, testkit.Key.Value, as)}
	}},
	{"an unsigned ticket", protocol.CodeBadToken, func(_ *testing.T, s *scene) protocol.Hello {
		return protocol.Hello{Token: s.signed(jwt.SigningMethodNone, testkit.Key.ID, jwt.UnsafeAllowNoneSignatureType, as)}
	}},
	{"a removed person's ticket", protocol.CodeRemoved, func(t *testing.T, s *scene) protocol.Hello {
		_, w := s.w.Enter(t, s.ticket(meeting.RoleParticipant), "")
		testkit.Ask[protocol.OK](s.hosted, protocol.Remove{Participant: w.You.ID})
		return protocol.Hello{Token: s.ticket(meeting.RoleParticipant)}
	}},
	{"a removed person's place", protocol.CodeRemoved, func(t *testing.T, s *scene) protocol.Hello {
		testkit.Ask[protocol.OK](s.hosted, protocol.Remove{Participant: s.guest.You.ID})
		return protocol.Hello{Resume: s.guest.Resume}
	}},
	{"a place that was left", protocol.CodeBadToken, func(_ *testing.T, s *scene) protocol.Hello {
		testkit.Ask[protocol.OK](s.guested, protocol.Leave{})
		return protocol.Hello{Resume: s.guest.Resume}
	}},
	{"the ticket of somebody who left and was removed", protocol.CodeRemoved, func(t *testing.T, s *scene) protocol.Hello {
		b, w := s.w.Enter(t, s.ticket(meeting.RoleParticipant), "")
		testkit.Ask[protocol.OK](b, protocol.Leave{})
		testkit.Ask[protocol.OK](s.hosted, protocol.Remove{Participant: w.You.ID})
		return protocol.Hello{Token: s.ticket(meeting.RoleParticipant)}
	}},
	{"a ticket of somebody who left, of a locked room", protocol.CodeLocked, func(t *testing.T, s *scene) protocol.Hello {
		b, _ := s.w.Enter(t, s.ticket(meeting.RoleParticipant), "")
		testkit.Ask[protocol.OK](b, protocol.Leave{})
		testkit.Ask[protocol.OK](s.hosted, protocol.Lock{Locked: true})
		return protocol.Hello{Token: s.ticket(meeting.RoleParticipant)}
	}},
	{"a link that was renewed", protocol.CodeBadToken, func(t *testing.T, s *scene) protocol.Hello {
		testkit.Ask[protocol.OK](s.hosted, protocol.RenewLink{})
		return protocol.Hello{Token: s.w.Link(s.id, meeting.RoleParticipant), Name: "Eve"}
	}},
	{"a pass of somebody who was removed", protocol.CodeRemoved, func(t *testing.T, s *scene) protocol.Hello {
		pass := s.pass(t, meeting.RoleParticipant)
		_, w := s.w.Enter(t, pass, "")
		testkit.Ask[protocol.OK](s.hosted, protocol.Remove{Participant: w.You.ID})
		return protocol.Hello{Token: pass}
	}},
	{"a pass of a locked room", protocol.CodeLocked, func(t *testing.T, s *scene) protocol.Hello {
		testkit.Ask[protocol.OK](s.hosted, protocol.Lock{Locked: true})
		return protocol.Hello{Token: s.pass(t, meeting.RoleParticipant)}
	}},
	{"a pass of another room", protocol.CodeBadToken, func(t *testing.T, s *scene) protocol.Hello {
		s.w.Room(s.id + "-other")
		return protocol.Hello{Token: (&scene{w: s.w, id: s.id + "-other"}).pass(t, meeting.RoleParticipant)}
	}},
	{"a link with the place of somebody who is there, of a locked room", protocol.CodeLocked, func(_ *testing.T, s *scene) protocol.Hello {
		testkit.Ask[protocol.OK](s.hosted, protocol.Lock{Locked: true})
		return protocol.Hello{Token: s.w.Link(s.id, meeting.RoleParticipant), Again: s.guest.Resume, Name: "Guest"}
	}},
	{"a link with a place that was left, of a locked room", protocol.CodeLocked, func(_ *testing.T, s *scene) protocol.Hello {
		testkit.Ask[protocol.OK](s.guested, protocol.Leave{})
		testkit.Ask[protocol.OK](s.hosted, protocol.Lock{Locked: true})
		return protocol.Hello{Token: s.w.Link(s.id, meeting.RoleParticipant), Again: s.guest.Resume, Name: "Guest"}
	}},
	{"a guests' link with a moderator's closed tab, of a locked room", protocol.CodeLocked, func(t *testing.T, s *scene) protocol.Hello {
		b, w := s.w.Enter(t, s.w.Link(s.id, meeting.RoleModerator), "Guest")
		testkit.Ask[protocol.OK](s.hosted, protocol.Lock{Locked: true})
		s.w.lose(b, s.hosted)
		return protocol.Hello{Token: s.w.Link(s.id, meeting.RoleParticipant), Again: w.Resume, Name: "Guest"}
	}},
	{"a link with a ticket as what was kept, of a locked room", protocol.CodeLocked, func(_ *testing.T, s *scene) protocol.Hello {
		testkit.Ask[protocol.OK](s.hosted, protocol.Lock{Locked: true})
		return protocol.Hello{Token: s.w.Link(s.id, meeting.RoleParticipant), Again: s.ticket(meeting.RoleParticipant), Name: "Eve"}
	}},
	{"a link of a locked room", protocol.CodeLocked, func(t *testing.T, s *scene) protocol.Hello {
		testkit.Ask[protocol.OK](s.hosted, protocol.Lock{Locked: true})
		return protocol.Hello{Token: s.w.Link(s.id, meeting.RoleParticipant), Name: "Eve"}
	}},
	{"a ticket of a locked room", protocol.CodeLocked, func(t *testing.T, s *scene) protocol.Hello {
		testkit.Ask[protocol.OK](s.hosted, protocol.Lock{Locked: true})
		return protocol.Hello{Token: s.ticket(meeting.RoleParticipant)}
	}},
	{"a link of a room that is over", protocol.CodeOver, func(t *testing.T, s *scene) protocol.Hello {
		testkit.Ask[protocol.OK](s.hosted, protocol.End{})
		return protocol.Hello{Token: s.w.Link(s.id, meeting.RoleParticipant), Name: "Eve"}
	}},
	{"a place of a room that is over", protocol.CodeOver, func(t *testing.T, s *scene) protocol.Hello {
		testkit.Ask[protocol.OK](s.hosted, protocol.End{})
		return protocol.Hello{Resume: s.host.Resume}
	}},
	{"a link of a room that never was", protocol.CodeBadToken, func(_ *testing.T, s *scene) protocol.Hello {
		return protocol.Hello{Token: s.w.Link("never", meeting.RoleModerator), Name: "Eve"}
	}},
}

func as(jwt.MapClaims) {}

func claimed(change func(jwt.MapClaims)) func(*testing.T, *scene) protocol.Hello {
	return func(_ *testing.T, s *scene) protocol.Hello { return protocol.Hello{Token: s.claiming(change)} }
}

// back moves a ticket's times into the past.
func back(c jwt.MapClaims, by time.Duration) {
	for _, name := range []string{"iat", "nbf", "exp"} {
		c[name] = c[name].(int64) - int64(by.Seconds())
	}
}

// everybodyApart gives each connection an address of its own: what is tested
// here is who may, not how often.
func everybodyApart() func(*http.Request) string {
	var n atomic.Uint32
	return func(*http.Request) string {
		i := n.Add(1)
		return fmt.Sprintf("198.51.%d.%d", byte(i>>8), byte(i))
	}
}

func TestWhoMayDoWhat(t *testing.T) {
	w := newWorld(t)
	w.From = everybodyApart()
	w.Start()
	rows := 0
	scene := func(t *testing.T, how ...func(*meeting.Room)) *scene {
		rows++
		return w.mustScene(t, fmt.Sprintf("room%d", rows), how...)
	}
	// Whatever is refused below for what it claims would be good without that.
	s := scene(t)
	testkit.Ask[protocol.Welcome](w.Dial(t, nil), protocol.Hello{Token: s.claiming(as)})
	for _, h := range holdings {
		for _, a := range actions {
			t.Run(h.name+"/"+a.name, func(t *testing.T) {
				s := scene(t, func(r *meeting.Room) {
					if set := settings[a.name]; set != nil {
						set(r)
					}
				})
				hello := h.in(t, s)
				hello.Room = s.id
				b := w.Dial(t, nil)
				testkit.Ask[protocol.Welcome](b, hello)
				before := mustLoad(t, w, s.id)
				answer := b.Answer(b.Send(a.ask(s)))
				want := a.done
				if !contains(a.may, h.role) {
					want = protocol.CodeForbidden
				}
				mustAnswer(t, answer, want)
				if want != "" {
					mustBeTheSame(t, w, s.id, before.Session, before.Room)
				}
			})
		}
	}
	for _, r := range refusals {
		t.Run(r.name+"/hello", func(t *testing.T) {
			s := scene(t)
			hello := r.in(t, s)
			hello.Room = s.id
			before := mustLoad(t, w, s.id)
			b := w.Dial(t, nil)
			mustAnswer(t, b.Answer(b.Send(hello)), r.want)
			mustBeTheSame(t, w, s.id, before.Session, before.Room)
		})
		t.Run(r.name+"/peek", func(t *testing.T) {
			s := scene(t)
			hello := r.in(t, s)
			if hello.Resume != "" {
				hello.Token = hello.Resume // which is no token at all
			}
			want := r.want
			switch {
			case r.name == misused:
				want = "" // as a ticket it is good
			case hello.Resume != "":
				want = protocol.CodeBadToken
			case want == protocol.CodeLocked:
				want = "" // the lobby may be looked into
			}
			b := w.Dial(t, nil)
			mustAnswer(t, b.Answer(b.Send(protocol.Peek{Room: s.id, Token: hello.Token})), want)
		})
	}
	for _, a := range actions {
		t.Run("no hello/"+a.name, func(t *testing.T) {
			s := scene(t)
			before := mustLoad(t, w, s.id)
			b := w.Dial(t, nil)
			mustAnswer(t, b.Answer(b.Send(a.ask(s))), protocol.CodeNotJoined)
			mustBeTheSame(t, w, s.id, before.Session, before.Room)
		})
	}
	t.Logf("%d rows", rows)
	if rows < 120 {
		t.Errorf("only %d rows", rows)
	}
}

func contains(roles, role string) bool {
	for _, r := range roles {
		if string(r) == role {
			return true
		}
	}
	return false
}

// mustAnswer wants a refusal of that code; empty is anything but a refusal.
func mustAnswer(t *testing.T, m protocol.ServerMessage, want protocol.Code) {
	t.Helper()
	var got protocol.Code
	switch m := m.(type) {
	case protocol.Error:
		got = m.Code
	case protocol.Over:
		got = protocol.CodeOver
	}
	if got != want {
		t.Errorf("answered %#v, want %q", m, want)
	}
}

// mustBeTheSame wants that a refusal changed nothing.
func mustBeTheSame(t *testing.T, w *world, id string, session *meeting.Session, room meeting.Room) {
	t.Helper()
	now := mustLoad(t, w, id)
	if !reflect.DeepEqual(now.Session, session) || now.Room != room {
		t.Errorf("it is\n%+v %+v\nand was\n%+v %+v", now.Session, now.Room, session, room)
	}
}
