//go:build storybook

package storybook

import (
	"context"
	"sort"
	"time"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"overtime/components"
	"overtime/components/home"
	"overtime/internal/client"
)

// Names are the stories, sorted; each is a page at /r/<name>.
func Names() []string {
	var names []string
	for _, some := range []map[string]story{stories, talk} {
		for name := range some {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	return names
}

// Register makes the stories known to go-app, beside the home page. stage places the
// cells; nothing else of it is there to be seen.
func Register(stage client.Stage) {
	components.Register(components.Program{Open: open, Stage: stage, Meetings: meetings{create}})
	app.RouteFunc("/refused", func() app.Composer { return home.New(meetings{refuse}, nil, false, nil) })
	app.RouteFunc("/portal-only", func() app.Composer { return home.New(meetings{create}, nil, true, nil) })
}

func open(name string) components.Session {
	s, ok := stories[name]
	if !ok {
		s, ok = talk[name]
	}
	if !ok {
		s = stories["lobby"]
	}
	return &session{view: s.view.Complete(), now: s.now, from: time.Now()}
}

// meetings are made by a func, and forgotten at once.
type meetings struct {
	make func(context.Context, client.NewMeeting) (client.Created, error)
}

func (m meetings) Create(ctx context.Context, n client.NewMeeting) (client.Created, error) {
	return m.make(ctx, n)
}
func (meetings) Last() client.Created { return client.Created{} }
func (meetings) Forget(string)        {}

func create(_ context.Context, m client.NewMeeting) (client.Created, error) {
	return client.Created{ID: "r1", Minutes: m.Minutes,
		ModeratorLink: "https://meet.example/r/k7Tq2mW9xZ4b#eyJhbGciOiJIUzI1NiJ9.eyJyb2xlIjoibW9kIn0.c2lnbmF0dXJl",
		GuestLink:     "https://meet.example/r/k7Tq2mW9xZ4b#eyJhbGciOiJIUzI1NiJ9.eyJyb2xlIjoiZ3Vlc3QifQ.c2lnbmF0dXJl"}, nil
}

func refuse(context.Context, client.NewMeeting) (client.Created, error) {
	return client.Created{}, context.DeadlineExceeded
}
