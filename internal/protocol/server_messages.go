package protocol

import (
	"reflect"
	"time"

	"overtime/internal/meeting"
)

// ServerMessage is what the server may send. The set is sealed.
type ServerMessage interface{ serverType() string }

// event marks the messages that are the room's numbered events: everyone in
// the room gets them, each once, in the order of their seq.
type event interface{ roomEvent() }

// Room is what people may know of a room.
type Room struct {
	ID               string           `json:"id"`
	Name             string           `json:"name"`
	DurationMinutes  int              `json:"duration_minutes"`
	DefaultExtension int              `json:"default_extension_minutes"`
	ExtendBy         meeting.ExtendBy `json:"extend_by"`
	LatestEnd        time.Time        `json:"latest_end,omitzero"`
	MinuteMS         int64            `json:"minute_ms"`              // how long one of its minutes lasts
	Capacity         int              `json:"capacity"`               // how many people it takes
	WaitingRoom      bool             `json:"waiting_room,omitempty"` // moderators admit people
	Locked           bool             `json:"locked,omitempty"`       // nobody new is let in

	Chat        meeting.ChatBy   `json:"chat,omitempty"`         // who may write
	ScreenShare meeting.ScreenBy `json:"screen_share,omitempty"` // who may share a screen
}

// Session is a session as people see it.
type Session struct {
	Number    int          `json:"number"`
	StartedAt time.Time    `json:"started_at"`
	EndsAt    time.Time    `json:"ends_at"`
	Story     []StoryEntry `json:"story"`
	Ending    *Ending      `json:"ending,omitempty"`
}

// StoryEntry is one entry of the session's ledger as people see it.
type StoryEntry struct {
	Kind    meeting.EntryKind `json:"kind"`
	At      time.Time         `json:"at"`
	By      string            `json:"by,omitempty"` // a name
	EndsAt  time.Time         `json:"ends_at"`
	Minutes int               `json:"minutes,omitempty"`
	Window  meeting.Window    `json:"window,omitempty"`
}

// Ending is how a session ended.
type Ending struct {
	Reason meeting.Reason `json:"reason"`
	At     time.Time      `json:"at"`
	By     string         `json:"by,omitempty"`   // a name
	Text   string         `json:"text,omitempty"` // what was said about it
}

// Person is somebody in the room.
type Person struct {
	ID           string       `json:"id"`
	Name         string       `json:"name"`
	Role         meeting.Role `json:"role"`
	Sending      []Source     `json:"sending"`
	Reconnecting bool         `json:"reconnecting,omitempty"`
	// Attributes are what the person, or a moderator, says about them.
	Attributes map[string]string `json:"attributes,omitempty"`
}

// Sends reports whether the person sends s now.
func (p Person) Sends(s Source) bool {
	for _, have := range p.Sending {
		if have == s {
			return true
		}
	}
	return false
}

// RoomState answers Peek.
type RoomState struct {
	Room       Room      `json:"room"`
	Session    *Session  `json:"session,omitempty"` // absent before the first person joins
	People     int       `json:"people"`
	ServerTime time.Time `json:"server_time"`
	// Role and Name are the token's; Name is empty for an invitation.
	Role meeting.Role `json:"role"`
	Name string       `json:"name,omitempty"`
	// Pass stands for a token that expires, from now on: show it instead.
	Pass string `json:"pass,omitempty"`
}

// Welcome answers Hello: the whole state of the room.
type Welcome struct {
	Room       Room            `json:"room"`
	Session    Session         `json:"session"`
	ServerTime time.Time       `json:"server_time"`
	You        Person          `json:"you"`
	Resume     string          `json:"resume"`           // brings you back to this place
	Guests     string          `json:"guests,omitempty"` // the guests' link, as a path on this server; only for moderators, and participants who came by a shared link
	People     []Person        `json:"people"`           // everyone, you included, in order of arrival
	Notice     *meeting.Notice `json:"notice,omitempty"`
	Speaking   []string        `json:"speaking,omitempty"`
	Waiting    []Waiter        `json:"waiting,omitempty"` // to moderators: who waits to be let in
	Chat       *Chat           `json:"chat,omitempty"`    // the newest messages, 50 at most; absent: none was written
	Media      Media           `json:"media"`
}

// Waiter is somebody who waits to be let in.
type Waiter struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Waiting answers Hello where moderators admit people. Hello is said again from
// time to time to stay in line, and after Admitted to come in.
type Waiting struct {
	Room       Room      `json:"room"`
	ServerTime time.Time `json:"server_time"`
	// Pass stands for the token, and for the place in line: show it instead.
	Pass string `json:"pass,omitempty"`
}

// Admitted tells whoever waits that they may come in now.
type Admitted struct{}

// PeopleWaiting tells moderators who waits, all of them; the next replaces it.
type PeopleWaiting struct {
	People []Waiter `json:"people"`
}

// GuestLink is a new guests' link, in place of the one of Welcome.
type GuestLink struct {
	Guests string `json:"guests"` // a path on this server
}

// Media says what the browser's peer connection must look like. A changed
// Instance means that the server knows nothing of the old connection.
type Media struct {
	Instance   string `json:"instance"`
	AudioSeats int    `json:"audio_seats"`
	VideoSeats int    `json:"video_seats"`
}

// Over answers Hello and Peek once the room is over, and nothing else follows.
type Over struct {
	Room       Room      `json:"room"`
	Session    Session   `json:"session"`
	ServerTime time.Time `json:"server_time"`
}

// OK answers a request that was carried out.
type OK struct {
	Grant *meeting.Grant `json:"grant,omitempty"` // session.extend
	SDP   string         `json:"sdp,omitempty"`   // media.offer
	Clock *Clock         `json:"clock,omitempty"` // clock.ask

	Message *ChatMessage `json:"message,omitempty"` // chat.send
	Chat    *Chat        `json:"chat,omitempty"`    // chat.page
}

// Clock is a reading of the server's clock.
type Clock struct {
	Now time.Time `json:"now"`
}

// Error answers a request that was refused, with the facts that explain it.
type Error struct {
	Code    Code   `json:"code"`
	Message string `json:"message"` // a sentence in English that says what to do

	By      string    `json:"by,omitempty"` // already_extended: who
	Minutes int       `json:"minutes,omitempty"`
	EndsAt  time.Time `json:"ends_at,omitzero"`
	OpensAt time.Time `json:"opens_at,omitzero"`
}

func (e Error) Error() string { return string(e.Code) + ": " + e.Message }

// PersonJoined, PersonChanged and PersonLeft are about the people in the room.
type (
	PersonJoined struct {
		Person Person `json:"person"`
	}
	PersonChanged struct {
		Person Person `json:"person"`
	}
	PersonLeft struct {
		ID     string     `json:"id"`
		Reason LeftReason `json:"reason"`
	}
)

// LeftReason is why somebody is no longer in the room.
type LeftReason string

const (
	LeftByChoice LeftReason = "left"
	LeftLost     LeftReason = "lost" // their connection did not come back in time
	LeftRemoved  LeftReason = "removed"
)

// WindowOpened tells everyone that the session can be extended.
type WindowOpened struct {
	Notice meeting.Notice `json:"notice"`
}

// SessionExtended tells everyone who extended, and until when.
type SessionExtended struct {
	Entry StoryEntry `json:"entry"`
}

// SessionEnded is the last event of a session.
type SessionEnded struct {
	Session Session `json:"session"`
}

// RoomChanged tells everyone that the room's settings changed.
type RoomChanged struct {
	Room   Room            `json:"room"`
	Notice *meeting.Notice `json:"notice,omitempty"` // of the window that is open, as it is now
}

// Speaking lists who speaks now, loudest first. It is the room's event, but
// not a numbered one: the next replaces it.
type Speaking struct {
	IDs []string `json:"ids"`
}

// Seating tells one browser what its seats carry.
type Seating struct {
	Audio []Seat `json:"audio"`
	Video []Seat `json:"video"`
}

// Seat is one receive-only seat of a browser's peer connection.
type Seat struct {
	Mid         string `json:"mid"`
	Participant string `json:"participant,omitempty"` // empty: nobody sits there
	Source      Source `json:"source,omitempty"`
}

// MediaLost tells one browser that its media connection failed on the
// server's side and has to be made anew.
type MediaLost struct{}

// GoingAway says that the server stops; come back after RetryMS.
type GoingAway struct {
	RetryMS int64 `json:"retry_ms"`
}

func (RoomState) serverType() string       { return "room.state" }
func (Welcome) serverType() string         { return "welcome" }
func (Over) serverType() string            { return "over" }
func (OK) serverType() string              { return "ok" }
func (Error) serverType() string           { return "error" }
func (PersonJoined) serverType() string    { return "person.joined" }
func (PersonChanged) serverType() string   { return "person.changed" }
func (PersonLeft) serverType() string      { return "person.left" }
func (WindowOpened) serverType() string    { return "window.opened" }
func (SessionExtended) serverType() string { return "session.extended" }
func (SessionEnded) serverType() string    { return "session.ended" }
func (RoomChanged) serverType() string     { return "room.changed" }
func (Waiting) serverType() string         { return "room.waiting" }
func (Admitted) serverType() string        { return "room.admitted" }
func (PeopleWaiting) serverType() string   { return "people.waiting" }
func (GuestLink) serverType() string       { return "room.link" }
func (Speaking) serverType() string        { return "people.speaking" }
func (Seating) serverType() string         { return "media.seating" }
func (MediaLost) serverType() string       { return "media.lost" }
func (GoingAway) serverType() string       { return "server.going_away" }

func (PersonJoined) roomEvent()    {}
func (PersonChanged) roomEvent()   {}
func (PersonLeft) roomEvent()      {}
func (WindowOpened) roomEvent()    {}
func (SessionExtended) roomEvent() {}
func (SessionEnded) roomEvent()    {}
func (RoomChanged) roomEvent()     {}

// ServerMessages are examples (zero values) of the whole set.
func ServerMessages() []ServerMessage {
	return []ServerMessage{
		RoomState{}, Welcome{}, Over{}, OK{}, Error{},
		PersonJoined{}, PersonChanged{}, PersonLeft{},
		WindowOpened{}, SessionExtended{}, SessionEnded{}, RoomChanged{},
		Waiting{}, Admitted{}, PeopleWaiting{}, GuestLink{},
		Speaking{}, Seating{}, MediaLost{}, GoingAway{},
		Reactions{}, ChatSent{}, ChatDeleted{},
	}
}

// serverTypes is never written after initialisation.
var serverTypes = func() map[string]reflect.Type {
	types := map[string]reflect.Type{}
	for _, m := range ServerMessages() {
		types[m.serverType()] = reflect.TypeOf(m)
	}
	return types
}()

// ServerType is the wire's name of m.
func ServerType(m ServerMessage) string { return m.serverType() }
