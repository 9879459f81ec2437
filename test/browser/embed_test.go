package browser

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// portal is somebody's site: on 127.0.0.1, where the meeting is on localhost,
// so that the two are strangers to a browser.
type portal struct {
	*httptest.Server
	pages  map[string]string
	policy string // Content-Security-Policy of its pages
}

func newPortal(t *testing.T) *portal {
	p := &portal{pages: map[string]string{}}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		page, found := p.pages[r.URL.Path]
		if !found {
			http.NotFound(w, r)
			return
		}
		if p.policy != "" {
			w.Header().Set("Content-Security-Policy", p.policy)
		}
		kind := "text/html; charset=utf-8"
		if strings.HasSuffix(r.URL.Path, ".js") {
			kind = "text/javascript"
		}
		w.Header().Set("Content-Type", kind)
		fmt.Fprint(w, page)
	}))
	t.Cleanup(p.Close)
	return p
}

// page puts a page onto the portal and gives its address.
func (p *portal) page(path, body string) string {
	p.pages[path] = `<!doctype html><title>Portal</title><link rel="icon" href="data:,"><body>` + body
	return p.URL + path
}

// embeds is a page with a meeting, which keeps what it is told in told.
func (p *portal) embeds(s *server, path, token, more string) string {
	return p.page(path, fmt.Sprintf(`<script src="%s/embed.js"></script>
		<overtime-meeting token=%q %s style="height: 600px"></overtime-meeting>
		<script>
			const meeting = document.querySelector('overtime-meeting'), told = [];
			for (const type of ['ready', 'state', 'joined', 'session', 'window-opened', 'extended', 'ended', 'left', 'participant-joined',
				'participant-left', 'connection', 'microphone', 'camera', 'notify', 'trouble'])
				meeting.addEventListener(type, e => told.push({ type, detail: e.detail }));
			const last = type => told.findLast(e => e.type === type)?.detail;
			const result = what => what.then(value => ({ value: value ?? null }), e => ({ code: e.code, message: e.message, by: e.by, minutes: e.minutes }));
		</script>`, s.url, token, more))
}

// frame is the n-th meeting of a page (from 0), as a page of its own.
func (p *tab) frame(n int) *tab {
	p.t.Helper()
	own := chromedp.FromContext(p.ctx).BrowserContextID
	var found *target.Info
	p.eventually(fmt.Sprintf("frame %d", n), func() bool {
		targets, err := chromedp.Targets(p.ctx)
		if err != nil {
			p.t.Fatal(err)
		}
		frames := targets[:0]
		for _, info := range targets {
			if info.Type == "iframe" && info.BrowserContextID == own && strings.Contains(info.URL, "/embed/") {
				frames = append(frames, info)
			}
		}
		if len(frames) <= n {
			return false
		}
		found = frames[len(frames)-1-n] // newest first
		return true
	})
	ctx, cancel := chromedp.NewContext(p.ctx, chromedp.WithTargetID(found.TargetID))
	p.t.Cleanup(cancel)
	f := &tab{t: p.t, name: p.name + "'s frame", ctx: ctx, console: &syncBuffer{}, wrong: &syncBuffer{}, hosts: &hostSet{}}
	if err := chromedp.Do(ctx, chromedp.Func(f.watch)); err != nil {
		p.t.Fatalf("%s: %v", f.name, err)
	}
	p.t.Cleanup(func() {
		if p.t.Failed() {
			p.t.Logf("%s:\n%s\nconsole:\n%s%s", f.name, f.text("body"), f.console, f.wrong)
		}
	})
	return f
}

// click presses something without the mouse, whose way into a frame of another
// site the browser's protocol does not know.
func (p *tab) click(id string) {
	p.t.Helper()
	p.sees(id)
	eval[bool](p, fmt.Sprintf(`(document.querySelector(%q).click(), true)`, css(id)))
}

// outcome is what came of a call on the element.
type outcome[T any] struct {
	Value   T
	Code    string
	Message string
	By      string
	Minutes int
}

// calls makes a call on the element and waits for what comes of it.
func calls[T any](p *tab, call string) outcome[T] {
	p.t.Helper()
	return eval[outcome[T]](p, "result(meeting."+call+")")
}

// TestEmbedded: a moderator and a client in the pages of a portal, which shows
// and steers the time line from its own script.
func TestEmbedded(t *testing.T) {
	clinic := newPortal(t)
	s := startServer(t, "--minute", "3s", "--embed-origins", clinic.URL)
	c := startChromium(t)
	r := s.create(14)
	ana := c.open("ana", clinic.embeds(s, "/ana", s.token(r, "moderator", "Ana"), `lobby="off"`))
	ana.until("Ana to be in", `meeting.state === 'joined'`)
	ends := eval[string](ana, `last('joined').session.endsAt`)
	ben := c.open("ben", clinic.embeds(s, "/ben", s.token(r, "participant", "Ben"), ""))
	lobby := ben.frame(0)
	lobby.sees("join") // with its lobby
	ben.shoot("embedded-lobby")
	lobby.click("join")
	ben.until("Ben to be in", `meeting.state === 'joined'`)
	ana.until("Ben to be told of", `last('participant-joined')?.name === 'Ben'`)
	anas := ana.frame(0)
	anas.seesMoving("Ben")
	lobby.seesMoving("Ana")

	for _, p := range []*tab{ana, ben} {
		p.until("the window", `last('window-opened')?.window === 'first'`)
	}
	ben.shoot("embedded-window")
	if left := eval[float64](ben, `meeting.remaining`); left <= 0 || left > 10*3000 {
		t.Errorf("%v ms remain in the window's 30 s", left)
	}
	if got := calls[any](ben, "end()"); got.Code != "forbidden" {
		t.Errorf("a participant's end is answered by %+v", got)
	}
	if got := calls[any](ben, "extend(45)"); got.Code != "bad_minutes" {
		t.Errorf("45 minutes are answered by %+v", got)
	}
	type grant struct {
		ExtendedMinutes int
		EndsAt          string
	}
	got := calls[grant](ben, "extend(20)")
	if got.Value.ExtendedMinutes != 20 || got.Value.EndsAt <= ends {
		t.Fatalf("the extension is answered by %+v", got)
	}
	for _, p := range []*tab{ana, ben} {
		p.until("the extension", fmt.Sprintf(`last('extended')?.by === 'Ben' && last('extended').minutes === 20 && last('session').endsAt === %q`, got.Value.EndsAt))
	}
	if late := calls[grant](ana, "extend()"); late.Code != "no_window" || late.Message == "" {
		t.Errorf("an extension outside a window is answered by %+v", late)
	}
	if off := calls[any](ben, "setCamera(false)"); off.Code != "" {
		t.Errorf("turning the camera off: %+v", off)
	}
	anas.until("Ben's camera to be off", `!document.querySelector('[data-name="Ben"] video').checkVisibility()`)
	type person struct {
		Name   string
		Role   string
		Self   bool
		Camera bool
	}
	there := calls[[]person](ana, "participants()").Value
	if len(there) != 2 || there[0] != (person{"Ana", "moderator", true, true}) || there[1] != (person{"Ben", "participant", false, false}) {
		t.Errorf("the participants are %+v", there)
	}

	if end := calls[any](ana, `end('All done')`); end.Code != "" {
		t.Errorf("the moderator's end is answered by %+v", end)
	}
	for _, p := range []*tab{ana, ben} {
		p.until("the end", `last('ended')?.reason === 'ended_by_moderator' && last('ended').by === 'Ana' && last('ended').text === 'All done' && last('left')?.code === 'over'`)
	}
	ben.shoot("embedded-ended")
	if over := calls[any](ben, "extend()"); over.Code != "over" {
		t.Errorf("after the end an extension is answered by %+v", over)
	}
	for _, p := range []*tab{ana, ben} {
		if wrong := p.wrong.String(); wrong != "" {
			t.Errorf("%s's console:\n%s", p.name, wrong)
		}
	}
	if shown := eval[int](ben, `performance.getEntriesByType('resource').filter(e => e.name.includes('eyJ')).length`); shown != 0 {
		t.Error("the token is in an address")
	}
}
