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

// Leaving is r without what it knew of f's place before, and with f.
func (r Record) Leaving(f Former) Record {
	r = r.Returned(f.Who())
	if f.Sub == f.ID {
		f.Sub = ""
	}
	r.Former = append(slices.Clip(r.Former), f)
	return r.KeepFormer(maxFormer)
}

// KeepFormer is r with the newest of those who went; of the others it keeps that
// they left by choice.
func (r Record) KeepFormer(most int) Record {
	for ; len(r.Former) > most; r.Former = r.Former[1:] {
		if oldest := r.Former[0]; oldest.Left {
			left := append(slices.Clip(r.Left), leftKey(oldest.Who()))
			r.Left = left[max(0, len(left)-maxLeft):]
		}
	}
	return r
}

// Returned is r in which sub has a place again, or may have none any more.
func (r Record) Returned(sub string) Record {
	if i := r.formerBy(sub); i >= 0 {
		r.Former = slices.Delete(slices.Clone(r.Former), i, i+1)
	}
	if i := slices.Index(r.Left, leftKey(sub)); i >= 0 {
		r.Left = slices.Delete(slices.Clone(r.Left), i, i+1)
	}
	return r
}

// FormerOf is what is remembered of sub's last place, if it was lately.
func (r Record) FormerOf(sub string) (f Former, known bool) {
	if i := r.formerBy(sub); i >= 0 {
		return r.Former[i], true
	}
	return Former{}, false
}

// FormerAt is who was known by that ID lately.
func (r Record) FormerAt(id string) (f Former, known bool) {
	if i := slices.IndexFunc(r.Former, func(f Former) bool { return f.ID == id }); i >= 0 {
		return r.Former[i], true
	}
	return Former{}, false
}

// LeftByChoice reports whether sub left by choice and has not come in again.
// Where more did than are remembered, whoever is not known may have.
func (r Record) LeftByChoice(sub string) bool {
	if f, known := r.FormerOf(sub); known {
		return f.Left
	}
	return len(r.Left) >= maxLeft || slices.Contains(r.Left, leftKey(sub))
}

func (r Record) formerBy(sub string) int {
	return slices.IndexFunc(r.Former, func(f Former) bool { return f.Who() == sub })
}

// leftKey is a digest of one length, of 48 bits: two of the same would cost
// somebody who was lost a press on Join.
func leftKey(sub string) string { return OpID("left", sub)[:8] }
