package browser

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"

	"overtime/test/program"
)

// portal is somebody's site: on 127.0.0.1, where the meeting is on localhost,
// so that the two are strangers to a browser.
type portal struct {
	*httptest.Server
	pages   map[string]string
	policy  string // Content-Security-Policy of its pages
	headers http.Header
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
		for name, values := range p.headers {
			w.Header()[name] = values
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
				'participant-left', 'participant-changed', 'reaction', 'chat-message', 'chat-deleted', 'connection', 'microphone', 'camera', 'notify', 'trouble'])
				meeting.addEventListener(type, e => told.push({ type, detail: e.detail }));
			const last = type => told.findLast(e => e.type === type)?.detail;
			const result = what => what.then(value => ({ value: value ?? null }), e => ({ code: e.code, message: e.message, by: e.by, minutes: e.minutes }));
		</script>`, s.url, token, more))
}

// frames are the meetings of a page, newest first.
func (p *tab) frames() (frames []*target.Info) {
	p.t.Helper()
	own := chromedp.FromContext(p.ctx).BrowserContextID
	targets, err := chromedp.Targets(p.ctx)
	if err != nil {
		p.t.Fatal(err)
	}
	for _, info := range targets {
		if info.Type == "iframe" && info.BrowserContextID == own && strings.Contains(info.URL, "/embed/") {
			frames = append(frames, info)
		}
	}
	return frames
}

// frame is the one meeting of a page, as a page of its own.
func (p *tab) frame() *tab {
	p.t.Helper()
	var found *target.Info
	p.eventually("one frame", func() bool {
		frames := p.frames()
		if len(frames) == 1 {
			found = frames[0]
		}
		return found != nil
	})
	ctx, cancel := chromedp.NewContext(p.ctx, chromedp.WithTargetID(found.TargetID))
	p.t.Cleanup(cancel)
	f := &tab{t: p.t, name: p.name + "'s frame", ctx: ctx, console: &program.Log{}, wrong: &program.Log{}, hosts: &hostSet{}}
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
