package meeting_test

import (
	"testing"

	"overtime/internal/meeting"
)

func TestRole(t *testing.T) {
	for _, c := range []struct {
		role             meeting.Role
		moderates, joins bool
	}{
		{meeting.RoleModerator, true, true},
		{meeting.RoleParticipant, false, true},
		{meeting.RoleViewer, false, true},
		{meeting.RoleService, true, false},
		{"", false, false},
		{"owner", false, false},
	} {
		t.Run(string(c.role), func(t *testing.T) {
			if got := c.role.Moderates(); got != c.moderates {
				t.Errorf("moderates: %v, want %v", got, c.moderates)
			}
			if got := c.role.Joins(); got != c.joins {
				t.Errorf("joins: %v, want %v", got, c.joins)
			}
		})
	}
}
