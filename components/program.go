package components

import (
	"time"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"overtime/components/home"
	"overtime/internal/client"
	"overtime/internal/embed"
	"overtime/internal/words"
)

// Session is the part of client.Session the pages use.
type Session interface {
	Do(client.Intent)
	View() client.View
	// Subscribe calls f at once with the present view, then on each change,
	// from one goroutine, until stop.
	Subscribe(f func(client.View)) (stop func())
	// Now is the server's time as well as this tab knows it: countdowns derive
	// from it.
	Now() time.Time
	// Local is t as clocks where this tab is show it.
	Local(t time.Time) time.Time
	Close()
}

// Program is what the browser's program gives the pages. All of it but the
// settings is nil on the server, which only prerenders.
type Program struct {
	Settings
	// Words are the sentences in the language of whoever looks; nil: in English.
	Words    *words.Catalogue
	Open     func(room string) Session
	Meetings home.Meetings
	Stage    client.Stage
	Page     client.Page
	Zone     client.Zone
	Launches client.Launches
	History  client.History
	// Embedding is how the page at /embed/{room} gets its session.
	Embedding *Embedding
}

// Embedding is a meeting in somebody else's page.
type Embedding struct {
	Host embed.Host
	Open func(room string, e embed.Entry) EmbeddedSession
}

// EmbeddedSession is what pages use of a session, and the page around them.
type EmbeddedSession interface {
	Session
	embed.Session
}

// The routes. Both programs need them: the server to prerender.
const (
	homeRoute     = "/"
	meetingRoute  = `^/r/[A-Za-z0-9_-]+$`
	embeddedRoute = `^/embed/[A-Za-z0-9_-]+$`
)

// Register makes the pages known to go-app, for the life of the process.
func Register(p Program) {
	app.RouteFunc(homeRoute, func() app.Composer { return home.New(p.Meetings, p.Page, p.PortalOnly, p.Words) })
	app.RouteWithRegexpFunc(meetingRoute, func() app.Composer { return NewMeeting(p) })
	app.RouteWithRegexpFunc(embeddedRoute, func() app.Composer { return NewEmbedded(p) })
	if p.Launches != nil {
		p.Launches.OnLaunch(p.launched) // wherever no meeting is shown
	}
	if app.IsClient {
		// The server answers other addresses with 404 and a page of its own;
		// in the browser a navigation can still come to one.
		app.RouteWithRegexpFunc("", func() app.Composer { return &notFound{words: p.Words} })
	}
}
