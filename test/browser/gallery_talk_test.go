package browser

import (
	"fmt"
	"strings"
)

// walkTalk looks at the chat, raised hands and reactions.
func (g *gallery) walkTalk(asha, jun *tab) {
	asha.press("chat-open")
	asha.sees("chat-input")
	g.look(asha, "room-chat-empty")
	g.types(asha, "Good afternoon! The agenda: https://wiki.example/agenda, and <b>two</b> points:\n1. the pill\n2. the banner")
	jun.sees("chat-unread")
	g.look(jun, "room-chat-unread")
	g.asksFirst(asha, "chat-delete-1", "chat-confirm-delete")
	g.look(asha, "room-chat-delete")
	asha.press("chat-keep")
	for range 5 { // more text than comes at once to whoever comes in
		g.types(asha, strings.Repeat("𠮷", 1990))
	}
	asha.until("all to be written", `!document.querySelector('[data-testid="chat-pending"]')`)
	jun.reload()
	jun.sees("time-left")
	jun.press("chat-open")
	jun.sees("chat-older")
	g.look(jun, "room-chat-older")
	jun.press("chat-older")
	jun.until("the first message", `!!document.querySelector('[data-number="1"]')`)
	g.types(jun, strings.Repeat("Is anybody there? ", 112)) // longer than the field would take
	jun.sees("chat-retry")
	g.look(jun, "room-chat-refused")
	jun.until("nothing that is not written", `(() => { document.querySelector('[data-testid="chat-discard"]')?.click(); return !document.querySelector('[data-testid="chat-pending"]') })()`)
	jun.press("chat-close")
	asha.press("chat-close")

	jun.press("raise-hand")
	asha.press("raise-hand")
	asha.until("both hands", `document.querySelectorAll('[data-hand]').length === 2`)
	asha.press("react-open")
	asha.press("react-heart")
	asha.press("react-party")
	asha.sees("reaction-heart")
	g.look(asha, "room-reactions")
	asha.escapesTo("react-button")
	asha.press("people-open")
	asha.sees("lower-hands")
	g.look(asha, "room-people-hands")
	asha.press("lower-hands")
	asha.until("no hands", `!document.querySelector('[data-hand]')`)
	asha.press("people-close")
}

// types sends a message without a key for each letter.
func (g *gallery) types(p *tab, text string) {
	g.t.Helper()
	p.run(fmt.Sprintf(`(() => { const field = document.querySelector('#chat-input'); field.value = %q; field.dispatchEvent(new Event('input', { bubbles: true })); })()`, text))
	p.press("chat-send")
}
