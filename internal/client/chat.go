package client

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

const (
	// chatPage is how many older messages are asked for at once.
	chatPage = 50
	// chatPause is how long nothing is written after the server took no more.
	chatPause = time.Second
)

// chat is what was written in the session, as far as it was fetched, and what this
// person writes. Its lists are replaced, never written to: views share them.
type chat struct {
	loop     *loop
	requests *requests
	presses  *presses
	tab      Storage
	room     string
	you      func() protocol.Person
	hidden   func() bool // nobody sees the tab

	session  int                    // whose chat it is
	messages []protocol.ChatMessage // by number, without a gap
	pending  []PendingMessage       // oldest first
	asking   int                    // the pending message that waits for its answer; 0: none
	pause    alarm                  // before the next
	lastID   int                    // of a pending message
	open     bool                   // the panel is seen
	read     int                    // the newest number that was seen
}

// take replaces what is known by a snapshot's. What was fetched of older pages is
// dropped, because some of it may have been deleted meanwhile. Whoever comes in for
// the first time has nothing unread; a reload knows how far the tab had read.
func (c *chat) take(session int, snapshot *protocol.Chat, same bool) {
	if snapshot == nil {
		snapshot = &protocol.Chat{}
	}
	c.messages = snapshot.Messages
	if !same || session != c.session {
		c.session = session
		c.read = c.recall(snapshot.Last)
	}
	c.seen()
	for _, m := range c.messages {
		c.arrived(m)
	}
}

// add takes in a message. One that is here already is the same. Where some are missing
// before it, what is older is fetched by pages.
func (c *chat) add(m protocol.ChatMessage) {
	if n := len(c.messages); n > 0 {
		switch newest := c.messages[n-1].Number; {
		case m.Number <= newest:
			return
		case m.Number > newest+1:
			c.messages = nil
		}
	}
	c.messages = append(slices.Clip(c.messages), m)
	c.arrived(m)
	c.seen()
}

// arrived takes away the pending message that m is: the event may come before the
// answer, and nothing is shown twice.
func (c *chat) arrived(m protocol.ChatMessage) {
	if m.From.Participant != c.you().ID {
		return
	}
	for _, p := range c.pending {
		if p.after < m.Number && meeting.CleanLines(p.Text) == m.Text {
			c.drop(p.ID)
			return
		}
	}
}

// deleted takes a message's text away.
func (c *chat) deleted(number int, byModerator bool) {
	i := slices.IndexFunc(c.messages, func(m protocol.ChatMessage) bool { return m.Number == number })
	if i < 0 {
		return // of a page that was not fetched
	}
	messages := slices.Clone(c.messages)
	messages[i].Text, messages[i].Deleted = "", protocol.DeletedByAuthor
	if byModerator {
		messages[i].Deleted = protocol.DeletedByModerator
	}
	c.messages = messages
}

// older fetches the page before what is here.
func (c *chat) older() {
	if !c.hasOlder() {
		return
	}
	before := c.messages[0].Number
	c.presses.passing(press{wants: toPage}, protocol.PageChat{Before: before, Limit: chatPage}, func(answer protocol.ServerMessage) {
		ok, _ := answer.(protocol.OK)
		if ok.Chat == nil || len(c.messages) == 0 || c.messages[0].Number != before {
			return // a snapshot came in between
		}
		c.messages = append(slices.Clone(ok.Chat.Messages), c.messages...)
	})
}

func (c *chat) hasOlder() bool { return len(c.messages) > 0 && c.messages[0].Number > 1 }

// send writes to everyone. It is shown as pending at once and, with one id for
// all attempts, written once, however often the connection is lost meanwhile.
func (c *chat) send(i SendChat) {
	if i.Then != nil {
		c.presses.inside(protocol.SendChat{Text: i.Text}, i.Then)
		return
	}
	if meeting.CleanLines(i.Text) == "" || !c.presses.where.inRoom() {
		return
	}
	c.lastID++
	c.pending = append(slices.Clip(c.pending), PendingMessage{ID: c.lastID, Text: i.Text, after: c.last()})
	c.next()
}

// next sends the oldest message that waits, once the one before has its answer:
// they are written in the order in which they were sent, also those of an outage,
// which are more than the server takes at once.
func (c *chat) next() {
	i := slices.IndexFunc(c.pending, func(p PendingMessage) bool { return p.Trouble == (Trouble{}) })
	if i < 0 || c.asking != 0 || c.pause.waits() {
		return
	}
	p := c.pending[i]
	c.asking = p.ID
	if p.asked != nil {
		c.requests.again(p.asked)
		return
	}
	c.pending = slices.Clone(c.pending)
	c.pending[i].asked = c.requests.askLasting(protocol.SendChat{Text: p.Text}, func(f protocol.ServerFrame) { c.answered(p.ID, f.Message) })
}

// answered: the server has written the message, or says why not. An answer that
// stayed away is not asked for again by itself; the next attempt has the same id.
func (c *chat) answered(id int, answer protocol.ServerMessage) {
	c.asking = 0
	switch m := answer.(type) {
	case protocol.OK:
		c.drop(id)
		if m.Message != nil && m.Message.Number == c.last()+1 {
			c.add(*m.Message) // otherwise its event is on its way, after others
		}
	case protocol.Error:
		c.refused(id, m)
	}
	c.next()
}

// refused: the server did not write a message, or nobody knows whether it did.
func (c *chat) refused(id int, m protocol.Error) {
	decided := !slices.Contains(undecided, m.Code)
	c.change(id, func(p *PendingMessage) {
		if decided {
			p.asked = nil
		}
		if m.Code != protocol.CodeTooMany {
			p.Trouble = troubleOf(m)
		}
	})
	if m.Code == protocol.CodeTooMany {
		c.loop.set(&c.pause, chatPause, c.next)
	}
}

// retry sends once more what came to nothing: under its old id if it may have been
// written all the same.
func (c *chat) retry(id int) {
	i := c.find(id)
	if i < 0 || c.pending[i].Trouble == (Trouble{}) || !c.presses.can() {
		return
	}
	c.change(id, func(p *PendingMessage) { p.Trouble = Trouble{} })
	c.next()
}

// undecided are the answers that leave open whether a message was written.
var undecided = []protocol.Code{TroubleUnanswered, protocol.CodeUnknown, protocol.CodeUnavailable, protocol.CodeInternal}

// discard takes away what came to nothing.
func (c *chat) discard(id int) {
	if i := c.find(id); i >= 0 && c.pending[i].Trouble != (Trouble{}) {
		c.drop(id)
	}
}

func (c *chat) find(id int) int {
	return slices.IndexFunc(c.pending, func(p PendingMessage) bool { return p.ID == id })
}

func (c *chat) drop(id int) {
	c.pending = slices.DeleteFunc(slices.Clone(c.pending), func(p PendingMessage) bool { return p.ID == id })
}

func (c *chat) change(id int, how func(*PendingMessage)) {
	if i := c.find(id); i >= 0 {
		c.pending = slices.Clone(c.pending)
		how(&c.pending[i])
	}
}

// deleting is a press for a message to be deleted: one's own or, of a moderator,
// anybody's.
func deleting(number int) press { return press{toDelete, strconv.Itoa(number)} }

// show: the panel is seen, or is not any more. What comes while it is seen, in a tab
// that is, is read.
func (c *chat) show(open bool) {
	c.open = open
	c.seen()
}

// seen is also called when the tab is seen again.
func (c *chat) seen() {
	if last := c.last(); c.open && last != c.read && !c.hidden() {
		c.read = last
		c.remember()
	}
}

func (c *chat) last() int {
	if len(c.messages) == 0 {
		return 0
	}
	return c.messages[len(c.messages)-1].Number
}

// unread counts what others wrote and nobody took away. Nobody knows here who wrote
// what was not fetched, so all of that counts.
func (c *chat) unread() int {
	if len(c.messages) == 0 {
		return 0
	}
	n := max(c.messages[0].Number-1-c.read, 0)
	for i := len(c.messages) - 1; i >= 0 && c.messages[i].Number > c.read; i-- {
		if m := c.messages[i]; m.From.Participant != c.you().ID && m.Deleted == "" {
			n++
		}
	}
	return n
}

// remember keeps how far the session's chat was read, for a reload.
func (c *chat) remember() {
	c.tab.Set(keyRead+c.room, strconv.Itoa(c.session)+" "+strconv.Itoa(c.read))
}

// recall is how far it was read before a reload; last, if nothing is known.
func (c *chat) recall(last int) int {
	session, number, _ := strings.Cut(c.tab.Get(keyRead+c.room), " ")
	if read, err := strconv.Atoi(number); err == nil && session == strconv.Itoa(c.session) && read <= last {
		return read
	}
	c.read = last
	c.remember()
	return last
}

// forget drops all of it, as the place is given up.
func (c *chat) forget() {
	c.messages, c.pending = nil, nil
	c.asking, c.open = 0, false
	c.loop.unset(&c.pause)
}
