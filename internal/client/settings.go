package client

import (
	"strings"
	"time"

	"overtime/internal/protocol"
)

// settings are the room's, as the server told them last.
type settings struct {
	loop *loop
	page Page
	news *toasts

	room   protocol.Room
	guests string // the guests' link
}

// renewed takes a new guests' link, as others can use it: with its origin, if it is
// this server's.
func (r *settings) renewed(guests string) {
	if strings.HasPrefix(guests, "/") {
		guests = r.page.Origin() + guests
	}
	r.guests = guests
}

// changed takes new settings in, and tells of those that concern everyone.
func (r *settings) changed(room protocol.Room) {
	was := r.room
	r.room = room
	switch {
	case room.Locked && !was.Locked:
		r.news.show(Toast{Kind: ToastLocked})
	case was.Locked && !room.Locked:
		r.news.show(Toast{Kind: ToastUnlocked})
	}
	if !room.LatestEnd.Equal(was.LatestEnd) {
		r.news.show(Toast{Kind: ToastBooked, EndsAt: room.LatestEnd})
	}
}

// minute is how long one of the room's minutes lasts.
func (r *settings) minute() time.Duration {
	if r.room.MinuteMS == 0 {
		return time.Minute
	}
	return time.Duration(r.room.MinuteMS) * time.Millisecond
}

// copyLink puts the guests' link on the clipboard.
func (r *settings) copyLink() {
	link := r.guests
	if link == "" {
		return
	}
	r.loop.work(func() func() {
		err := r.page.Copy(r.loop.ctx, link)
		return func() {
			if err != nil {
				r.news.refused(protocol.Error{Code: TroubleCopy})
				return
			}
			r.news.show(Toast{Kind: ToastCopied})
		}
	})
}
