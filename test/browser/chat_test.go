package browser

import (
	"fmt"
	"strings"
	"testing"
)

// written is what stands in the chat, one message on each line.
const written = `[...document.querySelectorAll('[data-testid="chat-message"]')].map(m => m.dataset.from + ': ' + m.querySelector('.chat-text')?.innerText).join('\n')`

// says writes something into the chat, which is open.
func (p *tab) says(text string) {
	p.t.Helper()
	p.write("chat-input", text)
	p.press("chat-send")
}

// readsChat waits until these and no other messages stand in the chat.
func (p *tab) readsChat(messages ...string) {
	p.t.Helper()
	p.until("the chat to say "+strings.Join(messages, " | "), written+` === `+fmt.Sprintf("%q", strings.Join(messages, "\n")))
}

// TestChat is a chat of three with a late joiner, a reload and a server that is
// killed: what was acknowledged is there, once, for everybody; what was under way
// arrives, once.
func TestChat(t *testing.T) {
	sideBySide(t)
	s := startServer(t)
	s.keepAddress()
	c := startChromium(t)
	r := s.create(60)
	asha, jun := c.open("asha", r.Links.Moderator), c.open("jun", r.Links.Guest)
	asha.join("Asha")
	jun.join("Jun")
	asha.press("chat-open")
	asha.sees("chat-panel")
	asha.says("Hello <b>everybody</b> & welcome")
	jun.until("one message to be unread", `document.querySelector('[data-testid="chat-unread"]')?.innerText.trim() === '1'`)
	jun.press("chat-open")
	jun.seesNot("chat-unread")
	jun.says("The notes: https://example.org/notes?week=49 and javascript:alert(1)")
	all := []string{"Asha: Hello <b>everybody</b> & welcome", "Jun: The notes: https://example.org/notes?week=49 and javascript:alert(1)"}
	for _, p := range []*tab{asha, jun} {
		p.readsChat(all...)
		if eval[bool](p, `!!document.querySelector('[data-testid="chat-message"] b')`) {
			t.Errorf("%s is shown what was written as HTML", p.name)
		}
		const links = `[...document.querySelectorAll('[data-testid="chat-message"] a')].map(a => [a.href, a.rel, a.target].join(' ')).join()`
		if got := eval[string](p, links); got != "https://example.org/notes?week=49 noopener _blank" {
			t.Errorf("%s is offered the links %q", p.name, got)
		}
	}
	asha.shoot("chat")

	noor := c.open("noor", r.Links.Guest)
	noor.join("Noor") // late, and reads what was written before
	noor.press("chat-open")
	noor.readsChat(all...)
	noor.says("Thank you")
	all = append(all, "Noor: Thank you")
	jun.readsChat(all...)
	jun.reload()
	jun.sees("time-left")
	jun.press("chat-open")
	jun.readsChat(all...)

	asha.says("This was acknowledged")
	all = append(all, "Asha: This was acknowledged")
	for _, p := range []*tab{asha, jun, noor} {
		p.readsChat(all...)
	}
	asha.says("This is under way")
	s.kill()
	noor.says("This is written while nobody hears it")
	s.start()
	first, second := append(all, "Asha: This is under way", "Noor: This is written while nobody hears it"), append(all, "Noor: This is written while nobody hears it", "Asha: This is under way")
	for _, p := range []*tab{asha, jun, noor} {
		p.until("everything to be there once", written+` === `+fmt.Sprintf("%q", strings.Join(first, "\n"))+` || `+written+` === `+fmt.Sprintf("%q", strings.Join(second, "\n")))
		p.seesNot("chat-pending")
	}
	all = strings.Split(eval[string](asha, written), "\n")
	maya := c.open("maya", r.Links.Guest)
	maya.join("Maya")
	maya.press("chat-open")
	for _, p := range []*tab{asha, jun, noor, maya} {
		p.readsChat(all...)
	}

	// A moderator takes away what somebody else wrote.
	asha.press("chat-delete-2")
	asha.press("chat-confirm-delete")
	for _, p := range []*tab{jun, noor, maya} {
		p.until("a message to be gone", `document.querySelector('[data-testid="chat-message"][data-number="2"]')?.dataset.deleted === 'moderator'`)
		if got := eval[string](p, written); strings.Contains(got, "example.org") {
			t.Errorf("%s still reads %s", p.name, got)
		}
	}
	if eval[bool](jun, shown("chat-delete-1")) {
		t.Error("a guest is offered to delete what somebody else wrote")
	}
	jun.shoot("chat-deleted")
}
