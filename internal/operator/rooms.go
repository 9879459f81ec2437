package operator

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"text/tabwriter"
	"time"

	"overtime/internal/config"
)

// room is what the commands read of a room's JSON.
type room struct {
	ID              string    `json:"id"`
	Name            string    `json:"name"`
	DurationMinutes int       `json:"duration_minutes"`
	CreatedAt       time.Time `json:"created_at"`
	Links           struct {
		Moderator string `json:"moderator"`
		Guest     string `json:"guest"`
	} `json:"links"`
}

// newRoom is the request to make one.
type newRoom struct {
	Name            string     `json:"name,omitempty"`
	DurationMinutes int        `json:"duration_minutes"`
	ExternalID      string     `json:"external_id,omitempty"`
	Extension       *extension `json:"extension,omitempty"`
	Capacity        int        `json:"capacity,omitempty"`
	WaitingRoom     bool       `json:"waiting_room,omitempty"`
	Reusable        bool       `json:"reusable,omitempty"`
}

type extension struct {
	DefaultMinutes int       `json:"default_minutes,omitempty"`
	LatestEnd      time.Time `json:"latest_end,omitzero"`
	By             string    `json:"by,omitempty"`
}

func createRoom(ctx context.Context, c *config.RoomCreate, out io.Writer) error {
	in := newRoom{
		Name: c.Name, DurationMinutes: c.Minutes, ExternalID: c.ExternalID,
		Capacity: c.Capacity, WaitingRoom: c.WaitingRoom, Reusable: c.Reusable,
	}
	if e := (extension{c.ExtensionMinutes, c.LatestEnd, c.ExtendBy}); e != (extension{}) {
		in.Extension = &e
	}
	var answer json.RawMessage
	if err := request(ctx, c.Data, http.MethodPost, "/rooms", in, &answer); err != nil {
		return err
	}
	if c.JSON {
		return printLine(out, answer)
	}
	var made room
	if err := json.Unmarshal(answer, &made); err != nil {
		return fmt.Errorf("the server's answer cannot be read: %w", err)
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(table, "id\t%s\nmoderators\t%s\nguests\t%s\n", made.ID, made.Links.Moderator, made.Links.Guest)
	return table.Flush()
}

func listRooms(ctx context.Context, c *config.RoomList, out io.Writer) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	if !c.JSON {
		fmt.Fprintln(table, "ID\tMINUTES\tMADE\tNAME")
	}
	err := pages(ctx, c.Data, "/rooms", "rooms", url.Values{}, func(text json.RawMessage) error {
		if c.JSON {
			return printLine(out, text)
		}
		var r room
		if err := json.Unmarshal(text, &r); err != nil {
			return fmt.Errorf("the server's answer cannot be read: %w", err)
		}
		_, err := fmt.Fprintf(table, "%s\t%d\t%s\t%s\n", r.ID, r.DurationMinutes, r.CreatedAt.Format(time.DateTime), r.Name)
		return err
	})
	if err != nil {
		return err
	}
	return table.Flush()
}

func showRoom(ctx context.Context, c *config.RoomShow, out io.Writer) error {
	var answer json.RawMessage
	if err := request(ctx, c.Data, http.MethodGet, "/rooms/"+url.PathEscape(c.ID), nil, &answer); err != nil {
		return err
	}
	text, err := json.MarshalIndent(answer, "", "  ")
	if err != nil {
		return fmt.Errorf("the server's answer cannot be read: %w", err)
	}
	_, err = fmt.Fprintf(out, "%s\n", text)
	return err
}

func endRoom(ctx context.Context, c *config.RoomEnd, out io.Writer) error {
	in := struct {
		Reason string `json:"reason,omitempty"`
	}{c.Reason}
	if err := request(ctx, c.Data, http.MethodPost, "/rooms/"+url.PathEscape(c.ID)+"/end", in, nil); err != nil {
		return err
	}
	_, err := fmt.Fprintf(out, "The session of %s has ended.\n", c.ID)
	return err
}

func makeToken(ctx context.Context, c *config.Token, out io.Writer) error {
	in := struct {
		Role    string `json:"role"`
		Name    string `json:"name,omitempty"`
		UserRef string `json:"user_ref,omitempty"`
	}{c.Role, c.Name, c.UserRef}
	var made struct {
		URL string `json:"url"`
	}
	if err := request(ctx, c.Data, http.MethodPost, "/rooms/"+url.PathEscape(c.ID)+"/tokens", in, &made); err != nil {
		return err
	}
	_, err := fmt.Fprintln(out, made.URL)
	return err
}

// request asks the server once.
func request(ctx context.Context, data, method, path string, in, out any) error {
	c := newClient(data)
	defer c.close()
	return c.ask(ctx, method, path, nil, in, out)
}

// pageSize is how many items are asked for at a time.
const pageSize = 100

// pages gives each every item of a list, page after page.
func pages(ctx context.Context, data, path, list string, query url.Values, each func(json.RawMessage) error) error {
	c := newClient(data)
	defer c.close()
	query.Set("limit", strconv.Itoa(pageSize))
	for {
		var page map[string]json.RawMessage
		if err := c.ask(ctx, http.MethodGet, path, query, nil, &page); err != nil {
			return err
		}
		var items []json.RawMessage
		var next string
		for name, to := range map[string]any{list: &items, "next": &next} {
			if text, there := page[name]; there {
				if err := json.Unmarshal(text, to); err != nil {
					return fmt.Errorf("the server's answer cannot be read: %w", err)
				}
			}
		}
		for _, item := range items {
			if err := each(item); err != nil {
				return err
			}
		}
		if next == "" || next == query.Get("after") {
			return nil
		}
		query.Set("after", next)
	}
}

// printLine prints JSON on one line.
func printLine(out io.Writer, text json.RawMessage) error {
	line, err := json.Marshal(text) // compact
	if err != nil {
		return fmt.Errorf("the server's answer cannot be read: %w", err)
	}
	_, err = fmt.Fprintf(out, "%s\n", line)
	return err
}
