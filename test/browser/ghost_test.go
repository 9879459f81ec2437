package browser

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/coder/websocket"

	"overtime/internal/protocol"
)

// TestOwnGhost: in a full room a page goes on trying, and is let in once a place
// falls free, which a closed tab's does sooner than that of a line that was lost.
// Whoever closed their tab is known again by the link, though the meeting is
// locked by now; whoever left is not.
func TestOwnGhost(t *testing.T) {
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
	noor, cem := s.visits("Noor", r.Links.Guest), s.visits("Cem", r.Links.Guest)
	who := eval[string](asha, identityOf("Jun"))
	maya.write("display-name", "Maya")
	maya.press("join")
	maya.reads("There is no room at the moment")
	maya.shoot("no-room")

	again := jun.beside("jun again", r.Links.Guest)
	again.sees("join")
	noor.cut() // and is lost first
	asha.until("Noor to be lost", away("Noor"))
	jun.closes()
	maya.sees("time-left")
	asha.isTold("Jun is gone")
	told := asha.news()
	if noor := slices.Index(told, "Noor is gone"); noor >= 0 && noor < slices.Index(told, "Jun is gone") {
		t.Errorf("Asha is told %q", told)
	}

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

// away is an expression: somebody's tile shows that they are reconnecting.
func away(name string) string {
	return fmt.Sprintf(`!!document.querySelector('[data-testid^="participant-"].away[data-name=%q]')`, name)
}

// beside opens another tab of the same browser.
func (p *tab) beside(name, url string) *tab {
	p.t.Helper()
	ctx, cancel := chromedp.NewContext(p.ctx)
	p.t.Cleanup(cancel)
	q := &tab{t: p.t, name: name, ctx: ctx, console: &syncBuffer{}, wrong: &syncBuffer{}, hosts: &hostSet{}}
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

// visitor is somebody without a browser, whose line a test can cut.
type visitor struct {
	t  *testing.T
	ws *websocket.Conn
}

// visits comes in by a link.
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
	hello := protocol.ClientFrame{ID: "hello", Message: protocol.Hello{Token: token, Name: name}}
	if err := ws.Write(ctx, websocket.MessageText, hello.Encode()); err != nil {
		s.t.Fatal(err)
	}
	_, text, err := ws.Read(ctx)
	if err != nil {
		s.t.Fatal(err)
	}
	if f, err := protocol.DecodeServer(text); err != nil || protocol.ServerType(f.Message) != "welcome" {
		s.t.Fatalf("%s is answered %s (%v)", name, text, err)
	}
	return &visitor{t: s.t, ws: ws}
}

// leaves gives up the place.
func (v *visitor) leaves() {
	v.t.Helper()
	ctx, cancel := context.WithTimeout(v.t.Context(), patience)
	defer cancel()
	if err := v.ws.Write(ctx, websocket.MessageText, protocol.ClientFrame{ID: "leave", Message: protocol.Leave{}}.Encode()); err != nil {
		v.t.Fatal(err)
	}
}

// cut ends the line without a word.
func (v *visitor) cut() { _ = v.ws.CloseNow() }
