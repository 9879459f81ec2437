package api

import (
	"context"
	"time"

	"overtime/internal/control"
	"overtime/internal/meeting"
	"overtime/internal/protocol"
)

// roomsPath is where rooms are.
const roomsPath = apiPath + "/rooms"

// What a portal sees of a room.
type (
	room struct {
		ID              string           `json:"id" doc:"what the server calls it; it stands in links and in addresses of this API"`
		ExternalID      string           `json:"external_id,omitempty" doc:"what the portal calls it"`
		Name            string           `json:"name" doc:"what people read"`
		DurationMinutes int              `json:"duration_minutes" doc:"how long a session is, from the first person's entry"`
		CreatedAt       time.Time        `json:"created_at" doc:"when it was made"`
		Extension       extension        `json:"extension" doc:"how its sessions are extended"`
		Capacity        int              `json:"capacity" doc:"how many people it takes"`
		WaitingRoom     bool             `json:"waiting_room" doc:"whether moderators admit everybody else"`
		Chat            meeting.ChatBy   `json:"chat" enum:"on,moderators,off" doc:"who may write in the chat"`
		ScreenShare     meeting.ScreenBy `json:"screen_share" enum:"anyone,moderators" doc:"who may share a screen; viewers never may"`
		Reusable        bool             `json:"reusable" doc:"whether a new session starts at the next first join after an end"`
		Locked          bool             `json:"locked" doc:"whether nobody new is let in"`
		Links           links            `json:"links" doc:"what lets people in"`
		Session         *control.Session `json:"session,omitempty" doc:"the one that runs, or the last; absent before the first"`
	}
	// extension is how sessions are extended.
	extension struct {
		DefaultMinutes int              `json:"default_minutes" doc:"what an extension is if nobody says how long"`
		LatestEnd      time.Time        `json:"latest_end,omitzero" doc:"a booking that follows: no session runs past it, extended or not; absent if there is none"`
		By             meeting.ExtendBy `json:"by" enum:"anyone,moderators" doc:"who may extend; viewers never may"`
	}
	// links lead into the room; a link's holder has its role.
	links struct {
		Moderator string `json:"moderator" doc:"for whoever may admit, remove and end; keep it"`
		Guest     string `json:"guest" doc:"for everybody else, any number of people"`
	}
	roomOutput struct{ Body room }
)

// AtRoom is the room that an operation is about. It has a capital because the
// library fills in no others.
type AtRoom struct {
	Room string `path:"id" maxLength:"256" doc:"the room's id"`
}

// views shows rooms as a portal sees them.
type views struct {
	records records
	links   Links
	origins origins
}

func (v views) room(ctx context.Context, r meeting.Room, s *meeting.Session) (room, error) {
	l, err := v.linksOf(ctx, r)
	if err != nil {
		return room{}, err
	}
	out := room{
		ID: r.ID, ExternalID: r.ExternalID, Name: r.Name, DurationMinutes: r.Duration, CreatedAt: r.CreatedAt,
		Extension: extension{DefaultMinutes: r.DefaultExtension, LatestEnd: r.LatestEnd, By: r.ExtendBy},
		Capacity:  r.Capacity, WaitingRoom: r.WaitingRoom, Reusable: r.Reusable, Locked: r.Locked, Links: l,
		Chat: r.Chat, ScreenShare: r.ScreenShare,
	}
	if s := v.records.sessionNow(r, s); s != nil {
		session := control.SessionOf(*s)
		out.Session = &session
	}
	return out, nil
}

func (v views) linksOf(ctx context.Context, r meeting.Room) (links, error) {
	moderator, err := v.links.Invitation(r, meeting.RoleModerator)
	if err != nil {
		return links{}, err
	}
	guest, err := v.links.Invitation(r, meeting.RoleParticipant)
	if err != nil {
		return links{}, err
	}
	origin := v.origins.linked(ctx)
	return links{Moderator: origin + moderator, Guest: origin + guest}, nil
}

// rooms are the operations on rooms and their links.
type rooms struct {
	store     Store
	records   records
	actors    *actors
	views     views
	notes     *notes
	creations *creations
	minute    time.Duration // of new rooms
	now       func() time.Time
}

// read is a room as it is now.
func (o *rooms) read(ctx context.Context, in *AtRoom) (*roomOutput, error) {
	rec, err := o.records.load(ctx, in.Room)
	if err != nil {
		return nil, err
	}
	return o.output(ctx, rec.Room, rec.Session)
}

func (o *rooms) output(ctx context.Context, r meeting.Room, s *meeting.Session) (*roomOutput, error) {
	body, err := o.views.room(ctx, r, s)
	if err != nil {
		return nil, err
	}
	return &roomOutput{body}, nil
}

// delete takes a room away, for good.
func (o *rooms) delete(ctx context.Context, in *AtRoom) (*struct{}, error) {
	_, err := o.actors.do(ctx, in.Room, control.Command{Delete: &control.Delete{}})
	return nil, err
}

type linksOutput struct{ Body links }

// renewLinks makes the guests' links that were given out useless.
func (o *rooms) renewLinks(ctx context.Context, in *AtRoom) (*linksOutput, error) {
	answer, err := o.actors.do(ctx, in.Room, control.Command{Renew: &control.Renew{}})
	if err != nil {
		return nil, err
	}
	l, err := o.views.linksOf(ctx, answer.Room)
	if err != nil {
		return nil, err
	}
	return &linksOutput{l}, nil
}

// checkLatestEnd refuses a latest end that nothing else could be: JSON has four
// digits for the year, and the zero time is no time.
func checkLatestEnd(t time.Time) error {
	t = meeting.Instant(t)
	switch {
	case t.IsZero():
		return latestEndPassed()
	case t.Year() > 9999:
		return refusal(protocol.CodeBadRequest, "latest_end is too far away; leave it out for no limit")
	}
	return nil
}

func latestEndPassed() *Problem {
	return refusal(protocol.CodeTooLate, "latest_end has passed; give a time that is still to come")
}
