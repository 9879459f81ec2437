package api

import (
	"context"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-json-experiment/json"

	"overtime/internal/control"
	"overtime/internal/meeting"
)

// A request to change a room; what is left out stays.
type (
	changes struct {
		Name            *string           `json:"name,omitempty" maxLength:"100" doc:"what people read"`
		DurationMinutes *int              `json:"duration_minutes,omitempty" minimum:"1" maximum:"1440" doc:"from the next session on"`
		Extension       *extensionChanges `json:"extension,omitempty" doc:"how sessions are extended; what is left out of it stays, too"`
		Capacity        *int              `json:"capacity,omitempty" minimum:"1" maximum:"100" doc:"whoever is in stays"`
		WaitingRoom     *bool             `json:"waiting_room,omitempty" doc:"have moderators admit everybody else"`
		Chat            *meeting.ChatBy   `json:"chat,omitempty" enum:"on,moderators,off" doc:"who may write in the chat; what was written stays"`
		ScreenShare     *meeting.ScreenBy `json:"screen_share,omitempty" enum:"anyone,moderators" doc:"who may share a screen; viewers never may"`
		Reusable        *bool             `json:"reusable,omitempty" doc:"start a new session at the next first join after an end"`
		Locked          *bool             `json:"locked,omitempty" doc:"let nobody new in; whoever has a place may come back to it"`
	}
	extensionChanges struct {
		DefaultMinutes *int              `json:"default_minutes,omitempty" minimum:"10" maximum:"30" doc:"what an extension is if nobody says how long"`
		LatestEnd      latestEnd         `json:"latest_end,omitzero" doc:"a booking that follows; null takes it away; it bounds extensions and never shortens a session that runs"`
		By             *meeting.ExtendBy `json:"by,omitempty" enum:"anyone,moderators" doc:"who may extend; viewers never may"`
	}
	changeInput struct {
		AtRoom
		Body changes
	}
)

// latestEnd is a time, or null: which is not the same as being left out.
type latestEnd struct {
	said bool
	at   *time.Time // nil: null
}

// UnmarshalJSON is called for null, too.
func (l *latestEnd) UnmarshalJSON(text []byte) error {
	l.said = true
	return json.Unmarshal(text, &l.at)
}

// MarshalJSON writes it as it is read.
func (l latestEnd) MarshalJSON() ([]byte, error) { return json.Marshal(l.at) }

// Schema describes it.
func (latestEnd) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Format: "date-time", Nullable: true}
}

// change has a room's actor change its settings.
func (o *rooms) change(ctx context.Context, in *changeInput) (*roomOutput, error) {
	settings, err := in.Body.settings()
	if err != nil {
		return nil, err
	}
	answer, err := o.actors.do(ctx, in.Room, control.Command{Change: &settings})
	if err != nil {
		return nil, err
	}
	return o.output(ctx, answer.Room, answer.Session)
}

func (c changes) settings() (meeting.Settings, error) {
	s := meeting.Settings{
		Name: c.Name, Duration: c.DurationMinutes,
		Capacity: c.Capacity, WaitingRoom: c.WaitingRoom, Reusable: c.Reusable, Locked: c.Locked,
		Chat: c.Chat, ScreenShare: c.ScreenShare,
	}
	e := c.Extension
	if e == nil {
		return s, nil
	}
	s.DefaultExtension, s.ExtendBy = e.DefaultMinutes, e.By
	switch {
	case !e.LatestEnd.said:
	case e.LatestEnd.at == nil:
		s.LatestEnd = &time.Time{}
	default:
		s.LatestEnd = e.LatestEnd.at
		return s, checkLatestEnd(*e.LatestEnd.at)
	}
	return s, nil
}
