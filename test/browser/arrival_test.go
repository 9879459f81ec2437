package browser

import (
	"strings"
	"testing"
)

// TestLinksAsTheyArrive: mail and chats change links, and people put sentences
// around them. Each of these leads into the lobby, and leaves no token in the
// address bar.
func TestLinksAsTheyArrive(t *testing.T) {
	s := startServer(t)
	c := startChromium(t)
	r := s.create(60)
	_, token, _ := strings.Cut(r.Links.Guest, "#")
	upper := strings.ToUpper(r.ID)
	jun := c.open("jun", s.url+"/robots.txt")
	for _, form := range []string{
		"/r/" + r.ID + "/#" + token,
		"/r/" + r.ID + "%23" + token + ").",
		"/r/" + upper + "?fbclid=IwAR0#" + token + "%20",
		"/r/" + r.ID + "#" + token + "%",
		"/r/" + r.ID + "#" + token + "&utm_source=mail",
	} {
		t.Log(strings.ReplaceAll(form, token, "TOKEN"))
		jun.goTo(s.url + form)
		jun.reads("Weekly design review")
		jun.sees("join")
		if at := eval[string](jun, "location.pathname + location.hash"); at != "/r/"+r.ID {
			t.Errorf("%s: the address bar has %s", strings.ReplaceAll(form, token, "TOKEN"), at)
		}
		eval[bool](jun, "sessionStorage.clear(), true") // the next link has to speak for itself
		jun.goTo(s.url + "/robots.txt")
	}
}
