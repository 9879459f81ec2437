package browser

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// guide is docs/embedding.md.
func guide(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../docs/embedding.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// block is the code that follows a mark in the guide.
func block(t *testing.T, text, mark string) string {
	t.Helper()
	_, rest, found := strings.Cut(text, "<!-- "+mark)
	if !found {
		t.Fatalf("the guide has no %q", mark)
	}
	_, rest, _ = strings.Cut(rest, "```")
	_, code, _ := strings.Cut(rest, "\n")
	code, _, _ = strings.Cut(code, "```")
	return code
}

// TestGuide follows the ten minutes of docs/embedding.md word by word, under
// the Content-Security-Policy that it says suffices.
func TestGuide(t *testing.T) {
	t.Parallel() // it waits for its clock most of the time
	text := guide(t)
	clinic := newPortal(t)
	folder := t.TempDir() // of whoever runs both
	shell(t, folder, block(t, text, "the guide's key"))
	s := startServer(t, "--minute", "5s", "--embed-origins", clinic.URL, "--api-keys", filepath.Join(folder, "keys.txt"))
	fill := strings.NewReplacer("https://meet.example.org", s.url, "https://portal.example.org", clinic.URL)
	clinic.policy = "default-src 'none'; style-src 'self'; img-src data:; " + fill.Replace(strings.Join(strings.Fields(block(t, text, "the guide's policy")), " "))
	clinic.pages["/appointment.js"] = fill.Replace(block(t, text, "the guide's script"))
	serve := func(path, token string) string {
		return clinic.page(path, strings.Replace(fill.Replace(block(t, text, "the guide's page")), "TOKEN", token, 1))
	}
	room := strings.Replace(fill.Replace(block(t, text, "the guide's room")), `"duration_minutes":30`, `"duration_minutes":10`, 1)
	token := shell(t, folder, room+"echo $TOKEN") // of a room whose window is open from the start
	c := startChromium(t)
	ana := c.open("ana", serve("/ana", token))
	lobby := ana.frame()
	lobby.sees("join")
	ana.shoot("guide-lobby")
	lobby.click("join")
	ana.until("the time in the page's own words", `/^\d+ min$/.test(left.textContent)`)
	ana.until("the button", `!more.hidden`)
	ana.shoot("guide")
	eval[bool](ana, `(more.click(), true)`)
	ana.until("the news of the extension", `news.textContent === 'Ana extended by 15 minutes.' && more.hidden`)
	ana.until("the news of the end", `news.textContent === 'The meeting is over (expired).'`)
	if wrong := ana.wrong.String(); wrong != "" {
		t.Errorf("the console:\n%s", wrong)
	}
}

// shell runs what the guide has people run, and gives what it prints.
func shell(t *testing.T, folder, script string) string {
	t.Helper()
	run := exec.CommandContext(t.Context(), "bash", "-euo", "pipefail", "-c", script)
	run.Dir = folder
	run.Env = append(os.Environ(), "no_proxy=*")
	out, err := run.Output()
	if err != nil {
		t.Fatalf("%s\nfailed: %v, %s", script, err, out)
	}
	return strings.TrimSpace(string(out))
}

// TestGuideIsWhole: what the guide's tables name is what the types and the
// script have, so that none says more than another.
func TestGuideIsWhole(t *testing.T) {
	text := guide(t)
	types, err := os.ReadFile("../../web/embed/embed.d.ts")
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(string(types), "\n") {
		for _, kind := range []string{`  | "`, `  "`} {
			name, found := strings.CutPrefix(line, kind)
			if !found {
				continue
			}
			name, _, _ = strings.Cut(name, `"`)
			if strings.HasPrefix(name, "participant-") {
				name = strings.TrimPrefix(name, "participant") // its three events stand in one row
			}
			if !strings.Contains(text, "`"+name+"`") && !strings.Contains(text, "`participant"+name+"`") {
				t.Errorf("docs/embedding.md does not name %q of embed.d.ts", name)
			}
		}
	}
	for _, row := range strings.Split(text, "\n") {
		property, found := strings.CutPrefix(row, "| `--overtime-")
		if !found {
			continue
		}
		property, _, _ = strings.Cut(property, "`")
		script, err := os.ReadFile("../../web/embed/embed.js")
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(script), fmt.Sprintf("%q", property)) {
			t.Errorf("embed.js does not read --overtime-%s", property)
		}
	}
}

// TestBareFrame is the guide's recipe without a script.
func TestBareFrame(t *testing.T) {
	sideBySide(t)
	text := guide(t)
	_, recipe, _ := strings.Cut(text, "    <iframe")
	recipe, _, _ = strings.Cut(recipe, "</iframe>")
	clinic := newPortal(t)
	s := startServer(t, "--embed-origins", clinic.URL)
	r := s.create(60)
	token := s.token(r, "participant", "Ana")
	html := strings.NewReplacer("https://meet.example.org", s.url, "ROOM#TOKEN", r.ID+"#"+token).Replace("<iframe" + recipe + ` width="640" height="400"></iframe>`)
	ana := startChromium(t).open("ana", clinic.page("/", html))
	frame := ana.frame()
	frame.sees("join")
	frame.click("join")
	frame.sees("time-left")
	frame.until("Ana's camera to run", `document.querySelector('[data-name="Ana"] video')?.videoWidth > 0`)
	// As the program's own Reload button does it. Meanwhile there is no page to
	// ask.
	eval[bool](frame, `(window.old = true, setTimeout(() => location.reload()), true)`)
	frame.eventually("the meeting after a reload", func() bool {
		back, err := chromedp.Run(frame.ctx, chromedp.Evaluate[bool]("!window.old && "+shown("time-left")))
		return err == nil && back
	})
}

// TestMissingAllow: the page around forgot what the meeting needs, and is told
// which words are missing.
func TestMissingAllow(t *testing.T) {
	sideBySide(t)
	clinic := newPortal(t)
	s := startServer(t, "--embed-origins", clinic.URL)
	r := s.create(60)
	url := clinic.embeds(s, "/", s.token(r, "participant", "Ana"), "")
	clinic.headers = http.Header{"Permissions-Policy": {"camera=()"}}
	ana := startChromium(t).open("ana", url)
	ana.until("the missing word", `last('trouble')?.code === 'missing_allow' && last('trouble').message.includes('camera')`)
	frame := ana.frame()
	frame.reads("add camera to the frame’s allow list")
	frame.click("join")
	ana.until("Ana to be in without a camera", `!!last('joined') && !last('camera').running && last('microphone').running`)
	ana.shoot("missing-allow")
}

// TestNothingIsDemandedInVain: what the script asks portals to allow is what the
// documents say and what the program uses.
func TestNothingIsDemandedInVain(t *testing.T) {
	sideBySide(t)
	script, err := os.ReadFile("../../web/embed/embed.js")
	if err != nil {
		t.Fatal(err)
	}
	_, list, _ := strings.Cut(string(script), "const ALLOW =")
	list, _, _ = strings.Cut(list, ";\n")
	list = strings.NewReplacer(`"`, "", "+", "", "\n", "").Replace(list)
	uses := map[string]string{ // how the program asks the browser for it
		"camera": `"getUserMedia"`, "microphone": `"getUserMedia"`, "autoplay": `"play"`,
		"screen-wake-lock": `"wakeLock"`, "clipboard-write": `"writeText"`, "display-capture": `"getDisplayMedia"`,
	}
	program := ""
	sources, err := filepath.Glob("../../internal/browser/*.go")
	for _, name := range sources {
		text, failed := os.ReadFile(name)
		err = errors.Join(err, failed)
		program += string(text)
	}
	if err != nil {
		t.Fatal(err)
	}
	words := strings.Split(list, ";")
	for _, word := range words {
		word = strings.TrimSpace(word)
		if uses[word] == "" || !strings.Contains(program, uses[word]) {
			t.Errorf("embed.js demands %q, which nothing uses", word)
		}
		if text := guide(t); strings.Count(text, word) < 2 {
			t.Errorf("docs/embedding.md does not name %q in the policy and in the plain frame", word)
		}
	}
	if len(words) != len(uses) {
		t.Errorf("embed.js demands %q, the program uses %d", words, len(uses))
	}
}
