//go:build js && wasm

package browser

import "overtime/internal/client"

// Compile-time proofs that the parts are what client asks for.
var (
	_ client.Dialer  = dialer{}
	_ client.Conn    = (*conn)(nil)
	_ client.Devices = (*devices)(nil)
	_ client.Track   = (*track)(nil)
	_ client.Peers   = (*peers)(nil)
	_ client.Peer    = (*peer)(nil)
	_ client.Stage   = (*stage)(nil)
	_ client.Screens = screens{}
	_ client.Storage = storage("")
	_ client.Page    = page{}
	_ client.Zone    = zone{}
	_ client.Poster  = poster{}

	_ client.Launches = (*launches)(nil)
	_ client.History  = history{}
	_ client.Guard    = (*backGuard)(nil)

	_ client.WakeLock      = (*wakeLock)(nil)
	_ client.MediaControls = (*controls)(nil)
	_ client.Badge         = badge{}
)

// New makes the parts of the browser for one tab. Call it once: the parts
// share what is captured, heard and shown. It touches nothing yet: no
// permission is asked and no element made before a part is used.
func New() client.Browser {
	captures := newCaptures()
	speakers := newSpeakers()
	stage := newStage(captures, speakers)
	return client.Browser{
		Dialer:  dialer{},
		Devices: &devices{captures: captures},
		Peers:   &peers{stage: stage, speakers: speakers},
		Stage:   stage,
		Screens: screens{},
		Tab:     storage("sessionStorage"),
		Local:   storage("localStorage"),
		Page:    page{},
		Zone:    zone{},
		API:     poster{},

		Launches: newLaunches(),
		History:  history{},

		WakeLock: newWakeLock(),
		Controls: &controls{playOn: stage.UnblockSound},
		Badge:    badge{},
	}
}
