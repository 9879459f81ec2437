package client

import (
	"cmp"
	"slices"
	"time"

	"overtime/internal/protocol"
)

const (
	toastShort = 4 * time.Second
	toastLong  = 8 * time.Second
	// toastMost at once; the oldest make room, as in a rush of people joining.
	toastMost = 5
)

// toasts is the news on show, oldest first. The list is replaced, never written
// to: views share it.
type toasts struct {
	loop timers

	lastID int
	list   []Toast
	until  map[int]time.Duration // local, by id
	expiry alarm                 // of the one that leaves first
}

func (n *toasts) show(t Toast) {
	last := toastShort
	switch t.Kind {
	case ToastExtended, ToastRefused, ToastRenewed, ToastLocked, ToastUnlocked, ToastBooked:
		last = toastLong
	}
	n.lastID++
	t.ID = n.lastID
	list := append(slices.Clone(n.list), t)
	n.list = list[max(0, len(list)-toastMost):]
	if n.until == nil {
		n.until = map[int]time.Duration{}
	}
	n.until[t.ID] = n.loop.local() + last
	n.expire()
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

func (n *toasts) drop(which func(Toast) bool) {
	if !slices.ContainsFunc(n.list, which) {
		return
	}
	n.list = slices.DeleteFunc(slices.Clone(n.list), which)
	for id := range n.until {
		if !slices.ContainsFunc(n.list, func(t Toast) bool { return t.ID == id }) {
			delete(n.until, id)
		}
	}
}

// expire takes away what was shown long enough, and waits for the next.
func (n *toasts) expire() {
	now := n.loop.local()
	n.drop(func(t Toast) bool { return n.until[t.ID] <= now })
	n.loop.unset(&n.expiry)
	if len(n.list) == 0 {
		return
	}
	first := slices.MinFunc(n.list, func(a, b Toast) int { return cmp.Compare(n.until[a.ID], n.until[b.ID]) })
	n.loop.set(&n.expiry, n.until[first.ID]-now, n.expire)
}

// clear is for pages that the news is not about.
func (n *toasts) clear() {
	n.list, n.until = nil, nil
	n.loop.unset(&n.expiry)
}

func troubleOf(e protocol.Error) Trouble {
	return Trouble{Code: e.Code, By: e.By, Minutes: e.Minutes, EndsAt: e.EndsAt, OpensAt: e.OpensAt}
}
