package api

import (
	"context"
	"strconv"
)

type (
	listInput struct {
		After uint64 `query:"after" doc:"the number after which the page begins: next of the page before"`
		Limit int    `query:"limit" minimum:"1" maximum:"100" default:"50" doc:"how many rooms at most"`
	}
	roomPage struct {
		Rooms []room `json:"rooms" nullable:"false" doc:"in the order in which they were last changed, the newest last; a room that changes while you read comes again"`
		Next  string `json:"next,omitempty" doc:"after for the next page, which may be empty; absent on the last"`
	}
	listOutput struct{ Body roomPage }
)

// list gives a page of the rooms that are there.
func (o *rooms) list(ctx context.Context, in *listInput) (*listOutput, error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	rooms, next, more, err := o.store.Rooms(ctx, in.After, in.Limit)
	if err != nil {
		return nil, err
	}
	page := roomPage{Rooms: make([]room, len(rooms))}
	for i, v := range rooms {
		if page.Rooms[i], err = o.views.room(ctx, v.Room, v.Session); err != nil {
			return nil, err
		}
	}
	if more {
		page.Next = strconv.FormatUint(next, 10)
	}
	return &listOutput{page}, nil
}
