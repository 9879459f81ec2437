package api

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"overtime/internal/control"
	"overtime/internal/event"
	"overtime/internal/meeting"
	"overtime/internal/store"
)

// A request to make a room.
type (
	newRoom struct {
		Name            string           `json:"name,omitempty" maxLength:"100" doc:"what people read"`
		DurationMinutes int              `json:"duration_minutes" minimum:"1" maximum:"1440" doc:"how long a session is, from the first person's entry"`
		ExternalID      string           `json:"external_id,omitempty" minLength:"1" maxLength:"128" pattern:"^[!-~]*$" patternDescription:"printable ASCII without spaces" doc:"what the portal calls it; a second request with it makes no second room"`
		Extension       newExtension     `json:"extension,omitzero" doc:"how sessions are extended"`
		Capacity        int              `json:"capacity,omitempty" minimum:"1" maximum:"100" doc:"how many people it takes; 50 if left out"`
		WaitingRoom     bool             `json:"waiting_room,omitempty" doc:"have moderators admit everybody else"`
		Chat            meeting.ChatBy   `json:"chat,omitempty" enum:"on,moderators,off" doc:"who may write in the chat; everyone (on) if left out"`
		ScreenShare     meeting.ScreenBy `json:"screen_share,omitempty" enum:"anyone,moderators" doc:"who may share a screen; viewers never may; anyone if left out"`
		Reusable        bool             `json:"reusable,omitempty" doc:"start a new session at the next first join after an end"`
	}
	newExtension struct {
		DefaultMinutes int              `json:"default_minutes,omitempty" minimum:"10" maximum:"30" doc:"what an extension is if nobody says how long; 15 if left out"`
		LatestEnd      *time.Time       `json:"latest_end,omitempty" doc:"a booking that follows: no session runs past it, extended or not"`
		By             meeting.ExtendBy `json:"by,omitempty" enum:"anyone,moderators" doc:"who may extend; viewers never may; anyone if left out"`
	}
	createInput struct {
		IdempotencyKey string `header:"Idempotency-Key" minLength:"1" maxLength:"128" pattern:"^[!-~]*$" patternDescription:"printable ASCII without spaces" doc:"where there is no external_id: a second request with it makes no second room; each API key has its own"`
		Body           newRoom
	}
	createOutput struct {
		Status   int
		Location string `header:"Location" doc:"where the room is in this API"`
		Body     room
	}
)

// create makes a room, or finds the one that was made by the same request.
// A request that does not fit the description never comes here, and does not
// count against the limits.
func (o *rooms) create(ctx context.Context, in *createInput) (*createOutput, error) {
	if callerOf(ctx) == "" {
		if field := in.needsKey(); field != "" {
			return nil, unauthorized(field + " needs an API key; send it as Authorization: Bearer <id>:<secret>, or leave " + field + " out")
		}
	}
	wanted, err := o.wanted(ctx, in)
	if err != nil {
		return nil, err
	}
	rec, status := store.Record{Room: wanted}, http.StatusCreated
	if wanted.ID == "" {
		rec.Room.ID = newRoomID()
		err = o.make(ctx, rec.Room)
	} else {
		rec, status, err = o.makeOnce(ctx, wanted)
	}
	if err != nil {
		return nil, err
	}
	body, err := o.views.room(ctx, rec.Room, rec.Session)
	if err != nil {
		return nil, err
	}
	return &createOutput{Status: status, Location: roomsPath + "/" + body.ID, Body: body}, nil
}

// needsKey names what of a request only portals may say; empty is nothing.
func (in *createInput) needsKey() string {
	b := in.Body
	switch {
	case b.ExternalID != "":
		return "external_id"
	case b.Capacity != 0:
		return "capacity"
	case b.WaitingRoom:
		return "waiting_room"
	case b.Chat != "":
		return "chat"
	case b.ScreenShare != "":
		return "screen_share"
	case b.Reusable:
		return "reusable"
	case in.IdempotencyKey != "":
		return "Idempotency-Key"
	}
	return ""
}

// wanted is the room that a request describes. It has an id if the caller has
// named it: the external_id is everybody's, an Idempotency-Key the API key's own.
func (o *rooms) wanted(ctx context.Context, in *createInput) (meeting.Room, error) {
	b := in.Body
	r := meeting.Room{
		Name: b.Name, CreatedAt: o.now(), Duration: b.DurationMinutes, ExternalID: b.ExternalID,
		DefaultExtension: b.Extension.DefaultMinutes, ExtendBy: b.Extension.By,
		Capacity: b.Capacity, WaitingRoom: b.WaitingRoom, Reusable: b.Reusable, Minute: o.minute,
		Chat: b.Chat, ScreenShare: b.ScreenShare,
	}
	switch {
	case b.ExternalID != "":
		r.ID = roomIDOf("external", b.ExternalID)
	case in.IdempotencyKey != "":
		r.ID = roomIDOf("idempotency", callerOf(ctx)+" "+in.IdempotencyKey)
	}
	if end := b.Extension.LatestEnd; end != nil {
		if err := checkLatestEnd(*end); err != nil {
			return r, err
		}
		r.LatestEnd = *end
	}
	return r.Validate()
}

// makeOnce makes a room that the caller has named, or finds it. The store keeps
// one room for one id, so of two requests at once the first makes it and the
// other finds it. Looking comes first, because a room can be found even while
// the limits, or a full disk, allow no new one.
func (o *rooms) makeOnce(ctx context.Context, wanted meeting.Room) (store.Record, int, error) {
	rec, err := o.find(ctx, wanted)
	if errors.Is(err, store.ErrNotFound) {
		if err = o.make(ctx, wanted); err == nil {
			return store.Record{Room: wanted}, http.StatusCreated, nil
		}
	}
	if errors.Is(err, store.ErrExists) {
		rec, err = o.find(ctx, wanted)
	}
	return rec, http.StatusOK, err
}

// make keeps a new room, and tells the audit.
//
// A latest end has to be ahead when the room is made, and only then: the same
// request may be repeated after it has passed, and finds the room.
//
// The audit is told before the store. If the store then fails, the audit has an
// entry of a room that never was; the other way round a room could be there that
// the audit does not know of. The entry's id is made of the room's id, so that
// requests at the same time for one room leave one entry. Rooms number their own
// events from 1.
func (o *rooms) make(ctx context.Context, r meeting.Room) error {
	if !r.LatestEnd.IsZero() && !r.LatestEnd.After(r.CreatedAt) {
		return latestEndPassed()
	}
	if err := o.creations.allow(ctx); err != nil {
		return err
	}
	made := event.Event{ID: r.ID + "-0", Kind: event.RoomCreated, Room: r.ID}
	err := o.notes.record(ctx, made, roomMade{RoomID: r.ID, ExternalID: r.ExternalID, RoomName: r.Name, Settings: r})
	if err != nil {
		return err
	}
	return o.store.Create(ctx, r)
}

// find is the room that was made by an earlier request like this.
func (o *rooms) find(ctx context.Context, wanted meeting.Room) (store.Record, error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	v, err := o.store.Load(ctx, wanted.ID)
	if err != nil {
		return store.Record{}, err
	}
	if !v.Deleted.IsZero() {
		return store.Record{}, refusal(codeDeleted, "the room of that name was deleted, or was over for longer than rooms are kept here, and its name is not given twice; take another external_id or Idempotency-Key")
	}
	if fields := differ(v.Room, wanted); len(fields) > 0 {
		return store.Record{}, refusal(control.CodeConflict,
			"the room is there already with another "+strings.Join(fields, ", ")+"; change it with PATCH "+roomsPath+"/"+v.Room.ID)
	}
	return v.Record, nil
}

// differ names the fields in which a room is another one than was asked for.
func differ(is, asked meeting.Room) (fields []string) {
	for _, f := range []struct {
		name string
		same bool
	}{
		{"external_id", is.ExternalID == asked.ExternalID},
		{"name", is.Name == asked.Name},
		{"duration_minutes", is.Duration == asked.Duration},
		{"extension.default_minutes", is.DefaultExtension == asked.DefaultExtension},
		{"extension.latest_end", is.LatestEnd.Equal(asked.LatestEnd)},
		{"extension.by", is.ExtendBy == asked.ExtendBy},
		{"capacity", is.Capacity == asked.Capacity},
		{"waiting_room", is.WaitingRoom == asked.WaitingRoom},
		{"chat", is.Chat == asked.Chat},
		{"screen_share", is.ScreenShare == asked.ScreenShare},
		{"reusable", is.Reusable == asked.Reusable},
	} {
		if !f.same {
			fields = append(fields, f.name)
		}
	}
	return fields
}
