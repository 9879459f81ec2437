package api

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"golang.org/x/time/rate"

	"overtime/internal/meeting"
	"overtime/internal/throttle"
)

// Store is what the API needs of package store.
type Store interface {
	Create(ctx context.Context, room meeting.Room) error
}

// Links makes the links into a room.
type Links interface {
	Invitation(room meeting.Room, role meeting.Role) (path string, err error)
}

// Config is what the API runs on.
type Config struct {
	Store Store
	Links Links
	// PublicURL is the origin that links name; empty takes the request's own.
	PublicURL string
	Minute    time.Duration // how long a minute of new rooms lasts
	Now       func() time.Time
	Logger    *slog.Logger
	// Ready says why no room can be made now; nil means that one always can.
	Ready func(context.Context) error
	// From says whose request it is; nil trusts no proxy to.
	From func(*http.Request) throttle.Neighbour
	// Limits are throttle.Default if they are zero.
	Limits throttle.Limits
}

// api serves the operations.
type api struct {
	cfg     Config
	creates *rate.Limiter     // of everybody together
	makers  *throttle.Buckets // of each neighbour
}

// New makes the handler of everything below /api/.
func New(cfg Config) http.Handler {
	if cfg.Limits == (throttle.Limits{}) {
		cfg.Limits = throttle.Default
	}
	if cfg.From == nil {
		cfg.From = throttle.Proxies{}.From
	}
	all := cfg.Limits.CreateAll
	a := &api{
		cfg: cfg, creates: rate.NewLimiter(rate.Limit(all.PerSecond), all.Burst),
		makers: throttle.NewBuckets(cfg.Limits.Create),
	}
	mux := http.NewServeMux()
	c := huma.DefaultConfig("Overtime", "1")
	c.OpenAPIPath = "/api/v1/openapi"
	c.DocsPath = ""    // the library's page loads a script from elsewhere
	c.SchemasPath = "" // the description holds them all
	c.CreateHooks = nil
	h := humago.New(mux, c)
	huma.Register(h, huma.Operation{
		OperationID:   "create-room",
		Method:        http.MethodPost,
		Path:          roomsPath,
		Summary:       "Make a room",
		Description:   "The session starts when the first person joins; the answer holds a link for moderators and one for guests.",
		DefaultStatus: http.StatusCreated,
		MaxBodyBytes:  64 << 10,
	}, a.makeRoom)
	mux.HandleFunc(roomsPath, only(http.MethodPost))
	mux.HandleFunc("/api/", notFound)
	return a.named(mux)
}
