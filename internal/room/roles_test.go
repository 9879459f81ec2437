package room_test

import (
	"fmt"
	"testing"

	"overtime/internal/meeting"
	"overtime/internal/room"
)

// TestRoles: the newest role of each person whom a portal knows is remembered,
// of so many that a record can hold them.
func TestRoles(t *testing.T) {
	ada, guest := meeting.UserSub("ada"), "guest-1"
	var none room.Roles
	if _, known := none.Of(ada); known {
		t.Error("a role is known of nobody")
	}
	before := none.With(ada, meeting.RoleModerator).With(meeting.UserSub("bob"), meeting.RoleViewer)
	after := before.With(ada, meeting.RoleParticipant).With(guest, meeting.RoleModerator)
	for _, c := range []struct {
		of   room.Roles
		want meeting.Role
	}{{before, meeting.RoleModerator}, {after, meeting.RoleParticipant}} {
		if role, known := c.of.Of(ada); !known || role != c.want || len(c.of) != 2 {
			t.Errorf("%s, known %v, among %+v", role, known, c.of)
		}
	}
	if _, known := after.Of(guest); known || after.Forgets() {
		t.Errorf("kept %+v", after)
	}
	for i := range 255 {
		after = after.With(meeting.UserSub(fmt.Sprint(i)), meeting.RoleViewer)
	}
	_, known := after.Of(ada)
	_, forgotten := after.Of(meeting.UserSub("bob"))
	if !known || forgotten || !after.Forgets() || len(after) != 256 {
		t.Errorf("of 257 people %d are kept, the newest: %v, the oldest: %v", len(after), known, forgotten)
	}
}
