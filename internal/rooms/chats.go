package rooms

import (
	"context"
	"errors"

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

	found   room.Chat // what there was when the room was opened
	queue   []chatJob
	working bool
}

// chatJob is begun on the actor's goroutine. What it returns runs beside it, and what
// that returns on it again.
type chatJob func() func(ctx context.Context) (then func())

// find reads the end of what was written, before the actor runs. A meeting does not
// wait for a log that cannot be read.
func (c *chats) find(ctx context.Context) {
	s := c.live.state
	if c.host.cfg.Chats == nil || s.Saved.Session == nil {
		return
	}
	chat, err := c.host.cfg.Chats.Page(ctx, c.session(s.Number()), chatlog.Range{Limit: protocol.WelcomeChat, Bytes: protocol.WelcomeChatBytes})
	if err != nil {
		c.log.Error("what was written could not be read", "error", err)
		return
	}
	c.found = room.Chat{Session: s.Number(), Chat: chat}
}

func (c *chats) open() {
	if c.found.Last > 0 {
		c.live.happen(room.ChatFound{Chat: c.found})
	}
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
		heard := c.live.state.Heard(session)
		return func(ctx context.Context) func() {
			written, err := c.host.cfg.Chats.Append(ctx, c.session(session), draft)
			missed := c.between(ctx, session, heard, written.Number)
			return func() {
				if err != nil {
					done(protocol.OK{}, c.explain(err))
					return
				}
				for _, m := range append(missed, written) {
					c.live.happen(room.ChatWritten{Session: session, Message: m.ChatMessage, Sub: m.Sub})
				}
				done(protocol.OK{Message: &written.ChatMessage}, nil)
			}
		}
	}, func(err error) { done(protocol.OK{}, err) })
}

// between are the messages between two numbers, mostly none.
func (c *chats) between(ctx context.Context, session, after, before int) []chatlog.Message {
	if before <= after+1 {
		return nil
	}
	part, err := c.host.cfg.Chats.Read(ctx, c.session(session), chatlog.Range{Before: before, Limit: before - after - 1, Bytes: chatlog.MaxBytes})
	if err != nil { // they are read by whoever comes, or asks for a page
		c.log.Warn("what an owner of before has kept could not be read", "error", err)
	}
	return part.Messages
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
