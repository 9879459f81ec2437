package browser

import (
	"context"
	"fmt"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// translate does to a page what translators do, however a page asks them not
// to: each text is taken out, and elements with a text of their own stand there.
const translate = `(() => {
	const texts = [], all = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	while (all.nextNode()) if (all.currentNode.data.trim()) texts.push(all.currentNode);
	for (const text of texts) {
		const outer = document.createElement("font"), inner = document.createElement("font");
		inner.textContent = text.data;
		outer.append(inner);
		text.replaceWith(outer);
	}
	return texts.length > 5
})()`

// changes is an expression that becomes true when an element's text is another.
func changes(p *tab, selector string) string {
	return fmt.Sprintf(`document.querySelector(%q).innerText !== %q`, selector, p.text(selector))
}

// zone sets the time zone of a person's device.
func (p *tab) zone(name string) {
	p.t.Helper()
	p.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetTimezoneOverride, emulation.SetTimezoneOverrideParams{TimezoneID: name})
		return err
	}))
}

// endsHere is an expression that says whether the pill has the end's time of day
// as the browser itself writes it.
const endsHere = `(() => {
	const ends = new Date(document.querySelector('[data-testid="time-left"]').dataset.endsAt);
	const time = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" }).format(ends);
	return document.querySelector(".pill-note").innerText.endsWith(time)
})()`

// TestATravellerWithATranslator: a page that is translated all the same goes on
// telling the time, in the lobby and inside, and whoever takes their device to
// another time zone reads when the meeting ends there.
func TestATravellerWithATranslator(t *testing.T) {
	sideBySide(t)
	s := startServer(t)
	c := startChromium(t)
	r := s.create(10) // its window is open from the start
	asha := c.open("asha", "about:blank")
	asha.zone("Europe/Berlin")
	asha.goTo(r.Links.Guest)
	if eval[bool](asha, `document.documentElement.translate`) {
		t.Error("the page lets itself be translated")
	}
	asha.join("Asha")
	asha.sees("extension-banner")
	asha.until("the end's time in Berlin", endsHere)
	asha.zone("Asia/Kolkata")
	asha.until("the end's time in Kolkata", endsHere)

	jun := c.open("jun", r.Links.Guest)
	jun.sees("join")
	jun.reads("left, 1 person inside")
	for _, place := range []struct {
		p        *tab
		selector string
	}{{asha, css("time-left")}, {asha, ".banner-left"}, {jun, ".lobby-time .figures"}} {
		if !eval[bool](place.p, translate) {
			t.Errorf("%s: there was nothing to translate", place.p.name)
		}
		place.p.until(place.selector+" to go on", changes(place.p, place.selector))
	}
	asha.zone("Europe/Berlin")
	asha.until("the end's time in Berlin, in a translated page", endsHere)

	// What the program writes anew is seen, and what it takes away stops nothing.
	asha.press("extend")
	asha.reads("Asha extended by 15 minutes")
	asha.seesNot("extension-banner")
	asha.press("leave")
	asha.sees("rejoin")
	jun.reads("left, 0 people inside")
	for _, p := range []*tab{asha, jun} {
		if wrong := p.wrong.String(); wrong != "" {
			t.Errorf("%s's console:\n%s", p.name, wrong)
		}
	}
}
