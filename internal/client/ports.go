package client

import (
	"context"
	"errors"
	"time"

	"overtime/internal/layout"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

// Dialer opens the WebSocket to the server.
type Dialer interface {
	// Dial connects to the server's /ws. Cancelling ctx gives the attempt up.
	// The error is ErrNoSocket where the browser has no WebSockets.
	Dial(ctx context.Context) (Conn, error)
}

// ErrNoSocket is that of a browser that has no WebSockets.
var ErrNoSocket = errors.New("this browser has no WebSockets")

// Conn is one WebSocket. Read and Write may be called from different
// goroutines; each is called by one at a time.
type Conn interface {
	// Read waits for the next text frame. After the end it returns a *Closed.
	Read(ctx context.Context) ([]byte, error)
	Write(ctx context.Context, text []byte) error
	// Close ends the connection from this side; Read returns.
	Close()
}

// Closed is how a WebSocket ended.
type Closed struct {
	Code   protocol.CloseCode // 1006 if the connection was lost
	Reason string
}

func (c *Closed) Error() string { return "closed: " + c.Reason }

// DeviceKind is one of the two kinds of device that are captured.
type DeviceKind string

const (
	MicrophoneDevice DeviceKind = "microphone"
	CameraDevice     DeviceKind = "camera"
)

// Device is something to capture from.
type Device struct {
	ID    string
	Kind  DeviceKind
	Label string // empty until permission was given
}

// DeviceTrouble is why a device could not be captured. It is the error of captures.
type DeviceTrouble string

const (
	DeviceFine     DeviceTrouble = ""
	DeviceRefused  DeviceTrouble = "refused"     // the person said no
	DeviceBarred   DeviceTrouble = "barred"      // the page around us does not pass it on to its frame
	DeviceAbsent   DeviceTrouble = "absent"      // there is none
	DeviceBusy     DeviceTrouble = "busy"        // another program has it
	DeviceInsecure DeviceTrouble = "insecure"    // the page came neither by HTTPS nor from localhost
	DeviceUnsent   DeviceTrouble = "unsupported" // the browser has no WebRTC to send it by
	DeviceMuted    DeviceTrouble = "muted"       // captured, but the system or the browser keeps it silent or dark
	DeviceViewer   DeviceTrouble = "viewer"      // this person may listen and watch only
	DeviceFailed   DeviceTrouble = "failed"      // anything else
)

func (t DeviceTrouble) Error() string { return "device " + string(t) }

// Devices captures from cameras and microphones.
type Devices interface {
	// Capture starts a device of the kind, the one with id if it is there.
	// The first call asks the person's permission. Errors are DeviceTroubles.
	Capture(ctx context.Context, kind DeviceKind, id string) (Track, error)
	// List is what can be captured now.
	List(ctx context.Context) ([]Device, error)
	// OnChange calls f whenever a device comes or goes, until stop.
	OnChange(f func()) (stop func())
}

// Track is one running capture. Stop lets the device go (its light goes out).
type Track interface {
	DeviceID() string
	Stop()
	// OnEnded calls f once if the device is lost, not after Stop.
	OnEnded(f func())
	// Muted reports whether the system or the browser keeps the track silent
	// or dark; OnMuted calls f when that changed, not after Stop.
	Muted() bool
	OnMuted(f func())
}

// PeerState is the state of a peer connection as recovery needs it.
type PeerState string

const (
	PeerConnecting   PeerState = "connecting"
	PeerConnected    PeerState = "connected"
	PeerDisconnected PeerState = "disconnected" // may come back by itself
	PeerFailed       PeerState = "failed"
)

// Peers makes peer connections.
type Peers interface {
	// Supported reports whether this browser has WebRTC at all.
	Supported() bool
	// NewPeer makes one with so many seats, for its whole life.
	NewPeer(seats protocol.Media, onState func(PeerState)) (Peer, error)
}

// Peer is one RTCPeerConnection: microphone, camera (simulcast), screen,
// screen audio, then the seats. Remote sound plays by itself.
type Peer interface {
	// Offer makes the offer, gathering nothing: the answer has all candidates.
	// restart asks for an ICE restart.
	Offer(ctx context.Context, restart bool) (protocol.Offer, error)
	// Answer takes the server's answer to the last Offer.
	Answer(ctx context.Context, sdp string) error
	// Send puts a track (nil: nothing) on a source, without renegotiation.
	Send(source protocol.Source, t Track) error
	Close()
}

// Stage draws what components show but cannot draw themselves. Elements are
// named by their DOM id. Calls for an element that is gone do nothing.
type Stage interface {
	// ShowSelf binds the camera's running capture to a <video>, or nothing if
	// there is none; it follows camera off, on and device changes by itself.
	ShowSelf(element string)
	// ShowSeat binds the picture of a video seat to a <video>. It follows the
	// peer connection being made anew.
	ShowSeat(element, mid string)
	// Clear lets go of an element's picture or meter.
	Clear(element string)
	// Place moves an element to where it stands on the stage.
	Place(element string, at layout.Rect)
	// Meter writes the microphone's level, 0 to 1, into the element's CSS
	// custom property --level, some 15 times a second.
	Meter(element string)
	// SoundBlocked reports whether the browser holds sound or pictures back
	// until a click; UnblockSound is to be called in one. What the system pauses
	// is played again by itself, as far as Replay allows.
	SoundBlocked() bool
	UnblockSound()
	OnSoundBlocked(f func()) (stop func())
	// Chime plays the soft sound of a window that opens; the final one's is
	// heard a little better.
	Chime(w meeting.Window)
}

// WakeLock keeps the screen on, or lets it go dark again. It does not wait, and
// where the browser refuses nothing happens. What the browser takes back with a
// hidden tab is taken again when the tab is seen.
type WakeLock interface{ Hold(on bool) }

// MediaState is what the system's media controls show of a meeting.
type MediaState struct {
	Shown              bool
	Title              string
	Microphone, Camera bool // whether they are on
}

// MediaAction is a press on the system's media controls.
type MediaAction string

const (
	MediaMicrophone MediaAction = "togglemicrophone"
	MediaCamera     MediaAction = "togglecamera"
	MediaHangUp     MediaAction = "hangup"
)

// MediaControls are the system's: media keys, a headset's buttons, the lock
// screen, a window of the browser's. While they are shown no key pauses the
// meeting. Methods do nothing where the browser has none.
type MediaControls interface {
	Show(MediaState)
	// OnAction calls f with each press, until stop.
	OnAction(f func(MediaAction)) (stop func())
}

// Badge is the mark on the icon of the installed app.
type Badge interface{ Mark(on bool) }

// Storage keeps small texts. Where the browser refuses it, Get finds nothing
// and Set reports false.
type Storage interface {
	Get(key string) string
	Set(key, value string) bool // an empty value removes
}

// Notifying is whether a person is notified while they look elsewhere.
type Notifying string

const (
	NotifyNever Notifying = "never" // not here: the browser cannot, or a page around this one does it
	NotifyAsk   Notifying = "ask"   // the person was not asked yet
	NotifyOn    Notifying = "on"
	NotifyOff   Notifying = "off" // the person or the browser refused
)

// Page is the browser's tab.
type Page interface {
	// Address is the page's path and what stands after its #, as it arrived.
	Address() (path, fragment string)
	// Origin is scheme, host and port.
	Origin() string
	// Secure reports whether the browser allows cameras here at all.
	Secure() bool
	// HideFragment takes the fragment out of the address bar and the history.
	HideFragment()
	SetTitle(title string)
	// Dress makes these the root element's custom properties, in the place of
	// those it had, and the theme its data-theme; empty takes it away.
	Dress(properties map[string]string, theme string)
	Copy(ctx context.Context, text string) error
	// OnWake calls f when the tab becomes visible again, comes back from the
	// cache of pages or is online again.
	OnWake(f func()) (stop func())
	Hidden() bool
	// Notify shows a notification if the person allowed them; it never asks.
	Notify(title, body string)
	// Notifying is whether Notify shows anything.
	Notifying() Notifying
	// AskToNotify has the browser ask the person; call it in their press. What
	// holds then is given to then, unless no answer ever comes.
	AskToNotify(then func(Notifying))
}

// Zone is the time zone of the device, as it is now.
type Zone interface {
	// Local is t as clocks in the zone show it at that instant: on either side of
	// a change of the clocks by the offset that holds there.
	Local(t time.Time) time.Time
}

// Launches are the links that the system hands to a page which is open already,
// as it does with those of an installed app.
type Launches interface {
	// OnLaunch calls f with each whole address until stop. Of several it is the
	// newest f that is called.
	OnLaunch(f func(address string)) (stop func())
}

// History is the way back out of the page.
type History interface {
	// Guard has the next press of the back button call onBack, on any goroutine,
	// instead of leaving the page. In a frame, where the button is the page's
	// around, it guards nothing.
	Guard(onBack func()) Guard
	// Load begins the page anew at an address of this server.
	Load(address string)
}

// Guard stands before the way back.
type Guard interface {
	// Renew guards the next press again; without it that leaves.
	Renew()
	// Lift takes the guard away; the next press leaves the page at once.
	Lift()
	// Forget is Lift just before the page goes somewhere else: it leaves the
	// history as it is, so that nothing moves under the next step.
	Forget()
}

// Poster asks the server's REST API.
type Poster interface {
	// Post sends JSON to a path of this page's origin. The error says only
	// that no answer came.
	Post(ctx context.Context, path string, body []byte) (status int, answer []byte, err error)
}

// Browser is everything the program needs of one.
type Browser struct {
	Dialer  Dialer
	Devices Devices
	Peers   Peers
	Stage   Stage
	Screens Screens
	Tab     Storage // this tab's, gone with it
	Local   Storage // this browser's
	Page    Page
	Zone    Zone // nil: the program's own
	API     Poster

	Launches Launches
	History  History

	WakeLock WakeLock
	Controls MediaControls
	Badge    Badge
}
