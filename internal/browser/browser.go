//go:build js && wasm

package browser

import "overtime/internal/client"

// New makes the parts of the browser for one tab. Call it once: the parts
// share what is captured, heard and shown. It touches nothing yet: no
// permission is asked and no element made before a part is used.
func New() client.Browser {
	captures := newCaptures()
	speakers := &speakers{}
	stage := newStage(captures, speakers)
	return client.Browser{
		Dialer:  dialer{},
		Devices: &devices{captures: captures},
		Peers:   &peers{stage: stage},
		Stage:   stage,
		Screens: screens{},
		Tab:     storage("sessionStorage"),
		Local:   storage("localStorage"),
		Page:    page{},
		Zone:    zone{},
		API:     poster{},

		Launches: &launches{},
		History:  history{},

		WakeLock: &wakeLock{},
		Controls: &controls{playOn: stage.UnblockSound},
		Badge:    badge{},
	}
}
