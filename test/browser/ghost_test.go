package browser

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/coder/websocket"

	"overtime/test/program"
)

// TestOwnGhost: in a full room a page goes on trying, and is let in once a place
// falls free, as a closed tab's does. Whoever closed their tab is known again by the link, though the meeting is
// locked by now; whoever left is not.
func TestOwnGhost(t *testing.T) {
	sideBySide(t)
	s := startServer(t)
	c := startChromium(t)
	var r room
	if err := json.Unmarshal(s.operate("room", "create", "--minutes", "60", "--capacity", "4", "--json"), &r); err != nil {
		t.Fatal(err)
	}
	asha := c.open("asha", r.Links.Moderator, noteNews)
	jun, maya := c.open("jun", r.Links.Guest), c.open("maya", r.Links.Guest)
	asha.join("Asha")
	jun.join("Jun")
	s.visits("Noor", r.Links.Guest)
	cem := s.visits("Cem", r.Links.Guest)
	who := eval[string](asha, identityOf("Jun"))
	maya.write("display-name", "Maya")
	maya.press("join")
	maya.reads("There is no room at the moment")
	maya.shoot("no-room")

	again := jun.beside("jun again", r.Links.Guest)
	again.sees("join")
	jun.closes()
	maya.sees("time-left")
	asha.isTold("Jun is gone")

	asha.press("people-open")
	asha.press("lock")
	asha.sees("locked")
	cem.leaves()        // so that there is room
	again.press("join") // by the name that the browser remembers
	again.sees("time-left")
	asha.until("Jun to be known again", fmt.Sprintf(`%s === %q`, identityOf("Jun"), who))

	again.press("leave")
	again.press("rejoin")
	again.press("join")
	again.reads("The meeting is locked. Ask a moderator to let people in again, then join.")
}

// identityOf is an expression: by what the server knows somebody on the tiles.
func identityOf(name string) string {
	return fmt.Sprintf(`([...document.querySelectorAll('[data-testid^="participant-"]')].find(e => e.dataset.name === %q)?.dataset.participant ?? "")`, name)
}

// beside opens another tab of the same browser.
func (p *tab) beside(name, url string) *tab {
	p.t.Helper()
	ctx, cancel := chromedp.NewContext(p.ctx)
	p.t.Cleanup(cancel)
	q := &tab{t: p.t, name: name, ctx: ctx, console: &program.Log{}, wrong: &program.Log{}, hosts: &hostSet{}}
	if err := chromedp.Do(ctx, chromedp.Func(q.watch)); err != nil {
		p.t.Fatalf("%s: opening a tab: %v", name, err)
	}
	q.do(chromedp.EmulateViewport(1280, 800))
	q.goTo(url)
	return q
}

// closes closes the tab as a person does.
func (p *tab) closes() {
	p.t.Helper()
	p.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, page.Close, cdp.Empty{})
		return err
	}))
}

// visitor is somebody without a browser.
type visitor struct {
	t  *testing.T
	ws *websocket.Conn
}

// visits comes in by a link, and stays until the test ends.
func (s *server) visits(name, link string) *visitor {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), patience)
	defer cancel()
	ws, _, err := websocket.Dial(ctx, "ws"+strings.TrimPrefix(s.url, "http")+"/ws", nil)
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = ws.CloseNow() })
	_, token, _ := strings.Cut(link, "#")
	v := &visitor{t: s.t, ws: ws}
	v.write(fmt.Sprintf(`{"type":"hello","id":"hello","data":{"token":%q,"name":%q}}`, token, name))
	var answer struct{ Type string }
	_, text, err := ws.Read(ctx)
	if err != nil || json.Unmarshal(text, &answer) != nil || answer.Type != "welcome" {
		s.t.Fatalf("%s is answered %s (%v)", name, text, err)
	}
	go func() { // or the server's pings would not be answered
		for err == nil {
			_, _, err = ws.Read(context.Background())
		}
	}()
	return v
}

func (v *visitor) write(frame string) {
	v.t.Helper()
	ctx, cancel := context.WithTimeout(v.t.Context(), patience)
	defer cancel()
	if err := v.ws.Write(ctx, websocket.MessageText, []byte(frame)); err != nil {
		v.t.Fatal(err)
	}
}

// leaves gives up the place.
func (v *visitor) leaves() {
	v.t.Helper()
	v.write(`{"type":"session.leave","id":"leave"}`)
}
