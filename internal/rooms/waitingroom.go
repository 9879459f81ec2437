package rooms

import (
	"net/netip"
	"slices"
	"time"

	"overtime/internal/bus"
)

const (
	// maxWaiting bounds who may wait at a time, and maxByLink those of them who came
	// by a shared link: so there is always room for whoever has a token of their own.
	maxWaiting = 100
	maxByLink  = 80
	// maxByAddress bounds those of one address who came by a shared link, unless it may
	// be a proxy's, with everybody behind it.
	maxByAddress = 40
	// waitPatience is how long somebody waits who does not ask again.
	waitPatience = time.Minute
)

// waiter is somebody whom a moderator has not let in yet, or who was let in and
// has not come. They hold no place: waiting starts no session.
type waiter struct {
	id       string
	conn     string // empty while it is lost
	name     string
	entry    bus.Entry
	admitted bool
	until    time.Time // then they wait no more
}

// byLink reports whether they came by what anybody may hold.
func (w *waiter) byLink() bool { return w.entry.Sub == "" }

// makesRoom reports whether they may have to for another: whoever was let in is on
// their way in.
func (w *waiter) makesRoom() bool { return w.byLink() && !w.admitted }

// waitingRoom is who waits, in order of arrival.
type waitingRoom struct{ list []*waiter }

func (l *waitingRoom) find(f func(*waiter) bool) *waiter {
	if i := slices.IndexFunc(l.list, f); i >= 0 {
		return l.list[i]
	}
	return nil
}

func (l *waitingRoom) byConn(conn string) *waiter {
	return l.find(func(w *waiter) bool { return w.conn == conn })
}

// byID is who waits to be let in under that id.
func (l *waitingRoom) byID(id string) *waiter {
	return l.find(func(w *waiter) bool { return w.id == id && !w.admitted })
}

// of is who says hello: on the connection that waits or, on another, by their
// pass or by a token of their own.
func (l *waitingRoom) of(conn string, e *bus.Entry) *waiter {
	if w := l.byConn(conn); w != nil {
		return w
	}
	return l.find(func(w *waiter) bool {
		return e.Waiting != "" && w.id == e.Waiting || e.Sub != "" && w.entry.Sub == e.Sub
	})
}

// waiting are those who wait to be let in.
func (l *waitingRoom) waiting() []*waiter {
	return slices.DeleteFunc(slices.Clone(l.list), func(w *waiter) bool { return w.admitted })
}

// add takes somebody in, unless there is no room. When it is full of those who
// came by links, the newest of the address that has most makes room for somebody
// of one that has fewer: no address keeps the others out.
func (l *waitingRoom) add(w *waiter) bool {
	at := map[string]int{}
	links, most := 0, ""
	for _, o := range l.list {
		if o.byLink() {
			links++
		}
		if o.makesRoom() {
			if at[o.entry.Address]++; at[o.entry.Address] >= at[most] {
				most = o.entry.Address
			}
		}
	}
	mine := at[w.entry.Address]
	switch {
	case w.byLink() && mine >= maxByAddress && !mayBeProxy(w.entry.Address):
		return false
	case len(l.list) < maxWaiting && (!w.byLink() || links < maxByLink):
	case at[most] == 0, w.byLink() && at[most] < mine+2:
		return false
	default:
		l.dropNewest(most)
	}
	l.list = append(l.list, w)
	return true
}

// mayBeProxy reports whether an address may stand for many people: as the first hop of a
// proxy that the server was not told of.
func mayBeProxy(address string) bool {
	p, err := netip.ParsePrefix(address)
	return err == nil && (p.Addr().IsLoopback() || p.Addr().IsPrivate())
}

func (l *waitingRoom) dropNewest(address string) {
	for i, w := range slices.Backward(l.list) {
		if w.makesRoom() && w.entry.Address == address {
			l.list = slices.Delete(l.list, i, i+1)
			return
		}
	}
}

// remove takes out whoever f says, and reports whether one of them waited.
func (l *waitingRoom) remove(f func(*waiter) bool) (waited bool) {
	l.list = slices.DeleteFunc(l.list, func(w *waiter) bool {
		out := f(w)
		waited = waited || out && !w.admitted
		return out
	})
	return waited
}

// expired reports whether somebody did not ask again, or did not come back. Whoever
// was let in has all the time that their line lasts.
func (w *waiter) expired(now time.Time) bool {
	return !now.Before(w.until) && (!w.admitted || w.conn == "")
}
