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
	var r room.Record
	if _, known := r.RoleOf(ada); known {
		t.Error("a role is known of nobody")
	}
	before := r.Holding(ada, meeting.RoleModerator).Holding(meeting.UserSub("bob"), meeting.RoleViewer)
	after := before.Holding(ada, meeting.RoleParticipant).Holding(guest, meeting.RoleModerator)
	for _, c := range []struct {
		of   room.Record
		want meeting.Role
	}{{before, meeting.RoleModerator}, {after, meeting.RoleParticipant}} {
		if role, known := c.of.RoleOf(ada); !known || role != c.want || len(c.of.Held) != 2 {
			t.Errorf("%s, known %v, among %+v", role, known, c.of.Held)
		}
	}
	if _, known := after.RoleOf(guest); known || after.ForgetsRoles() {
		t.Errorf("kept %+v", after.Held)
	}
	for i := range 255 {
		after = after.Holding(meeting.UserSub(fmt.Sprint(i)), meeting.RoleViewer)
	}
	_, known := after.RoleOf(ada)
	_, forgotten := after.RoleOf(meeting.UserSub("bob"))
	if !known || forgotten || !after.ForgetsRoles() || len(after.Held) != 256 {
		t.Errorf("of 257 people %d are kept, the newest: %v, the oldest: %v", len(after.Held), known, forgotten)
	}
}
