package room

import (
	"fmt"
	"slices"
	"time"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"overtime/components/ui"
	"overtime/internal/client"
	"overtime/internal/protocol"
	"overtime/internal/words"
)

// together is within how long what one person writes stands below one name.
const together = 3 * time.Minute

// follows reports whether a message stands below the name of the one before.
func follows(before, m protocol.ChatMessage) bool {
	return before.From == m.From && m.At.Sub(before.At) < together
}

// chatMessage is one message. What people write is text, in which only links
// are anything else.
type chatMessage struct {
	app.Compo

	Message   protocol.ChatMessage
	Time      string // as the viewer's clock shows it
	Follows   bool   // the one before has the name
	Own       bool
	Deletable bool
	Deleting  bool // a press on Delete waits for its answer
	Asked     bool // whether to delete it
	Away      bool // the server cannot be asked now
	Session   ui.Session
	Words     *words.Catalogue
	Page      port
}

// deletion is the question before a message is deleted.
func deletion(number int) question {
	return question{about: fmt.Sprintf("chat-%d", number), message: number, from: fmt.Sprintf("chat-delete-%d", number), to: fmt.Sprintf("chat-keep-%d", number)}
}

// stands reports whether a message is there to be deleted.
func stands(c *client.Chat, number int) bool {
	return slices.ContainsFunc(c.Messages, func(m protocol.ChatMessage) bool { return m.Number == number && m.Deleted == "" })
}

// Render draws the message.
func (c *chatMessage) Render() app.UI {
	m := c.Message
	return app.Li().Class(ui.Classes("chat-message", ui.When(c.Own, "own"), ui.When(c.Follows, "follows"))).
		DataSet("testid", "chat-message").DataSet("from", m.From.Name).DataSet("number", m.Number).DataSet("deleted", string(m.Deleted)).Body(
		app.Div().Class("chat-head").Body(
			app.Strong().Class("chat-author").Attr("translate", ui.Untranslated).Text(m.From.Name),
			app.Time().Class("chat-time figures").DateTime(ui.WireTime(m.At)).Attr("translate", ui.Untranslated).Text(c.Time),
		),
		c.text(),
		c.deleteButton(),
		c.deleteQuestion(),
	)
}

// text is what was written, or who took it away.
func (c *chatMessage) text() app.UI {
	switch c.Message.Deleted {
	case protocol.DeletedByModerator:
		return app.P().Class("chat-text gone").Text(c.Words.Say("chat.removed"))
	case protocol.DeletedByAuthor:
		return app.P().Class("chat-text gone").Text(c.Words.Say("chat.deleted"))
	}
	pieces := ui.Linked(c.Message.Text)
	body := make([]app.UI, 0, len(pieces))
	for _, p := range pieces {
		if p.Href == "" {
			body = append(body, app.Text(p.Text))
			continue
		}
		// The press does not reach go-app, which would leave the meeting for it.
		body = append(body, app.A().Href(p.Href).Rel("noopener").Target("_blank").OnClick(stay).Text(p.Text))
	}
	return app.P().Class("chat-text").Attr("dir", "auto").Body(body...)
}

func stay(_ app.Context, e app.Event) { e.Call("stopPropagation") }

func (c *chatMessage) deleteButton() app.UI {
	id := fmt.Sprintf("chat-delete-%d", c.Message.Number)
	return ui.Use(app.Button().ID(id).Type("button").Class("icon-button chat-delete").Aria("label", c.Words.Say("chat.delete.label", words.Text("name", c.Message.From.Name), words.Text("time", c.Time))).
		Title(c.Words.Say("chat.delete")).Aria("expanded", c.Asked).OnClick(c.onAsk).Body(ui.Icon("delete")),
		id, ui.AbsentIf(!c.Deletable).Or(ui.Asking(c.Words, c.Away, c.Deleting)))
}

func (c *chatMessage) deleteQuestion() app.UI {
	asked := c.Asked && c.Deletable
	row := app.Div().Class(ui.Classes("chat-ask", ui.When(!asked, "absent")))
	if !asked {
		return row
	}
	q := deletion(c.Message.Number)
	return row.Attr("role", "group").Aria("label", c.Words.Say("chat.delete.question")).Body(
		app.P().Class("hint").Text(c.Words.Say("chat.delete.question")),
		ui.Use(app.Button().Type("button").Class("button small danger").OnClick(c.onDelete).Text(c.Words.Say("chat.delete")),
			"chat-confirm-delete", ui.Asking(c.Words, c.Away, false)),
		ui.Use(app.Button().ID(q.to).Type("button").Class("button small").OnClick(c.onKeep).Text(c.Words.Say("word.cancel")), "chat-keep", ui.Gate{}),
	)
}

func (c *chatMessage) onAsk(ctx app.Context, _ app.Event) {
	c.Page.ask(ctx, deletion(c.Message.Number))
}
func (c *chatMessage) onKeep(ctx app.Context, _ app.Event) { c.Page.answer(ctx) }

func (c *chatMessage) onDelete(ctx app.Context, _ app.Event) {
	c.Session.Do(client.DeleteChat{Number: c.Message.Number})
	c.Page.confirm(ctx)
}
