package client

import "strings"

// again is how this browser, beyond its tab, is known again in the last meeting
// that it was in: whoever closed the tab and opens the link once more is who they
// were. It holds one secret, until a page hears that it is of no use or the next
// meeting is entered. It is sent to its own room only and says nothing of others.
type again struct {
	kept Storage
	room string
}

// secret is of the last place in the room, empty if there is none.
func (a again) secret() string {
	room, secret, _ := strings.Cut(a.kept.Get(keyAgain), " ")
	if room != a.room {
		return ""
	}
	return secret
}

func (a again) keep(secret string) { a.kept.Set(keyAgain, a.room+" "+secret) }

// forget drops a secret that is no good any more. Another one is another tab's.
func (a again) forget(secret string) {
	if secret != "" && secret == a.secret() {
		a.kept.Set(keyAgain, "")
	}
}
