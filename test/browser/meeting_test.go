package browser

import (
	"net/url"
	"strings"
	"testing"
	"time"
)

// TestATimedMeeting is the product's main job, in three windows: a meeting is
// made on the home page, two guests join, it is extended by one of them, people
// come and go, and a moderator ends it. Its minutes are real ones, so that no
// machine is too slow for it; TestRounds and TestExpiry are about the clock.
func TestATimedMeeting(t *testing.T) {
	sideBySide(t)
	s := startServer(t)
	c := startChromium(t)

	maya := c.open("maya", s.url)
	maya.write("meeting-name", "Weekly design review")
	maya.press("duration-30")
	maya.press("duration-other") // on second thoughts
	maya.write("duration-minutes", "10")
	maya.press("create-meeting")
	moderator, guest := maya.link("moderator-link"), maya.link("guest-link")
	if moderator == guest || !strings.HasPrefix(moderator, s.url+"/r/") || !strings.Contains(guest, "#") {
		t.Fatalf("links: %q and %q", moderator, guest)
	}

	maya.goTo(moderator)
	maya.reads("10 minutes, starts when the first person joins")
	asha := c.open("asha", guest)
	asha.sees("join")
	jun := c.open("jun", guest)
	jun.sees("join")
	maya.join("Maya")
	asha.join("Asha")
	jun.join("Jun")
	if strings.Contains(eval[string](jun, "location.href"), "#") {
		t.Error("the token stays in the address bar")
	}

	// Everyone sees and hears the two others.
	maya.seesMoving("Asha", "Jun")
	asha.seesMoving("Maya", "Jun")
	jun.seesMoving("Maya", "Asha")
	for _, p := range []*tab{maya, asha, jun} {
		p.hearsAndSees(2)
	}

	// Ten minutes begin with the window open; a guest extends.
	end := asha.endsAt()
	for _, p := range []*tab{maya, asha, jun} {
		p.sees("extension-banner")
	}
	asha.press("extend")
	for _, p := range []*tab{maya, asha, jun} {
		p.reads("Asha extended by 15 minutes")
		p.seesNot("extension-banner")
		if got := p.endsAt(); !got.Equal(end.Add(15 * time.Minute)) {
			t.Errorf("%s counts down to %v, not %v", p.name, got, end.Add(15*time.Minute))
		}
		p.hearsAndSees(2)
	}

	// A microphone off and on; a camera off and on; a leave and a late join.
	jun.press("camera")
	maya.until("Jun's camera to be off", `!document.querySelector('[data-name="Jun"] video').checkVisibility()`)
	jun.press("mic")
	maya.until("Jun's microphone to be off", `document.querySelector('[data-name="Jun"]').ariaLabel.includes('muted')`)
	jun.press("mic")
	jun.press("camera")
	maya.seesMoving("Jun")
	asha.hearsAndSees(2)
	jun.press("leave")
	jun.sees("ended")
	maya.until("Jun to be gone", `!document.querySelector('[data-name="Jun"]')`)
	noor := c.open("noor", guest)
	noor.join("Noor")
	noor.seesMoving("Maya", "Asha")
	noor.hearsAndSees(2)
	maya.seesMoving("Noor", "Asha")

	// The moderator ends.
	maya.press("end-for-all")
	maya.write("end-reason", "We are done early")
	maya.press("confirm-end")
	for _, p := range []*tab{maya, asha, noor} {
		p.sees("ended")
		if reason := p.attribute("ended-reason", "data-reason"); reason != "ended_by_moderator" {
			t.Errorf("%s is told %q", p.name, reason)
		}
		p.reads("We are done early")
		p.reads("Asha extended by 15 minutes")
	}

	// Nobody was asked anything but the server.
	u, err := url.Parse(s.url)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []*tab{maya, asha, jun, noor} {
		for _, host := range p.hosts.list() {
			if host != u.Host {
				t.Errorf("%s's page asked %s", p.name, host)
			}
		}
		if wrong := p.wrong.String(); wrong != "" {
			t.Errorf("%s's console complains:\n%s", p.name, wrong)
		}
	}
}

// link is the URL that an element of a testid holds.
func (p *tab) link(id string) string {
	p.t.Helper()
	p.sees(id)
	return eval[string](p, `(() => { const e = document.querySelector('[data-testid="`+id+`"]'); return e.value || e.href })()`)
}

// endsAt is the scheduled end that the time pill counts down to.
func (p *tab) endsAt() time.Time {
	p.t.Helper()
	text := p.attribute("time-left", "data-ends-at")
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		p.t.Fatalf("%s: data-ends-at %q: %v", p.name, text, err)
	}
	return at
}
