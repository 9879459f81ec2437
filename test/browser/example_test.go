package browser

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"

	"overtime/test/program"
)

// startExample runs the portal of examples/portal and the server beside it, as its
// run.sh does, and returns the portal's URL. Each has to know the other's address
// beforehand.
func startExample(t *testing.T) string {
	t.Helper()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := free.Addr().String()
	if err := free.Close(); err != nil {
		t.Fatal(err)
	}
	file := func(name, text string) string {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, []byte(text+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	key, secret := file("key", "portal:correct-horse-battery-staple-0123"), "whsec_a2tra2tra2tra2tra2tra2tra2tra2tra2tra2s="
	s := startServer(t, "--api-keys", key, "--webhook-private",
		"--webhooks", file("hooks", "http://"+addr+"/webhooks "+secret), "--embed-origins", "http://"+addr)

	url, _ := program.Run(t, exec.Command(program.Example(t),
		"--addr", addr, "--overtime", s.url, "--api-key", key, "--webhook-secret", file("secret", secret)))
	return url
}

// TestExample: an appointment in the portal that others copy from, by its own
// clock and its own buttons.
func TestExample(t *testing.T) {
	sideBySide(t)
	url := startExample(t)
	c := startChromium(t)
	list := c.open("reception", url)
	list.do(chromedp.Click(chromedp.CSS(`input[name=minutes][value="10"] + span`), chromedp.NodeVisible))
	list.press("book")
	list.do(chromedp.WaitVisible(chromedp.CSS(css("booking")))) // through the loading of the next page
	list.reads("Nobody has come yet")
	at := eval[string](list, `document.querySelector(".booking").id`)

	lind := c.open("lind", url+"/appointments/"+at+"?as=practitioner")
	asha := c.open("asha", url+"/appointments/"+at+"?as=client")
	asha.do(chromedp.EmulateViewport(390, 844))
	for _, p := range []*tab{lind, asha} {
		p.until("the meeting to be there", `document.getElementById("notice").hidden`)
		if eval[bool](p, `[...document.querySelectorAll("#extend, #end")].some(e => !e.disabled)`) {
			t.Errorf("%s can press before the meeting", p.name)
		}
	}
	lind.shoot("example-lobby")
	lind.frame().click("join")
	lind.until("the clock to run", `/^\d+:\d\d$/.test(document.getElementById("left").textContent)`)
	asha.frame().click("join")
	lind.reads("Asha Rao came in.")

	// An appointment of ten minutes begins with its window open.
	lind.until("the window", `!document.getElementById("extend").disabled`)
	lind.shoot("example-window")
	asha.shoot("example-window-narrow")
	asha.press("portal-extend-30")
	asha.reads("Extended by 30 minutes.")
	lind.reads("Asha Rao extended by 30 minutes.")
	lind.until("the window to be closed", `document.getElementById("extend").disabled`)
	lind.reads("30 minutes added")
	list.reads("Both inside")
	lind.shoot("example-extended")

	if eval[bool](asha, `!!document.getElementById("end")`) {
		t.Error("a client has a button to end it")
	}
	lind.press("portal-end")
	lind.write("portal-reason", "See you next week.")
	lind.press("portal-confirm-end")
	for _, p := range []*tab{lind, asha} {
		p.reads("Read by REST: 4 entries.")
		p.reads("Told by webhook, signature checked: the same 4 entries.")
		p.reads("Dr Maya Lind ended it. “See you next week.”")
		p.shoot("example-ended-" + p.name)
	}
	list.reads("Ended by Dr Maya Lind")
	list.shoot("example-list")
	for _, p := range []*tab{list, lind, asha} {
		if p.wrong.String() != "" {
			t.Errorf("%s's browser complains:\n%s", p.name, p.wrong)
		}
	}
}
