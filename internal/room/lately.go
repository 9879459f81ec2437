package room

import (
	"slices"
	"time"
)

// Former is somebody who had a place in the running session. There is one for
// each sub: of the last place that they gave up or lost.
type Former struct {
	ID     string `json:"id"`            // what others knew them by
	Sub    string `json:"sub,omitempty"` // absent: the same as ID
	Ticket string `json:"ticket,omitempty"`
	// Left: they left by choice, and come in again like anybody new.
	Left bool `json:"left,omitempty"`
	// Displaced is until when they come back though the room is full, because
	// they made room for somebody while their place was held.
	Displaced time.Time `json:"displaced,omitzero"`
}

// Who is the sub.
func (f Former) Who() string {
	if f.Sub == "" {
		return f.ID
	}
	return f.Sub
}

const (
	// maxFormer bounds who is remembered with everything: who was there lately.
	maxFormer = 64
	// maxLeft bounds of how many more it is remembered that they left by choice,
	// in 11 bytes each.
	maxLeft = 128
)

// Lately is what is remembered of people in the running session beside the places
// that they have.
type Lately struct {
	// Former are those who had a place lately, the newest last; Left are digests of
	// more who left by choice; see LeftByChoice.
	Former []Former `json:"former,omitempty"`
	Left   []string `json:"left,omitempty"`
	// Held are the roles that they came in with.
	Held Roles `json:"held,omitempty"`
}

// gone is l without what it knew of f's place before, and with f. Of the oldest it
// keeps that they left by choice.
func (l Lately) gone(f Former) Lately {
	l = l.without(f.Who())
	if f.Sub == f.ID {
		f.Sub = ""
	}
	l.Former = append(slices.Clip(l.Former), f)
	for ; len(l.Former) > maxFormer; l.Former = l.Former[1:] {
		if oldest := l.Former[0]; oldest.Left {
			left := append(slices.Clip(l.Left), leftKey(oldest.Who()))
			l.Left = left[max(0, len(left)-maxLeft):]
		}
	}
	return l
}

// without is l in which sub has a place again, or may have none any more.
func (l Lately) without(sub string) Lately {
	key := leftKey(sub)
	l.Former = slices.DeleteFunc(slices.Clone(l.Former), func(f Former) bool { return f.Who() == sub })
	l.Left = slices.DeleteFunc(slices.Clone(l.Left), func(left string) bool { return left == key })
	return l
}

// came is l in which somebody has a place.
func (l Lately) came(p Person) Lately {
	l = l.without(p.Sub)
	l.Held = l.Held.With(p.Sub, p.Role)
	return l
}

// FormerOf is what is remembered of sub's last place, if it was lately.
func (l Lately) FormerOf(sub string) (f Former, known bool) {
	return l.former(func(f Former) bool { return f.Who() == sub })
}

// formerAt is who was known by that ID lately.
func (l Lately) formerAt(id string) (f Former, known bool) {
	return l.former(func(f Former) bool { return f.ID == id })
}

func (l Lately) former(is func(Former) bool) (f Former, known bool) {
	if i := slices.IndexFunc(l.Former, is); i >= 0 {
		return l.Former[i], true
	}
	return Former{}, false
}

// LeftByChoice reports whether sub left by choice and has not come in again.
// Where more did than are remembered, whoever is not known may have.
func (l Lately) LeftByChoice(sub string) bool {
	if f, known := l.FormerOf(sub); known {
		return f.Left
	}
	return len(l.Left) >= maxLeft || slices.Contains(l.Left, leftKey(sub))
}

// leftKey is a digest of one length, of 48 bits: two of the same would cost
// somebody who was lost a press on Join.
func leftKey(sub string) string { return OpID("left", sub)[:8] }
