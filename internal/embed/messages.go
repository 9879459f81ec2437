package embed

import (
	"encoding/json"
	"slices"
	"time"

	"overtime/internal/client"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
	"overtime/internal/theme"
)

// Version is the version of the words between the page and the frame. Another
// one is spoken only by an embed.js with another major version.
const Version = 1

// maxCall is the longest message taken from the page, in bytes: a token, a name
// and a logo as a data URL.
const maxCall = 256 << 10

// call is what the page asks.
type call struct {
	ID   int             `json:"id"`
	Call string          `json:"call"`
	Args json.RawMessage `json:"args"`
}

// reply is the answer to a call.
type reply struct {
	ID     int      `json:"id"`
	Result any      `json:"result,omitempty"`
	Error  *refusal `json:"error,omitempty"`
}

// refusal is why a call was not carried out.
type refusal struct {
	Code    protocol.Code `json:"code"`
	Message string        `json:"message"`
	By      string        `json:"by,omitempty"`
	Minutes int           `json:"minutes,omitempty"`
	EndsAt  time.Time     `json:"endsAt,omitzero"`
	OpensAt time.Time     `json:"opensAt,omitzero"`
}

// What this side says of calls that reach no server.
const (
	codeBadArguments protocol.Code = "bad_arguments"
	// codeAllow: the page's frame does not pass on what the meeting needs.
	codeAllow protocol.Code = "missing_allow"
	// codeDevice begins the codes of what is the matter with a device.
	codeDevice protocol.Code = "device_"
)

func badArguments(why string) *refusal { return &refusal{Code: codeBadArguments, Message: why} }

// event is what the page is told without having asked.
type event struct {
	Event  string `json:"event"`
	Detail any    `json:"detail"`
}

// Entry is what the page lets this person in with, and how it wants the
// meeting to be shown.
type Entry struct {
	Token string `json:"token"`
	Name  string `json:"name"`
	// Lobby: the person sees the lobby first and joins by themself.
	Lobby bool `json:"lobby"`
	// Slot tells several meetings of one page apart, and stays the same when
	// the page is loaded again.
	Slot string `json:"slot"`
	// Microphone and Camera: on or off at first; nil: as it was, or on.
	Microphone *bool `json:"microphone"`
	Camera     *bool `json:"camera"`
	Style
}

// Style is how the page wants the meeting to look.
type Style struct {
	Theme string       `json:"theme"` // dark, light or auto; empty: as without a page around
	Lang  string       `json:"lang"`
	Look  theme.Choice `json:"look"` // what the page's style sheets say about the element
}

// Choice is all that the page wants of the look.
func (s Style) Choice() theme.Choice {
	w := s.Look
	w.Theme = s.Theme
	return w
}

// extendArgs has any number: what is not a whole one is refused in words.
type extendArgs struct {
	Minutes *float64 `json:"minutes"`
}

type endArgs struct {
	Reason string `json:"reason"`
}

type deviceArgs struct {
	On *bool `json:"on"`
}

type handArgs struct {
	Up          *bool  `json:"up"`
	Participant string `json:"participant"`
}

type reactArgs struct {
	Name protocol.ReactionName `json:"name"`
}

type textArgs struct {
	Text string `json:"text"`
}

type numberArgs struct {
	Number int `json:"number"`
}

// reaction is what somebody showed, and how often since it was told last.
type reaction struct {
	Participant string                `json:"participant"`
	Name        protocol.ReactionName `json:"name"`
	Count       int                   `json:"count"`
}

// message is one of the chat's.
type message struct {
	Number      int                `json:"number"`
	At          time.Time          `json:"at"`
	Participant string             `json:"participant"`
	Name        string             `json:"name"`
	Text        string             `json:"text"`
	Deleted     protocol.DeletedBy `json:"deleted"` // empty: it is not
}

type grant struct {
	ExtendedMinutes int       `json:"extendedMinutes"`
	EndsAt          time.Time `json:"endsAt"`
}

// session is the time line as the page sees it.
type session struct {
	Room       room        `json:"room"`
	StartedAt  *time.Time  `json:"startedAt"`
	EndsAt     *time.Time  `json:"endsAt"`
	ServerNow  time.Time   `json:"serverNow"`
	MinuteMS   int64       `json:"minuteMs"`
	Window     *window     `json:"window"`
	Extensions []extension `json:"extensions"`
	Ending     *ending     `json:"ending"`
	MayExtend  bool        `json:"mayExtend"`
	MayEnd     bool        `json:"mayEnd"`
	MayWrite   bool        `json:"mayWrite"`
}

type room struct {
	ID              string    `json:"id"`
	Name            string    `json:"name"`
	DurationMinutes int       `json:"durationMinutes"`
	LatestEnd       time.Time `json:"latestEnd,omitzero"`
}

type window struct {
	Window           meeting.Window `json:"window"`
	EndsAt           time.Time      `json:"endsAt"`
	MinutesLeft      int            `json:"minutesLeft"`
	GrantableMinutes int            `json:"grantableMinutes"`
}

type extension struct {
	At      time.Time      `json:"at"`
	By      string         `json:"by"`
	Minutes int            `json:"minutes"`
	Window  meeting.Window `json:"window"`
	EndsAt  time.Time      `json:"endsAt"`
}

type ending struct {
	Reason meeting.Reason `json:"reason"`
	At     time.Time      `json:"at"`
	By     string         `json:"by,omitempty"`
	Text   string         `json:"text,omitempty"`
}

type participant struct {
	ID           string       `json:"id"`
	Name         string       `json:"name"`
	Role         meeting.Role `json:"role"`
	Self         bool         `json:"self"`
	Microphone   bool         `json:"microphone"`
	Camera       bool         `json:"camera"`
	Screen       bool         `json:"screen"` // it is shared
	Reconnecting bool         `json:"reconnecting"`
	Hand         int          `json:"hand"` // place in the order of raised hands, from 1; 0: not raised
}

type device struct {
	On      bool                 `json:"on"`
	Running bool                 `json:"running"`
	Trouble client.DeviceTrouble `json:"trouble"`
}

// joined is the result of join and the detail of the event of that name.
type joined struct {
	You          participant   `json:"you"`
	Participants []participant `json:"participants"`
	Session      session       `json:"session"`
}

type saying struct {
	Code    protocol.Code `json:"code"`
	Message string        `json:"message"`
}

type notification struct {
	Title string `json:"title"`
	Body  string `json:"body"`
}

// sessionOf is what a view says of the time line.
func sessionOf(v client.View, now time.Time) session {
	s := session{
		Room: room{ID: v.Room.ID, Name: v.Room.Name, DurationMinutes: v.Room.DurationMinutes, LatestEnd: v.Room.LatestEnd},
		// To the millisecond, like every instant of the server.
		ServerNow: now.UTC().Truncate(time.Millisecond), MinuteMS: v.Room.MinuteMS,
		Window: windowOf(v.Timeline.Notice), Extensions: extensionsOf(v.Timeline.Session),
		MayExtend: v.Me.MayExtend(v.Room), MayEnd: v.Me.Moderates(), MayWrite: v.Me.MayWrite(v.Room),
	}
	if !v.Timeline.StartedAt.IsZero() {
		s.StartedAt, s.EndsAt = &v.Timeline.StartedAt, &v.Timeline.EndsAt
	}
	if e := v.Timeline.Ending; e != nil {
		s.Ending = &ending{Reason: e.Reason, At: e.At, By: e.By, Text: e.Text}
	}
	return s
}

func windowOf(n meeting.Notice) *window {
	if n.Window == meeting.NoWindow {
		return nil
	}
	return &window{Window: n.Window, EndsAt: n.EndsAt, MinutesLeft: n.MinutesLeft, GrantableMinutes: n.Grantable}
}

func extensionsOf(s protocol.Session) []extension {
	out := []extension{}
	for _, e := range s.Story {
		if e.Kind == meeting.EntryExtended {
			out = append(out, extension{At: e.At, By: e.By, Minutes: e.Minutes, Window: e.Window, EndsAt: e.EndsAt})
		}
	}
	return out
}

func participantsOf(v client.View) []participant {
	out := []participant{}
	for _, t := range v.Roster.Slots {
		if !t.Empty {
			out = append(out, participant{
				ID: t.ID, Name: t.Name, Role: t.Role, Self: t.Self,
				Microphone: t.Microphone, Camera: t.Camera, Screen: shares(v, t), Reconnecting: t.Reconnecting, Hand: t.Hand,
			})
		}
	}
	return out
}

func messageOf(m protocol.ChatMessage) message {
	return message{m.Number, m.At, m.From.Participant, m.From.Name, m.Text, m.Deleted}
}

func messagesOf(c *client.Chat) []message {
	out := []message{}
	for _, m := range c.Messages {
		out = append(out, messageOf(m))
	}
	return out
}

// shares reports whether somebody shares a screen.
func shares(v client.View, p client.Participant) bool {
	if p.Self {
		return v.Devices.Screen.On
	}
	return slices.ContainsFunc(v.Roster.Screens, func(s client.Screen) bool { return s.Participant == p.ID })
}

func joinedOf(v client.View, now time.Time) joined {
	j := joined{Participants: participantsOf(v), Session: sessionOf(v, now)}
	for _, p := range j.Participants {
		if p.Self {
			j.You = p
		}
	}
	return j
}

func deviceOf(d client.DeviceView) device {
	return device{On: d.On, Running: d.Running, Trouble: d.Trouble}
}

// state is which page of the meeting is shown, in the page's words.
func state(p client.Phase) string {
	switch p {
	case client.PhaseRoom:
		return "joined"
	case client.PhaseJoining: // between the lobby and the room
		return string(client.PhaseLobby)
	case "":
		return string(client.PhaseOpening)
	}
	return string(p)
}
