package invitation

import (
	"cmp"
	"net/url"
	"strings"
)

// The pages that belong to one room.
const (
	meetingPage  = "/r/"
	embeddedPage = "/embed/"
)

// Address is the address of a room's page, without the server's name.
type Address struct {
	Room  string
	Token string // empty if the address has none

	page string // meetingPage or embeddedPage
}

// Parse reads a path and the fragment behind it, if any. ok is false for a path
// that is of no room's page. A room's id is in small letters, and ends where
// something else begins; a token that follows it in the path stood behind an
// encoded #.
func Parse(path, fragment string) (a Address, ok bool) {
	rest := ""
	for _, page := range []string{meetingPage, embeddedPage} {
		if len(path) >= len(page) && strings.EqualFold(path[:len(page)], page) {
			a.page, rest = page, unwrap(path[len(page):])
		}
	}
	end := strings.IndexFunc(rest, func(c rune) bool { return c > 0x7f || !inID(byte(c)) })
	if end < 0 {
		end = len(rest)
	}
	a.Room, rest = strings.ToLower(rest[:end]), rest[end:]
	a.Token = cmp.Or(Token(fragment), find(rest))
	if a.Room == "" || a.Token == "" && isBelow(rest) {
		return Address{}, false
	}
	return a, true
}

// ParseURL reads a whole address. Which server it is of is for the caller to see.
func ParseURL(address string) (a Address, server *url.URL, ok bool) {
	address, fragment, _ := strings.Cut(strings.TrimSpace(address), "#")
	server, err := url.Parse(address)
	if err != nil {
		return Address{}, nil, false
	}
	a, ok = Parse(server.Path, fragment)
	return a, server, ok
}

// isBelow reports whether what follows a room's id names a page below the room's.
func isBelow(rest string) bool {
	below := strings.TrimLeft(rest, "/")
	return below != rest && below != "" && inID(below[0])
}

// Embedded reports whether the page is for a frame of a portal's.
func (a Address) Embedded() bool { return a.page == embeddedPage }

// Path is the one path of the page.
func (a Address) Path() string { return a.page + a.Room }

// String is the path, with the token in the fragment if there is one. What is no
// token may have any signs in it, and every reader of addresses can read them.
func (a Address) String() string {
	return (&url.URL{Path: a.Path(), Fragment: a.Token}).String()
}
