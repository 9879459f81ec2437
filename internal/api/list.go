package api

import (
	"context"
)

type (
	listInput struct {
		After string `query:"after" maxLength:"64" doc:"the id after which the page begins: next of the page before"`
		Limit int    `query:"limit" minimum:"1" maximum:"100" default:"50" doc:"how many rooms at most"`
	}
	roomPage struct {
		Rooms []room `json:"rooms" nullable:"false" doc:"in the order of their ids"`
		Next  string `json:"next,omitempty" doc:"after for the next page; absent on the last"`
	}
	listOutput struct{ Body roomPage }
)

// listRooms gives a page of the rooms that are there.
func (a *api) listRooms(ctx context.Context, in *listInput) (*listOutput, error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	rooms, more, err := a.cfg.Store.Rooms(ctx, in.After, in.Limit)
	if err != nil {
		return nil, a.explain(err)
	}
	page := roomPage{Rooms: make([]room, len(rooms))}
	for i, v := range rooms {
		if page.Rooms[i], err = a.present(ctx, v.Room, v.Session); err != nil {
			return nil, a.explain(err)
		}
		if more {
			page.Next = v.Room.ID
		}
	}
	return &listOutput{page}, nil
}
