package room

import (
	"slices"

	"overtime/internal/meeting"
)

// Held is the role that somebody's newest token gave them.
type Held struct {
	// Who is a digest of their sub; 256 of them are kept.
	Who  string       `json:"who"`
	Role meeting.Role `json:"role"`
}

// Roles are what people of a portal hold by their newest tokens, the newest last.
type Roles []Held

// maxHeld bounds whose roles are remembered.
const maxHeld = 256

// Of is the role that sub holds.
func (r Roles) Of(sub string) (role meeting.Role, known bool) {
	who := heldKey(sub)
	if i := slices.IndexFunc(r, func(h Held) bool { return h.Who == who }); i >= 0 {
		return r[i].Role, true
	}
	return "", false
}

// With is r in which sub holds a role. Nobody but those whom a portal knows gets a
// second token.
func (r Roles) With(sub string, role meeting.Role) Roles {
	if held, known := r.Of(sub); meeting.UserRef(sub) == "" || known && held == role {
		return r
	}
	who := heldKey(sub)
	r = slices.DeleteFunc(slices.Clone(r), func(h Held) bool { return h.Who == who })
	r = append(r, Held{Who: who, Role: role})
	return r[max(0, len(r)-maxHeld):]
}

// Forgets reports whether there were more people than are remembered, so that somebody
// of whom nothing is known may have had a newer token.
func (r Roles) Forgets() bool { return len(r) >= maxHeld }

func heldKey(sub string) string { return OpID("role", sub) }

// roleOf is the role that the newest token of sub gave in this session, whether or
// not they have a place now. It is what a secret counts for that an older token led
// to.
func (s State) roleOf(sub string) (role meeting.Role, known bool) {
	if meeting.UserRef(sub) == "" || s.Running() == nil {
		return "", false // has one token only, or none of this session
	}
	if p, here := s.Here.BySub(sub); here {
		return p.Role, true
	}
	return s.heldBy(sub)
}

// heldBy leaves out who is here.
func (s State) heldBy(sub string) (role meeting.Role, known bool) {
	if role, known = s.Saved.Held.Of(sub); known {
		return role, true
	}
	return s.Lately.Held.Of(sub)
}

// forgetsRoles reports whether more roles were held than are remembered.
func (s State) forgetsRoles() bool { return s.Saved.Held.Forgets() || s.Lately.Held.Forgets() }
