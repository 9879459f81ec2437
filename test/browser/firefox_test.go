package browser

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"testing"
	"time"

	"os"
	"path/filepath"

	"github.com/coder/websocket"
)

// firefox is one Firefox with one page, driven by WebDriver BiDi
// (https://w3c.github.io/webdriver-bidi/) over its WebSocket.
type firefox struct {
	t    *testing.T
	conn *websocket.Conn
	last int
	page string // browsing context
}

// firefoxPrefs give fake devices without asking, sound without a click, and
// keep the browser from speaking to anybody but us.
const firefoxPrefs = `
user_pref("media.navigator.permission.disabled", true);
user_pref("media.navigator.streams.fake", true);
user_pref("media.autoplay.default", 0);
user_pref("media.autoplay.blocking_policy", 0);
user_pref("app.update.enabled", false);
user_pref("browser.shell.checkDefaultBrowser", false);
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("toolkit.telemetry.enabled", false);
user_pref("network.captive-portal-service.enabled", false);
user_pref("network.connectivity-service.enabled", false);
user_pref("extensions.update.enabled", false);
user_pref("browser.safebrowsing.downloads.remote.enabled", false);
user_pref("services.settings.server", "data:,");
user_pref("media.gmp-manager.url", "data:,");
`

// startFirefox runs Debian's Firefox with fake devices until the test ends.
func startFirefox(t *testing.T) *firefox {
	t.Helper()
	path, err := exec.LookPath("firefox-esr")
	if err != nil {
		t.Fatalf("stories need Debian's firefox-esr: %v", err)
	}
	profile := t.TempDir()
	if err := os.WriteFile(filepath.Join(profile, "user.js"), []byte(firefoxPrefs), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path, "--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", "0", "about:blank")
	cmd.Env = append(os.Environ(), "HOME="+t.TempDir(), "MOZ_CRASHREPORTER_DISABLE=1")
	says, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // "signal: killed"
	})
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	f := &firefox{t: t}
	f.conn, _, err = websocket.Dial(ctx, address(t, says)+"/session", nil)
	if err != nil {
		t.Fatalf("speaking to firefox: %v", err)
	}
	f.conn.SetReadLimit(16 << 20)
	f.call("session.new", map[string]any{"capabilities": map[string]any{
		"alwaysMatch": map[string]any{"acceptInsecureCerts": true},
	}}, nil)
	f.call("script.addPreloadScript", map[string]any{"functionDeclaration": "() => {" + watchPeers + "}"}, nil)
	var tree struct {
		Contexts []struct {
			Context string `json:"context"`
		} `json:"contexts"`
	}
	f.call("browsingContext.getTree", map[string]any{}, &tree)
	f.page = tree.Contexts[0].Context
	return f
}

// address reads where the browser listens from what it says.
func address(t *testing.T, says io.Reader) string {
	t.Helper()
	found := make(chan string, 1)
	go func() {
		lines := bufio.NewScanner(says)
		for lines.Scan() {
			if _, at, ok := strings.Cut(lines.Text(), "WebDriver BiDi listening on "); ok {
				found <- strings.TrimSpace(at)
			}
		}
	}()
	select {
	case at := <-found:
		return at
	case <-time.After(patience):
		t.Fatal("firefox does not say where it listens")
		return ""
	}
}

// call sends a command and waits for its result.
func (f *firefox) call(method string, params map[string]any, result any) {
	f.t.Helper()
	if err := f.try(method, params, result); err != nil {
		f.t.Fatalf("firefox: %s: %v", method, err)
	}
}

func (f *firefox) try(method string, params map[string]any, result any) error {
	ctx, cancel := context.WithTimeout(f.t.Context(), patience)
	defer cancel()
	f.last++
	text, err := json.Marshal(map[string]any{"id": f.last, "method": method, "params": params})
	if err != nil {
		return err
	}
	if err := f.conn.Write(ctx, websocket.MessageText, text); err != nil {
		return err
	}
	for {
		_, text, err := f.conn.Read(ctx)
		if err != nil {
			return err
		}
		var answer struct {
			ID      int             `json:"id"`
			Type    string          `json:"type"`
			Message string          `json:"message"`
			Result  json.RawMessage `json:"result"`
		}
		if err := json.Unmarshal(text, &answer); err != nil {
			return err
		}
		switch {
		case answer.ID != f.last: // an event, or an answer that nobody waits for
		case answer.Type == "error":
			return errors.New(answer.Message)
		case result == nil:
			return nil
		default:
			return json.Unmarshal(answer.Result, result)
		}
	}
}

func (f *firefox) goTo(url string) {
	f.t.Helper()
	f.call("browsingContext.navigate", map[string]any{"context": f.page, "url": url, "wait": "complete"}, nil)
}

// ask evaluates an expression, which may be a promise, and decodes what it is
// as JSON into result.
func (f *firefox) ask(expression string, result any) {
	f.t.Helper()
	var out struct {
		Result struct {
			Value string `json:"value"`
		} `json:"result"`
		Exception struct {
			Text string `json:"text"`
		} `json:"exceptionDetails"`
	}
	f.call("script.evaluate", map[string]any{
		"expression":   fmt.Sprintf("(async () => JSON.stringify(await (%s)) ?? 'null')()", expression),
		"target":       map[string]any{"context": f.page},
		"awaitPromise": true,
	}, &out)
	if out.Exception.Text != "" {
		f.t.Fatalf("firefox: %.80s: %s", expression, out.Exception.Text)
	}
	if err := json.Unmarshal([]byte(out.Result.Value), result); err != nil {
		f.t.Fatalf("firefox: %.80s: %q: %v", expression, out.Result.Value, err)
	}
}

// until waits for an expression to become true.
func (f *firefox) until(what, expression string) {
	f.t.Helper()
	deadline, pause := time.NewTimer(patience), time.NewTicker(100*time.Millisecond)
	defer deadline.Stop()
	defer pause.Stop()
	for {
		var yes bool
		f.ask(expression, &yes)
		if yes {
			return
		}
		select {
		case <-pause.C:
		case <-deadline.C:
			var page string
			f.ask("document.body.innerText", &page)
			f.t.Fatalf("firefox waited in vain for %s; its page:\n%s", what, page)
		}
	}
}

func (f *firefox) press(id string) {
	f.t.Helper()
	f.until("to see "+id, shown(id))
	var done bool
	f.ask(fmt.Sprintf(`(document.querySelector(%q).click(), true)`, css(id)), &done)
}

// hearsAndSees waits until n pictures gain frames and sound gains energy.
func (f *firefox) hearsAndSees(n int) {
	f.t.Helper()
	f.until(fmt.Sprintf("%d pictures and sound to go on", n), fmt.Sprintf(`(async () => {
		const read = () => %s;
		const before = await read();
		await new Promise(done => setTimeout(done, 500));
		const now = await read();
		const gained = Object.keys(now.frames).filter(mid => now.frames[mid] > (before.frames[mid] ?? 0));
		return gained.length >= %d && now.energy > before.energy;
	})()`, readMedia, n))
}

// TestFirefoxAndChromium meet, see and hear one another; Firefox extends.
func TestFirefoxAndChromium(t *testing.T) {
	sideBySide(t)
	s := startServer(t)
	r := s.create(10) // its window is open from the start
	asha := startChromium(t).open("asha", r.Links.Moderator)
	fox := startFirefox(t)
	fox.goTo(r.Links.Guest)
	fox.until("the lobby", shown("join"))
	var done bool
	fox.ask(`(() => { const e = document.querySelector('[data-testid="display-name"]');
		e.value = "Fox"; e.dispatchEvent(new Event("input", { bubbles: true })); return true })()`, &done)
	asha.join("Asha")
	fox.press("join")
	fox.until("Asha's moving picture", moving("Asha"))
	asha.seesMoving("Fox")
	asha.hearsAndSees(1)
	fox.hearsAndSees(1)

	// Its camera goes off and comes back.
	fox.press("camera")
	asha.until("Fox's camera to be off", `!document.querySelector('[data-name="Fox"] video').checkVisibility()`)
	fox.press("camera")
	asha.seesMoving("Fox")

	fox.press("extend")
	asha.reads("Fox extended by 15 minutes")
	asha.hearsAndSees(1)
	fox.hearsAndSees(1)
	asha.press("end-for-all")
	asha.press("confirm-end")
	fox.until("the end", shown("ended"))
}
