package api

import (
	"context"
	"log/slog"
	"net/http"
	"path"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"golang.org/x/time/rate"

	"overtime/internal/auth"
	"overtime/internal/event"
	"overtime/internal/meeting"
	"overtime/internal/origin"
	"overtime/internal/store"
	"overtime/internal/throttle"
)

// Store is what the API needs of package store.
type Store interface {
	Create(ctx context.Context, room meeting.Room) error
	Load(ctx context.Context, id string) (store.Versioned, error)
	Rooms(ctx context.Context, after uint64, limit int) (rooms []store.Versioned, next uint64, more bool, err error)
	Ledger(ctx context.Context, room string, number int) (meeting.Session, error)
}

// Rooms has the actor of a room carry out a command; see bus.Call.
type Rooms interface {
	Call(ctx context.Context, room string, command []byte) (answer []byte, err error)
}

// Links makes what lets people into a room.
type Links interface {
	Invitation(room meeting.Room, role meeting.Role) (path string, err error)
	Ticket(t auth.Ticket) (token string, err error)
}

// Keys knows whose an Authorization header is.
type Keys interface {
	Check(authorization string) (id string, ok bool)
}

// News takes what the API does to the audit.
type News interface {
	// Record returns once the event is safe.
	Record(ctx context.Context, e event.Event) error
	// Note is for what nobody waits for. It returns at once, and may drop it.
	Note(e event.Event)
}

// Config is what the API runs on.
type Config struct {
	Store Store
	Rooms Rooms
	Links Links
	Keys  Keys  // nil: nobody has one
	News  News  // nil: nobody is told
	Audit Audit // nil: none is kept
	Chats Chats // nil: nothing is written
	// Open lets those without a key make rooms too.
	Open bool
	// PublicURL is the origin that links name; empty takes the request's own.
	PublicURL string
	// Hosts are the names by which people reach this server.
	Hosts  origin.Hosts
	Minute time.Duration // how long a minute of new rooms lasts
	Now    func() time.Time
	Logger *slog.Logger
	// Ready says why no room can be made now; nil means that one always can.
	Ready func(context.Context) error
	// From says whose request it is; nil trusts no proxy to.
	From func(*http.Request) throttle.Neighbour
	// Limits are throttle.Default if they are zero.
	Limits throttle.Limits
}

// api is the operations, by what they are about.
type api struct {
	rooms        *rooms
	tokens       *tokens
	participants participants
	sessions     *sessions
	chats        chats
	audits       audits
}

// nobody hears the news of an API without an audit.
type nobody struct{}

func (nobody) Record(context.Context, event.Event) error { return nil }
func (nobody) Note(event.Event)                          {}

// New makes the handler of everything below /api/.
func New(cfg Config) http.Handler {
	if cfg.Limits == (throttle.Limits{}) {
		cfg.Limits = throttle.Default
	}
	if cfg.From == nil {
		cfg.From = throttle.Proxies{}.From
	}
	if cfg.Keys == nil {
		cfg.Keys = (*auth.APIKeys)(nil)
	}
	if cfg.News == nil {
		cfg.News = nobody{}
	}
	var (
		origins = origins{cfg.Hosts, cfg.PublicURL}
		notes   = &notes{cfg.News, cfg.Now, cfg.Logger}
		callers = &callers{cfg.Keys, cfg.Open, cfg.From, throttle.NewBuckets(cfg.Limits.BadTokens), cfg.Now, notes}
		mux     = http.NewServeMux()
		all     = &catalogue{callers: callers, logger: cfg.Logger}
	)
	all.huma = humago.New(mux, all.document(cfg.PublicURL))
	wire(cfg, origins, notes).register(all)
	methods := map[string][]string{}
	for _, op := range all.operations {
		methods[op.Path] = append(methods[op.Path], op.Method)
	}
	for path, those := range methods {
		mux.HandleFunc(path, only(those))
	}
	all.serveDocument(mux)
	mux.HandleFunc("/api/", notFound)
	return noStore(readBody(origins.withOrigin(callers.withNeighbour(exactPath(mux)))))
}

// wire gives each operation what it needs.
func wire(cfg Config, origins origins, notes *notes) *api {
	records := records{cfg.Store, cfg.Now}
	actors := &actors{cfg.Rooms, records, cfg.Logger}
	keyless := cfg.Limits.CreateAll
	return &api{
		rooms: &rooms{
			store: cfg.Store, records: records, actors: actors, views: views{records, cfg.Links, origins}, notes: notes,
			creations: &creations{
				ready: cfg.Ready, keyless: rate.NewLimiter(rate.Limit(keyless.PerSecond), keyless.Burst),
				each: throttle.NewBuckets(cfg.Limits.Create), now: cfg.Now, logger: cfg.Logger,
			},
			minute: cfg.Minute, now: cfg.Now,
		},
		tokens:       &tokens{records, cfg.Links, origins, notes, cfg.Now},
		participants: participants{records, actors},
		sessions:     &sessions{cfg.Store, records, actors, cfg.Now},
		chats:        chats{cfg.Chats, records, actors},
		audits:       audits{cfg.Audit},
	}
}

// exactPath finds nothing at an address with .. or // in it, where the mux would send
// callers elsewhere: they would not know that answer.
func exactPath(mux *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		at := r.URL.EscapedPath()
		if path.Clean(at) != strings.TrimSuffix(at, "/") {
			notFound(w, r)
			return
		}
		mux.ServeHTTP(w, r)
	})
}

// noStore has nobody on the way keep an answer.
func noStore(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}
