package rooms

import (
	"context"

	"overtime/internal/auth"
	"overtime/internal/bus"
	"overtime/internal/chatlog"
	"overtime/internal/event"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
	"overtime/internal/store"
)

// Store is what an actor needs of package store.
type Store interface {
	Load(ctx context.Context, id string) (store.Versioned, error)
	Change(ctx context.Context, have store.Versioned, change func(store.Record) (store.Record, error)) (store.Versioned, error)
	Attendance(ctx context.Context, id string) (a store.Attendance, revision uint64, err error)
	SaveAttendance(ctx context.Context, id string, a store.Attendance, have uint64) (revision uint64, err error)
	SaveLedger(ctx context.Context, room string, session meeting.Session) error
	Ledger(ctx context.Context, room string, number int) (meeting.Session, error)
	Each(ctx context.Context, f func(store.Versioned) (more bool)) error
}

// Chats keep what is written; see chatlog.Log.
type Chats interface {
	Append(ctx context.Context, s chatlog.Session, d chatlog.Draft) (chatlog.Message, error)
	Delete(ctx context.Context, s chatlog.Session, number int, may func(chatlog.Message) (protocol.DeletedBy, error)) (chatlog.Message, error)
	Page(ctx context.Context, s chatlog.Session, r chatlog.Range) (protocol.Chat, error)
	Read(ctx context.Context, s chatlog.Session, r chatlog.Range) (chatlog.Part, error)
}

// Bus is what a Host needs of package bus.
type Bus interface {
	ServeOpen(open func(room string) error) (stop func(), err error)
	Listen(room string, f func(bus.Asked)) (RoomConn, error)
}

// RoomConn is a room's end of the bus.
type RoomConn interface {
	Answer(to bus.Asked, d bus.Delivery)
	Push(conn string, d bus.Delivery)
	Publish(d bus.Delivery)
	Close()
}

// News takes what happened to portals and to the audit.
type News interface {
	// Pass returns once the event is safe with everybody who is to hear of it.
	// It may be given the same event again.
	Pass(ctx context.Context, e event.Event) error
	// Note is for what nobody waits for. It returns at once, and may drop it.
	Note(e event.Event)
	// Recall has an event that was noted not be told any more, where it was not yet.
	Recall(e event.Event)
}

// Secrets makes what people come back and invite others with.
type Secrets interface {
	Resume(auth.Place) (string, error)
	Pass(auth.Ticket) (string, error)
	Invitation(room meeting.Room, role meeting.Role) (path string, err error)
}

// Media forwards sound and pictures.
type Media interface {
	// Instance names this process's media.
	Instance() string
	// Seats is how many seats a browser makes.
	Seats() (audio, video int)
	// NewRoom starts the media of a room. speaking is called with the ids of
	// who speaks, loudest first, from any goroutine.
	NewRoom(speaking func(ids []string)) MediaRoom
}

// MediaRoom is the media of one room.
type MediaRoom interface {
	Join(id string, obs MediaObserver) MediaPeer
	Close()
}

// MediaObserver hears of one person's media, from any goroutine; each must
// return soon.
type MediaObserver struct {
	Seated func(protocol.Seating)
	Lost   func()
	// Excess tells that the browser went on sending more than it may, of what.
	Excess func(what string)
}

// MediaPeer is one person's media.
type MediaPeer interface {
	// Answer may take a while; errors are protocol.Error.
	Answer(ctx context.Context, offer protocol.Offer) (sdp string, err error)
	Sending(sources []protocol.Source)
	Show(pictures []protocol.Picture)
	Close()
}
