package operator_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"overtime/internal/config"
	"overtime/internal/operator"
)

// TestCommands is what each command asks of the API, and what it prints.
func TestCommands(t *testing.T) {
	const made = `{"id":"abc","name":"Review","links":{"moderator":"https://m/r/abc#1","guest":"https://m/r/abc#2"}}`
	data := t.TempDir()
	for name, c := range map[string]struct {
		command config.Command
		want    asked
		answer  string
		prints  string
	}{
		"Create": {
			&config.RoomCreate{Folder: in(data), Minutes: 60},
			asked{method: "POST", url: "/api/v1/rooms", body: `{"duration_minutes":60}`}, made,
			"id          abc\nmoderators  https://m/r/abc#1\nguests      https://m/r/abc#2\n",
		},
		"CreateWithEverything": {
			&config.RoomCreate{
				Folder: in(data), Minutes: 60, Name: "Review", ExternalID: "x-7", ExtensionMinutes: 20, ExtendBy: "moderators",
				LatestEnd: time.Date(2026, 3, 4, 15, 45, 0, 0, time.UTC), Capacity: 9, WaitingRoom: true, Reusable: true, JSON: true,
			},
			asked{method: "POST", url: "/api/v1/rooms", body: `{"name":"Review","duration_minutes":60,"external_id":"x-7",` +
				`"extension":{"default_minutes":20,"latest_end":"2026-03-04T15:45:00Z","by":"moderators"},` +
				`"capacity":9,"waiting_room":true,"reusable":true}`},
			made, made + "\n",
		},
		"Show": {
			&config.RoomShow{Folder: in(data), ID: "abc"},
			asked{method: "GET", url: "/api/v1/rooms/abc"}, `{"id":"abc","session":{"number":1}}`,
			"{\n  \"id\": \"abc\",\n  \"session\": {\n    \"number\": 1\n  }\n}\n",
		},
		"End": {
			&config.RoomEnd{Folder: in(data), ID: "abc", Reason: "Fire"},
			asked{method: "POST", url: "/api/v1/rooms/abc/end", body: `{"reason":"Fire"}`}, `{}`,
			"The session of abc has ended.\n",
		},
		"EndWithoutContent": {
			&config.RoomEnd{Folder: in(data), ID: "abc"},
			asked{method: "POST", url: "/api/v1/rooms/abc/end", body: `{}`}, ``, "The session of abc has ended.\n",
		},
		"Token": {
			&config.Token{Folder: in(data), ID: "abc", Role: "viewer", Name: "Ada", UserRef: "u-1"},
			asked{method: "POST", url: "/api/v1/rooms/abc/tokens", body: `{"role":"viewer","name":"Ada","user_ref":"u-1"}`},
			`{"token":"t","url":"https://m/r/abc#t","expires_at":"2026-03-04T15:45:00Z"}`, "https://m/r/abc#t\n",
		},
		"OddID": {
			&config.Token{Folder: in(data), ID: "../a b", Role: "viewer"},
			asked{method: "POST", url: "/api/v1/rooms/..%2Fa%20b/tokens", body: `{"role":"viewer"}`}, `{"url":"u"}`, "u\n",
		},
		"Audit": {
			&config.Audit{Folder: in(data), Room: "abc", After: "16"},
			asked{method: "GET", url: "/api/v1/audit?after=16&limit=100&room=abc"},
			`{"entries":[{"what": "room.created"},{"what":"session.ended"}]}`,
			"{\"what\":\"room.created\"}\n{\"what\":\"session.ended\"}\n",
		},
		"ListOfNone": {
			&config.RoomList{Folder: in(data)},
			asked{method: "GET", url: "/api/v1/rooms?limit=100"}, `{"rooms":[]}`, "ID  MINUTES  MADE  NAME\n",
		},
	} {
		t.Run(name, func(t *testing.T) {
			h, all := answering(t, http.StatusOK, c.answer)
			serve(t, data, h)
			if got := mustRun(t, c.command, nil); got != c.prints {
				t.Errorf("prints %q, want %q", got, c.prints)
			}
			for i := range *all {
				(*all)[i].host = ""
			}
			if len(*all) != 1 || (*all)[0] != c.want {
				t.Errorf("asked %+v, want %+v", *all, c.want)
			}
		})
	}
}

// TestList follows the pages to the last.
func TestList(t *testing.T) {
	pages := []string{
		`{"rooms":[{"id":"a","name":"One","duration_minutes":5,"created_at":"2026-03-04T09:00:00.123Z"}],"next":"a"}`,
		`{"rooms":[{"id":"bcd","name":"","duration_minutes":1440,"created_at":"2026-03-05T09:00:00Z"}],"next":"bcd"}`,
		`{"rooms":[],"next":""}`,
	}
	for name, c := range map[string]struct {
		json bool
		want string
	}{
		"Table": {false, "ID   MINUTES  MADE                 NAME\na    5        2026-03-04 09:00:00  One\nbcd  1440     2026-03-05 09:00:00  \n"},
		"JSON": {true, `{"id":"a","name":"One","duration_minutes":5,"created_at":"2026-03-04T09:00:00.123Z"}` + "\n" +
			`{"id":"bcd","name":"","duration_minutes":1440,"created_at":"2026-03-05T09:00:00Z"}` + "\n"},
	} {
		t.Run(name, func(t *testing.T) {
			data := t.TempDir()
			h, all := answering(t, http.StatusOK, pages...)
			serve(t, data, h)
			if got := mustRun(t, &config.RoomList{Folder: in(data), JSON: c.json}, nil); got != c.want {
				t.Errorf("prints\n%s, want\n%s", got, c.want)
			}
			if len(*all) != 3 || (*all)[1].url != "/api/v1/rooms?after=a&limit=100" || (*all)[2].url != "/api/v1/rooms?after=bcd&limit=100" {
				t.Errorf("asked %+v", *all)
			}
		})
	}
}

// TestListThatRepeats: a page that leads to itself is the last.
func TestListThatRepeats(t *testing.T) {
	data := t.TempDir()
	h, _ := answering(t, http.StatusOK, `{"entries":[{}],"next":"x"}`, `{"entries":[{}],"next":"x"}`)
	serve(t, data, h)
	if got := mustRun(t, &config.Audit{Folder: in(data)}, nil); got != "{}\n{}\n" {
		t.Errorf("prints %q", got)
	}
}

// TestRefusals: what the server says is said, whatever it is.
func TestRefusals(t *testing.T) {
	for name, c := range map[string]struct {
		status       int
		answer, want string
	}{
		"Problem":   {410, `{"title":"Gone","status":410,"code":"over","detail":"that session has ended"}`, "that session has ended"},
		"NotFound":  {404, `404 page not found`, "another version"},
		"Method":    {405, ``, "another version"},
		"NoProblem": {500, `oops`, "the server answered 500 Internal Server Error; its log may say why"},
		"NoJSON":    {200, `hello`, "the server's answer cannot be read"},
		"Half":      {200, `{"id":`, "the server's answer cannot be read"},
		"WrongKind": {200, `{"id":7,"url":7,"rooms":7}`, "the server's answer cannot be read"},
	} {
		t.Run(name, func(t *testing.T) {
			data := t.TempDir()
			h, _ := answering(t, c.status, c.answer, c.answer, c.answer)
			serve(t, data, h)
			mustFail(t, &config.RoomCreate{Folder: in(data), Minutes: 5}, nil, c.want)
			mustFail(t, &config.Token{Folder: in(data), ID: "abc"}, nil, c.want)
			mustFail(t, &config.RoomList{Folder: in(data), JSON: true}, nil, c.want)
		})
	}
}

// TestNotRunning says which server was looked for.
func TestNotRunning(t *testing.T) {
	data := t.TempDir()
	mustFail(t, &config.RoomList{Folder: in(data)}, nil, "no Overtime is running on the data folder "+data)
	mustFail(t, &config.RoomList{Folder: in(data + "/none")}, nil, "no Overtime is running")
	mustWrite(t, data+"/"+operator.SocketName, "") // not even a socket
	mustFail(t, &config.RoomList{Folder: in(data)}, nil, "no Overtime is running")
}

// TestServer: a request comes to the API as if to the public address.
func TestServer(t *testing.T) {
	data := t.TempDir()
	h, all := answering(t, http.StatusOK, `{}`)
	serve(t, data, operator.Server{API: h, URL: "https://meet.example.org:8443"})
	mustRun(t, &config.RoomEnd{Folder: in(data), ID: "abc"}, nil)
	want := asked{"POST", "/api/v1/rooms/abc/end", "meet.example.org:8443", "https://meet.example.org:8443", "{}"}
	if len(*all) != 1 || (*all)[0] != want {
		t.Errorf("asked %+v, want %+v", *all, want)
	}
}

// TestHangingServer: whoever gives up waiting is told what did not come.
func TestHangingServer(t *testing.T) {
	data := t.TempDir()
	hang := make(chan struct{})
	serve(t, data, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-hang }))
	t.Cleanup(func() { close(hang) })
	ctx, cancel := contextFor(t, 50*time.Millisecond)
	defer cancel()
	if err := operator.Run(ctx, &config.RoomList{Folder: in(data)}, nil, &strings.Builder{}); err == nil || !strings.Contains(err.Error(), "does not answer") {
		t.Errorf("says %v", err)
	}
}
