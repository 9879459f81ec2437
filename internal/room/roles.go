package room

import (
	"slices"

	"overtime/internal/meeting"
)

// Held is the role that somebody's newest token gave them.
type Held struct {
	// Who is a digest of their sub; 256 of them are in a record.
	Who  string       `json:"who"`
	Role meeting.Role `json:"role"`
}

// maxHeld bounds whose roles are remembered: more people than a room takes.
const maxHeld = 256

// RoleOf is the role that the newest token of sub gave in the running session,
// whether or not they have a place now. It is what a secret counts for that an
// older token led to.
func (r Record) RoleOf(sub string) (role meeting.Role, known bool) {
	if i := r.heldBy(sub); i >= 0 {
		return r.Held[i].Role, true
	}
	return "", false
}

// Holding is r in which sub has come in by a token with that role. Nobody but
// those whom a portal knows gets a second token.
func (r Record) Holding(sub string, role meeting.Role) Record {
	if meeting.UserRef(sub) == "" {
		return r
	}
	i := r.heldBy(sub)
	if i >= 0 && r.Held[i].Role == role {
		return r
	}
	held := slices.Clone(r.Held)
	if i >= 0 {
		held = slices.Delete(held, i, i+1)
	}
	held = append(held, Held{Who: heldKey(sub), Role: role})
	r.Held = held[max(0, len(held)-maxHeld):]
	return r
}

// ForgetsRoles reports whether there were more people than are remembered, so
// that somebody of whom nothing is known may have had a newer token.
func (r Record) ForgetsRoles() bool { return len(r.Held) >= maxHeld }

func (r Record) heldBy(sub string) int {
	who := heldKey(sub)
	return slices.IndexFunc(r.Held, func(h Held) bool { return h.Who == who })
}

func heldKey(sub string) string { return OpID("role", sub) }
