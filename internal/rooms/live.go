package rooms

import (
	"overtime/internal/meeting"
	"overtime/internal/protocol"
	"overtime/internal/room"
)

// live is the room's state, with what follows each fact of it: their media, and what
// people are told. It belongs to the actor's goroutine, and nothing else changes the
// state.
type live struct {
	*env
	out   *publisher
	media *media
	state room.State
	// onAttended is called when somebody came, went or changed.
	onAttended func()
}

// open is the state as the store has the room.
func (l *live) open() {
	l.media.follow(l.state, nil)
	l.happen(l.state.Opened(l.now())...)
}

// happen applies facts, one after the other.
func (l *live) happen(facts ...room.Fact) {
	attended := l.state.Attended
	for _, f := range facts {
		before := l.state
		after, notices := before.Apply(f)
		l.state = after
		l.media.follow(after, f)
		if h, is := f.(room.Happened); is && h.Entry.Kind == meeting.EntryEnded {
			l.log.Info("session ended", "session", after.Number(), "reason", h.Entry.Reason)
		}
		for _, n := range notices {
			l.notify(n)
		}
	}
	if l.state.Attended != attended {
		l.onAttended()
	}
}

func (l *live) notify(n room.Notice) {
	switch {
	case n.Note != nil:
		l.host.cfg.News.Note(*n.Note)
	case n.Recall != nil:
		l.host.cfg.News.Recall(*n.Recall)
	case n.Invites:
		link, err := l.host.cfg.Secrets.Invitation(l.state.Saved.Room, meeting.RoleParticipant)
		if err != nil {
			l.log.Error("no guests' link could be made", "error", err)
			return
		}
		l.out.push(n.Conn, protocol.GuestLink{Guests: link}, 0)
	case n.Conn == "":
		l.out.publish(n.Message, n.Close)
	default:
		l.out.push(n.Conn, n.Message, n.Close)
	}
}

// pushTo tells a person, if they have a connection.
func (l *live) pushTo(id string, m protocol.ServerMessage) {
	if p, here := l.state.Here.ByID(id); here && p.Conn != "" {
		l.out.push(p.Conn, m, 0)
	}
}
