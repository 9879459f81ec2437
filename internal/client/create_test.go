package client_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"overtime/internal/client"
	"overtime/internal/protocol"
)

// create asks a server that answers with status and body.
func create(t *testing.T, status int, body string) (client.Created, map[string]any, error) {
	t.Helper()
	var asked map[string]any
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost || r.URL.Path != "/api/v1/rooms" || r.Header.Get("Content-Type") != "application/json" {
			t.Errorf("%s %s of %s", r.Method, r.URL.Path, r.Header.Get("Content-Type"))
		}
		if err := json.NewDecoder(r.Body).Decode(&asked); err != nil {
			t.Error(err)
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}))
	defer server.Close()
	m := client.Meetings{Origin: server.URL, Client: server.Client()}
	made, err := m.Create(context.Background(), client.NewMeeting{Name: "Planning", Minutes: 45})
	return made, asked, err
}

func TestCreate(t *testing.T) {
	made, asked, err := create(t, http.StatusCreated, `{"id":"r1","links":{"moderator":"https://a/r/r1#m","guest":"https://a/r/r1#g"}}`)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "made", made, client.Created{ID: "r1", ModeratorLink: "https://a/r/r1#m", GuestLink: "https://a/r/r1#g"})
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
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	for origin, want := range map[string]protocol.Code{server.URL: client.TroubleOffline, "://": protocol.CodeInternal} {
		_, err := client.Meetings{Origin: origin, Client: server.Client()}.Create(context.Background(), client.NewMeeting{})
		var refused protocol.Error
		if !errors.As(err, &refused) || refused.Code != want {
			t.Errorf("%s: %v, want %s", origin, err, want)
		}
	}
}
