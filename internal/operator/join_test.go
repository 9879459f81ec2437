package operator_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"

	"overtime/internal/auth"
	"overtime/internal/bus"
	"overtime/internal/config"
	"overtime/internal/edge"
	"overtime/internal/meeting"
	"overtime/internal/operator"
	"overtime/internal/protocol"
	"overtime/internal/rooms"
	"overtime/internal/store"
	"overtime/internal/throttle"
)

// site is a server but for its pages and media.
type site struct {
	url  string
	keys *auth.Keyring
	room meeting.Room
}

func mustSite(t *testing.T) site {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	log := slog.New(slog.DiscardHandler)
	keys, err := auth.NewKeyring(auth.Key{ID: "k", Secret: []byte(strings.Repeat("secret", 6))})
	must(err)
	nats, err := bus.Open(bus.Config{Folder: t.TempDir(), Name: "node", Logger: log})
	must(err)
	t.Cleanup(nats.Close)
	kept, err := store.Open(t.Context(), nats.JetStream())
	must(err)
	room, err := meeting.Room{ID: "abc", Name: "Review", CreatedAt: time.Now(), Duration: 60}.Validate()
	must(err)
	must(kept.Create(t.Context(), room))
	host, err := rooms.Start(t.Context(), rooms.Config{
		Node: "node", Bus: rooms.OverBus(nats), Store: kept, Secrets: keys, Media: noMedia{}, Logger: log, Now: time.Now,
	})
	must(err)
	t.Cleanup(host.Close)
	browsers := edge.New(edge.Config{Bus: nats, Secrets: keys, Limits: throttle.Default, Logger: log})
	s := httptest.NewServer(browsers)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if !browsers.Drain(ctx, time.Millisecond) {
			t.Error("some browsers did not take their leave")
		}
		s.Close()
	})
	return site{s.URL, keys, room}
}

func (s site) link(t *testing.T, role meeting.Role) string {
	t.Helper()
	path, err := s.keys.Invitation(s.room, role)
	if err != nil {
		t.Fatal(err)
	}
	return s.url + path
}

// visit is a join that goes on.
type visit struct {
	t     *testing.T
	lines *bufio.Scanner
	ended chan error
	leave context.CancelFunc
}

func join(t *testing.T, c *config.Join) *visit {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	read, write := io.Pipe()
	v := &visit{t, bufio.NewScanner(read), make(chan error, 1), cancel}
	v.lines.Buffer(nil, 1<<20)
	var group sync.WaitGroup
	group.Go(func() {
		err := operator.Run(ctx, c, nil, write)
		_ = write.Close()
		v.ended <- err
	})
	t.Cleanup(func() { cancel(); _ = read.Close(); group.Wait() })
	return v
}

// mustSay wants a line of a type next.
func (v *visit) mustSay(kind string) (data map[string]any) {
	v.t.Helper()
	var m struct {
		Type string
		Data map[string]any
	}
	if !v.lines.Scan() {
		v.t.Fatalf("nothing more is printed, want %s; it ended with %v", kind, <-v.ended)
	}
	if err := json.Unmarshal(v.lines.Bytes(), &m); err != nil || m.Type != kind {
		v.t.Fatalf("prints %s, want %s", v.lines.Bytes(), kind)
	}
	return m.Data
}

// mustEnd wants nothing more to be printed, and an error that says something;
// none for no words.
func (v *visit) mustEnd(want string) {
	v.t.Helper()
	if v.lines.Scan() {
		v.t.Errorf("prints %s", v.lines.Bytes())
	}
	if err := <-v.ended; want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
		v.t.Errorf("ends with %v, want %q", err, want)
	}
}

// TestJoin is a meeting of three without a browser: one leaves after a time,
// one when interrupted, one sees the end.
func TestJoin(t *testing.T) {
	s := mustSite(t)
	ada := join(t, &config.Join{Link: s.link(t, meeting.RoleModerator), Name: "Ada"})
	welcome := ada.mustSay("welcome")
	if you, _ := welcome["you"].(map[string]any); you["name"] != "Ada" || you["role"] != "moderator" || welcome["resume"] != "" {
		t.Errorf("welcomed with %v", welcome)
	}
	bob := join(t, &config.Join{Link: s.link(t, meeting.RoleParticipant), Name: "Bob", For: 50 * time.Millisecond})
	bob.mustSay("welcome")
	ada.mustSay("person.joined")
	bob.mustEnd("")
	if left := ada.mustSay("person.left"); left["reason"] != "left" {
		t.Errorf("Bob left like this: %v", left)
	}
	eve := join(t, &config.Join{Link: s.link(t, meeting.RoleParticipant), Name: "Eve"})
	eve.mustSay("welcome")
	ada.mustSay("person.joined")
	eve.leave()
	eve.mustEnd("")
	ada.mustSay("person.left")

	s.end(t)
	ada.mustSay("person.joined") // who ends it
	ended := ada.mustSay("session.ended")
	session, _ := ended["session"].(map[string]any)
	if ending, _ := session["ending"].(map[string]any); ending["reason"] != "ended_by_moderator" {
		t.Errorf("ended like this: %v", ended)
	}
	ada.mustEnd("")
	late := join(t, &config.Join{Link: s.link(t, meeting.RoleParticipant), Name: "Late"})
	late.mustSay("over")
	late.mustEnd("")
}

// end ends the session.
func (s site) end(t *testing.T) {
	t.Helper()
	ctx, cancel := contextFor(t, patience)
	defer cancel()
	ws, _, err := websocket.Dial(ctx, "ws"+strings.TrimPrefix(s.url, "http")+"/ws", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer ws.CloseNow() //nolint:errcheck // it was closed by the server
	_, token, _ := strings.Cut(s.link(t, meeting.RoleModerator), "#")
	for _, m := range []protocol.ClientMessage{protocol.Hello{Token: token, Name: "Boss"}, protocol.End{}} {
		if err := ws.Write(ctx, websocket.MessageText, protocol.ClientFrame{ID: "1", Message: m}.Encode()); err != nil {
			t.Fatal(err)
		}
		if _, _, err := ws.Read(ctx); err != nil {
			t.Fatal(err)
		}
	}
}

// TestJoinRefused is a sentence, whoever refuses.
func TestJoinRefused(t *testing.T) {
	s := mustSite(t)
	for link, want := range map[string]string{
		"abc":                        "that is no link",
		"ftp://meet.example/r/abc#t": "that is no link",
		s.url + "/r/abc":             "that link is not complete",
		s.url + "/#t":                "that link is not complete",
		"http://127.0.0.1:1/r/abc#t": "the server cannot be reached: dial tcp 127.0.0.1:1",
		strings.Replace(s.link(t, meeting.RoleViewer), "#eyJ", "#eyJx", 1):    "this link is not valid",
		strings.Replace(s.link(t, meeting.RoleViewer), "/r/abc", "/r/abd", 1): "this link is not valid",
	} {
		_, err := run(t, &config.Join{Link: link, Name: "Ada"}, nil)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: says %v, want %q", link, err, want)
		}
	}
}

// TestJoinComesBack: a visitor whose line is cut comes back to their place, and
// one who was sent away does not.
func TestJoinComesBack(t *testing.T) {
	for name, c := range map[string]struct {
		close websocket.StatusCode
		back  bool
		want  string
	}{
		"Cut":      {0, true, ""},
		"Restart":  {websocket.StatusCode(protocol.CloseGoingAway), true, ""},
		"Removed":  {websocket.StatusCode(protocol.CloseRemoved), false, "a moderator removed you"},
		"Replaced": {websocket.StatusCode(protocol.CloseReplaced), false, "the same person came in elsewhere"},
		"BadToken": {websocket.StatusCode(protocol.CloseBadToken), false, "the server closed the connection"},
	} {
		t.Run(name, func(t *testing.T) {
			hellos := make(chan protocol.Hello, 5)
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				answer := protocol.ServerMessage(protocol.Welcome{Resume: "secret"})
				if len(hellos) > 0 {
					answer = protocol.SessionEnded{}
				}
				if err := answerHello(w, r, hellos, answer, c.close); err != nil {
					t.Error(err)
				}
			}))
			defer s.Close()
			v := join(t, &config.Join{Link: s.URL + "/r/abc#token", Name: "Ada"})
			v.mustSay("welcome")
			if c.back {
				v.mustSay("session.ended")
			}
			v.mustEnd(c.want)
			if first := <-hellos; first.Token != "token" || first.Resume != "" || first.Room != "abc" || first.Name != "Ada" {
				t.Errorf("said %+v", first)
			}
			if !c.back {
				return
			}
			if second := <-hellos; second.Token != "" || second.Resume != "secret" {
				t.Errorf("came back saying %+v", second)
			}
		})
	}
}

// answerHello takes one hello, answers it and closes; 0 cuts the line.
func answerHello(w http.ResponseWriter, r *http.Request, hellos chan<- protocol.Hello, m protocol.ServerMessage, code websocket.StatusCode) error {
	ws, err := websocket.Accept(w, r, nil)
	if err != nil {
		return err
	}
	defer ws.CloseNow() //nolint:errcheck // it may be closed already
	_, text, err := ws.Read(r.Context())
	if err != nil {
		return err
	}
	f, err := protocol.DecodeClient(text)
	if err != nil {
		return err
	}
	hello, is := f.Message.(protocol.Hello)
	if !is {
		return errors.New("no hello comes first")
	}
	hellos <- hello
	err = ws.Write(r.Context(), websocket.MessageText, protocol.ServerFrame{ID: f.ID, Message: m}.Encode())
	if code != 0 {
		_ = ws.Close(code, "")
	}
	return err
}

// noMedia answers offers without any media.
type noMedia struct{}

func (noMedia) Instance() string                       { return "media-1" }
func (noMedia) Seats() (audio, video int)              { return 5, 9 }
func (noMedia) NewRoom(func([]string)) rooms.MediaRoom { return noMedia{} }

func (noMedia) Join(string, rooms.MediaObserver) rooms.MediaPeer { return noMedia{} }
func (noMedia) Close()                                           {}

func (noMedia) Answer(context.Context, protocol.Offer) (string, error) { return "", nil }
func (noMedia) Sending([]protocol.Source)                              {}
func (noMedia) Show([]protocol.Picture)                                {}
