package browser

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"overtime/test/program"
)

// patience bounds every wait for something to show in a page. It is long
// because machines are slow; a story that passes never waits for it.
const patience = 150 * time.Second

// chromium is one browser process, as one story sees it.
type chromium struct {
	t   *testing.T
	ctx context.Context
}

// startChromium gives a browser with fake devices to a story. Without flags it
// is the one that all stories share: every tab has a profile of its own, so
// that they share a process and nothing else. With flags it is a browser of
// the story's own, until the story ends.
func startChromium(t *testing.T, flags ...chromedp.ExecAllocatorOption) *chromium {
	t.Helper()
	if len(flags) == 0 {
		return &chromium{t: t, ctx: theBrowser.get(t)}
	}
	ctx, stop, err := launchChromium(flags...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	return &chromium{t: t, ctx: ctx}
}

// launchChromium starts a browser. Its camera takes five pictures a second:
// what six people encode and decode on two cores is most of what a story waits
// for. The address bar's popups, which a window loads whether or not it has an
// address bar, stay away for the same reason.
func launchChromium(flags ...chromedp.ExecAllocatorOption) (_ context.Context, stop func(), _ error) {
	path, err := exec.LookPath("chromium")
	if err != nil {
		return nil, nil, fmt.Errorf("stories need Debian's chromium: %w", err)
	}
	options := append([]chromedp.ExecAllocatorOption{
		chromedp.ExecPath(path), chromedp.Headless, chromedp.NoSandbox,
		chromedp.Flag("use-fake-device-for-media-stream", "fps=5"),
		chromedp.Flag("use-fake-ui-for-media-stream", true),
		chromedp.Flag("disable-features", "WebUIOmniboxPopup,WebUIOmniboxAimPopup,WebUIOmniboxFullPopup"),
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true),
		chromedp.Flag("no-first-run", true),
		chromedp.Flag("hide-scrollbars", true),
		chromedp.Flag("disable-dev-shm-usage", true),
		chromedp.Flag("autoplay-policy", "no-user-gesture-required"),
	}, flags...)
	alloc, end := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, cancel := chromedp.NewContext(alloc)
	stop = func() { cancel(); end() }
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil {
		stop()
		return nil, nil, fmt.Errorf("starting chromium: %w", err)
	}
	return ctx, stop, nil
}

// tab is one person's window, with a profile of its own.
type tab struct {
	t    *testing.T
	name string
	ctx  context.Context

	console *program.Log
	wrong   *program.Log // what the console calls an error
	hosts   *hostSet     // every host that the page asked anything of
}

// open makes a window and goes to url.
func (c *chromium) open(name, url string, scripts ...string) *tab {
	c.t.Helper()
	ctx, cancel := chromedp.NewContext(c.ctx, chromedp.WithNewBrowserContext(), chromedp.WithNewWindow(true))
	c.t.Cleanup(cancel)
	p := &tab{t: c.t, name: name, ctx: ctx, console: &program.Log{}, wrong: &program.Log{}, hosts: &hostSet{}}
	// The first action makes the window; were its context to end, so would it.
	if err := chromedp.Do(ctx, chromedp.Func(p.watch)); err != nil {
		c.t.Fatalf("%s: opening a window: %v", name, err)
	}
	p.do(chromedp.EmulateViewport(1280, 800))
	for _, script := range append([]string{watchPeers}, scripts...) {
		p.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
			_, err := cdp.Call(ctx, t, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: script})
			return err
		}))
	}
	c.t.Cleanup(func() {
		if c.t.Failed() {
			p.shoot("failed-" + name)
			c.t.Logf("%s's page:\n%s\nconsole:\n%s%s", name, p.text("body"), p.console, p.wrong)
		}
	})
	p.goTo(url)
	return p
}

// watch collects the page's console and the hosts it speaks to.
func (p *tab) watch(ctx context.Context, t *chromedp.Target) error {
	follow(p, runtime.ConsoleAPICalled, func(e runtime.EventConsoleAPICalled) {
		var line []string
		for _, a := range e.Args {
			line = append(line, string(a.Value)+a.Description)
		}
		text := strings.Join(line, " ")
		fmt.Fprintf(p.console, "%s: %s\n", e.Type, text)
		if e.Type == "error" {
			fmt.Fprintln(p.wrong, text)
		}
	})
	follow(p, runtime.ExceptionThrown, func(e runtime.EventExceptionThrown) {
		fmt.Fprintf(p.wrong, "exception: %+v\n", e.ExceptionDetails)
	})
	// What the browser itself complains of: the content policy, missing files.
	follow(p, cdplog.EntryAdded, func(e cdplog.EventEntryAdded) {
		if e.Entry.Level == "error" {
			fmt.Fprintf(p.wrong, "%s: %s %s\n", e.Entry.Source, e.Entry.Text, e.Entry.URL)
		}
	})
	follow(p, network.RequestWillBeSent, func(e network.EventRequestWillBeSent) { p.hosts.add(e.Request.URL) })
	follow(p, network.WebSocketCreated, func(e network.EventWebSocketCreated) { p.hosts.add(e.URL) })
	return nil
}

// follow calls f with every event of a kind until the page is gone.
func follow[E any](p *tab, kind cdp.Event[E], f func(E)) {
	events := chromedp.Events(p.ctx, kind)
	go func() {
		for e, err := range events {
			if err != nil {
				return
			}
			f(e)
		}
	}()
}

func (p *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		p.t.Fatalf("%s: %v", p.name, err)
	}
}

func (p *tab) goTo(url string) { p.t.Helper(); p.do(chromedp.Navigate(url)) }
func (p *tab) reload()         { p.t.Helper(); p.do(chromedp.Reload()) }

// eval runs an expression, which may be a promise, in the page.
func eval[T any](p *tab, expression string) T {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, awaitPromise))
	if err != nil {
		p.t.Fatalf("%s: evaluating %.80s: %v", p.name, expression, err)
	}
	return v
}

func awaitPromise(p *runtime.EvaluateParams) { p.AwaitPromise = new(true) }

// until waits for an expression to become true.
func (p *tab) until(what, expression string) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience+5*time.Second)
	defer cancel()
	_, err := chromedp.Run(ctx, chromedp.Poll[bool](expression,
		chromedp.WithPollingInterval(50*time.Millisecond), chromedp.WithPollingTimeout(patience)))
	if err != nil {
		p.t.Fatalf("%s waited in vain for %s: %v", p.name, what, err)
	}
}

// css is the selector of a data-testid.
func css(id string) string { return fmt.Sprintf(`[data-testid=%q]`, id) }

// shown is an expression that says whether the element of a testid can be seen.
func shown(id string) string {
	return fmt.Sprintf(`(() => { const e = document.querySelector(%q);
		return !!e && e.checkVisibility({visibilityProperty: true, opacityProperty: false}) && e.getClientRects().length > 0 })()`, css(id))
}

func (p *tab) sees(id string) { p.t.Helper(); p.until("to see "+id, shown(id)) }

func (p *tab) seesNot(id string) { p.t.Helper(); p.until("not to see "+id, "!"+shown(id)) }

// reads waits until the page shows some text anywhere.
func (p *tab) reads(text string) {
	p.t.Helper()
	p.until(fmt.Sprintf("the page to say %q", text), fmt.Sprintf(`document.body.innerText.includes(%q)`, text))
}

// press clicks the element of a testid with the mouse, as a person would.
func (p *tab) press(id string) {
	p.t.Helper()
	p.sees(id)
	p.do(chromedp.Click(chromedp.CSS(css(id)), chromedp.NodeVisible))
}

// write replaces what is in a field.
func (p *tab) write(id, text string) {
	p.t.Helper()
	p.sees(id)
	p.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := chromedp.Evaluate[bool](fmt.Sprintf(`(() => { const e = document.querySelector(%q); e.focus(); e.select(); return true })()`, css(id)))(ctx, t)
		return err
	}), chromedp.SendKeys(chromedp.CSS(css(id)), text))
}

func (p *tab) text(selector string) string {
	return eval[string](p, fmt.Sprintf(`document.querySelector(%q)?.innerText ?? ""`, selector))
}

func (p *tab) attribute(id, name string) string {
	p.t.Helper()
	return eval[string](p, fmt.Sprintf(`document.querySelector(%q)?.getAttribute(%q) ?? ""`, css(id), name))
}

// join goes through the lobby.
func (p *tab) join(name string) {
	p.t.Helper()
	p.write("display-name", name)
	p.press("join")
	p.sees("time-left")
}

// inARoom are two people in a room of an hour on a server of their own: Asha, who made
// it, and Jun, her guest.
func inARoom(t *testing.T) (asha, jun *tab) {
	t.Helper()
	r := startServer(t).create(60)
	c := startChromium(t)
	asha, jun = c.open("asha", r.Links.Moderator), c.open("jun", r.Links.Guest)
	asha.join("Asha")
	jun.join("Jun")
	return asha, jun
}

// pictures is where screenshots go, if anybody wants them.
func pictures() string { return os.Getenv("OVERTIME_SHOTS") }

// shoot takes a picture of the page, if pictures are wanted.
func (p *tab) shoot(name string) {
	p.t.Helper()
	folder := pictures()
	if folder == "" {
		return
	}
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	png, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err != nil {
		p.t.Logf("%s: no picture: %v", p.name, err)
		return
	}
	err = os.MkdirAll(folder, 0o755)
	if err == nil {
		err = os.WriteFile(filepath.Join(folder, name+".png"), png, 0o644)
	}
	if err != nil {
		p.t.Logf("%s: no picture: %v", p.name, err)
	}
}
