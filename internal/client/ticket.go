package client

import (
	"strings"

	"overtime/internal/invitation"
)

// Keys of what is remembered. Those of a room end with its name; keyName and
// the device choices hold for the whole browser, keyCreated for the tab.
const (
	keyName     = "overtime.name"
	keyDevice   = "overtime.device."
	keyToken    = "overtime.token."
	keyPass     = "overtime.pass."
	keyResume   = "overtime.resume."
	keyReplaced = "overtime.replaced."
	keySending  = "overtime.sending."
	keyCreated  = "overtime.created" // by Meetings
	keyAgain    = "overtime.again"   // the browser's; see again
)

// ticket is what lets this tab in.
type ticket struct {
	token  string // of the link; it stays good for the lobby and the ended page
	pass   string // stands for a token that expires, while the server is heard
	resume string // brings back to the place in the room; empty outside of it
	// replaced: another tab has the place. resume would take it back, so it is
	// used only when the person asks for that: two tabs must not fight over it.
	replaced bool
}

// readTicket takes the token from the address, or else what the tab remembers.
// The token leaves the address only if the tab could store it: a reload needs
// it in one of the two.
func readTicket(b Browser, room string) ticket {
	stored := b.Tab.Get(keyToken + room)
	known := ticket{token: stored, pass: b.Tab.Get(keyPass + room), resume: b.Tab.Get(keyResume + room), replaced: b.Tab.Get(keyReplaced+room) != ""}
	_, fragment := b.Page.Address()
	token := invitation.Token(fragment)
	if token == "" {
		return known
	}
	if b.Tab.Set(keyToken+room, token) {
		b.Page.HideFragment()
	}
	if token != stored {
		// Another link is another person: the old place is not theirs.
		b.Tab.Set(keyResume+room, "")
		b.Tab.Set(keyPass+room, "")
		b.Tab.Set(keyReplaced+room, "")
		return ticket{token: token}
	}
	return known
}

// shown is what this tab shows of who it is, outside of a place.
func (t ticket) shown() string {
	if t.pass != "" {
		return t.pass
	}
	return t.token
}

// setPass takes what stands for the token from now on, for a reload too; empty is
// the token itself.
func (s *Session) setPass(pass string) {
	if s.ticket.pass != pass {
		s.ticket.pass = pass
		s.browser.Tab.Set(keyPass+s.room, pass)
	}
}

// setReplaced remembers, for a reload too, whether another tab has the place.
func (s *Session) setReplaced(replaced bool) {
	if s.ticket.replaced == replaced {
		return
	}
	s.ticket.replaced = replaced
	value := ""
	if replaced {
		value = "yes"
	}
	s.browser.Tab.Set(keyReplaced+s.room, value)
}

func (s *Session) setResume(secret string) {
	known := again{s.browser.Local, s.room}
	if secret != "" {
		known.keep(secret)
	} else {
		known.forget(s.ticket.resume)
	}
	if s.ticket.resume != secret {
		s.ticket.resume = secret
		s.browser.Tab.Set(keyResume+s.room, secret)
	}
}

// rememberSending keeps which devices are on, for a reload.
func (s *Session) rememberSending() {
	on := []string{"none"} // an empty value would remove the key
	for _, d := range s.devices.all() {
		if d.on {
			on = append(on, string(d.kind))
		}
	}
	s.browser.Tab.Set(keySending+s.room, strings.Join(on, " "))
}

// recallDevices sets the devices as they were before a reload.
func (s *Session) recallDevices() {
	on := strings.Fields(s.browser.Tab.Get(keySending + s.room))
	for _, d := range s.devices.all() {
		d.chosen = s.browser.Local.Get(keyDevice + string(d.kind))
		if len(on) == 0 {
			continue
		}
		d.on = false
		for _, kind := range on {
			d.on = d.on || kind == string(d.kind)
		}
	}
}
