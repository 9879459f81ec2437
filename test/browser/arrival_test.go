package browser

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestLinksAsTheyArrive: mail and chats change links, and people put sentences
// around them. Each of these leads into the lobby, and leaves no token in the
// address bar.
func TestLinksAsTheyArrive(t *testing.T) {
	sideBySide(t)
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

// installed stands in for the system of an installed app: it hands links over.
const installed = `Object.defineProperty(window, "launchQueue", { value: { setConsumer(f) { window.handOver = (targetURL) => f({ targetURL }) } } })`

// launch presses an invitation outside of the app, which is open.
func (p *tab) launch(link string) {
	p.t.Helper()
	eval[bool](p, fmt.Sprintf(`handOver(%q), true`, link))
}

// TestComingAndGoing: an invitation that is opened while the server is away waits
// for it, whole; nothing takes the person out of the meeting unasked, neither
// another invitation nor the back button; and an invitation that is opened again
// leads in again.
func TestComingAndGoing(t *testing.T) {
	sideBySide(t)
	s := startServer(t)
	s.keepAddress()
	r, other := s.create(60), s.create(60)
	jun := startChromium(t).open("jun", s.url, installed)
	jun.sees("create-meeting")
	eval[bool](jun, `navigator.serviceWorker.ready.then(() => true)`)

	s.stop()
	jun.goTo(other.Links.Guest)
	jun.reads("Overtime cannot be reached")
	jun.shoot("offline")
	jun.launch(r.Links.Guest) // after all
	jun.eventually("the page of that link", func() bool {
		there, err := chromedp.Run(jun.ctx, chromedp.Evaluate[bool](fmt.Sprintf(`location.href === %q && !!document.querySelector("#again")`, r.Links.Guest)))
		return err == nil && there
	})
	jun.do(chromedp.Click(chromedp.CSS("#again")))
	jun.reads("There is still no answer.")
	s.start()
	jun.reloadsTo("join")
	jun.join("Jun")
	at := func(r room) string { return fmt.Sprintf(`location.pathname + location.hash === "/r/%s"`, r.ID) }
	jun.until("the meeting of the link", at(r))

	jun.launch(other.Links.Guest)
	jun.sees("stay")
	jun.shoot("leave-for-another")
	jun.press("stay")
	jun.seesNot("stay")
	jun.launch(other.Links.Guest)
	jun.press("confirm-leave")
	jun.until("the other meeting", at(other))
	jun.join("Jun")

	jun.do(chromedp.EmulateViewport(390, 844))
	eval[bool](jun, `history.back(), true`)
	jun.sees("stay")
	jun.shoot("leave-by-back")
	jun.press("stay")
	jun.seesNot("stay")
	eval[bool](jun, `history.back(), true`)
	jun.press("confirm-leave")
	jun.sees("rejoin")
	if phase := jun.attribute("ended", "data-phase"); phase != "left" {
		t.Errorf("the page is %q", phase)
	}

	jun.launch(other.Links.Guest)
	jun.reloadsTo("join")
}

// reloadsTo is sees, for a page that loads anew while it is looked at.
func (p *tab) reloadsTo(id string) {
	p.t.Helper()
	p.eventually("to see "+id, func() bool {
		seen, err := chromedp.Run(p.ctx, chromedp.Evaluate[bool](shown(id)))
		return err == nil && seen
	})
}
