package rooms

import (
	"context"
	"errors"
	"time"

	"overtime/internal/chatlog"
	"overtime/internal/protocol"
	"overtime/internal/room"
)

// mostChats bounds what waits for the log of a room's chat.
const mostChats = 256

var (
	errNoChats    = protocol.Error{Code: protocol.CodeChatOff, Message: "nothing is written on this server"}
	errChatFull   = protocol.Error{Code: protocol.CodeChatFull, Message: "as much was written as can be kept; what was written stays"}
	errNoMessage  = protocol.Error{Code: protocol.CodeNotFound, Message: "there is no such message"}
	errChatUnsaid = protocol.Error{Code: protocol.CodeUnavailable, Message: "the server cannot keep what is written at the moment; try again in a while"}
)

// chats has what is written kept, and read, one after the other and beside the actor.
// It belongs to the actor's goroutine.
type chats struct {
	*env
	live *live

	unread  int // the session whose end could not be read; 0: none
	queue   []chatJob
	working bool
}

// chatJob is begun on the actor's goroutine. What it returns runs beside it, and what
// that returns on it again.
type chatJob func() func(ctx context.Context) (then func())

// findPatience is how long people who come wait for a log that cannot be read.
const findPatience = 2 * time.Second

// open reads the end of what was written, before the actor hears anybody: a Welcome
// brings it.
func (c *chats) open() {
	number := c.live.state.Number()
	if c.host.cfg.Chats == nil || number == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(c.ctx, findPatience)
	defer cancel()
	chat, err := c.tail(ctx, number, 0)
	if err != nil {
		c.unread = number
		c.log.Error("what was written could not be read", "error", err)
		return
	}
	c.live.happen(room.ChatFound{Chat: chat})
}

// tail is as much of a session's messages below a number, 0 being all, as a Welcome
// brings.
func (c *chats) tail(ctx context.Context, session, before int) (room.Chat, error) {
	chat, err := c.host.cfg.Chats.Page(ctx, c.session(session),
		chatlog.Range{Before: before, Limit: protocol.WelcomeChat, Bytes: protocol.WelcomeChatBytes})
	if before > 0 {
		chat.Last = before - 1
	}
	return room.Chat{Session: session, Chat: chat}, err
}

func (c *chats) session(number int) chatlog.Session {
	return chatlog.Session{Room: c.id, Number: number}
}

// write keeps a message, and tells everyone. What an owner of before has kept, and
// nobody has heard of, is told first.
func (c *chats) write(ask room.Ask, m protocol.SendChat, done func(protocol.OK, error)) {
	w, err := ask.Write(m)
	if err != nil {
		done(protocol.OK{}, err)
		return
	}
	session := ask.State.Number()
	draft := chatlog.Draft{Op: w.Op, At: w.At, From: w.From, Sub: w.Sub, Text: w.Text}
	c.enqueue(func() func(context.Context) func() {
		heard, blind := c.live.state.Heard(session), c.unread == session
		err := ask.StillIn(c.live.state)
		return func(ctx context.Context) func() {
			var written chatlog.Message
			if err == nil {
				written, err = c.host.cfg.Chats.Append(ctx, c.session(session), draft)
			}
			if err == nil {
				err = w.Is(written.ChatMessage)
			}
			var missed []room.Fact
			if err == nil {
				missed = c.missed(ctx, session, heard, written.Number, blind)
			}
			return func() {
				if err != nil {
					done(protocol.OK{}, c.explain(err))
					return
				}
				c.unread = 0
				c.live.happen(missed...)
				c.live.happen(room.ChatWritten{Session: session, Message: written.ChatMessage, Sub: written.Sub})
				done(protocol.OK{Message: &written.ChatMessage}, nil)
			}
		}
	}, func(err error) { done(protocol.OK{}, err) })
}

// missed is what follows of the messages between two numbers, mostly none. Of more than
// a Welcome brings nobody is told, nor where it is not known what people know (blind):
// whoever scrolls up reads them.
func (c *chats) missed(ctx context.Context, session, after, before int, blind bool) (facts []room.Fact) {
	n := before - after - 1
	if n <= 0 {
		return nil
	}
	if blind || n > protocol.WelcomeChat {
		tail, err := c.tail(ctx, session, before)
		c.unfound(err)
		return []room.Fact{room.ChatFound{Chat: tail}}
	}
	part, err := c.host.cfg.Chats.Read(ctx, c.session(session), chatlog.Range{Before: before, Limit: n, Bytes: chatlog.MaxBytes})
	c.unfound(err)
	for _, m := range part.Messages {
		facts = append(facts, room.ChatWritten{Session: session, Message: m.ChatMessage, Sub: m.Sub})
	}
	return facts
}

// unfound logs what is read by whoever comes, or asks for a page.
func (c *chats) unfound(err error) {
	if err != nil {
		c.log.Warn("what an owner of before has kept could not be read", "error", err)
	}
}

// delete takes the text of a message away, and tells everyone.
func (c *chats) delete(ask room.Ask, m room.DeleteMessage, done func(error)) {
	c.enqueue(func() func(context.Context) func() {
		return func(ctx context.Context) func() {
			before := true
			deleted, err := c.host.cfg.Chats.Delete(ctx, c.session(m.Session), m.Number, func(m chatlog.Message) (protocol.DeletedBy, error) {
				before = false
				return ask.Delete(m.Sub)
			})
			return func() {
				if err == nil {
					c.live.happen(room.ChatDeleted{
						Session: m.Session, Message: deleted.ChatMessage, Cause: room.Cause{Who: ask.Who, At: ask.At}, Before: before,
					})
				}
				done(c.explain(err))
			}
		}
	}, done)
}

// page reads what was written before.
func (c *chats) page(ask room.Ask, m protocol.PageChat, done func(protocol.OK, error)) {
	m, err := room.CheckPage(m)
	if err != nil {
		done(protocol.OK{}, err)
		return
	}
	session := c.session(ask.State.Number())
	c.enqueue(func() func(context.Context) func() {
		return func(ctx context.Context) func() {
			chat, err := c.host.cfg.Chats.Page(ctx, session, chatlog.Range{Before: m.Before, Limit: m.Limit, Bytes: protocol.MaxChatPageBytes})
			return func() { done(protocol.OK{Chat: &chat}, c.explain(err)) }
		}
	}, func(err error) { done(protocol.OK{}, err) })
}

// enqueue has a job done when it is its turn.
func (c *chats) enqueue(job chatJob, refuse func(error)) {
	switch {
	case c.host.cfg.Chats == nil:
		refuse(errNoChats)
	case len(c.queue) >= mostChats:
		refuse(errChatUnsaid)
	default:
		c.queue = append(c.queue, job)
		c.next()
	}
}

func (c *chats) next() {
	if c.working || len(c.queue) == 0 {
		return
	}
	c.working = true
	work := c.queue[0]()
	c.queue = c.queue[1:]
	c.beside(func() {
		// A message that is being written is, whether or not the server stops.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(c.ctx), commitTimeout)
		defer cancel()
		then := c.guard(ctx, work)
		c.post(func() {
			c.working = false
			then()
			c.next()
		})
	})
}

// guard runs beside the actor's goroutine. Whoever asked for what failed by a mistake
// of ours is told after a while that nobody knows.
func (c *chats) guard(ctx context.Context, work func(context.Context) func()) (then func()) {
	defer func() {
		if v := recover(); v != nil {
			_ = c.mistake(v) // which logs it
			then = func() {}
		}
	}()
	return work(ctx)
}

// explain is err in words for people.
func (c *chats) explain(err error) error {
	switch {
	case errors.Is(err, chatlog.ErrFull):
		return errChatFull
	case errors.Is(err, chatlog.ErrNotFound):
		return errNoMessage
	case errors.Is(err, chatlog.ErrUnknown):
		c.unsaved("the outcome of a message is not known", err)
		return errUnknown
	case errors.Is(err, chatlog.ErrUnavailable):
		c.unsaved("a chat cannot be reached", err)
		return errChatUnsaid
	}
	return err
}
