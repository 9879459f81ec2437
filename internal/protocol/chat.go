package protocol

import "time"

const (
	// MaxChatText is how long a message may be, in characters.
	MaxChatText = 2000
	// MaxChatPage is how many messages a PageChat may ask for.
	MaxChatPage = 100
	// MaxChatPageBytes bounds the text in a page, in bytes of UTF-8: a page of long
	// messages has fewer, and always one.
	MaxChatPageBytes = 128 << 10
	// WelcomeChat is how many messages a Welcome brings at most, and WelcomeChatBytes
	// how much text.
	WelcomeChat      = 50
	WelcomeChatBytes = 32 << 10
)

// SendChat writes to everyone. Whoever comes later reads it, too. Answered by OK
// with Message.
type SendChat struct {
	// Text is up to 2,000 characters, with line breaks. It is text and nothing else.
	Text string `json:"text"`
}

// DeleteChat takes a message's text away for good: one's own, or as a moderator
// anybody's.
type DeleteChat struct {
	Number int `json:"number"`
}

// PageChat asks for older messages. Answered by OK with Chat.
type PageChat struct {
	// Before is the number that all messages of the page are below; absent: the
	// newest.
	Before int `json:"before,omitempty"`
	// Limit is how many at most, 1 to 100; absent: 50.
	Limit int `json:"limit,omitempty"`
}

// Chat is a part of what was written in the session, as it is now.
type Chat struct {
	// Last is the number of the newest message of all; 0: none was written. Numbers
	// count from 1 without a gap, so that a page that does not begin with 1 has one
	// before it.
	Last int `json:"last"`
	// Messages are in the order of their numbers.
	Messages []ChatMessage `json:"messages,omitempty"`
}

// ChatMessage is one message that was written.
type ChatMessage struct {
	Number int        `json:"number"`
	At     time.Time  `json:"at"`
	From   ChatAuthor `json:"from"`
	Text   string     `json:"text,omitempty"` // empty once it was deleted
	// Deleted is by whom its text was taken away; absent: it was not.
	Deleted DeletedBy `json:"deleted,omitempty"`
}

// ChatAuthor is who wrote a message, under the name of that time. They may have
// left since.
type ChatAuthor struct {
	Participant string `json:"participant"`
	Name        string `json:"name"`
}

// DeletedBy is who took a message's text away.
type DeletedBy string

const (
	DeletedByAuthor    DeletedBy = "author"
	DeletedByModerator DeletedBy = "moderator" // or the portal
)

// ChatSent tells everyone of a new message.
type ChatSent struct {
	Message ChatMessage `json:"message"`
}

// ChatDeleted tells everyone that a message's text is gone.
type ChatDeleted struct {
	Number      int  `json:"number"`
	ByModerator bool `json:"by_moderator,omitempty"` // not by whoever wrote it
}

func (SendChat) clientType() string    { return "chat.send" }
func (DeleteChat) clientType() string  { return "chat.delete" }
func (PageChat) clientType() string    { return "chat.page" }
func (ChatSent) serverType() string    { return "chat.message" }
func (ChatDeleted) serverType() string { return "chat.deleted" }

func (ChatSent) roomEvent()    {}
func (ChatDeleted) roomEvent() {}
