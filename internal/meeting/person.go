package meeting

import "strings"

// Role is what a person of a room may do.
type Role string

const (
	RoleModerator   Role = "moderator"
	RoleParticipant Role = "participant"
	RoleViewer      Role = "viewer"
	// RoleService is the portal that owns the room, acting through the API
	// with what a moderator may do. No token of a person carries it.
	RoleService Role = "service"
)

// Moderates reports whether the role may end a session and manage people.
func (r Role) Moderates() bool { return r == RoleModerator || r == RoleService }

// Sends reports whether the role may be heard and seen. Viewers listen and watch.
func (r Role) Sends() bool { return r == RoleModerator || r == RoleParticipant }

// Joins reports whether a person may enter a room with this role.
func (r Role) Joins() bool {
	return r == RoleModerator || r == RoleParticipant || r == RoleViewer
}

// Person is somebody as the ledger names them.
type Person struct {
	Sub  string `json:"sub"` // stable within the room
	Name string `json:"name"`
}

// Actor is a person with the role they act in.
type Actor struct {
	Person
	Role Role `json:"role"`
}

// userSub keeps what a portal calls its people apart from what this server
// calls those that no portal vouches for.
const userSub = "u:"

// UserSub is the Sub of somebody whom a portal calls ref.
func UserSub(ref string) string { return userSub + ref }

// UserRef is what the portal calls a person; empty if it never did.
func UserRef(sub string) string {
	ref, known := strings.CutPrefix(sub, userSub)
	if !known {
		return ""
	}
	return ref
}
