package client_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"testing"

	"overtime/internal/client"
	"overtime/internal/protocol"
)

// poster answers every request the same and keeps what was asked.
type poster struct {
	status int
	answer string
	err    error
	path   string
	body   []byte
}

func (p *poster) Post(_ context.Context, path string, body []byte) (int, []byte, error) {
	p.path, p.body = path, body
	return p.status, []byte(p.answer), p.err
}

// create asks a server that answers with status and body.
func create(t *testing.T, status int, body string) (client.Created, map[string]any, error) {
	t.Helper()
	p := &poster{status: status, answer: body}
	made, err := (&client.Meetings{API: p}).Create(context.Background(), client.NewMeeting{Name: "Planning", Minutes: 45})
	equal(t, "path", p.path, "/api/v1/rooms")
	var asked map[string]any
	if err := json.Unmarshal(p.body, &asked); err != nil {
		t.Error(err)
	}
	return made, asked, err
}

func TestCreate(t *testing.T) {
	made, asked, err := create(t, http.StatusCreated, `{"id":"r1","links":{"moderator":"https://a/r/r1#m","guest":"https://a/r/r1#g"}}`)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "made", made, client.Created{ID: "r1", ModeratorLink: "https://a/r/r1#m", GuestLink: "https://a/r/r1#g", Minutes: 45})
	equal(t, "name", asked["name"], any("Planning"))
	equal(t, "minutes", asked["duration_minutes"], any(45.0))
}

func TestCreateRefused(t *testing.T) {
	for _, c := range []struct {
		status int
		body   string
		want   protocol.Code
	}{
		{http.StatusBadRequest, `{"code":"bad_request","detail":"a meeting lasts 1 to 1440 minutes"}`, protocol.CodeBadRequest},
		{http.StatusBadGateway, `<html>`, protocol.CodeUnavailable},
		{http.StatusTeapot, `{}`, protocol.CodeUnavailable},
		{http.StatusCreated, `{"id":`, client.TroubleOffline},
	} {
		_, _, err := create(t, c.status, c.body)
		var refused protocol.Error
		if !errors.As(err, &refused) || refused.Code != c.want {
			t.Errorf("%d %s: %v, want %s", c.status, c.body, err, c.want)
		}
	}
}

func TestCreateOffline(t *testing.T) {
	_, err := (&client.Meetings{API: &poster{err: errors.New("no route")}}).Create(context.Background(), client.NewMeeting{})
	var refused protocol.Error
	if !errors.As(err, &refused) || refused.Code != client.TroubleOffline {
		t.Errorf("%v, want %s", err, client.TroubleOffline)
	}
}

func TestTheLastLinksAreKeptForTheTab(t *testing.T) {
	tab := newTab("")
	p := &poster{status: http.StatusCreated, answer: `{"id":"r1","links":{"moderator":"https://a/r/r1#m","guest":"https://a/r/r1#g"}}`}
	fresh := func() *client.Meetings { return &client.Meetings{API: p, Tab: storage{tab, &tab.store}} }
	equal(t, "before", fresh().Last(), client.Created{})
	made, err := fresh().Create(context.Background(), client.NewMeeting{Minutes: 45})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "after a reload", fresh().Last(), made)
	fresh().Forget("another")
	equal(t, "another was forgotten", fresh().Last(), made)
	fresh().Forget("r1")
	equal(t, "forgotten", fresh().Last(), client.Created{})

	tab.store = nil // refused: the program itself remembers
	m := fresh()
	if _, err := m.Create(context.Background(), client.NewMeeting{Minutes: 45}); err != nil {
		t.Fatal(err)
	}
	equal(t, "in memory", m.Last(), made)
}
