package room

import (
	"net/netip"
	"slices"
	"time"

	"overtime/internal/protocol"
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

// Waiter is somebody whom a moderator has not let in yet, or who was let in and
// has not come. They hold no place: waiting starts no session.
type Waiter struct {
	ID       string
	Conn     string // empty while it is lost
	Name     string
	Entry    Entry
	Admitted bool
	Until    time.Time // then they wait no more
}

// byLink reports whether they came by what anybody may hold.
func (w Waiter) byLink() bool { return w.Entry.Sub == "" }

// makesRoom reports whether they may have to for another: whoever was let in is on
// their way in.
func (w Waiter) makesRoom() bool { return w.byLink() && !w.Admitted }

// expired reports whether somebody did not ask again, or did not come back. Whoever
// was let in has all the time that their line lasts.
func (w Waiter) expired(now time.Time) bool {
	return !now.Before(w.Until) && (!w.Admitted || w.Conn == "")
}

// replaced tells the connection of w, if there is one and it is not conn, that
// another has its place.
func (w Waiter) replaced(conn string) []Notice {
	if w.Conn == "" || w.Conn == conn {
		return nil
	}
	return []Notice{{Conn: w.Conn, Message: errReplaced, Close: protocol.CloseReplaced}}
}

// WaitingRoom is who waits, in order of arrival.
type WaitingRoom []Waiter

func (l WaitingRoom) find(f func(Waiter) bool) (w Waiter, found bool) {
	if i := slices.IndexFunc(l, f); i >= 0 {
		return l[i], true
	}
	return Waiter{}, false
}

// ByConn is whose connection it is. Nobody has an empty one.
func (l WaitingRoom) ByConn(conn string) (Waiter, bool) {
	return l.find(func(w Waiter) bool { return w.Conn == conn && conn != "" })
}

// byID is who waits to be let in under that id.
func (l WaitingRoom) byID(id string) (Waiter, bool) {
	return l.find(func(w Waiter) bool { return w.ID == id && !w.Admitted })
}

// of is who says hello: on the connection that waits or, on another, by their
// pass or by a token of their own.
func (l WaitingRoom) of(conn string, e Entry) (Waiter, bool) {
	if w, there := l.ByConn(conn); there {
		return w, true
	}
	return l.find(func(w Waiter) bool {
		return e.Waiting != "" && w.ID == e.Waiting || e.Sub != "" && w.Entry.Sub == e.Sub
	})
}

// with takes somebody in, unless there is no room. When it is full of those who
// came by links, the newest of the address that has most makes room for somebody
// of one that has fewer: no address keeps the others out.
func (l WaitingRoom) with(w Waiter) (WaitingRoom, bool) {
	at := map[string]int{}
	links, most := 0, ""
	for _, o := range l {
		if o.byLink() {
			links++
		}
		if o.makesRoom() {
			if at[o.Entry.Address]++; at[o.Entry.Address] >= at[most] {
				most = o.Entry.Address
			}
		}
	}
	mine := at[w.Entry.Address]
	switch {
	case w.byLink() && mine >= maxByAddress && !mayBeProxy(w.Entry.Address):
		return l, false
	case len(l) < maxWaiting && (!w.byLink() || links < maxByLink):
	case at[most] == 0, w.byLink() && at[most] < mine+2:
		return l, false
	default:
		l = l.withoutNewest(most)
	}
	return append(slices.Clip(l), w), true
}

// mayBeProxy reports whether an address may stand for many people: as the first hop of a
// proxy that the server was not told of.
func mayBeProxy(address string) bool {
	p, err := netip.ParsePrefix(address)
	return err == nil && (p.Addr().IsLoopback() || p.Addr().IsPrivate())
}

func (l WaitingRoom) withoutNewest(address string) WaitingRoom {
	for i, w := range slices.Backward(l) {
		if w.makesRoom() && w.Entry.Address == address {
			return slices.Delete(slices.Clone(l), i, i+1)
		}
	}
	return l
}

// without leaves out whoever f says.
func (l WaitingRoom) without(f func(Waiter) bool) WaitingRoom {
	return slices.DeleteFunc(slices.Clone(l), f)
}

// changed is l with the waiter of that id as f makes them.
func (l WaitingRoom) changed(id string, f func(Waiter) Waiter) WaitingRoom {
	l = slices.Clone(l)
	for i := range l {
		if l[i].ID == id {
			l[i] = f(l[i])
		}
	}
	return l
}

// toProtocol are those who wait to be let in.
func (l WaitingRoom) toProtocol() []protocol.Waiter {
	out := []protocol.Waiter{}
	for _, w := range l {
		if !w.Admitted {
			out = append(out, protocol.Waiter{ID: w.ID, Name: w.Name})
		}
	}
	return out
}
