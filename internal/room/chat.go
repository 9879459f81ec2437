package room

import (
	"slices"
	"time"
	"unicode/utf8"

	"overtime/internal/event"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

// chat is the module of what is written. It is kept in a log beside the record, which
// is the shell's; what may be written, read and deleted, and what of it people are
// told, is decided here.
func chat() []Command {
	writes := Command{Feature: "chat", People: true, Who: writers(), Durability: Logged, Outside: true, Budget: ChatBudget}
	reads, deletes, portal := writes, writes, writes
	reads.Who, deletes.Who = anybody(), anybody()
	reads.Budget, deletes.Budget = ChatPageBudget, ChatDeleteBudget
	portal.People, portal.Portals, portal.Who, portal.Budget = false, true, moderators(), NoBudget
	return []Command{
		on[protocol.SendChat](writes),
		on[protocol.PageChat](reads),
		on[protocol.DeleteChat](deletes),
		on[DeleteMessage](portal),
	}
}

// writers are whom the room's setting lets write.
func writers() Who {
	return Who{
		Name: "whoever the room lets write",
		may: func(r meeting.Room, role meeting.Role) bool {
			return r.Chat == meeting.ChatByEveryone || r.Chat == meeting.ChatByModerators && role.Moderates()
		},
		refusal: func(r meeting.Room) error {
			if r.Chat == meeting.ChatByModerators {
				return errModeratorsWrite
			}
			return errChatOff
		},
	}
}

// DeleteMessage is a portal's: it names the session, which may be over.
type DeleteMessage struct{ Session, Number int }

// Chat is the end of what was written in a session.
type Chat struct {
	Session int
	protocol.Chat
}

// limit is c with no more than a Welcome brings.
func (c Chat) limit() Chat {
	from, size := len(c.Messages), 0
	for from > 0 && len(c.Messages)-from < protocol.WelcomeChat {
		if size += len(c.Messages[from-1].Text); size > protocol.WelcomeChatBytes && from < len(c.Messages) {
			break
		}
		from--
	}
	c.Messages = slices.Clip(c.Messages[from:])
	return c
}

// of is c if it is of that session, and empty if another one has begun.
func (c Chat) of(session int) Chat {
	if c.Session != session {
		return Chat{Session: session}
	}
	return c
}

// Heard is the number of the newest message that people know of in a session.
func (s State) Heard(session int) int { return s.Chat.of(session).Last }

// Written is a message that is to be kept, and the operation that it is.
type Written struct {
	Op   string
	At   time.Time
	From protocol.ChatAuthor
	Sub  string
	Text string
}

// Write is what somebody asks to have written.
func (a Ask) Write(m protocol.SendChat) (Written, error) {
	text := meeting.CleanLines(m.Text)
	switch {
	case a.ID == "":
		return Written{}, errNoID
	case a.State.Running() == nil: // by the clock alone it may be over for an owner of before only
		_, err := a.State.Saved.Session.End(a.At, a.By, "")
		return Written{}, err
	case text == "":
		return Written{}, errNoText
	case utf8.RuneCountInString(text) > protocol.MaxChatText:
		return Written{}, errLongText
	}
	return Written{
		Op: a.op, At: a.At, From: protocol.ChatAuthor{Participant: a.Self.ID, Name: a.Self.Name}, Sub: a.Self.Sub, Text: text,
	}, nil
}

// Is reports whether a message that is kept under the operation of w is w: another one
// under its id is refused. Of one whose text is gone nobody knows.
func (w Written) Is(m protocol.ChatMessage) error {
	if m.Deleted == "" && m.Text != w.Text {
		return errOtherRequest
	}
	return nil
}

// StillIn refuses somebody who was removed since they asked.
func (a Ask) StillIn(s State) error {
	if s.Number() == a.State.Number() && slices.Contains(s.Saved.Removed, a.Self.Sub) {
		return errRemoved
	}
	return nil
}

// Delete says by whom a message of sub is deleted, or why not.
func (a Ask) Delete(sub string) (protocol.DeletedBy, error) {
	switch {
	case !a.Portal() && sub == a.Self.Sub:
		return protocol.DeletedByAuthor, nil
	case a.By.Role.Moderates():
		return protocol.DeletedByModerator, nil
	}
	return "", errNotWriter
}

// CheckPage refuses a page that nobody can be given. Its limit is filled in.
func CheckPage(m protocol.PageChat) (protocol.PageChat, error) {
	if m.Limit == 0 {
		m.Limit = protocol.WelcomeChat
	}
	if m.Before < 0 || m.Limit < 1 || m.Limit > protocol.MaxChatPage {
		return m, errChatPage
	}
	return m, nil
}

// ChatFound is what was written in the session before this process had the room.
type ChatFound struct {
	unannounced
	Chat Chat
}

func (f ChatFound) apply(s State) State {
	s.Chat = f.Chat.limit()
	return s
}

// ChatWritten is that a message is kept. One that the room knows already is not told
// again.
type ChatWritten struct {
	Session int
	Message protocol.ChatMessage
	Sub     string // whose it is
}

func (f ChatWritten) apply(s State) State {
	if f.Session != s.Number() { // it was kept when the next session had begun
		return s
	}
	s.Chat = s.Chat.of(f.Session)
	if f.Message.Number > s.Chat.Last {
		s.Chat.Last = f.Message.Number
		s.Chat.Messages = append(slices.Clip(s.Chat.Messages), f.Message)
		s.Chat = s.Chat.limit()
	}
	return s
}

func (f ChatWritten) notices(before, after State) []Notice {
	if f.Message.Number <= before.Chat.of(f.Session).Last {
		return nil
	}
	var out []Notice
	if f.Session == after.Number() {
		out = append(out, everyone(protocol.ChatSent{Message: f.Message}))
	}
	if f.Message.Deleted == "" { // of one that was missed, and is gone, nobody else hears
		out = append(out, chatNews(after, f))
	}
	return out
}

// ChatDeleted is that the text of a message is gone.
type ChatDeleted struct {
	Session int
	Message protocol.ChatMessage
	Cause   Cause
	// Before: the text was gone already when this was asked. The room need not know
	// of it: whoever deleted it may not have been told that they had.
	Before bool
}

// isNews reports whether the people of s do not know of it.
func (f ChatDeleted) isNews(s State) bool {
	if s.Chat.Session == f.Session {
		for _, m := range s.Chat.Messages {
			if m.Number == f.Message.Number {
				return m.Deleted == ""
			}
		}
	}
	return !f.Before
}

func (f ChatDeleted) apply(s State) State {
	s.Chat.Messages = slices.Clone(s.Chat.Messages)
	for i, m := range s.Chat.Messages {
		if s.Chat.Session == f.Session && m.Number == f.Message.Number {
			s.Chat.Messages[i] = f.Message
		}
	}
	return s
}

func (f ChatDeleted) notices(before, after State) []Notice {
	if !f.isNews(before) {
		return nil
	}
	out := []Notice{chatRecall(after, f)}
	byModerator := f.Message.Deleted == protocol.DeletedByModerator
	if f.Session == after.Number() && after.Running() != nil {
		out = append(out, everyone(protocol.ChatDeleted{Number: f.Message.Number, ByModerator: byModerator}))
	}
	if byModerator {
		n := About(after.Saved)
		n.Session, n.Message = f.Session, f.Message.Number
		n.Participant = &Participant{ID: f.Message.From.Participant, Name: f.Message.From.Name}
		out = append(out, noted(after, n.Event(event.ChatDeleted, f.Cause.At, f.Cause.Who)))
	}
	return out
}
