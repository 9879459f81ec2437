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
	keyRead     = "overtime.read."   // how far the chat was read
	keyCreated  = "overtime.created" // by Meetings
	keyAgain    = "overtime.again"   // the browser's; see again
)

// ticket is what lets this tab in.
type ticket struct {
	tab   Storage
	room  string
	again again

	token  string // of the link; it stays good for the lobby and the ended page
	pass   string // stands for a token that expires, while the server is heard
	resume string // brings back to the place in the room; empty outside of it
	// replaced: another tab has the place. resume would take it back, so it is
	// used only when the person asks for that: two tabs must not fight over it.
	replaced string // empty or yes
}

// readTicket takes the token from the address, or else what the tab remembers.
// The token leaves the address only if the tab could store it: a reload needs
// it in one of the two.
func readTicket(b Browser, room string) *ticket {
	t := &ticket{tab: b.Tab, room: room, again: again{b.Local, room}}
	t.token, t.pass = b.Tab.Get(keyToken+room), b.Tab.Get(keyPass+room)
	t.resume, t.replaced = b.Tab.Get(keyResume+room), b.Tab.Get(keyReplaced+room)
	_, fragment := b.Page.Address()
	token := invitation.Token(fragment)
	if token == "" {
		return t
	}
	if b.Tab.Set(keyToken+room, token) {
		b.Page.HideFragment()
	}
	if token != t.token {
		// Another link is another person: the old place is not theirs.
		t.token = token
		t.setPass("")
		t.setReplaced(false)
		t.set(keyResume, &t.resume, "")
	}
	return t
}

// shown is what this tab shows of who it is, outside of a place.
func (t *ticket) shown() string {
	if t.pass != "" {
		return t.pass
	}
	return t.token
}

// empty reports whether there is nothing to come in by.
func (t *ticket) empty() bool {
	return t.token == "" && t.pass == "" && t.resume == "" && t.replaced == ""
}

// setPass takes what stands for the token from now on, for a reload too; empty is
// the token itself.
func (t *ticket) setPass(pass string) { t.set(keyPass, &t.pass, pass) }

// setReplaced remembers, for a reload too, whether another tab has the place.
func (t *ticket) setReplaced(replaced bool) {
	value := ""
	if replaced {
		value = "yes"
	}
	t.set(keyReplaced, &t.replaced, value)
}

// setResume takes the secret of the place; empty gives the place up.
func (t *ticket) setResume(secret string) {
	if secret != "" {
		t.again.keep(secret)
	} else {
		t.again.forget(t.resume)
	}
	t.set(keyResume, &t.resume, secret)
}

func (t *ticket) set(key string, known *string, value string) {
	if *known != value {
		*known = value
		t.tab.Set(key+t.room, value)
	}
}

// linkAt is the way to this meeting at another origin; empty if that is none.
func (t *ticket) linkAt(origin string) string {
	if !strings.HasPrefix(origin, "https://") && !strings.HasPrefix(origin, "http://") {
		return ""
	}
	link := origin + "/r/" + t.room
	if t.token != "" {
		link += "#" + t.token
	}
	return link
}
