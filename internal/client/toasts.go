package client

import (
	"time"

	"overtime/internal/protocol"
)

const (
	toastShort = 4 * time.Second
	toastLong  = 8 * time.Second
	// toastMost at once, as in a rush of people joining.
	toastMost = 5
)

// toasts is the news on show.
type toasts struct {
	brief[Toast]
	lastID int
}

func (n *toasts) show(t Toast) {
	last := toastShort
	switch t.Kind {
	case ToastExtended, ToastRefused, ToastRenewed, ToastLocked, ToastUnlocked, ToastBooked:
		last = toastLong
	}
	n.lastID++
	t.ID = n.lastID
	n.brief.show(t, last)
}

// refused tells the person that the server (or we) said no, and why.
func (n *toasts) refused(e protocol.Error) {
	n.show(Toast{Kind: ToastRefused, Trouble: troubleOf(e)})
}

// extended tells of an extension, unless the answer to this person's own, later
// press told of it already.
func (n *toasts) extended(e protocol.StoryEntry) {
	for _, t := range n.list {
		if t.Trouble.Code == protocol.CodeAlreadyExtended && t.Trouble.EndsAt.Equal(e.EndsAt) {
			return
		}
	}
	n.show(Toast{Kind: ToastExtended, By: e.By, Minutes: e.Minutes, EndsAt: e.EndsAt})
}

func (n *toasts) dismiss(id int) { n.drop(func(t Toast) bool { return t.ID == id }) }

func troubleOf(e protocol.Error) Trouble {
	return Trouble{Code: e.Code, By: e.By, Minutes: e.Minutes, EndsAt: e.EndsAt, OpensAt: e.OpensAt}
}
