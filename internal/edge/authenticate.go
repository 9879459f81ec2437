package edge

import (
	"errors"
	"time"

	"overtime/internal/auth"
	"overtime/internal/bus"
	"overtime/internal/protocol"
)

// dispatch relays a decoded message to the room. It reports whether the browser
// has shown who it is.
func (c *conn) dispatch(f protocol.ClientFrame) (known bool) {
	switch m := f.Message.(type) {
	case protocol.Peek:
		return c.authenticate(f, m.Room, m.Token, "")
	case protocol.Hello:
		if c.saidHello() {
			c.reply(f.ID, protocol.Error{Code: protocol.CodeBadMessage, Message: "hello was said already"})
			return true
		}
		return c.authenticate(f, m.Room, m.Token, m.Resume)
	}
	if !c.joining {
		c.reply(f.ID, protocol.Error{Code: protocol.CodeNotJoined, Message: "say hello first"})
		return false
	}
	c.ask(f, nil)
	return true
}

// authenticate checks the token or secret and relays the message with what it says.
// A token for another room than the one the page is for is none.
func (c *conn) authenticate(f protocol.ClientFrame, room, token, resume string) bool {
	theirs, entry, err := c.check(token, resume)
	if err != nil || room != "" && room != theirs || c.room != "" && c.room != theirs {
		c.denyToken(f.ID)
		return false
	}
	_, hello := f.Message.(protocol.Hello)
	joins := hello && !c.joining && resume == ""
	if joins && c.edge.joins.Take(c.from, time.Now()) > 0 {
		c.close(f.ID, errCrowd, protocol.CloseTooMany)
		return false
	}
	if resume != "" { // only the room knows whether the place is still there
		entry.Crowd = c.edge.returns.Take(c.from, time.Now()) > 0
	}
	if m, is := f.Message.(protocol.Hello); is && resume == "" {
		entry.Again = c.again(theirs, m.Again)
	}
	if c.room == "" { // other goroutines read it once something was asked
		c.room = theirs
	}
	if !c.edge.known(c, resume != "") {
		c.close(f.ID, errNetworkFull, protocol.CloseTooMany)
		return false
	}
	c.startLobbyTimeout()
	if hello && !c.joining {
		c.joining = true
		if err := c.bus.Follow(c.room); err != nil {
			c.log.Error("edge: following a room", "error", err)
			c.close(f.ID, errUnavailable, protocol.CloseRestart)
			return true
		}
	}
	c.ask(f, &entry)
	return true
}

// denyToken refuses a token or secret that is no good. Beyond a neighbour's
// budget for those the answer tells no more whether one was.
func (c *conn) denyToken(id string) {
	if c.edge.badTokens.Take(c.from, time.Now()) > 0 {
		c.close(id, errGuessing, protocol.CloseTooMany)
		return
	}
	c.close(id, errBadToken, protocol.CloseBadToken)
}

func (c *conn) check(token, resume string) (room string, e bus.Entry, err error) {
	if resume != "" {
		p, err := c.edge.cfg.Secrets.CheckResume(resume)
		return p.Room, bus.Entry{
			Role: p.Role, Name: p.Name, Sub: p.Sub, Participant: p.Participant, Session: p.Session,
			Address: c.from.String(),
		}, err
	}
	t, err := c.edge.cfg.Secrets.CheckTicket(token)
	expired := errors.Is(err, auth.ErrExpired)
	if expired {
		err = nil // its room may still be told to be over
	}
	e = bus.Entry{Role: t.Role, Name: t.Name, Sub: t.Sub, Expired: expired, Address: c.from.String(), Issued: t.IssuedAt, Waiting: t.Waiting}
	if t.Invite {
		e.Invite, e.Link = true, t.Link
	} else {
		e.Ticket = t.ID
	}
	return t.Room, e, err
}

// again is who a browser was that kept a secret, nil if it is not of this room.
// It is only a wish: whoever brings one that is no good comes in as anybody.
func (c *conn) again(room, secret string) *bus.Entry {
	if secret == "" {
		return nil
	}
	theirs, e, err := c.check("", secret)
	if err != nil || theirs != room {
		return nil
	}
	return &e
}

// saidHello reports whether a hello was answered by a welcome, or still waits.
func (c *conn) saidHello() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.welcomed || c.pending.hello()
}
