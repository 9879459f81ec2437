package protocol

import (
	"reflect"
	"time"
)

// ClientMessage is what a browser may send. The set is sealed.
type ClientMessage interface{ clientType() string }

// Source is one of the four things a person can send.
type Source string

const (
	Microphone  Source = "microphone"
	Camera      Source = "camera"
	Screen      Source = "screen"
	ScreenAudio Source = "screen_audio"
)

// Sources are all of them, in the order of the offer.
func Sources() []Source { return []Source{Microphone, Camera, Screen, ScreenAudio} }

// Peek asks what awaits the holder of a token, without entering. Answered by
// RoomState or Over. Allowed before Hello.
type Peek struct {
	// Room is the one the page is for; a token of another is refused.
	Room string `json:"room,omitempty"`
	// Token is a link's, or the pass of the last answer to one.
	Token string `json:"token"`
}

// Hello enters the room, with a token or, to come back to one's place, with
// the secret of an earlier Welcome. Answered by Welcome, Over or, where moderators admit people, Waiting.
type Hello struct {
	// Room is the one the page is for; a token of another is refused.
	Room string `json:"room,omitempty"`
	// Token is a link's, or the pass of the last answer to one.
	Token  string `json:"token,omitempty"`
	Resume string `json:"resume,omitempty"`
	// Again is such a secret that the browser kept beyond its tab, beside a token.
	// It brings the same person back if nobody has their place now, the name and
	// the role are the same, and they did not leave by choice; else it is passed
	// over, and a token lets somebody new in.
	Again string `json:"again,omitempty"`
	// Name is what others will read; a token that carries a name overrides it.
	Name string `json:"name,omitempty"`
	// Sending says what the person sends from the start.
	Sending []Source `json:"sending,omitempty"`
}

// Leave gives up one's place, and what leads back to it. Answered by OK, then
// the connection closes.
type Leave struct{}

// Extend answers an extension window. Answered by OK with Grant.
type Extend struct {
	// Window is the scheduled end whose notice the request answers.
	Window time.Time `json:"window"`
	// Minutes asked for, 10 to 30; absent takes the room's default.
	Minutes *int `json:"minutes,omitempty"`
}

// End ends the session for everyone; moderators only.
type End struct {
	Reason string `json:"reason,omitempty"` // up to 200 characters, shown to everyone
}

// Remove takes a person out of the session for good, who is there or was lately;
// moderators only. Whoever holds a shared link is somebody new with it: lock the
// room or renew the link.
type Remove struct {
	Participant string `json:"participant"`
}

// Admit lets somebody in who waits; moderators only.
type Admit struct {
	Waiting string `json:"waiting"` // PeopleWaiting says who
}

// Deny turns somebody away who waits; moderators only.
type Deny struct {
	Waiting string `json:"waiting"`
}

// Lock lets nobody new in, or lets people in again; moderators only. Whoever
// waits already goes on waiting, and comes in if a moderator admits them.
type Lock struct {
	Locked bool `json:"locked"`
}

// RenewLink makes the guests' links given out so far useless to whoever is not
// inside, and a new one; moderators only. Moderators' links and tokens for one
// person stay good. Everyone whose Welcome has a guests' link gets it as
// GuestLink.
type RenewLink struct{}

// AskClock asks for the server's time. Answered by OK with Clock.
type AskClock struct{}

// Offer is the browser's one SDP offer, or one that restarts ICE. Answered by
// OK with SDP.
type Offer struct {
	SDP string `json:"sdp"`
	// Sources names what the browser sends on each of its send-only mids.
	Sources map[string]Source `json:"sources"`
}

// Sending says which of a person's sources are on now; others are off, and the server
// forwards nothing of them, whatever the browser sends. Viewers may send nothing: to
// anything but an empty list they get forbidden, and what their Hello names is off.
type Sending struct {
	Sources []Source `json:"sources"`
}

// Show says which pictures the browser shows and how large, so that the server
// can choose seats and layers.
type Show struct {
	Pictures []Picture `json:"pictures"`
}

// Picture is one picture that is on a screen.
type Picture struct {
	Participant string `json:"participant"`
	Source      Source `json:"source"`
	Height      int    `json:"height"` // device pixels
}

const typeOffer = "media.offer"

func (Peek) clientType() string      { return "room.peek" }
func (Hello) clientType() string     { return "hello" }
func (Leave) clientType() string     { return "session.leave" }
func (Extend) clientType() string    { return "session.extend" }
func (End) clientType() string       { return "session.end" }
func (Remove) clientType() string    { return "person.remove" }
func (Admit) clientType() string     { return "person.admit" }
func (Deny) clientType() string      { return "person.deny" }
func (Lock) clientType() string      { return "room.lock" }
func (RenewLink) clientType() string { return "room.renew_link" }
func (AskClock) clientType() string  { return "clock.ask" }
func (Offer) clientType() string     { return typeOffer }
func (Sending) clientType() string   { return "media.sending" }
func (Show) clientType() string      { return "media.show" }

// ClientMessages are examples (zero values) of the whole set.
func ClientMessages() []ClientMessage {
	return []ClientMessage{
		Peek{}, Hello{}, Leave{}, Extend{}, End{},
		Remove{}, Admit{}, Deny{}, Lock{}, RenewLink{},
		AskClock{}, Offer{}, Sending{}, Show{},
		SetAttribute{}, LowerHands{}, React{}, SendChat{}, DeleteChat{}, PageChat{},
	}
}

// clientTypes is never written after initialisation.
var clientTypes = func() map[string]reflect.Type {
	types := map[string]reflect.Type{}
	for _, m := range ClientMessages() {
		types[m.clientType()] = reflect.TypeOf(m)
	}
	return types
}()

// ClientType is the wire's name of m.
func ClientType(m ClientMessage) string { return m.clientType() }
