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

// toasts is the news on show, oldest first.
type toasts struct {
	lastID int
	list   []shownToast
	expiry alarm // of the one that leaves first
}

type shownToast struct {
	Toast
	until time.Duration // local
}

func (s *Session) toast(t Toast) {
	last := toastShort
	switch t.Kind {
	case ToastExtended, ToastRefused, ToastRenewed, ToastLocked, ToastUnlocked, ToastBooked:
		last = toastLong
	}
	s.toasts.lastID++
	t.ID = s.toasts.lastID
	list := append(slices.Clone(s.toasts.list), shownToast{Toast: t, until: s.local() + last})
	s.toasts.list = list[max(0, len(list)-toastMost):]
	s.expireToasts()
}

// refused tells the person that the server (or we) said no, and why.
func (s *Session) refused(e protocol.Error) {
	s.toast(Toast{Kind: ToastRefused, Trouble: troubleOf(e)})
}

// extendedToast tells of an extension, unless the answer to this person's own,
// later press told of it already.
func (s *Session) extendedToast(e protocol.StoryEntry) {
	for _, t := range s.toasts.list {
		if t.Trouble.Code == protocol.CodeAlreadyExtended && t.Trouble.EndsAt.Equal(e.EndsAt) {
			return
		}
	}
	s.toast(Toast{Kind: ToastExtended, By: e.By, Minutes: e.Minutes, EndsAt: e.EndsAt})
}

func (s *Session) dismissToast(id int) {
	s.dropToasts(func(t Toast) bool { return t.ID == id })
}

func (s *Session) dropToasts(which func(Toast) bool) {
	s.toasts.list = slices.DeleteFunc(s.toasts.list, func(t shownToast) bool { return which(t.Toast) })
}

// expireToasts takes away what was shown long enough, and waits for the next.
func (s *Session) expireToasts() {
	now := s.local()
	s.toasts.list = slices.DeleteFunc(s.toasts.list, func(t shownToast) bool { return t.until <= now })
	s.unset(&s.toasts.expiry)
	if len(s.toasts.list) == 0 {
		return
	}
	first := slices.MinFunc(s.toasts.list, func(a, b shownToast) int { return cmp.Compare(a.until, b.until) })
	s.set(&s.toasts.expiry, first.until-now, s.expireToasts)
}

// clearToasts is for pages that the news is not about.
func (s *Session) clearToasts() {
	s.toasts.list = nil
	s.unset(&s.toasts.expiry)
}

func (s *Session) shownToasts() []Toast {
	var out []Toast
	for _, t := range s.toasts.list {
		out = append(out, t.Toast)
	}
	return out
}

func troubleOf(e protocol.Error) Trouble {
	return Trouble{Code: e.Code, By: e.By, Minutes: e.Minutes, EndsAt: e.EndsAt, OpensAt: e.OpensAt}
}
