package edge

import (
	"errors"
	"time"

	"github.com/coder/websocket"
	"golang.org/x/time/rate"

	"overtime/internal/protocol"
	"overtime/internal/room"
	"overtime/internal/throttle"
)

// reader is what only the goroutine that reads uses.
type reader struct {
	messages *rate.Limiter
	own      map[room.Budget]*rate.Limiter // beside that of all messages
	strikes  *rate.Limiter                 // has one for each that is left
	unknown  *time.Timer                   // closes who never says who they are
	room     string                        // whose token was shown first
	joining  bool                          // a hello was relayed
	closed   bool                          // by the browser, with its page
}

func newReader(l throttle.Socket) reader {
	limiter := func(r throttle.Rate) *rate.Limiter { return rate.NewLimiter(rate.Limit(r.PerSecond), r.Burst) }
	return reader{
		messages: limiter(l.Messages),
		own: map[room.Budget]*rate.Limiter{
			room.OfferBudget: limiter(l.Offers), room.ExtendBudget: limiter(l.Extends), room.ShowBudget: limiter(l.Shows),
			room.AttributeBudget: limiter(l.Attributes), room.ReactionBudget: limiter(l.Reactions),
			room.ChatBudget: limiter(l.ChatSends), room.ChatDeleteBudget: limiter(l.ChatDeletes), room.ChatPageBudget: limiter(l.ChatPages),
		},
		strikes: rate.NewLimiter(rate.Every(l.Forgive), l.Strikes-1),
	}
}

// read takes frames until the connection ends.
func (c *conn) read() {
	c.unknown = time.AfterFunc(c.edge.cfg.Limits.Socket.UnknownFor, func() {
		c.close("", protocol.Error{Code: protocol.CodeNotJoined, Message: "no hello came in time"}, protocol.CloseBadToken)
	})
	defer c.unknown.Stop()
	defer c.stopLobbyTimeout()
	for {
		kind, text, err := c.ws.Read(c.out.ctx)
		if err != nil {
			// Browsers say so of a page that is closed, reloaded or left, and also in
			// answer to our own.
			c.closed = websocket.CloseStatus(err) == websocket.StatusGoingAway && !c.out.queue.closing()
			return
		}
		if !c.out.queue.closing() { // else until the browser answers the close
			c.readFrame(kind, text)
		}
	}
}

// readFrame takes one frame. It is decoded before anything else, so that a refusal
// names the request it is for; the strikes bound how often that is in vain.
func (c *conn) readFrame(kind websocket.MessageType, text []byte) {
	f, bad := decode(kind, text)
	switch {
	case !c.messages.Allow():
		id := f.ID
		if bad != nil {
			id = bad.ID
		}
		c.strike(protocol.DecodeError{Code: protocol.CodeTooMany, ID: id, Message: "too many messages; slow down"}, protocol.CloseTooMany)
	case bad == nil:
		c.handle(f)
	case bad.Code == protocol.CodeUnknownType:
		// A tab that is newer than this server is no offender.
		c.reply(bad.ID, protocol.Error{Code: bad.Code, Message: bad.Message})
	default:
		c.strike(*bad, protocol.CloseBadMessage)
	}
}

func decode(kind websocket.MessageType, text []byte) (protocol.ClientFrame, *protocol.DecodeError) {
	if kind != websocket.MessageText {
		return protocol.ClientFrame{}, &protocol.DecodeError{Code: protocol.CodeBadMessage, Message: "send text frames"}
	}
	f, err := protocol.DecodeClient(text)
	var bad *protocol.DecodeError
	if err != nil && !errors.As(err, &bad) {
		bad = &protocol.DecodeError{Code: protocol.CodeInternal, Message: "the message could not be read"}
	}
	return f, bad
}

// handle takes one message, if it is within its own budget.
func (c *conn) handle(f protocol.ClientFrame) {
	if empty := c.overBudget(f.Message); empty != "" {
		c.reply(f.ID, protocol.Error{Code: protocol.CodeTooMany, Message: empty})
		return
	}
	if c.dispatch(f) {
		c.unknown.Stop()
	}
}

// overBudget is what is said when the budget is empty that a message has beside that
// of all messages; empty if it has none, or may pass. To ask for too much of these is
// no violation: somebody pressed twice.
func (c *conn) overBudget(m protocol.ClientMessage) string {
	command, _ := c.edge.commands.Of(m)
	if own := c.own[command.Budget]; own == nil || own.Allow() {
		return ""
	}
	switch command.Budget {
	case room.OfferBudget:
		return "too many offers; wait a second"
	case room.ExtendBudget:
		return "too many extensions; wait five seconds"
	case room.ShowBudget:
		return "too many changes of what is shown; wait a second"
	default:
		return "too often in a row; wait a second"
	}
}

// strike answers a violation; after too many in a time the connection is closed.
func (c *conn) strike(bad protocol.DecodeError, code protocol.CloseCode) {
	e := protocol.Error{Code: bad.Code, Message: bad.Message}
	if !c.strikes.Allow() {
		c.close(bad.ID, e, code)
		return
	}
	c.reply(bad.ID, e)
}

// startLobbyTimeout gives who shows a token and is not in the room yet some more time. The
// lobby asks every few seconds, in a hidden tab once a minute.
func (c *conn) startLobbyTimeout() {
	limit := c.edge.cfg.Limits.Socket.LobbyFor
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.lobby != nil {
		c.lobby.Reset(limit)
		return
	}
	c.lobby = time.AfterFunc(limit, c.lobbyTimedOut)
}

func (c *conn) stopLobbyTimeout() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.lobby != nil {
		c.lobby.Stop()
	}
}

// lobbyTimedOut closes whoever is still not in the room. Who waits for an answer
// has as long again from now: it may be a refusal.
func (c *conn) lobbyTimedOut() {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.welcomed, c.out.ctx.Err() != nil:
	case len(c.pending.requests) > 0:
		c.lobby.Reset(c.edge.cfg.Limits.Socket.LobbyFor)
	default:
		c.log.Info("edge: a lobby that asks nothing any more is closed")
		c.out.write(outgoing{close: protocol.CloseGoingAway}) // it may come back
	}
}
