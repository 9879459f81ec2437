package browser

import (
	"context"
	"fmt"
	"testing"

	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// touch is click as the browser counts a person's press, without which no screen
// may be shared.
func (p *tab) touch(id string) {
	p.t.Helper()
	p.sees(id)
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	press := chromedp.Evaluate[bool](fmt.Sprintf(`(document.querySelector(%q).click(), true)`, css(id)),
		func(e *runtime.EvaluateParams) { e.UserGesture = new(true) })
	if _, err := chromedp.Run(ctx, press); err != nil {
		p.t.Fatalf("%s cannot press %s: %v", p.name, id, err)
	}
}

// TestEmbeddedRoom: hands, signs, the chat and a screen in the pages of a portal,
// by what is in the frames and by the portal's own script.
func TestEmbeddedRoom(t *testing.T) {
	sideBySide(t)
	clinic := newPortal(t)
	s := startServer(t, "--embed-origins", clinic.URL)
	c := startChromium(t)
	r := s.create(60)
	ana := c.open("ana", clinic.embeds(s, "/ana", s.token(r, "moderator", "Ana"), `lobby="off"`))
	ben := c.open("ben", clinic.embeds(s, "/ben", s.token(r, "participant", "Ben"), `lobby="off"`))
	ana.until("Ana to be in", `!!last('joined')`)
	ben.until("Ben to be in", `!!last('joined')`)
	anas, bens := ana.frame(), ben.frame()
	anas.seesMoving("Ben")

	bens.click("raise-hand")
	anas.hand("Ben", 1)
	ana.until("the page to be told of the hand", `last('participant-changed')?.hand === 1`)
	ana.shoot("embedded-hand")
	if got := calls[any](ana, `lowerHand(last('participant-changed').id)`); got.Code != "" {
		t.Errorf("lowering it is answered by %+v", got)
	}
	bens.until("the hand to be lowered", `document.querySelector('[data-testid="raise-hand"]')?.getAttribute('aria-pressed') === 'false'`)
	anas.hand("Ben", 0)

	bens.click("react-open")
	bens.click("react-party")
	ana.until("the page to be told of the sign", `last('reaction')?.name === 'party'`)
	anas.sees("reaction-party")

	bens.click("chat-open")
	if got := calls[any](ana, `sendMessage("See <i>this</i>")`); got.Code != "" {
		t.Errorf("what the page writes is answered by %+v", got)
	}
	bens.readsChat("Ana: See <i>this</i>")
	bens.run(`(field => { field.value = 'I do'; field.dispatchEvent(new Event('input', { bubbles: true })); })(document.querySelector('[data-testid="chat-input"]'))`)
	bens.click("chat-send")
	ana.until("the page to be told what Ben wrote", `last('chat-message')?.text === 'I do' && last('chat-message').name === 'Ben'`)
	anas.click("chat-open")
	anas.readsChat("Ana: See <i>this</i>", "Ben: I do")
	ben.shoot("embedded-chat")

	bens.touch("share-screen")
	bens.sees("stop-share")
	anas.seesScreen("screen-0", "Ben")
	ana.shoot("embedded-screen")
	bens.click("stop-share")
	anas.seesNot("screen-0")
	for _, p := range []*tab{ana, ben, anas, bens} {
		if wrong := p.wrong.String(); wrong != "" {
			t.Errorf("%s's console:\n%s", p.name, wrong)
		}
	}
}
