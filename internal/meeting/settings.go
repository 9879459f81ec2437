package meeting

import "time"

// Settings are changes to a room; what is nil stays as it is. They hold at
// once: a duration from the next session on, the rest for the running one too.
type Settings struct {
	Name             *string    `json:"name,omitempty"`
	Duration         *int       `json:"duration_minutes,omitempty"`
	DefaultExtension *int       `json:"default_extension_minutes,omitempty"`
	ExtendBy         *ExtendBy  `json:"extend_by,omitempty"`
	Chat             *ChatBy    `json:"chat,omitempty"`
	ScreenShare      *ScreenBy  `json:"screen_share,omitempty"`
	LatestEnd        *time.Time `json:"latest_end,omitempty"` // a zero time takes it away
	Capacity         *int       `json:"capacity,omitempty"`
	WaitingRoom      *bool      `json:"waiting_room,omitempty"`
	Reusable         *bool      `json:"reusable,omitempty"`
	Locked           *bool      `json:"locked,omitempty"`
}

// With is the room with changed settings, refused like a room that is made.
// A latest end never shortens what already holds (see Session.Extend).
func (r Room) With(s Settings) (Room, error) {
	set(&r.Name, s.Name)
	set(&r.ExtendBy, s.ExtendBy)
	set(&r.Chat, s.Chat)
	set(&r.ScreenShare, s.ScreenShare)
	set(&r.LatestEnd, s.LatestEnd)
	set(&r.WaitingRoom, s.WaitingRoom)
	set(&r.Reusable, s.Reusable)
	set(&r.Locked, s.Locked)
	for _, n := range []struct{ to, from *int }{
		{&r.Duration, s.Duration}, {&r.DefaultExtension, s.DefaultExtension}, {&r.Capacity, s.Capacity},
	} {
		set(n.to, n.from)
		if n.from != nil && *n.from == 0 {
			*n.to = -1 // Validate would take 0 for what was left out
		}
	}
	return r.Validate()
}

func set[T any](to *T, from *T) {
	if from != nil {
		*to = *from
	}
}
