package room

import (
	"slices"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"overtime/components/ui"
	"overtime/internal/client"
	"overtime/internal/words"
)

// DOM ids of the chat.
const (
	idChatButton = "chat-button"
	idChatTitle  = "chat-title"
	idChatInput  = "chat-input"
	idChatScroll = "chat-scroll"
)

// Chat is the panel in which people write. Its parts are there while it is open
// only; each is drawn when what it shows changes, so that a key that is pressed
// does not draw five hundred messages.
type Chat struct {
	app.Compo

	Open    bool
	Asked   question
	Me      *client.Me
	Room    *client.Room
	Chat    *client.Chat
	Away    bool // the server cannot be asked now
	Session ui.Session
	Words   *words.Catalogue
	Page    port

	seen  bool   // what the session was told
	draft string // what is being written, also while the panel is closed
}

// OnUpdate tells the session whether what comes is read.
func (c *Chat) OnUpdate(app.Context) {
	if c.seen != c.Open {
		c.seen = c.Open
		c.Session.Do(client.ReadChat{Open: c.Open})
	}
}

// Render draws the panel.
func (c *Chat) Render() app.UI {
	panel := app.Aside().ID("chat").Class(ui.Classes("panel chat", ui.When(!c.Open, "absent"))).Aria("labelledby", idChatTitle)
	if !c.Open {
		return panel
	}
	return panel.DataSet("testid", "chat-panel").Body(
		app.Div().Class("panel-head").Body(
			app.H2().ID(idChatTitle).Class("panel-title").TabIndex(-1).Text(c.Words.Say("chat.title")),
			ui.Use(app.Button().Type("button").Class("icon-button").Aria("label", c.Words.Say("word.close")).
				OnClick(c.onClose).Body(ui.Icon("close")), "chat-close", ui.Gate{}),
		),
		&chatLog{Asked: c.Asked, Me: c.Me, Room: c.Room, Chat: c.Chat, Away: c.Away, Session: c.Session, Words: c.Words, Page: c.Page},
		&chatForm{Barred: c.barred(), Draft: &c.draft, Session: c.Session, Words: c.Words},
	)
}

func (c *Chat) onClose(ctx app.Context, _ app.Event) { c.Page.close(ctx, panelChat) }

// barred says why this person cannot write, empty if they can.
func (c *Chat) barred() string {
	if c.Me.MayWrite(c.Room) {
		return ""
	}
	return c.Words.Say("chat.barred")
}

// chatLog is what was written, and what is on its way.
type chatLog struct {
	app.Compo

	Asked   question
	Me      *client.Me
	Room    *client.Room
	Chat    *client.Chat
	Away    bool
	Session ui.Session
	Words   *words.Catalogue
	Page    port

	first, height int // the oldest message's number, and how high all was, when it was drawn last
}

// OnMount notes where the list is.
func (l *chatLog) OnMount(ctx app.Context) { ctx.Defer(l.settle) }

// OnUpdate keeps what is read in its place.
func (l *chatLog) OnUpdate(ctx app.Context) { ctx.Defer(l.settle) }

// settle: the list stands at its end, from which its place is counted. Whoever
// reads further up keeps the place when something is added at the end; an older
// page moves nothing.
func (l *chatLog) settle(app.Context) {
	at := app.Window().GetElementByID(idChatScroll)
	if !at.Truthy() {
		return
	}
	height, first := at.Get("scrollHeight").Int(), 0
	if len(l.Chat.Messages) > 0 {
		first = l.Chat.Messages[0].Number
	}
	const nearEnd = -48 // CSS pixels
	if top := at.Get("scrollTop").Int(); top < nearEnd && first == l.first && height > l.height {
		at.Set("scrollTop", top-(height-l.height))
	}
	l.first, l.height = first, height
}

// Render draws the list.
func (l *chatLog) Render() app.UI {
	now := ui.MomentIn(l.Words, l.Room, l.Session)
	lines := make([]app.UI, 0, len(l.Chat.Messages)+len(l.Chat.Pending))
	for i, m := range l.Chat.Messages {
		lines = append(lines, &chatMessage{
			Message: m, Time: now.At(m.At), Follows: i > 0 && follows(l.Chat.Messages[i-1], m),
			Own: m.From.Participant == l.Me.ID, Deletable: l.Me.MayDelete(m), Deleting: slices.Contains(l.Chat.Deleting, m.Number),
			Asked: l.Asked == deletion(m.Number), Away: l.Away, Session: l.Session, Words: l.Words, Page: l.Page,
		})
	}
	for _, p := range l.Chat.Pending {
		lines = append(lines, l.pending(p, now))
	}
	empty := len(lines) == 0
	return app.Div().ID(idChatScroll).Class("chat-scroll").TabIndex(0).Attr("role", "log").Aria("live", "off").Aria("label", l.Words.Say("chat.log")).Body(
		app.Div().Class("chat-log").Body(
			ui.Use(app.Button().Type("button").Class("button small chat-older").OnClick(l.onOlder).
				Text(l.Words.Say("chat.older")), "chat-older", ui.AbsentIf(!l.Chat.Older).Or(ui.Asking(l.Words, l.Away, l.Chat.Loading))),
			app.P().Class(ui.Classes("hint chat-empty", ui.When(!empty, "absent"))).Text(l.Words.Say("chat.empty")),
			app.Ol().Class("chat-messages").Body(lines...),
		),
	)
}

func (l *chatLog) onOlder(app.Context, app.Event) { l.Session.Do(client.OlderChat{}) }

// pending is a message of this person's own that is not written yet, or not at all.
func (l *chatLog) pending(p client.PendingMessage, now ui.Moment) app.UI {
	failed := p.Trouble != client.Trouble{}
	note := l.Words.Say("chat.sending")
	if failed {
		note = ui.Refusal(p.Trouble, now)
	}
	return app.Li().Class(ui.Classes("chat-message own pending", ui.When(failed, "failed"))).DataSet("testid", "chat-pending").Body(
		app.P().Class("chat-text").Attr("dir", "auto").Text(p.Text),
		app.P().Class(ui.Classes("chat-note", ui.When(failed, "trouble"))).Text(note),
		app.Div().Class(ui.Classes("chat-ask", ui.When(!failed, "absent"))).Body(
			ui.Use(app.Button().Type("button").Class("button small").OnClick(l.onRetry(p.ID), "retry", p.ID).Text(l.Words.Say("chat.retry")), "chat-retry", ui.Asking(l.Words, l.Away, false)),
			ui.Use(app.Button().Type("button").Class("button small").OnClick(l.onDiscard(p.ID), "discard", p.ID).Text(l.Words.Say("chat.discard")), "chat-discard", ui.Gate{}),
		),
	)
}

func (l *chatLog) onRetry(id int) app.EventHandler {
	return func(app.Context, app.Event) { l.Session.Do(client.RetryChat{ID: id}) }
}

func (l *chatLog) onDiscard(id int) app.EventHandler {
	return func(ctx app.Context, _ app.Event) {
		l.Session.Do(client.DiscardChat{ID: id})
		ctx.Defer(func(app.Context) { ui.FocusOn(idChatInput) })
	}
}
